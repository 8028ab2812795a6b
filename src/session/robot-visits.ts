/** Everybody who sees through this robot, and who of them drives; knows neither strangers nor boards' wires. */
import { computed, type ReadonlySignal, signal } from '@preact/signals-core';
import {
  ask,
  epochOf,
  give,
  grant,
  heardFrom,
  holds,
  type Lease,
  lapsed,
  noLease,
  release,
  take,
  withdraw,
} from '../control/lease.ts';
import { listened, noSilence } from '../control/silence.ts';
import type { Clock } from '../core/clock.ts';
import type { Link } from '../net/link.ts';
import { decodeMessage, encodeMessage, type Message, type Refusal } from '../protocol/messages.ts';
import { mayDrive, type Person, type Role } from '../trust/allowlist.ts';
import { type Proven, turnAway } from './robot-door.ts';
import type { Reins } from './robot-reins.ts';
import type { Company, RobotState } from './robot-state.ts';

/** More pictures than this, besides the driver's, are too much for one phone. */
const MOST_ONLOOKERS = 2;
/** Silence after which the page says that the pilot dropped out; a lost tab sends nothing, not even a goodbye. */
const DROPPED_AFTER_MS = 700;
/** The same of a hand on the wheels: then every frame counts, and there are fifty a second. */
const FELL_SILENT_AFTER_MS = 200;
/** Silence after which no pictures are sent. */
const RESTS_AFTER_MS = 1_000;
/** Silence after which an onlooker has gone. A driver's link may heal for as long as it lives. */
const GONE_AFTER_MS = 6_000;
const LISTEN_EVERY_MS = 50;

export type Visits = {
  /** The driver first. */
  readonly company: ReadonlySignal<readonly Company[]>;
  readonly driver: ReadonlySignal<Company | undefined>;
  /** The driver's. */
  readonly link: ReadonlySignal<Link | undefined>;
  readonly state: ReadonlySignal<Extract<RobotState, { at: 'waiting' | 'driven' | 'dropped' }>>;
  readonly malformed: ReadonlySignal<number>;
  /** Lets in whom the robot knows, or says why not. */
  enter(guest: Link, stranger: Proven, person: Person): Refusal | undefined;
  tell(message: Message): void;
  giveTo(visit: string): void;
  /** The driver's frames count no more; they go on under a new number, with sticks at rest. */
  renewLease(): void;
  /** Sends away those of whom `goes` gives a reason, and heeds what became of the others' roles. */
  review(goes: (company: Company) => Refusal | undefined, roleOf: (who: string) => Role | undefined): void;
  closeAll(): void;
};

type Visit = {
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

export function keepVisits(given: {
  readonly clock: Clock;
  readonly reins: Reins;
  readonly robotName: ReadonlySignal<string>;
  readonly simulated: () => boolean;
  /** Shows and tells what a guest may see, for as long as `signal` lives. */
  readonly lend: (guest: Link, signal: AbortSignal) => void;
  readonly note: (who: Pick<Company, 'who' | 'name' | 'drives'>) => () => void;
  readonly stop: (by: string) => void;
  readonly clearStop: () => void;
  /** The driver fell silent: what silenced them may have silenced the way to the broker too. */
  readonly fellSilent: () => void;
  readonly signal: AbortSignal;
}): Visits {
  const { clock, reins } = given;
  const visits = signal<readonly Visit[]>([]);
  /** Changes with every frame that counts; what others see of it, only when they would see a change. */
  let held: Lease = noLease();
  const lease = signal<Lease>(held);
  const silent = signal<{ readonly sinceMs: number } | undefined>(undefined);
  const malformed = signal(0);
  /** Of the driver whose link is lost, until they are back or the lease lapses. */
  const lost = signal<{ readonly key: string; readonly name: string; readonly sinceMs: number } | undefined>(undefined);
  let lastSeat = 0;

  const driving = computed(() => visits.value.find(({ key }) => holds(lease.value, key)));
  const say = ({ guest }: Visit, message: Message) => void guest.messages.send(encodeMessage(message));
  const companyOf = (visit: Visit): Company => ({
    visit: visit.visit,
    who: visit.who,
    name: visit.name,
    role: visit.role,
    drives: holds(lease.value, visit.key),
    asks: lease.value.asking.includes(visit.key),
    sinceMs: visit.sinceMs,
  });
  const company = computed(() =>
    visits.value.map(companyOf).sort((one, other) => Number(other.drives) - Number(one.drives)),
  );
  const driver = computed(() => company.value.find(({ drives }) => drives));
  const state = computed<ReturnType<Visits['state']['peek']>>(() => {
    const now = driving.value;
    if (now && silent.value) return { at: 'dropped', name: now.name, sinceMs: silent.value.sinceMs };
    if (now) return { at: 'driven', name: now.name, sinceMs: now.sinceMs };
    if (lost.value && holds(lease.value, lost.value.key)) return { at: 'dropped', ...lost.value };
    return { at: 'waiting' };
  });

  const mayGive = ({ role }: Visit) => role === 'owner';
  const tellLease = () => {
    const now = held;
    const driverName = driving.peek()?.name ?? (now.holder === undefined ? undefined : lost.peek()?.name);
    const asking = now.asking.flatMap((key) => visits.peek().filter((visit) => visit.key === key));
    for (const visit of visits.peek()) {
      const decides = mayGive(visit) || holds(now, visit.key);
      say(visit, {
        type: 'lease',
        epoch: epochOf(now, visit.key),
        ...(driverName === undefined ? {} : { driver: driverName }),
        asking: decides ? asking.filter((other) => other !== visit).map(({ seat, name }) => ({ seat, name })) : [],
      });
    }
  };

  /** Hands and takes the reins until everybody has what the lease says, then tells everybody. */
  const change = (next: Lease) => {
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
    if (visit.wantsToDrive && mayDrive(visit.role)) change(heardFrom(held, visit.key, clock.now()));
  };

  const listenTo = (visit: Visit, part: AbortSignal) => {
    let silence = noSilence(clock.now());
    const look = () => {
      const beforeMs = silence.ms;
      silence = listened(silence, visit.heardAtMs, clock.now(), 2 * LISTEN_EVERY_MS);
      const passes = (ms: number) => beforeMs <= ms && silence.ms > ms;
      if (passes(DROPPED_AFTER_MS) || (passes(FELL_SILENT_AFTER_MS) && reins.failsafe.peek() === 'silent'))
        given.fellSilent();
      if (silence.ms <= DROPPED_AFTER_MS) silent.value = undefined;
      else silent.value ??= { sinceMs: clock.now() - silence.ms };
    };
    clock.every(LISTEN_EVERY_MS, look, part);
  };

  const look = () => {
    change(lapsed(held, clock.now()));
    for (const visit of visits.peek()) {
      const silentMs = clock.now() - visit.heardAtMs;
      if (silentMs > RESTS_AFTER_MS) visit.guest.rest(true);
      if (visit.epoch === 0 && !visit.wantsToDrive && silentMs > GONE_AFTER_MS) visit.guest.close();
    }
  };
  clock.every(LISTEN_EVERY_MS, look, given.signal);

  const leave = (visit: Visit) => {
    if (visit.life.signal.aborted) return;
    visit.life.abort();
    visit.part.abort();
    visits.value = visits.peek().filter((other) => other !== visit);
  };
  const sendAway = (visit: Visit, reason: Refusal) => {
    leave(visit);
    void turnAway(visit.guest, reason, clock, given.signal);
    change(holds(held, visit.key) ? release(held, clock.now()) : withdraw(held, visit.key));
  };

  const hear = (visit: Visit, bytes: Uint8Array) => {
    const decoded = decodeMessage(bytes);
    if (!decoded.ok) {
      malformed.value++;
      return;
    }
    const message = decoded.value;
    const nowMs = clock.now();
    const drives = mayDrive(visit.role);
    switch (message.type) {
      case 'stop':
        return given.stop(visit.name);
      case 'clear':
        if (visit.role === 'owner') given.clearStop();
        else if (reins.stoppedBy.peek() !== undefined) say(visit, { type: 'stopped', by: reins.stoppedBy.peek()! });
        return;
      case 'ask':
        return drives ? change(ask(held, visit.key, nowMs)) : undefined;
      case 'give': {
        const to = visits.peek().find(({ seat }) => seat === message.seat);
        if (to && mayDrive(to.role)) change(give(held, visit.key, to.key, mayGive(visit), nowMs));
        return;
      }
      case 'take':
        return drives ? change(take(held, visit.key, mayGive(visit), nowMs)) : undefined;
      case 'hello':
      case 'identity':
      case 'proof':
      case 'asked':
      case 'welcome':
      case 'presence':
      case 'refused':
      case 'status':
      case 'lease':
      case 'stopped':
      case 'cleared':
      // The link itself ends on a goodbye and negotiates; here they are out of place.
      case 'bye':
      case 'description':
      case 'candidate':
        malformed.value++;
        return;
      default:
        message satisfies never;
    }
  };

  const welcome = (visit: Visit) => {
    say(visit, {
      type: 'welcome',
      name: given.robotName.peek(),
      epoch: epochOf(held, visit.key),
      simulated: given.simulated(),
      role: visit.role,
    });
    if (reins.stoppedBy.peek() !== undefined) say(visit, { type: 'stopped', by: reins.stoppedBy.peek()! });
  };

  return {
    company,
    driver,
    link: computed(() => driving.value?.guest),
    state,
    malformed,
    enter(guest, { who, visit: id, wants }, { name, role }) {
      const key = `${who} ${id}`;
      const wantsToDrive = wants === 'drive' && mayDrive(role);
      const twin = visits.peek().find((other) => other.key === key);
      const onlookers = visits.peek().filter((other) => other !== twin && !holds(held, other.key)).length;
      const { holder } = held;
      const gets = wantsToDrive && (holder === undefined || holder === key);
      if (!gets && onlookers >= MOST_ONLOOKERS) return 'busy';
      // A page that redialled listens there no more; a twin of it, such as a copied tab, learns why and stays away.
      if (twin) {
        leave(twin);
        void turnAway(twin.guest, 'replaced', clock, given.signal);
      }
      guest.admit();
      const sinceMs = twin?.sinceMs ?? clock.now();
      lastSeat = (lastSeat + 1) & 0xffff;
      const fresh: Visit = {
        guest,
        key,
        seat: lastSeat,
        who,
        visit: id,
        name,
        wantsToDrive,
        sinceMs,
        role,
        heardAtMs: clock.now(),
        life: new AbortController(),
        part: new AbortController(),
        epoch: undefined,
      };
      // Also who had the lease already goes on under a new number.
      const next = gets ? grant(held, key, clock.now()) : held;
      held = lease.value = next;
      visits.value = [...visits.peek(), fresh];
      welcome(fresh);
      guest.messages.receive((bytes) => hear(fresh, bytes), fresh.life.signal);
      for (const visit of visits.peek()) play(visit);
      tellLease();
      given.lend(guest, fresh.life.signal);
      void guest.closed.then((end) => {
        if (fresh.life.signal.aborted) return;
        const drove = holds(held, key);
        leave(fresh);
        if (drove && end.why === 'lost') {
          lost.value = { key, name, sinceMs: clock.now() };
          given.fellSilent();
          return tellLease();
        }
        change(drove ? release(held, clock.now()) : withdraw(held, key));
        tellLease();
      });
      return undefined;
    },
    tell(message) {
      for (const visit of visits.peek()) say(visit, message);
    },
    giveTo(id) {
      const to = visits.peek().find(({ visit }) => visit === id);
      if (to && mayDrive(to.role)) change(give(held, '', to.key, true, clock.now()));
    },
    renewLease() {
      const now = driving.peek();
      if (now) change(grant(held, now.key, clock.now()));
    },
    review(goes, roleOf) {
      for (const visit of [...visits.peek()]) {
        const reason = goes(companyOf(visit));
        if (reason) {
          sendAway(visit, reason);
          continue;
        }
        const role = roleOf(visit.who);
        if (role === undefined || role === visit.role) continue;
        // Their page was told otherwise when it came.
        if (mayDrive(visit.role) && !mayDrive(role)) sendAway(visit, 'dismissed');
        else {
          visit.role = role;
          visits.value = [...visits.peek()];
        }
      }
    },
    closeAll() {
      for (const { guest } of visits.peek()) guest.close();
    },
  };
}
