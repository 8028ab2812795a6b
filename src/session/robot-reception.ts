/** Who rings at this robot proves who they are, is judged, and comes in or hears why not; knows neither wheels nor pictures. */
import type { Clock } from '../core/clock.ts';
import type { Link } from '../net/link.ts';
import { encodeMessage } from '../protocol/messages.ts';
import { admitted, delayMs, failed, noStrangers } from '../trust/doorkeeper.ts';
import type { Identity } from '../trust/identity.ts';
import { meet, turnAway } from './robot-door.ts';
import type { Lookers } from './robot-lookers.ts';
import type { People } from './robot-people.ts';
import type { Visits } from './robot-visits.ts';

/** What it returns resolves with the verdict: until then the stranger takes one of the few places at the door. */
export function openReception(given: {
  readonly identity: Identity;
  readonly people: People;
  readonly visits: Visits;
  readonly lookers: Lookers;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): (guest: Link) => Promise<void> {
  const { identity, people, visits, lookers, clock, signal: life } = given;
  let strangers = noStrangers();

  return async (guest) => {
    const meeting = await meet({
      guest,
      identity,
      pairing: people.pairing,
      // Whom the robot knows must not wait for others' failures; who only says so fails in a moment.
      delayMs: (who) => (people.roleOf(who) ? 0 : delayMs(strangers, clock.now())),
      clock,
      signal: life,
    });
    if (meeting === undefined || !meeting.met) {
      strangers = failed(strangers, clock.now());
      if (meeting?.tried) people.wrongTry();
      // The verdict is said: who is on the way out takes no place at the door.
      return meeting === undefined ? guest.close() : void turnAway(guest, meeting.reason, clock, life);
    }
    const { stranger } = meeting;
    const gone = new AbortController();
    void guest.closed.then(() => gone.abort());
    life.addEventListener('abort', () => guest.close(), { once: true, signal: gone.signal });
    const judgement = await people.judge(
      stranger,
      () => void guest.messages.send(encodeMessage({ type: 'asked' })),
      gone.signal,
    );
    if (gone.signal.aborted) return;
    if (!judgement.yes) {
      if (judgement.reason === 'unknown' || judgement.reason === 'expired') {
        strangers = failed(strangers, clock.now());
        if (stranger.invitation !== undefined) people.wrongTry();
      }
      return void turnAway(guest, judgement.reason, clock, life);
    }
    strangers = admitted(strangers);
    const refused =
      stranger.wants === 'look' ? lookers.look(guest, stranger) : visits.enter(guest, stranger, judgement.person);
    if (refused) void turnAway(guest, refused, clock, life);
  };
}
