/** Whether what was stored still has the shape of today; knows no database. */
import type { Person } from '../trust/allowlist.ts';
import { isId } from '../trust/identity.ts';
import { isSecret } from '../trust/invitation.ts';
import type { Remembered } from './settings.ts';

type Guard = (value: unknown) => boolean;
type Fields<T> = { readonly [F in keyof T]-?: Guard };

/** Longer ones were not stored by this app. */
const LONGEST_TEXT = 500;
const MOST_ROBOTS = 500;
/** Of these, twice what is ever kept. */
const MOST_PEOPLE = 200;
const MOST_VISITS = 400;
const MOST_GUEST_LINKS = 40;

const text: Guard = (value) => typeof value === 'string' && value.length <= LONGEST_TEXT;
const truth: Guard = (value) => typeof value === 'boolean';
const between =
  (least: number, most: number): Guard =>
  (value) =>
    typeof value === 'number' && value >= least && value <= most;
const oneOf =
  <T extends string>(...words: readonly T[]): Guard =>
  (value) =>
    (words as readonly unknown[]).includes(value);
const record =
  <T>(fields: Fields<T>): Guard =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries<Guard>(fields).every(([name, guard]) => guard((value as Record<string, unknown>)[name]));
const listOf =
  (guard: Guard, most: number): Guard =>
  (value) =>
    Array.isArray(value) && value.length <= most && value.every(guard);

const optional =
  (guard: Guard): Guard =>
  (value) =>
    value === undefined || guard(value);
const all =
  (...guards: readonly Guard[]): Guard =>
  (value) =>
    guards.every((guard) => guard(value));
const deviceId: Guard = (value) => typeof value === 'string' && isId(value);
const secret: Guard = (value) => typeof value === 'string' && isSecret(value);
const wallClockMs = between(0, Number.MAX_SAFE_INTEGER);

const person = all(
  record<Person>({
    id: deviceId,
    name: text,
    role: oneOf<Person['role']>('owner', 'pilot', 'watcher', 'guest'),
    untilMs: optional(wallClockMs),
    addedAtMs: wallClockMs,
  }),
  // A guest without an end would be one for good.
  (value) => (value as Person).role !== 'guest' || (value as Person).untilMs !== undefined,
);

const GUARDS: Fields<Remembered> = {
  robotName: text,
  pilotName: text,
  stoppedBy: text,
  boardKind: oneOf<Remembered['boardKind']>('simulated', 'web-serial', 'bluetooth'),
  drive: record<Remembered['drive']>({
    preset: oneOf<Remembered['drive']['preset']>('arcade', 'car', 'tank', 'racing'),
    deadZone: between(0, 0.4),
    expo: between(0, 1),
    trim: between(-0.3, 0.3),
    topSpeed: between(0.1, 1),
    reverseLeft: truth,
    reverseRight: truth,
    swapped: truth,
    lowBatteryMv: between(0, 30_000),
  }),
  camera: text,
  microphone: text,
  people: listOf(person, MOST_PEOPLE),
  pastVisits: listOf(
    record<Remembered['pastVisits'][number]>({
      who: deviceId,
      name: text,
      drove: truth,
      fromMs: wallClockMs,
      toMs: wallClockMs,
    }),
    MOST_VISITS,
  ),
  guestLinks: listOf(record<Remembered['guestLinks'][number]>({ secret, untilMs: wallClockMs }), MOST_GUEST_LINKS),
  relayOnly: truth,
  robots: listOf(
    record<Remembered['robots'][number]>({ id: deviceId, name: text, seenAtMs: wallClockMs }),
    MOST_ROBOTS,
  ),
};

export function isRemembered<K extends keyof Remembered>(key: K, value: unknown): value is Remembered[K] {
  return GUARDS[key](value);
}
