/** Which STOPs are news: one that goes on after it was cleared is not; knows neither board nor failsafe. */
import { noPress, type StopPress, saidStop } from '../control/stop-press.ts';
import type { Clock } from '../core/clock.ts';
import type { Channel } from '../net/link.ts';

const SAME_PRESS_MS = 500;

export type Presses = {
  /**
   * Call it with each STOP. A sender is told by the `control` channel; on another link the same person presses anew. `spent`: it
   * was cleared meanwhile, and only goes on.
   */
  said(from: Channel, as: 'flag' | 'word'): 'pressed' | 'goes on' | 'spent';
  /** They said something else: whatever they press next is news. */
  ended(from: Channel): void;
  /** The latched stop was cleared, and with it every press until now. */
  cleared(): void;
};

export function keepPresses(clock: Clock): Presses {
  const pressed = new WeakMap<Channel, { readonly press: StopPress; readonly clears: number; readonly atMs: number }>();
  let clears = 0;
  return {
    said(from, as) {
      const atMs = clock.now();
      const before = pressed.get(from) ?? { press: noPress(), clears, atMs: Number.NEGATIVE_INFINITY };
      const { next, again } = saidStop(before.press, as, atMs);
      const isSpent = again && before.clears !== clears;
      pressed.set(from, { press: next, clears: isSpent ? before.clears : clears, atMs });
      if (isSpent) return 'spent';
      // A press comes as a word and as a flag.
      return again || atMs - before.atMs <= SAME_PRESS_MS ? 'goes on' : 'pressed';
    },
    ended: (from) => void pressed.delete(from),
    cleared: () => void clears++,
  };
}
