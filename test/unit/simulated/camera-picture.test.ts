/** What the drawn camera shows: the way ahead, the mark, the clock. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CameraPicture } from '../../../src/board/simulated/camera-picture.ts';
import { SIZE } from '../../../src/board/simulated/flat.ts';
import { type World, worldAtStart } from '../../../src/board/simulated/world.ts';

const camera = new CameraPicture(320, 180);

function shot(changes: Partial<World> = {}, lamp = false): Uint8ClampedArray {
  camera.draw({ ...worldAtStart(), ...changes }, lamp);
  return camera.pixels.slice();
}

/** Mean difference a channel, below the caption. */
function difference(a: Uint8ClampedArray, b: Uint8ClampedArray): number {
  const from = 30 * 320 * 4;
  let sum = 0;
  for (let i = from; i < a.length; i++) sum += Math.abs((a[i] ?? 0) - (b[i] ?? 0));
  return sum / (a.length - from);
}

function brightness(pixels: Uint8ClampedArray): number {
  return difference(pixels, new Uint8ClampedArray(pixels.length));
}

test('the same world gives the same picture, whole and opaque', () => {
  const picture = shot();
  expect(difference(picture, shot())).toBe(0);
  for (let i = 3; i < picture.length; i += 4) expect(picture[i]).toBe(255);
});

test('a turn, a step and the ball show', () => {
  const before = shot();
  expect(difference(before, shot({ heading: worldAtStart().heading + 0.1 }))).toBeGreaterThan(5);
  expect(difference(before, shot({ y: worldAtStart().y + 0.1 }))).toBeGreaterThan(2);
  expect(difference(before, shot({ ball: { x: 2.9, y: 2.05, vx: 0, vy: 0 } }))).toBeGreaterThan(0.5);
});

test('the camera tilts both ways, and the lamp lights the room', () => {
  const level = shot();
  expect(difference(level, shot({ tiltDegrees: 110 }))).toBeGreaterThan(5);
  expect(difference(level, shot({ tiltDegrees: 70 }))).toBeGreaterThan(5);
  expect(brightness(shot({}, true))).toBeGreaterThan(brightness(level));
});

test('the clock runs while everything stands', () => {
  const before = shot({ timeMs: 1000 });
  const after = shot({ timeMs: 1100 });
  expect(difference(before, after)).toBe(0);
  expect(before).not.toEqual(after);
});

test('draws from anywhere, at any angle, without a hole', () => {
  const somewhere = fc.record({
    x: fc.double({ min: 0, max: SIZE.x, noNaN: true }),
    y: fc.double({ min: 0, max: SIZE.y, noNaN: true }),
    heading: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
    tiltDegrees: fc.double({ min: 0, max: 180, noNaN: true }),
  });
  fc.assert(
    fc.property(somewhere, (place) => {
      const picture = new Uint32Array(shot(place).buffer);
      expect(picture.every((pixel) => pixel >>> 24 === 255)).toBe(true);
    }),
    {
      numRuns: 60,
      examples: [[{ x: 2, y: 2, heading: 0, tiltDegrees: 90 }], [{ x: 2, y: 2, heading: Math.PI / 2, tiltDegrees: 0 }]],
    },
  );
});
