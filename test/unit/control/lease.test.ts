/** One holder at a time, and no number twice in a row. */
import { describe, expect, it } from 'vitest';
import { grant, holds, type Lease, noLease, release } from '../../../src/control/lease.ts';

describe('lease', () => {
  it('is nobody’s at first, under a number that is no lease', () => {
    expect(noLease()).toEqual({ epoch: 0, holder: undefined });
  });

  it('has one holder, and a new number for each grant', () => {
    const first = grant(noLease(), 'ann');
    expect(first).toEqual({ epoch: 1, holder: 'ann' });
    expect(holds(first, 'ann')).toBe(true);
    expect(holds(first, 'ben')).toBe(false);
    const second = grant(first, 'ben');
    expect(second).toEqual({ epoch: 2, holder: 'ben' });
    expect(holds(second, 'ann')).toBe(false);
  });

  it('renumbers who comes back', () => {
    expect(grant(grant(noLease(), 'ann'), 'ann').epoch).toBe(2);
  });

  it('keeps counting over a release', () => {
    const free = release(grant(noLease(), 'ann'));
    expect(free.holder).toBeUndefined();
    expect(holds(free, 'ann')).toBe(false);
    expect(grant(free, 'ben').epoch).toBe(2);
  });

  it('wraps past 0, which stays nobody’s', () => {
    const last: Lease = { epoch: 0xffff, holder: 'ann' };
    expect(grant(last, 'ben').epoch).toBe(1);
  });
});
