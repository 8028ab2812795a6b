/** Who of those who see drives, and under which number, and hands them the reins; knows no stranger. */
import { computed, type ReadonlySignal, signal } from '@preact/signals-core';
import { epochOf, grant, heardFrom, holds, type Lease, lapsed, noLease } from '../control/lease.ts';
import { listened, noSilence } from '../control/silence.ts';
import type { Clock } from '../core/clock.ts';
import type { Link } from '../net/link.ts';
import { encodeMessage } from '../protocol/messages.ts';
import { mayDrive, type Role } from '../trust/allowlist.ts';
import type { Reins } from './robot-reins.ts';
import type { Company, RobotState } from './robot-state.ts';

/** Silence after which the page says that the pilot dropped out; a lost tab sends nothing, not even a goodbye. */
const DROPPED_AFTER_MS = 700;
/** The same of a hand on the wheels: of its fifty frames a second six are missing. */
const FELL_SILENT_AFTER_MS = 120;
/** On a path that hiccups the way to the broker is not made anew with each of them. */
const FELL_SILENT_AT_MOST_EVERY_MS = 5_000;
const LISTEN_EVERY_MS = 20;

/** Somebody who sees. */
export type Visit = {
  readonly guest: Link;
  /** What the lease calls them: a person may have two devices, and a device two tabs. */
  readonly key: string;
  readonly seat: number;
  readonly who: string;
  readonly visit: string;
  readonly name: string;
  readonly wantsToDrive: boolean;
  readonly sinceMs: number;
  role: Role;
  heardAtMs: number;
  /** All that is done for them. */
  readonly life: AbortController;
  /** What they are now: driver or onlooker, under one number. */
  part: AbortController;
  epoch: number | undefined;
};

export type Drive = {
  /** As others see it: it does not change with each frame. */
  readonly lease: ReadonlySignal<Lease>;
  /** The visit that holds it. */
  readonly driving: ReadonlySignal<Visit | undefined>;
  readonly state: ReadonlySignal<Extract<RobotState, { at: 'waiting' | 'driven' | 'dropped' }>>;
  /** Acts upon what becomes of the lease, and tells everybody when they would see a change. */
  change(next: (lease: Lease, nowMs: number) => Lease): void;
  /** Somebody came, and has the lease if `gets`: also who had it already goes on under a new number. */
  join(visit: Visit, gets: boolean): void;
  /** The driver's link broke: the lease is theirs until it lapses. */
  lost(visit: Visit): void;
  /** Says again who they are here and who drives: their role is another. */
  welcomeAgain(visit: Visit): void;
};

export function keepDrive(given: {
  readonly clock: Clock;
  readonly reins: Reins;
  readonly visits: ReadonlySignal<readonly Visit[]>;
  /** Says the first word to who came in. */
  readonly welcome: (visit: Visit, epoch: number) => void;
  readonly note: (who: Pick<Company, 'who' | 'name' | 'drives'>) => () => void;
  /** The driver fell silent: what silenced them may have silenced the way to the broker too. */
  readonly fellSilent: () => void;
  readonly signal: AbortSignal;
}): Drive {
  const { clock, reins, visits } = given;
  /** Changes with every frame that counts. */
  let held: Lease = noLease();
  const lease = signal<Lease>(held);
  const silent = signal<{ readonly sinceMs: number } | undefined>(undefined);
  const lost = signal<{ readonly key: string; readonly name: string; readonly sinceMs: number } | undefined>(undefined);

  const driving = computed(() => visits.value.find(({ key }) => holds(lease.value, key)));
  const state = computed<ReturnType<Drive['state']['peek']>>(() => {
    const now = driving.value;
    if (now && silent.value) return { at: 'dropped', name: now.name, sinceMs: silent.value.sinceMs };
    if (now) return { at: 'driven', name: now.name, sinceMs: now.sinceMs };
    if (lost.value && holds(lease.value, lost.value.key)) return { at: 'dropped', ...lost.value };
    return { at: 'waiting' };
  });

  const tellLease = () => {
    const now = held;
    const driverName = driving.peek()?.name ?? (now.holder === undefined ? undefined : lost.peek()?.name);
    const asking = now.asking.flatMap((key) => visits.peek().filter((visit) => visit.key === key));
    for (const visit of visits.peek()) {
      const decides = visit.role === 'owner' || holds(now, visit.key);
      visit.guest.messages.send(
        encodeMessage({
          type: 'lease',
          epoch: epochOf(now, visit.key),
          ...(driverName === undefined ? {} : { driver: driverName }),
          asking: decides ? asking.filter((other) => other !== visit).map(({ seat, name }) => ({ seat, name })) : [],
        }),
      );
    }
  };

  /** Hands and takes the reins until everybody has what the lease says, then tells everybody. */
  const become = (next: Lease) => {
    const before = held;
    held = next;
    if (next.epoch === before.epoch && next.holder === before.holder && next.asking === before.asking) return;
    lease.value = next;
    // Whoever has to let go lets go first.
    for (const visit of visits.peek()) if (!holds(next, visit.key)) play(visit);
    for (const visit of visits.peek()) if (holds(next, visit.key)) play(visit);
    tellLease();
  };

  /** Makes a visit the driver's or an onlooker's, as the lease says now. */
  const play = (visit: Visit) => {
    const epoch = epochOf(held, visit.key);
    if (visit.epoch === epoch || visit.life.signal.aborted) return;
    visit.part.abort();
    visit.part = new AbortController();
    visit.epoch = epoch;
    const part = visit.part.signal;
    const heard = () => hearFrom(visit);
    const ended = given.note({ who: visit.who, name: visit.name, drives: epoch !== 0 });
    part.addEventListener('abort', ended, { once: true });
    if (epoch === 0) reins.heed(visit.name, visit.guest.control, heard, part);
    else {
      lost.value = undefined;
      silent.value = undefined;
      listenTo(visit, part);
      reins.give(epoch, visit.name, visit.guest.control, heard, part);
    }
  };

  const hearFrom = (visit: Visit) => {
    visit.heardAtMs = clock.now();
    visit.guest.rest(false);
    // Who came to watch may have been let drive since.
    const mayHaveIt = holds(held, visit.key) || (visit.wantsToDrive && mayDrive(visit.role));
    if (mayHaveIt) become(heardFrom(held, visit.key, clock.now()));
  };

  let alarmedAtMs = Number.NEGATIVE_INFINITY;
  const listenTo = (visit: Visit, part: AbortSignal) => {
    let silence = noSilence(clock.now());
    const look = () => {
      const beforeMs = silence.ms;
      silence = listened(silence, visit.heardAtMs, clock.now(), 2 * LISTEN_EVERY_MS);
      const passes = (ms: number) => beforeMs <= ms && silence.ms > ms;
      const isDriving = reins.failsafe.peek() === 'driving' || reins.failsafe.peek() === 'silent';
      const isLong = clock.now() - alarmedAtMs > FELL_SILENT_AT_MOST_EVERY_MS;
      const falls = isDriving && isLong && passes(FELL_SILENT_AFTER_MS);
      if (falls) alarmedAtMs = clock.now();
      if (falls || passes(DROPPED_AFTER_MS)) given.fellSilent();
      if (silence.ms <= DROPPED_AFTER_MS) silent.value = undefined;
      else silent.value ??= { sinceMs: clock.now() - silence.ms };
    };
    clock.every(LISTEN_EVERY_MS, look, part);
  };

  clock.every(LISTEN_EVERY_MS, () => become(lapsed(held, clock.now())), given.signal);

  return {
    lease,
    driving,
    state,
    change: (next) => become(next(held, clock.now())),
    join(fresh, gets) {
      if (gets) held = lease.value = grant(held, fresh.key, clock.now());
      given.welcome(fresh, epochOf(held, fresh.key));
      for (const visit of visits.peek()) play(visit);
      tellLease();
    },
    lost({ key, name }) {
      lost.value = { key, name, sinceMs: clock.now() };
      given.fellSilent();
      tellLease();
    },
    welcomeAgain(visit) {
      given.welcome(visit, epochOf(held, visit.key));
      tellLease();
    },
  };
}
