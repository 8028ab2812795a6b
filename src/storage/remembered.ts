/** Whether what was stored still has the shape of today; knows no database. */
import type { Remembered } from './settings.ts';

type Guard = (value: unknown) => boolean;
type Fields<T> = { readonly [F in keyof T]: Guard };

/** Longer ones were not stored by this app. */
const LONGEST_TEXT = 500;
const MOST_ROBOTS = 500;

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

const GUARDS: Fields<Remembered> = {
  robotId: text,
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
  robots: listOf(
    record<Remembered['robots'][number]>({ id: text, name: text, seenAtMs: between(0, Number.MAX_SAFE_INTEGER) }),
    MOST_ROBOTS,
  ),
};

export function isRemembered<K extends keyof Remembered>(key: K, value: unknown): value is Remembered[K] {
  return GUARDS[key](value);
}
