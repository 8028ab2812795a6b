/** Everybody who sees through this robot, and what they ask of it; knows neither strangers nor boards' wires. */
import { computed, type ReadonlySignal, signal } from '@preact/signals-core';
import { ask, give, grant, holds, release, take, withdraw } from '../control/lease.ts';
import type { Clock } from '../core/clock.ts';
import type { Link } from '../net/link.ts';
import { decodeMessage, encodeMessage, type Message, type Refusal } from '../protocol/messages.ts';
import { mayDrive, type Person, type Role } from '../trust/allowlist.ts';
import { type Proven, turnAway } from './robot-door.ts';
import { keepDrive, type Visit } from './robot-drive.ts';
import type { Reins } from './robot-reins.ts';
import type { Company, RobotState } from './robot-state.ts';

/** More pictures than this, besides the driver's, are too much for one phone. */
const MOST_ONLOOKERS = 2;
/** Silence after which no pictures are sent. */
const RESTS_AFTER_MS = 1_000;
/** Silence after which an onlooker has gone. */
const GONE_AFTER_MS = 6_000;
/** The same of who wants to drive, whose old link may heal while the broker is away. Browsers take it for dead by then too. */
const DRIVER_GONE_AFTER_MS = 30_000;
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

export function keepVisits(given: {
  readonly clock: Clock;
  readonly reins: Reins;
  readonly robotName: ReadonlySignal<string>;
  readonly simulated: () => boolean;
  /** Shows and tells what a guest may see, for as long as `signal` lives. */
  readonly lend: (guest: Link, signal: AbortSignal) => void;
  readonly note: (who: Pick<Company, 'who' | 'name' | 'drives'>) => () => void;
  readonly clearStop: () => void;
  /** The driver fell silent: what silenced them may have silenced the way to the broker too. */
  readonly fellSilent: () => void;
  readonly signal: AbortSignal;
}): Visits {
  const { clock, reins } = given;
  const visits = signal<readonly Visit[]>([]);
  const malformed = signal(0);
  let lastSeat = 0;

  const welcome = (visit: Visit, epoch: number) => {
    say(visit, {
      type: 'welcome',
      name: given.robotName.peek(),
      epoch,
      simulated: given.simulated(),
      role: visit.role,
      presses: reins.stopPress.peek(),
    });
    tellIfStopped(visit);
  };
  const tellIfStopped = (visit: Visit) => {
    const by = reins.stoppedBy.peek();
    if (by !== undefined) say(visit, { type: 'stopped', by, press: reins.stopPress.peek() });
  };

  const drive = keepDrive({
    clock,
    reins,
    visits,
    welcome,
    note: given.note,
    fellSilent: given.fellSilent,
    signal: given.signal,
  });
  const say = ({ guest }: Visit, message: Message) => void guest.messages.send(encodeMessage(message));
  const companyOf = (visit: Visit): Company => ({
    visit: visit.visit,
    who: visit.who,
    name: visit.name,
    role: visit.role,
    drives: holds(drive.lease.value, visit.key),
    asks: drive.lease.value.asking.includes(visit.key),
    sinceMs: visit.sinceMs,
  });
  const company = computed(() =>
    visits.value.map(companyOf).sort((one, other) => Number(other.drives) - Number(one.drives)),
  );
  const driver = computed(() => company.value.find(({ drives }) => drives));
  const mayGive = ({ role }: Visit) => role === 'owner';
  const look = () => {
    for (const visit of visits.peek()) {
      const silentMs = clock.now() - visit.heardAtMs;
      if (silentMs > RESTS_AFTER_MS) visit.guest.rest(true);
      const goneAfterMs = visit.wantsToDrive ? DRIVER_GONE_AFTER_MS : GONE_AFTER_MS;
      if (visit.epoch === 0 && silentMs > goneAfterMs) visit.guest.close();
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
    letGo(visit);
  };
  const letGo = ({ key }: Visit) =>
    drive.change((lease, nowMs) => (holds(lease, key) ? release(lease, nowMs) : withdraw(lease, key)));

  /** A new one is told to everybody; whoever says it again has not heard that it was heeded, or that it is over. */
  const heedStop = (visit: Visit) => {
    const wasStopped = reins.stoppedBy.peek() !== undefined;
    const isNews = reins.stop(visit.name, visit.guest.control);
    if (wasStopped) return tellIfStopped(visit);
    if (isNews) return;
    say(visit, { type: 'stopped', by: visit.name, press: reins.stopPress.peek() });
    say(visit, { type: 'cleared' });
  };

  const hear = (visit: Visit, bytes: Uint8Array) => {
    const decoded = decodeMessage(bytes);
    if (!decoded.ok) {
      malformed.value++;
      return;
    }
    const message = decoded.value;
    const drives = mayDrive(visit.role);
    switch (message.type) {
      case 'stop':
        return heedStop(visit);
      case 'clear':
        // One that was underway while somebody pressed again knows nothing of that.
        if (visit.role !== 'owner' || message.press !== reins.stopPress.peek()) return tellIfStopped(visit);
        return given.clearStop();
      case 'ask':
        return drives ? drive.change((lease, nowMs) => ask(lease, visit.key, nowMs)) : undefined;
      case 'give': {
        const to = visits.peek().find(({ seat }) => seat === message.seat);
        if (!to || !mayDrive(to.role)) return;
        return drive.change((lease, nowMs) => give(lease, visit.key, to.key, mayGive(visit), nowMs));
      }
      case 'take':
        return drives ? drive.change((lease, nowMs) => take(lease, visit.key, mayGive(visit), nowMs)) : undefined;
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

  return {
    company,
    driver,
    link: computed(() => drive.driving.value?.guest),
    state: drive.state,
    malformed,
    enter(guest, { who, visit: id, wants }, { name, role }) {
      const key = `${who} ${id}`;
      const wantsToDrive = wants === 'drive' && mayDrive(role);
      const twin = visits.peek().find((other) => other.key === key);
      const onlookers = visits.peek().filter((other) => other !== twin && !holds(drive.lease.peek(), other.key)).length;
      const { holder } = drive.lease.peek();
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
      visits.value = [...visits.peek(), fresh];
      drive.join(fresh, gets);
      guest.messages.receive((bytes) => hear(fresh, bytes), fresh.life.signal);
      given.lend(guest, fresh.life.signal);
      void guest.closed.then((end) => {
        if (fresh.life.signal.aborted) return;
        leave(fresh);
        if (end.why === 'lost' && holds(drive.lease.peek(), key)) drive.lost(fresh);
        else letGo(fresh);
      });
      return undefined;
    },
    tell(message) {
      for (const visit of visits.peek()) say(visit, message);
    },
    giveTo(id) {
      const to = visits.peek().find(({ visit }) => visit === id);
      if (to && mayDrive(to.role)) drive.change((lease, nowMs) => give(lease, '', to.key, true, nowMs));
    },
    renewLease() {
      const now = drive.driving.peek();
      if (now) drive.change((lease, nowMs) => grant(lease, now.key, nowMs));
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
          drive.welcomeAgain(visit);
        }
      }
    },
    closeAll() {
      for (const { guest } of visits.peek()) guest.close();
    },
  };
}
