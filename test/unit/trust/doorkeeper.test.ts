/** Says how long strangers wait after others failed. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { admitted, delayMs, failed, noStrangers } from '../../../src/trust/doorkeeper.ts';

const after = (failures: number, nowMs = 0) => {
  let doorkeeper = noStrangers();
  for (let i = 0; i < failures; i++) doorkeeper = failed(doorkeeper, nowMs);
  return doorkeeper;
};

test.each([
  [0, 0],
  [1, 0],
  [3, 0],
  [4, 500],
  [5, 1_000],
  [6, 2_000],
  [7, 4_000],
  [8, 8_000],
  [9, 8_000],
  [5_000, 8_000],
])('after %i failures the next one waits %i ms', (failures, expected) => {
  expect(delayMs(after(failures), 0)).toBe(expected);
});

test('ten minutes of peace are enough to forget, and not a moment less', () => {
  const doorkeeper = after(8, 1_000);
  expect(delayMs(doorkeeper, 601_000)).toBe(8_000);
  expect(delayMs(doorkeeper, 601_001)).toBe(0);
  expect(delayMs(failed(doorkeeper, 601_001), 601_001)).toBe(0);
});

test('each failure makes the ten minutes begin anew', () => {
  let doorkeeper = noStrangers();
  for (let i = 0; i < 8; i++) doorkeeper = failed(doorkeeper, i * 599_000);
  expect(delayMs(doorkeeper, 8 * 599_000)).toBe(8_000);
});

test('whoever was let in makes up for all failures', () => {
  expect(delayMs(admitted(after(20)), 0)).toBe(0);
});

test('one more failure never shortens the wait, and none is longer than 8 s', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.nat(1_000_000), (failures, nowMs) => {
      const waits = delayMs(after(failures, nowMs), nowMs);
      expect(delayMs(after(failures + 1, nowMs), nowMs)).toBeGreaterThanOrEqual(waits);
      expect(waits).toBeLessThanOrEqual(8_000);
    }),
  );
});
