/** One seed is one story of people, clocks and a path that does what it likes; knows no rule, and asks the book for its opinion. */
import { DEFAULT_DRIVE } from '../../../src/control/drive-settings.ts';
import { cleared, disarmed, type Failsafe, failsafeFor, halted, heard, waited } from '../../../src/control/failsafe.ts';
import { type FrameAge, frameAge, noFrameAge } from '../../../src/control/frame-age.ts';
import { type Governor, governed, ungoverned } from '../../../src/control/governor.ts';
import {
  ask,
  epochOf,
  give,
  heardFrom,
  type Lease,
  lapsed,
  noLease,
  release,
  take,
  withdraw,
} from '../../../src/control/lease.ts';
import { mix } from '../../../src/control/mixer.ts';
import { type GamepadState, NEUTRAL } from '../../../src/core/gamepad-state.ts';
import { NO_PICTURE } from '../../../src/protocol/control-frame.ts';
import { openBook, type Sent } from './drive-book.ts';

/** How a story goes: an orderly drive, one where everything goes wrong, and one where hardly anybody moves. */
const MOODS = [
  { stepMs: 12, happens: 0.06, disorder: 0.03, rests: 0.35, stays: 0.9 },
  { stepMs: 25, happens: 0.25, disorder: 0.3, rests: 0.35, stays: 0.75 },
  { stepMs: 150, happens: 0.02, disorder: 0.01, rests: 0.98, stays: 0.99 },
] as const;
const PEOPLE = ['ann', 'ben', 'cat'] as const;

type Person = {
  readonly key: string;
  readonly ppm: number;
  readonly startMs: number;
  stoodStillMs: number;
  /** As it was told last, which may be long ago. */
  epoch: number;
  grants: number;
  sequence: number;
  enabled: boolean;
  stops: boolean;
  gamepad: GamepadState;
  pictureAgeMs: number;
};

/** How often what came. */
export type Tally = Record<'steps' | 'moved' | 'refused' | 'late' | 'leases' | 'stops' | 'idle', number>;

/** Throws where a rule was broken, with the seed. */
export function tell(seed: number, steps: number, tally: Tally): void {
  const random = randomFrom(seed);
  const upTo = (most: number) => random() * most;
  const oneOf = <T>(list: readonly T[]) => list[Math.floor(upTo(list.length))]!;
  const chance = (share: number) => random() < share;
  const mood = MOODS[seed % MOODS.length]!;
  const book = openBook(`seed ${seed}`);

  let trueMs = upTo(1e6);
  // A robot's clock that stood still is not told here: who slept begins anew.
  let leaptMs = 0;
  const robotPpm = upTo(400) - 200;
  const robotStartMs = upTo(1e6);
  const robotNow = () => robotStartMs + leaptMs + trueMs * (1 + robotPpm / 1e6);
  const moment = () => ({ trueMs, robotMs: robotNow() });
  const path = { outMs: upTo(60), backMs: upTo(60), sendsEveryMs: 20 };
  const people = PEOPLE.map((key): Person => {
    const clock = { ppm: upTo(400) - 200, startMs: upTo(2 ** 33), stoodStillMs: 0 };
    const hands = { enabled: false, stops: false, gamepad: NEUTRAL, pictureAgeMs: 80 };
    return { key, ...clock, epoch: 0, grants: 0, sequence: Math.floor(upTo(0x10000)), ...hands };
  });
  let underway: Sent[] = [];
  let lease: Lease = noLease();
  let failsafe: Failsafe = failsafeFor(0);
  let ages: FrameAge = noFrameAge();
  let governor: Governor = ungoverned();

  const change = (next: Lease) => {
    const isNew = next.epoch !== lease.epoch || next.holder !== lease.holder;
    lease = next;
    if (!isNew) return;
    failsafe = failsafeFor(lease.holder === undefined ? 0 : lease.epoch, failsafe.stopped);
    ages = noFrameAge();
    governor = ungoverned();
    book.leased(moment());
    tally.leases++;
  };

  const obey = (next: Failsafe, tellBook: () => void) => {
    failsafe = next;
    tellBook();
  };
  const pass = (by: { readonly trueMs?: number; readonly leaptMs?: number }) => {
    trueMs += by.trueMs ?? 0;
    leaptMs += by.leaptMs ?? 0;
  };

  const arrive = (sent: Sent) => {
    const nowMs = robotNow();
    if (sent.from !== lease.holder) {
      change(heardFrom(lease, sent.from, nowMs));
      return;
    }
    const roundTripMs = chance(0.02) ? undefined : path.outMs + path.backMs + upTo(10);
    const aged = frameAge(ages, sent.frame.sampledAtMs, nowMs, roundTripMs);
    ages = aged.next;
    const verdict = heard(failsafe, sent.frame, aged.ageMs, nowMs);
    failsafe = verdict.next;
    if (verdict.accepted) {
      governor = governed(governor, roundTripMs === undefined ? undefined : aged.ageMs + roundTripMs / 2);
      change(heardFrom(lease, sent.from, nowMs));
    } else tally.refused++;
    if (verdict.refused === 'age') tally.late++;
    const wasStopped = book.stopped();
    if (book.wait(moment())) tally.idle++;
    book.frame(sent, lease, moment(), { verdict, ...aged, tripMs: roundTripMs ?? Number.POSITIVE_INFINITY });
    if (book.stopped() && !wasStopped) tally.stops++;
  };

  const send = (person: Person): Sent => {
    const { key: from, grants, epoch, pictureAgeMs, enabled, stops: stop, gamepad } = person;
    person.sequence = (person.sequence + 1) & 0xffff;
    const clockMs = person.startMs + (trueMs - person.stoodStillMs) * (1 + person.ppm / 1e6);
    const { sequence } = person;
    const sampledAtMs = Math.floor(clockMs) % 2 ** 32;
    return {
      from,
      grants,
      sentAtMs: trueMs,
      frame: { epoch, sequence, sampledAtMs, pictureAgeMs, enabled, stop, gamepad },
    };
  };

  /** What arrives now: mostly the newest; else any, once more, never, or all that was held back. */
  const deliver = () => {
    const due = underway.filter(({ sentAtMs }) => sentAtMs + path.outMs <= trueMs);
    const newest = due.at(-1);
    if (newest === undefined) return;
    if (chance(mood.disorder / 20)) {
      underway = underway.filter((sent) => !due.includes(sent));
      for (const sent of due) arrive(sent);
      return;
    }
    const sent = chance(mood.disorder) ? oneOf(due) : newest;
    if (!chance(0.1)) underway = underway.filter((each) => each !== sent);
    if (!chance(0.05)) arrive(sent);
  };

  /** Something happens, so often of a hundred times; else everybody learns who has the lease. */
  const happen = () => {
    const person = oneOf(people);
    const driver = people.find(({ key }) => key === lease.holder) ?? person;
    const nowMs = robotNow();
    const push = (): GamepadState => ({ ...NEUTRAL, axes: [upTo(2) - 1, -upTo(1), 0, 0] });
    const deeds: readonly (readonly [number, () => void])[] = [
      [24, () => Object.assign(driver, { gamepad: chance(mood.rests) ? NEUTRAL : push() })],
      [16, () => Object.assign(driver, { enabled: chance(mood.stays) })],
      [10, () => Object.assign(driver, { pictureAgeMs: chance(mood.stays) ? 80 : oneOf([699, 700, 701, NO_PICTURE]) })],
      [2, () => Object.assign(person, { stops: true })],
      [10, () => people.map((each) => Object.assign(each, { stops: false }))],
      [1, () => obey(halted(failsafe), book.halt)],
      [9, () => failsafe.stopped && obey(cleared(failsafe), book.clear)],
      [1, () => obey(disarmed(failsafe), book.disarm)],
      [2, () => change(ask(lease, person.key, nowMs))],
      [1, () => change(give(lease, person.key, oneOf(PEOPLE), chance(0.3), nowMs))],
      [1, () => change(take(lease, person.key, chance(0.3), nowMs))],
      [0.5, () => lease.holder !== undefined && change(release(lease, nowMs))],
      [0.5, () => change(withdraw(lease, person.key))],
      [1, () => Object.assign(person, { stoodStillMs: person.stoodStillMs + upTo(oneOf([40, 2000])) })],
      [0.5, () => pass({ leaptMs: upTo(oneOf([40, 1000])) })],
      [1, () => Object.assign(path, { outMs: upTo(150), backMs: upTo(150) })],
      [1, () => Object.assign(path, { sendsEveryMs: oneOf([20, 20, 100, 400]) })],
      [0.5, () => pass({ trueMs: upTo(oneOf([300, 2500, 9000])) })],
    ];
    let roll = upTo(100);
    for (const [often, deed] of deeds) {
      roll -= often;
      if (roll < 0) return void deed();
    }
    for (const each of people) Object.assign(each, { epoch: epochOf(lease, each.key), grants: book.grants() });
  };

  const look = () => {
    change(lapsed(lease, robotNow()));
    if (book.wait(moment())) tally.idle++;
    const verdict = waited(failsafe, robotNow());
    failsafe = verdict.next;
    const motion = verdict.gamepad && mix(verdict.gamepad, DEFAULT_DRIVE, governor.cap);
    if (motion) tally.moved++;
    const driver = people.find(({ key }) => key === lease.holder);
    // Whose robot does not drive lets go, and tries again, sooner or later.
    if (driver && !verdict.gamepad && chance(0.05)) driver.enabled = !driver.enabled;
    book.judge(verdict, motion, governor.cap, lease, moment());
  };

  let dueMs = 0;
  for (let step = 0; step < steps; step++) {
    tally.steps++;
    trueMs += upTo(mood.stepMs);
    if (trueMs >= dueMs) {
      const holder = people.find(({ key }) => key === lease.holder);
      underway.push(send(holder && chance(0.9) ? holder : oneOf(people)));
      if (underway.length > 40) underway.splice(Math.floor(upTo(10)), 1);
      dueMs = trueMs + path.sendsEveryMs;
    }
    deliver();
    if (chance(mood.happens)) happen();
    look();
  }
}

/** 0…1 by the Mulberry32 rule: the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
