import fc from 'fast-check';
import { expect, test } from 'vitest';
import { painted, pictureAgeMs } from '../../../src/media/freshness.ts';

test('there is no age before the first picture', () => {
  expect(pictureAgeMs(undefined, 1000)).toBeUndefined();
});

test('the age grows with the time on screen', () => {
  const frame = painted(1000, undefined);
  expect(pictureAgeMs(frame, 1000)).toBe(0);
  expect(pictureAgeMs(frame, 1700)).toBe(700);
});

test('a known way from the camera counts', () => {
  expect(pictureAgeMs(painted(1000, 920), 1010)).toBe(90);
});

test('a capture time in the future cannot be, and counts nothing', () => {
  expect(pictureAgeMs(painted(1000, 1001), 1010)).toBe(10);
});

test('a very late picture stays late: no more than 5 s is believed, and no less than that', () => {
  expect(pictureAgeMs(painted(10_000, 1000), 10_010)).toBe(5010);
});

test('a frame announced for a moment to come has no negative age', () => {
  expect(pictureAgeMs(painted(1016, undefined), 1000)).toBe(0);
});

test('an age is never negative and never less than the time on screen', () => {
  const time = fc.double({ min: 0, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(time, fc.option(time, { nil: undefined }), time, (atMs, capturedAtMs, laterMs) => {
      const age = pictureAgeMs(painted(atMs, capturedAtMs), atMs + laterMs);
      expect(age).toBeGreaterThanOrEqual(atMs + laterMs - atMs);
    }),
  );
});
