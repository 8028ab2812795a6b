/** How much may wait at the same time for pages that are just away, from one sender and in all; knows no message. */

/** Longer than PeerServer keeps any of it. */
const WAITS_MS = 3000;
const MOST_OF_ONE = 20;
const MOST_BYTES = 4 * 1024 * 1024;

export type Waiting = {
  /** Whether it may wait; then it counts until it has surely gone. */
  take(sender: string, bytes: number): boolean;
};

type Entry = { readonly sender: string; readonly bytes: number; readonly untilMs: number };

/** `nowMs` never goes back. */
export function makeWaiting(nowMs: () => number): Waiting {
  const entries = new Set<Entry>();
  const counts = new Map<string, number>();
  let total = 0;

  const sweep = (now: number) => {
    for (const entry of entries) {
      if (entry.untilMs > now) return;
      entries.delete(entry);
      total -= entry.bytes;
      const left = counts.get(entry.sender)! - 1;
      if (left > 0) counts.set(entry.sender, left);
      else counts.delete(entry.sender);
    }
  };

  return {
    take(sender, bytes) {
      const now = nowMs();
      sweep(now);
      const count = counts.get(sender) ?? 0;
      if (count >= MOST_OF_ONE || total + bytes > MOST_BYTES) return false;
      entries.add({ sender, bytes, untilMs: now + WAITS_MS });
      counts.set(sender, count + 1);
      total += bytes;
      return true;
    },
  };
}
