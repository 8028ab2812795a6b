import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_DRIVE } from '../../../src/control/drive-settings.ts';
import { isRemembered } from '../../../src/storage/remembered.ts';
import { openSettings, type Remembered } from '../../../src/storage/settings.ts';

const KEYS: readonly (keyof Remembered)[] = [
  'robotId',
  'robotName',
  'pilotName',
  'boardKind',
  'drive',
  'camera',
  'microphone',
  'robots',
];

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
  expect(isRemembered('robots', [{ id: 'abc', name: 'Rover', seenAtMs: 1_700_000_000_000 }])).toBe(true);
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
  ['robots', { 0: 'abc' }],
  ['robots', [{ id: 'abc', name: 'Rover' }]],
] as const)('refuses a %s of another shape: %j', (key, value) => {
  expect(isRemembered(key, value)).toBe(false);
});

test('any stored value is refused or taken, and none throws', () => {
  fc.assert(
    fc.property(fc.constantFrom(...KEYS), fc.anything(), (key, value) => {
      expect(typeof isRemembered(key, value)).toBe('boolean');
    }),
  );
});
