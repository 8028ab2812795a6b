/** Who may come in: a stranger's first word decides, and until then there is neither track nor control; knows no drive. */
import type { Clock } from '../core/clock.ts';
import type { Link } from '../net/link.ts';
import { decodeMessage, encodeMessage, type Message, PROTOCOL_VERSION } from '../protocol/messages.ts';

/** How long a stranger may take to say hello. */
const HELLO_WITHIN_MS = 10_000;
/** Time for a last word to arrive before the connection goes. */
const GOODBYE_MS = 500;

export type Hello = Extract<Message, { type: 'hello' }>;
export type Refusal = Extract<Message, { type: 'refused' }>['reason'];

/** Calls `welcome` with a good hello of whom `mayEnter`; turns everybody else away with a reason. */
export function answerDoor(given: {
  readonly guest: Link;
  readonly clock: Clock;
  readonly mayEnter: (visit: string) => boolean;
  readonly welcome: (guest: Link, hello: Hello) => void;
  readonly signal: AbortSignal;
}): void {
  const { guest, clock } = given;
  const greeting = new AbortController();
  const refuse = (reason: Refusal) => {
    greeting.abort();
    turnAway(guest, reason, clock, given.signal);
  };
  clock.after(HELLO_WITHIN_MS, () => refuse('malformed'), greeting.signal);
  void guest.closed.then(() => greeting.abort());
  guest.messages.receive((bytes) => {
    const decoded = decodeMessage(bytes);
    if (!decoded.ok || decoded.value.type !== 'hello') return refuse('malformed');
    const hello = decoded.value;
    if (hello.version !== PROTOCOL_VERSION) return refuse('version');
    if (!given.mayEnter(hello.visit)) return refuse('busy');
    greeting.abort();
    given.welcome(guest, hello);
  }, greeting.signal);
}

/** Says why, then closes. */
export function turnAway(guest: Link, reason: Refusal, clock: Clock, life: AbortSignal): void {
  guest.messages.send(encodeMessage({ type: 'refused', reason }));
  clock.after(GOODBYE_MS, () => guest.close(), life);
}
