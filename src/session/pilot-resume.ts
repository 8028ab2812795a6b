/** Arms again when a link broke in the middle of a drive and a fresh one took over, once the hand rests; knows neither links nor hands. */
import type { NotArmed } from '../control/arming.ts';
import type { Clock } from '../core/clock.ts';

/** As long as the robot itself stays armed through silence. */
const RESUMES_WITHIN_MS = 2_000;

export type Resume = {
  /** Call every few frames. */
  look(): void;
  /** Whoever let go by themselves is not armed by anybody else. */
  forget(): void;
};

export function keepResuming(given: {
  readonly clock: Clock;
  /** What is driven by now, compared by identity; undefined: nothing. */
  readonly link: () => unknown;
  readonly driving: () => boolean;
  /** Visible, in focus, with a device that is there and alive. */
  readonly attentive: () => boolean;
  /** What stands in the way of arming; `you`: nothing. */
  readonly because: () => NotArmed;
  readonly arm: () => void;
}): Resume {
  const { clock } = given;
  let drove: { readonly link: unknown; readonly atMs: number } | undefined;

  return {
    look() {
      const link = given.link();
      const isLate = drove !== undefined && clock.now() - drove.atMs > RESUMES_WITHIN_MS;
      if (given.driving()) {
        // The last picture of the broken link may end before the first of the fresh one: that is still the same break.
        if (!drove || drove.link === link || isLate) drove = { link, atMs: clock.now() };
        return;
      }
      if (!drove) return;
      const because = given.because();
      const isLinks = because === 'picture' || because === 'sticks' || because === 'late' || because === 'you';
      // A link that ended before another took over was ended by somebody.
      if (link === undefined || isLate || !isLinks || !given.attentive()) {
        drove = undefined;
        return;
      }
      if (because === 'you' && link !== drove.link) given.arm();
    },
    forget() {
      drove = undefined;
    },
  };
}
