/** Which STOPs are news: one that goes on after it was cleared is not; knows neither board nor failsafe. */
import { noPress, type StopPress, saidStop } from '../control/stop-press.ts';
import type { Clock } from '../core/clock.ts';
import type { Channel } from '../net/link.ts';

export type Presses = {
  /** Call it with each STOP. A sender is told by the `control` channel; on another link the same person presses anew. */
  isNews(from: Channel, as: 'flag' | 'word'): boolean;
  /** They said something else: whatever they press next is news. */
  ended(from: Channel): void;
  /** The latched stop was cleared, and with it every press until now. */
  cleared(): void;
};

export function keepPresses(clock: Clock): Presses {
  const pressed = new WeakMap<Channel, { readonly press: StopPress; readonly clears: number }>();
  let clears = 0;
  return {
    isNews(from, as) {
      const before = pressed.get(from) ?? { press: noPress(), clears };
      const { next, again } = saidStop(before.press, as, clock.now());
      const isSpent = again && before.clears !== clears;
      pressed.set(from, { press: next, clears: isSpent ? before.clears : clears });
      return !isSpent;
    },
    ended: (from) => void pressed.delete(from),
    cleared: () => void clears++,
  };
}
