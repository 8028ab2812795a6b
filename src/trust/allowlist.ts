/** Who may come in, and as what; knows neither links nor storage. */

/** Owner and pilot drive, a guest drives until a time, a watcher sees and hears. */
export type Role = 'owner' | 'pilot' | 'watcher' | 'guest';

export type Person = {
  /** Of their device: base32 of the first 125 bits of SHA-256(public key). */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Wall-clock milliseconds; absent: for good. Guests always have it. */
  readonly untilMs?: number;
  readonly addedAtMs: number;
};

export type Admission =
  | { readonly admitted: true; readonly person: Person }
  | { readonly admitted: false; readonly reason: 'unknown' | 'expired' };

/** The most people one robot knows; the guest whose time ran out first goes first, then whoever was added first, owners last. */
const MOST_PEOPLE = 100;

/** `nowMs` is wall-clock time. */
export function admission(people: readonly Person[], id: string, nowMs: number): Admission {
  const person = people.find((known) => known.id === id);
  if (!person) return { admitted: false, reason: 'unknown' };
  if (person.untilMs !== undefined && person.untilMs <= nowMs) return { admitted: false, reason: 'expired' };
  return { admitted: true, person };
}

/** With this person in the last place; whoever had the same key before is replaced. */
export function letIn(people: readonly Person[], person: Person, nowMs: number): readonly Person[] {
  const others = people.filter(({ id }) => id !== person.id);
  if (others.length < MOST_PEOPLE) return [...others, person];
  const [longestOver] = others
    .filter(({ untilMs = Number.POSITIVE_INFINITY }) => untilMs <= nowMs)
    .sort((one, other) => one.untilMs! - other.untilMs!);
  const leaves = longestOver ?? others.find(({ role }) => role !== 'owner') ?? others[0];
  return [...others.filter((known) => known !== leaves), person];
}

export function revoked(people: readonly Person[], id: string): readonly Person[] {
  return people.filter((known) => known.id !== id);
}

export function mayDrive(role: Role): boolean {
  return role !== 'watcher';
}
