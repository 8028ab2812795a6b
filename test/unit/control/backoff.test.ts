/** How long a page waits before it tries again. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../../src/control/backoff.ts';

describe('backoff', () => {
  it('spreads each attempt from 250 ms to a limit that doubles up to 10 s', () => {
    const most = [0, 1, 2, 3, 4, 5, 6, 50].map((attempt) => backoffMs(attempt, () => 1));
    expect(most).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000]);
    expect(backoffMs(0, () => 0)).toBe(250);
    expect(backoffMs(9, () => 0)).toBe(250);
    expect(backoffMs(9, () => 0.5)).toBe(5125);
  });

  it('is within 250 ms…10 s for any attempt', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5, max: 1e6 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const ms = backoffMs(attempt, () => random);
        expect(ms).toBeGreaterThanOrEqual(250);
        expect(ms).toBeLessThanOrEqual(10_000);
      }),
    );
  });
});
