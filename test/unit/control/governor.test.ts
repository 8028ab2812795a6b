/** Holds top speed to the measured delay: the curve, the steadiness, and how soon it follows. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capAt, type Governor, governed, loopDelay, ungoverned } from '../../../src/control/governor.ts';

const repeated = (governor: Governor, delayMs: number | undefined, times: number) => {
  let now = governor;
  for (let i = 0; i < times; i++) now = governed(now, delayMs);
  return now;
};

describe('governor', () => {
  it.each([
    [0, 1],
    [150, 1],
    [200, 0.75],
    [250, 0.5],
    [325, 0.35],
    [400, 0.2],
    [450, 0.1],
    [500, 0],
    [501, 0],
    [1e9, 0],
  ])('at %d ms gives %d', (delayMs, cap) => {
    expect(capAt(delayMs)).toBeCloseTo(cap, 10);
    expect(governed(ungoverned(), delayMs).cap).toBeCloseTo(cap, 10);
  });

  it('gives half before the first measure, and at most half without one', () => {
    expect(ungoverned().cap).toBe(0.5);
    expect(governed(ungoverned(), undefined).cap).toBe(0.5);
    expect(governed(governed(ungoverned(), 50), undefined).cap).toBe(0.5);
    expect(governed(governed(ungoverned(), 450), undefined).cap).toBeCloseTo(0.1);
    expect(governed(governed(ungoverned(), 50), Number.NaN).cap).toBe(0.5);
  });

  it('counts the way there and back, or the age of the picture where that is longer', () => {
    const path = { ageMs: 40, roundTripMs: 80 };
    expect(loopDelay({ ...path, pictureAgeMs: undefined })).toBe(80);
    expect(loopDelay({ ...path, pictureAgeMs: 40 })).toBe(80);
    expect(loopDelay({ ...path, pictureAgeMs: 690 })).toBe(690);
    expect(loopDelay({ ageMs: 40, roundTripMs: undefined, pictureAgeMs: undefined })).toBe(40);
  });

  it('gives half at most while the round trip is not known, and nothing where what is known is too much already', () => {
    expect(governed(ungoverned(), 10, false).cap).toBe(0.5);
    expect(governed(ungoverned(), 400, false).cap).toBeCloseTo(0.2);
    expect(governed(ungoverned(), 690, false).cap).toBe(0);
    expect(governed(governed(ungoverned(), 10, false), 10, true).cap).toBe(1);
  });

  it('slows down within a quarter of a second of frames when the path gets slow', () => {
    const slow = repeated(governed(ungoverned(), 80), 600, 12);
    expect(slow.cap).toBe(0);
  });

  it('does not fall for one late frame', () => {
    expect(governed(governed(ungoverned(), 80), 240).cap).toBe(1);
  });

  it('comes back to all of it, in seconds', () => {
    const slow = governed(ungoverned(), 450);
    expect(repeated(slow, 140, 25).cap).toBeLessThan(0.75);
    expect(repeated(slow, 140, 250).cap).toBeGreaterThan(0.95);
    expect(repeated(slow, 140, 500).cap).toBe(1);
  });

  it('does not flutter on a jittery path', () => {
    let now = repeated(ungoverned(), 200, 1);
    const caps: number[] = [];
    for (let i = 0; i < 1000; i++) {
      now = governed(now, 200 + 30 * Math.sin(i * 2.4));
      if (i > 200) caps.push(now.cap);
    }
    expect(Math.max(...caps) - Math.min(...caps)).toBeLessThan(0.1);
  });

  it('bears a flutter of ±20 ms around any delay: it gives back at most half a percent at once', () => {
    const flutter = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 100, maxLength: 400 });
    fc.assert(
      fc.property(fc.double({ min: 20, max: 600, noNaN: true }), flutter, (delayMs, by) => {
        let now = governed(ungoverned(), delayMs);
        for (const eachMs of by) {
          const before = now.cap;
          now = governed(now, delayMs + eachMs);
          expect(now.cap - before).toBeLessThanOrEqual(0.005 + 1e-9);
          expect(now.cap).toBeGreaterThanOrEqual(capAt(delayMs + 20) - 1e-9);
          expect(now.cap).toBeLessThanOrEqual(capAt(delayMs - 20) + 1e-9);
        }
      }),
    );
  });

  it.each([150, 200, 250, 300, 400, 490])('is steady while frames flutter by ±20 ms around %d ms', (delayMs) => {
    let now = repeated(ungoverned(), delayMs, 1);
    const caps: number[] = [];
    for (let i = 0; i < 2000; i++) {
      now = governed(now, delayMs + (i % 2 === 0 ? 20 : -20));
      if (i > 100) caps.push(now.cap);
    }
    expect(Math.max(...caps) - Math.min(...caps)).toBeLessThan(0.01);
  });

  it('stays within 0…1, and never gives more for more delay', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.double({ min: 0, max: 1e4, noNaN: true }), { nil: undefined })), (measures) => {
        let now = ungoverned();
        for (const measure of measures) {
          now = governed(now, measure);
          expect(now.cap).toBeGreaterThanOrEqual(0);
          expect(now.cap).toBeLessThanOrEqual(1);
        }
      }),
    );
    fc.assert(fc.property(fc.nat(1000), fc.nat(1000), (a, b) => capAt(Math.min(a, b)) >= capAt(Math.max(a, b))));
  });
});
