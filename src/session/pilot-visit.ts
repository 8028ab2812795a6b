/** One link to a robot, from the greeting to its end: what the robot says there, and how to answer; knows no other link and no page. */
import { type ReadonlySignal, signal } from '@preact/signals-core';
import { listened, noSilence } from '../control/silence.ts';
import type { Clock } from '../core/clock.ts';
import { type End, Fault } from '../core/fault.ts';
import type { Link } from '../net/link.ts';
import { decodeMessage, encodeMessage, type Message } from '../protocol/messages.ts';
import type { Role } from '../trust/allowlist.ts';
import type { Identity } from '../trust/identity.ts';
import { greet, refusal, type Ticket } from './pilot-greeting.ts';
import { type Hands, type HandsGiven, takeReins } from './pilot-hands.ts';

/** A robot that heard the proof answers at once; a slow path needs a few round trips. */
const VERDICT_WITHIN_MS = 8_000;
/** The robot's screen asks for a minute. */
const ANSWER_WITHIN_MS = 70_000;
const LISTEN_EVERY_MS = 20;
/** A robot that hears frames and calls them all old has lost the measure of this page's clock, as after a suspend. */
const STALE_OVER_MS = 1_000;
/** Half of a round trip counts as age, and what is older than 250 ms is stale. */
const FAR_OVER_MS = 450;

export type LeaseNews = Extract<Message, { type: 'lease' }>;
export type Status = Extract<Message, { type: 'status' }>;

/** What the robot says on a link it let this device in on. */
export type RobotNews =
  | Extract<Message, { type: 'welcome' | 'lease' | 'status' | 'stopped' | 'cleared' }>
  | { readonly type: 'role'; readonly role: Role };

export type PilotVisit = {
  readonly link: Link;
  /** Anew with each lease. */
  readonly hands: ReadonlySignal<Hands | undefined>;
  readonly malformed: ReadonlySignal<number>;
  /** How long the robot has not said that it hears this page, as far as this page was awake to listen; refreshed every 20 ms. */
  readonly silentMs: ReadonlySignal<number>;
  /** How often STOP was pressed, as far as this link told. */
  presses(): number;
  /** Whether frames arrive there too old for a second or more, though they arrive. */
  stale(): boolean;
  say(message: Message): void;
  /** Settles once, never rejects. */
  readonly ended: Promise<End>;
  /** Goes without a word to the person: another link has taken over, or this page ends. */
  leave(): void;
};

/** Resolves once the robot has said welcome. `heard` gets that and its news from then on. @throws {Fault} */
export async function visitRobot(given: {
  readonly link: Link;
  readonly identity: Identity;
  readonly robotId: string;
  readonly ticket: Ticket | undefined;
  readonly name: string;
  readonly visit: string;
  readonly wants: 'drive' | 'watch';
  readonly clock: Clock;
  /** Somebody at the robot is being asked. */
  readonly asked: () => void;
  /** The robot is who it should be. */
  readonly proved: () => void;
  readonly heard: (news: RobotNews) => void;
  readonly hands: Pick<HandsGiven, 'sample' | 'pictureAgeMs' | 'mayDrive'>;
  readonly signal: AbortSignal;
}): Promise<PilotVisit> {
  const { link, clock } = given;
  const life = new AbortController();
  const malformed = signal(0);
  const silentMs = signal(0);
  let settle: (end: End) => void = () => {};
  const ended = new Promise<End>((resolve) => {
    settle = resolve;
  });
  const end = (how: End) => {
    if (life.signal.aborted) return;
    life.abort();
    link.close();
    settle(how);
  };
  void link.closed.then(end);
  given.signal.addEventListener('abort', () => end({ why: 'asked' }), { once: true, signal: life.signal });
  if (given.signal.aborted) end({ why: 'asked' });
  const outcome = ended.then((how): never => {
    throw how.why === 'lost' ? how.fault : new Fault('lost', 'robot', 'it went before it said welcome');
  });
  // Whoever awaits hears it; afterwards nobody does.
  outcome.catch(() => {});

  try {
    await Promise.race([greet(given), outcome]);
    given.proved();
  } catch (fault) {
    end({ why: 'asked' });
    throw fault;
  }

  let verdict = new AbortController();
  const awaitVerdict = (ms: number) => {
    verdict.abort();
    verdict = new AbortController();
    life.signal.addEventListener('abort', () => verdict.abort(), { once: true, signal: verdict.signal });
    const late = () => end({ why: 'lost', fault: new Fault('timeout', 'robot', 'no verdict') });
    clock.after(ms, late, verdict.signal);
  };
  const hands = signal<Hands | undefined>(undefined);
  let holding = new AbortController();
  let staleSinceMs: number | undefined;
  let presses = 0;
  const hold = (epoch: number) => {
    holding.abort();
    holding = new AbortController();
    life.signal.addEventListener('abort', () => holding.abort(), { once: true, signal: holding.signal });
    hands.value = takeReins({ ...given.hands, control: link.control, epoch, clock, signal: holding.signal });
  };
  /** Of the hands that hold now, or of those before: a new lease is no silence. */
  let heardAtMs: number | undefined;
  const listen = () => {
    let silence = noSilence(clock.now());
    const look = () => {
      const nowMs = clock.now();
      heardAtMs = hands.peek()?.heardAtMs() ?? heardAtMs;
      silence = listened(silence, heardAtMs, nowMs, 2 * LISTEN_EVERY_MS);
      silentMs.value = silence.ms;
      const now = hands.peek();
      // Where the way there and back alone takes that long, no other link helps.
      const isFar = (link.vitals.peek().roundTripMs ?? 0) > FAR_OVER_MS;
      const isStale = now !== undefined && now.epoch !== 0 && !isFar && now.report.peek()?.failsafe === 'stale';
      staleSinceMs = isStale ? (staleSinceMs ?? nowMs) : undefined;
    };
    clock.every(LISTEN_EVERY_MS, look, life.signal);
  };

  const welcomed = new Promise<void>((resolve) => {
    awaitVerdict(VERDICT_WITHIN_MS);
    link.messages.receive((bytes) => {
      const decoded = decodeMessage(bytes);
      if (!decoded.ok) {
        malformed.value++;
        return;
      }
      const message = decoded.value;
      switch (message.type) {
        case 'asked':
          if (verdict.signal.aborted) return;
          awaitVerdict(ANSWER_WITHIN_MS);
          return given.asked();
        case 'welcome':
          // Said again, it tells another role.
          if (hands.peek()) return given.heard({ type: 'role', role: message.role });
          if (verdict.signal.aborted) return;
          verdict.abort();
          presses = message.presses;
          hold(message.epoch);
          listen();
          given.heard(message);
          return resolve();
        case 'refused':
          // After the welcome it is not about an invitation any more.
          return end({
            why: 'lost',
            fault: refusal(message.reason, given.ticket !== undefined && hands.peek() === undefined),
          });
        case 'lease':
          if (hands.peek() && message.epoch !== hands.peek()?.epoch) hold(message.epoch);
          return given.heard(message);
        case 'stopped':
          presses = message.press;
          return given.heard(message);
        case 'status':
        case 'cleared':
          return given.heard(message);
        case 'hello':
        case 'identity':
        case 'proof':
        case 'presence':
        case 'ask':
        case 'give':
        case 'take':
        case 'stop':
        case 'clear':
        case 'bye':
        case 'description':
        case 'candidate':
          malformed.value++;
          return;
        default:
          message satisfies never;
      }
    }, life.signal);
  });
  await Promise.race([welcomed, outcome]);

  return {
    link,
    hands,
    malformed,
    silentMs,
    presses: () => presses,
    stale: () => staleSinceMs !== undefined && clock.now() - staleSinceMs > STALE_OVER_MS,
    say: (message) => void link.messages.send(encodeMessage(message)),
    ended,
    leave: () => end({ why: 'asked' }),
  };
}
