/** Who only asks whether the robot is free, and hears it; shows them nothing and knows no drive. */
import { effect, type ReadonlySignal } from '@preact/signals-core';
import type { Clock } from '../core/clock.ts';
import type { Link } from '../net/link.ts';
import { encodeMessage, type Refusal } from '../protocol/messages.ts';
import { type Proven, turnAway } from './robot-door.ts';

const MOST_LOOKERS = 8;

export type Lookers = {
  /** Says why not when too many look already. */
  look(guest: Link, stranger: Proven): Refusal | undefined;
  /** Sends away those of whom `goes` gives a reason. */
  review(goes: (looker: { readonly who: string }) => Refusal | undefined): void;
};

export function keepLookers(given: {
  readonly clock: Clock;
  readonly robotName: ReadonlySignal<string>;
  /** Who drives. */
  readonly driverName: ReadonlySignal<string | undefined>;
  readonly signal: AbortSignal;
}): Lookers {
  const looking = new Map<Link, { readonly who: string }>();
  const closeAll = () => {
    for (const guest of looking.keys()) guest.close();
  };
  given.signal.addEventListener('abort', closeAll, { once: true });

  return {
    look(guest, { who }) {
      if (looking.size >= MOST_LOOKERS) return 'busy';
      looking.set(guest, { who });
      const untell = effect(() => {
        const by = given.driverName.value;
        const name = given.robotName.value;
        guest.messages.send(encodeMessage({ type: 'presence', name, ...(by === undefined ? {} : { by }) }));
      });
      void guest.closed.then(() => {
        untell();
        looking.delete(guest);
      });
      return undefined;
    },
    review(goes) {
      for (const [guest, looker] of [...looking]) {
        const reason = goes(looker);
        if (reason !== undefined) void turnAway(guest, reason, given.clock, given.signal);
      }
    },
  };
}
