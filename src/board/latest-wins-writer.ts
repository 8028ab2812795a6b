/** Keeps a slow line fresh: one write in flight, and of what waits only the newest goes out; knows no dialect. */

export interface LatestWinsWriter {
  /** Takes the place of the message that waits, if one does. */
  newest(message: Uint8Array<ArrayBuffer>): void;
  /** Drops the message that waits, and goes before all later ones. The same one twice in waiting goes out once. */
  urgent(message: Uint8Array<ArrayBuffer>): void;
  /** How long the write in flight has been waiting; 0 when none is. */
  stuckMs(): number;
  /** Resolves when nothing is in flight or waits; also after a failure. */
  idle(): Promise<void>;
}

/**
 * Cuts each message into writes of at most `mtu` bytes and ends a message before it begins the next, so no line is ever
 * inside another. Never throws: `failed` hears of the first failure, and from then on messages are dropped.
 */
export function latestWinsWriter(given: {
  readonly writable: WritableStream<Uint8Array>;
  readonly mtu: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly failed: (cause: unknown) => void;
}): LatestWinsWriter {
  const { mtu, now, failed } = given;
  const writer = given.writable.getWriter();
  /** In order, and never more than one of each kind of message, so this stays as short as the dialect's list of them. */
  let urgent: Uint8Array<ArrayBuffer>[] = [];
  let waiting: Uint8Array<ArrayBuffer> | undefined;
  let running: Promise<void> | undefined;
  let broken = false;
  let writeBeganAtMs: number | undefined;

  const next = () => {
    const first = urgent.shift();
    if (first) return first;
    const message = waiting;
    waiting = undefined;
    return message;
  };

  const run = async () => {
    try {
      for (let message = next(); message; message = next()) {
        for (let at = 0; at < message.length; at += mtu) {
          writeBeganAtMs = now();
          await writer.write(message.subarray(at, at + mtu));
        }
      }
    } catch (cause) {
      broken = true;
      urgent = [];
      waiting = undefined;
      failed(cause);
    }
    running = undefined;
    writeBeganAtMs = undefined;
  };

  const wake = () => {
    running ??= run();
  };

  return {
    newest(message) {
      if (broken || message.length === 0) return;
      waiting = message;
      wake();
    },
    urgent(message) {
      if (broken || message.length === 0) return;
      waiting = undefined;
      urgent = [...urgent.filter((other) => !sameBytes(other, message)), message];
      wake();
    },
    stuckMs: () => (writeBeganAtMs === undefined ? 0 : now() - writeBeganAtMs),
    idle: () => running ?? Promise.resolve(),
  };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
