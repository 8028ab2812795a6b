/** Says what of the things once stored is still taken. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_DRIVE } from '../../../src/control/drive-settings.ts';
import { isRemembered } from '../../../src/storage/remembered.ts';
import { openSettings, type Remembered } from '../../../src/storage/settings.ts';

const KEYS: readonly (keyof Remembered)[] = [
  'robotName',
  'pilotName',
  'boardKind',
  'drive',
  'camera',
  'microphone',
  'stoppedBy',
  'people',
  'pastVisits',
  'guestLinks',
  'relayOnly',
  'robots',
];
const ID = 'abcdefghijklmnopqrstuvwxy';
const SECRET = 'abcdefghijklmnopqrstuvwxya';
const ANN = { id: ID, name: 'Ann', role: 'owner', addedAtMs: 1_700_000_000_000 };
const VISIT = { who: ID, name: 'Ann', drove: true, fromMs: 1, toMs: 2 };

test('without a database it remembers for this visit', async () => {
  const settings = openSettings();
  expect(await settings.get('robotName')).toBeUndefined();
  await settings.set('robotName', 'Rover');
  expect(await settings.get('robotName')).toBe('Rover');
  expect(await openSettings().get('robotName')).toBeUndefined();
});

test('takes what it stores', () => {
  expect(isRemembered('drive', DEFAULT_DRIVE)).toBe(true);
  expect(isRemembered('camera', '')).toBe(true);
  expect(isRemembered('boardKind', 'web-serial')).toBe(true);
  expect(isRemembered('robots', [{ id: ID, name: 'Rover', seenAtMs: 1_700_000_000_000 }])).toBe(true);
  expect(isRemembered('people', [ANN, { ...ANN, role: 'guest', untilMs: 1_700_000_000_001 }])).toBe(true);
  expect(isRemembered('pastVisits', [VISIT, { ...VISIT, drove: false }])).toBe(true);
  expect(isRemembered('guestLinks', [{ secret: SECRET, untilMs: 5 }])).toBe(true);
  expect(isRemembered('relayOnly', true)).toBe(true);
});

test.each([
  ['robotName', 7],
  ['robotName', 'x'.repeat(501)],
  ['boardKind', 'carrier-pigeon'],
  ['drive', { ...DEFAULT_DRIVE, topSpeed: 2 }],
  ['drive', { ...DEFAULT_DRIVE, expo: Number.NaN }],
  ['drive', { ...DEFAULT_DRIVE, preset: 'hover' }],
  ['drive', { preset: 'arcade' }],
  ['drive', null],
  ['robots', { 0: ID }],
  ['robots', [{ id: ID, name: 'Rover' }]],
  ['robots', [{ id: 'rover-1234', name: 'Rover', seenAtMs: 5 }]],
  ['people', [ANN, { ...ANN, id: ID.slice(1) }]],
  ['people', [{ ...ANN, role: 'admin' }]],
  ['people', [{ ...ANN, role: 'guest' }]],
  ['people', [{ ...ANN, untilMs: 'tomorrow' }]],
  ['people', [{ ...ANN, untilMs: null }]],
  ['people', [{ ...ANN, addedAtMs: undefined }]],
  ['people', Array(201).fill(ANN)],
  ['people', [null]],
  ['pastVisits', [{ ...VISIT, drove: 'yes' }]],
  ['pastVisits', [{ ...VISIT, toMs: -1 }]],
  ['pastVisits', [{ ...VISIT, who: '' }]],
  ['pastVisits', Array(401).fill(VISIT)],
  ['guestLinks', [{ secret: 'abc', untilMs: 5 }]],
  ['guestLinks', [{ secret: SECRET }]],
  ['guestLinks', Array(41).fill({ secret: SECRET, untilMs: 5 })],
  ['relayOnly', 'true'],
] as const)('refuses %s of another shape: %#', (key, value) => {
  expect(isRemembered(key, value)).toBe(false);
});

test('any stored value is refused or taken, and none throws', () => {
  fc.assert(
    fc.property(fc.constantFrom(...KEYS), fc.anything(), (key, value) => {
      expect(typeof isRemembered(key, value)).toBe('boolean');
    }),
  );
});
