/** The dead zone and the gentle start of a stick. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shaped } from '../../../src/control/shaping.ts';

describe('shaping', () => {
  it('does nothing inside the dead zone and starts from zero at its edge', () => {
    expect(shaped(0.12, 0.12, 0)).toBe(0);
    expect(shaped(-0.12, 0.12, 0)).toBe(0);
    expect(shaped(0.1201, 0.12, 0)).toBeCloseTo(0.0001, 3);
  });

  it('keeps full stick full, and rest at rest', () => {
    for (const deadZone of [0, 0.12, 0.4]) {
      for (const expo of [0, 0.35, 1]) {
        expect(shaped(1, deadZone, expo)).toBeCloseTo(1, 12);
        expect(shaped(-1, deadZone, expo)).toBeCloseTo(-1, 12);
        expect(shaped(0, deadZone, expo)).toBe(0);
      }
    }
  });

  it('bends from linear to cubic', () => {
    expect(shaped(0.5, 0, 0)).toBe(0.5);
    expect(shaped(0.5, 0, 1)).toBe(0.125);
    expect(shaped(0.5, 0, 0.5)).toBe(0.3125);
  });

  it('takes what is no number for rest and what is beyond full for full', () => {
    expect(shaped(Number.NaN, 0.1, 0.3)).toBe(0);
    expect(shaped(Number.POSITIVE_INFINITY, 0.1, 0.3)).toBeCloseTo(1, 12);
  });

  it('is odd, within −1…1, and more stick never gives less', () => {
    const stick = fc.double({ min: -1, max: 1, noNaN: true });
    const zone = fc.double({ min: 0, max: 0.4, noNaN: true });
    const bend = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(stick, stick, zone, bend, (a, b, deadZone, expo) => {
        expect(shaped(-a, deadZone, expo) + shaped(a, deadZone, expo)).toBe(0);
        expect(Math.abs(shaped(a, deadZone, expo))).toBeLessThanOrEqual(1);
        const [less, more] = a < b ? [a, b] : [b, a];
        expect(shaped(less, deadZone, expo)).toBeLessThanOrEqual(shaped(more, deadZone, expo) + 1e-12);
      }),
    );
  });
});
