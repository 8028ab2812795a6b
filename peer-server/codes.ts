/** Which robot a typed code belongs to, by a slow hash of the code, for ten minutes; knows neither codes nor requests. */

export const CODE_LIFE_MS = 10 * 60_000;
const MOST_CODES = 10_000;

export type Codes = {
  /** One for each robot: a new one takes the place of its last. */
  put(lookup: string, id: string): 'kept' | 'taken' | 'full';
  /** Only the robot's own. */
  remove(lookup: string, id: string): void;
  find(lookup: string): string | undefined;
  count(): number;
};

type Entry = { readonly id: string; readonly untilMs: number };

/** Whether it can be the hash of a code: 32 bytes in base64url. */
export function isLookup(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}

/** `nowMs` never goes back. */
export function makeCodes(nowMs: () => number, most = MOST_CODES): Codes {
  // All live equally long, so that the first is always the oldest.
  const entries = new Map<string, Entry>();
  const lookups = new Map<string, string>();

  const forget = (lookup: string, id: string) => {
    entries.delete(lookup);
    lookups.delete(id);
  };
  const sweep = () => {
    const now = nowMs();
    for (const [lookup, { id, untilMs }] of entries) {
      if (untilMs > now) return;
      forget(lookup, id);
    }
  };

  return {
    put(lookup, id) {
      sweep();
      const holder = entries.get(lookup)?.id;
      if (holder !== undefined && holder !== id) return 'taken';
      const last = lookups.get(id);
      if (last !== undefined) forget(last, id);
      if (entries.size >= most) return 'full';
      entries.set(lookup, { id, untilMs: nowMs() + CODE_LIFE_MS });
      lookups.set(id, lookup);
      return 'kept';
    },
    remove(lookup, id) {
      if (entries.get(lookup)?.id === id) forget(lookup, id);
    },
    find(lookup) {
      sweep();
      return entries.get(lookup)?.id;
    },
    count() {
      sweep();
      return entries.size;
    },
  };
}
