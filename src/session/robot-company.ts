/** Who sees and hears besides the driver, who only asks whether the robot is free, and who was here when; knows no drive. */
import { effect, type ReadonlySignal, signal } from '@preact/signals-core';
import type { Clock } from '../core/clock.ts';
import type { Link } from '../net/link.ts';
import { encodeMessage, type Message, type Refusal } from '../protocol/messages.ts';
import type { Settings } from '../storage/settings.ts';
import { type Proven, turnAway } from './robot-door.ts';
import type { Company, PastVisit } from './robot-state.ts';

/** More pictures than this are too much for one phone. */
const MOST_WATCHERS = 2;
const MOST_LOOKERS = 8;
/** A watcher's page says something ten times a second. */
const GONE_AFTER_MS = 6_000;
const LISTEN_EVERY_MS = 500;
const MOST_PAST_VISITS = 200;
/** A reload, or a link that broke and came back, is one visit. */
const SAME_VISIT_WITHIN_MS = 60_000;

export type Onlookers = {
  readonly watchers: ReadonlySignal<readonly Company[]>;
  readonly pastVisits: ReadonlySignal<readonly PastVisit[]>;
  /** False when there is no room. `lend` shows and tells what a guest may see. */
  watch(guest: Link, company: Company, lend: (guest: Link, company: Company, life: AbortSignal) => void): boolean;
  /** To every watcher. */
  tell(message: Message): void;
  /** False when too many look already. */
  look(guest: Link, stranger: Proven): boolean;
  /** Sends away those of whom `goes` gives a reason. */
  review(goes: (company: Pick<Company, 'who' | 'visit'>) => Refusal | undefined): void;
  /** Begins an entry in the list of past visits; call what it returns when the visit ends. */
  note(company: Company): () => void;
};

type Present = { readonly guest: Link; readonly company: Company };

export async function keepCompany(given: {
  readonly clock: Clock;
  /** Wall-clock milliseconds. */
  readonly today: () => number;
  readonly settings: Settings;
  readonly robotName: ReadonlySignal<string>;
  readonly driver: ReadonlySignal<string | undefined>;
  readonly signal: AbortSignal;
}): Promise<Onlookers> {
  const { clock, today, settings } = given;
  const watching = signal<readonly Present[]>([]);
  const looking = new Map<Link, Pick<Company, 'who' | 'visit'>>();
  const watchers = signal<readonly Company[]>([]);
  const pastVisits = signal<readonly PastVisit[]>((await settings.get('pastVisits')) ?? []);

  const showWatchers = effect(() => {
    watchers.value = watching.value.map(({ company }) => company);
  });
  given.signal.addEventListener('abort', showWatchers, { once: true });

  const closeAll = () => {
    for (const { guest } of watching.peek()) guest.close();
    for (const guest of looking.keys()) guest.close();
  };
  given.signal.addEventListener('abort', closeAll, { once: true });

  const leave = (guest: Link) => {
    watching.value = watching.peek().filter((present) => present.guest !== guest);
  };

  const note = ({ who, name, drives }: Company) => {
    const fromMs = today();
    return () => {
      const [newest, ...older] = pastVisits.peek();
      const goesOn =
        newest?.who === who && newest.drove === drives && fromMs - newest.toMs < SAME_VISIT_WITHIN_MS
          ? newest
          : undefined;
      const visit = { who, name, drove: drives, fromMs: goesOn?.fromMs ?? fromMs, toMs: today() };
      pastVisits.value = [visit, ...(goesOn ? older : pastVisits.peek())].slice(0, MOST_PAST_VISITS);
      void settings.set('pastVisits', pastVisits.peek());
    };
  };

  return {
    watchers,
    pastVisits,
    note,
    watch(guest, company, lend) {
      const twin = watching.peek().find((present) => present.company.visit === company.visit);
      if (twin?.company.who === company.who) {
        leave(twin.guest);
        void turnAway(twin.guest, 'replaced', clock, given.signal);
      }
      if (watching.peek().length >= MOST_WATCHERS) return false;
      guest.admit();
      const life = new AbortController();
      let heardAtMs = clock.now();
      watching.value = [...watching.peek(), { guest, company }];
      const ended = note(company);
      lend(guest, company, life.signal);
      guest.control.receive(() => {
        heardAtMs = clock.now();
      }, life.signal);
      clock.every(LISTEN_EVERY_MS, () => clock.now() - heardAtMs > GONE_AFTER_MS && guest.close(), life.signal);
      const unwatch = effect(() => {
        if (!watching.value.some((present) => present.guest === guest)) life.abort();
      });
      void guest.closed.then(() => {
        leave(guest);
        unwatch();
        ended();
      });
      return true;
    },
    look(guest, { who, visit }) {
      if (looking.size >= MOST_LOOKERS) return false;
      looking.set(guest, { who, visit });
      const untell = effect(() => {
        const by = given.driver.value;
        const name = given.robotName.value;
        guest.messages.send(encodeMessage({ type: 'presence', name, ...(by === undefined ? {} : { by }) }));
      });
      void guest.closed.then(() => {
        untell();
        looking.delete(guest);
      });
      return true;
    },
    tell(message) {
      for (const { guest } of watching.peek()) guest.messages.send(encodeMessage(message));
    },
    review(goes) {
      const all: [Link, Pick<Company, 'who' | 'visit'>][] = [
        ...watching.peek().map(({ guest, company }): [Link, Company] => [guest, company]),
        ...looking,
      ];
      for (const [guest, company] of all) {
        const reason = goes(company);
        if (reason === undefined) continue;
        leave(guest);
        void turnAway(guest, reason, clock, given.signal);
      }
    },
  };
}
