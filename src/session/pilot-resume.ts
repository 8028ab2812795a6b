/** Arms again when a link broke in the middle of a drive and a fresh one took over, once the hand rests; knows neither links nor hands. */
import { type ReadonlySignal, signal } from '@preact/signals-core';
import type { NotArmed } from '../control/arming.ts';
import type { Clock } from '../core/clock.ts';

/** As long as the robot itself stays armed through silence. */
const RESUMES_WITHIN_MS = 2_000;

/** What is driven by: the link, compared by identity, the number of its lease, and how often STOP was pressed as far as it told. */
export type Reach = { readonly link: unknown; readonly epoch: number; readonly presses: number };

export type Resume = {
  /** A drive broke off, and may go on without anybody arming. */
  readonly pending: ReadonlySignal<boolean>;
  /** Call every few frames. */
  look(): void;
  /** Whoever let go by themselves is not armed by anybody else. */
  forget(): void;
};

export function keepResuming(given: {
  readonly clock: Clock;
  /** Undefined: there is no link. */
  readonly reach: () => Reach | undefined;
  readonly driving: () => boolean;
  /** Visible, in focus, with a device that is there and alive. */
  readonly attentive: () => boolean;
  /** What stands in the way of arming; `you`: nothing. */
  readonly because: () => NotArmed;
  readonly arm: () => void;
}): Resume {
  const { clock } = given;
  const pending = signal(false);
  let drove: (Reach & { readonly atMs: number }) | undefined;
  /** It drives on the fresh link already, and is not known to be blind there. */
  let resumed = false;

  const forget = () => {
    drove = undefined;
    resumed = false;
    pending.value = false;
  };

  return {
    pending,
    look() {
      const reach = given.reach();
      const isLate = drove !== undefined && clock.now() - drove.atMs > RESUMES_WITHIN_MS;
      if (given.driving() && reach) {
        pending.value = false;
        resumed = drove !== undefined && drove.link !== reach.link && !isLate;
        if (!resumed) drove = { ...reach, atMs: clock.now() };
        return;
      }
      if (!drove) return;
      const because = given.because();
      const isLinks = because === 'picture' || because === 'sticks' || because === 'late' || because === 'you';
      // The last picture of the broken link may end before the first of the fresh one: that is still the same break.
      const isAnother = resumed && because !== 'picture';
      // A link that ended before another took over was ended by somebody.
      if (reach === undefined || isLate || !isLinks || isAnother || !given.attentive()) return forget();
      resumed = false;
      pending.value = true;
      if (because !== 'you' || reach.link === drove.link) return;
      // Whatever happened while nobody was heard was meant: a STOP, or somebody else's turn.
      if (reach.presses !== drove.presses || reach.epoch !== next(drove.epoch)) return forget();
      given.arm();
    },
    forget,
  };
}

/** The lease that follows, when nobody had one between. */
const next = (epoch: number) => (epoch >= 0xffff ? 1 : epoch + 1);
