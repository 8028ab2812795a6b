/** Who was here when, and whether they drove; knows no link. */
import { type ReadonlySignal, signal } from '@preact/signals-core';
import type { Settings } from '../storage/settings.ts';
import type { Company, PastVisit } from './robot-state.ts';

const MOST_PAST_VISITS = 200;
/** A reload, or a link that broke and came back, is one visit. */
const SAME_VISIT_WITHIN_MS = 60_000;

export type Guestbook = {
  readonly pastVisits: ReadonlySignal<readonly PastVisit[]>;
  /** Begins an entry; call what it returns when the visit, or the drive, ends. */
  note(who: Pick<Company, 'who' | 'name' | 'drives'>): () => void;
};

export async function keepGuestbook(settings: Settings, today: () => number): Promise<Guestbook> {
  const pastVisits = signal<readonly PastVisit[]>((await settings.get('pastVisits')) ?? []);
  return {
    pastVisits,
    note({ who, name, drives }) {
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
    },
  };
}
