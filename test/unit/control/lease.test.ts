/** One holder at a time, under numbers that do not come again; who waits, who gives, and what silence does. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ask,
  epochOf,
  give,
  grant,
  heardFrom,
  holds,
  LEASE_LAPSES_MS,
  type Lease,
  lapsed,
  noLease,
  release,
  take,
  withdraw,
} from '../../../src/control/lease.ts';

/** Ann drives; then ask those. */
const annBefore = (...askers: string[]) =>
  askers.reduce((lease, asker) => ask(lease, asker, 0), grant(noLease(), 'ann', 0));

describe('lease', () => {
  it('is nobody’s at first, under a number that is no lease', () => {
    expect(noLease()).toMatchObject({ epoch: 0, holder: undefined, asking: [] });
    expect(epochOf(noLease(), 'ann')).toBe(0);
  });

  it('has one holder, and a new number for each grant', () => {
    const first = grant(noLease(), 'ann', 5);
    expect(first).toMatchObject({ epoch: 1, holder: 'ann', heardAtMs: 5 });
    expect([holds(first, 'ann'), epochOf(first, 'ann')]).toEqual([true, 1]);
    expect([holds(first, 'ben'), epochOf(first, 'ben')]).toEqual([false, 0]);
    const second = grant(first, 'ben', 6);
    expect(second).toMatchObject({ epoch: 2, holder: 'ben' });
    expect(epochOf(second, 'ann')).toBe(0);
  });

  it('renumbers who comes back', () => {
    expect(grant(annBefore(), 'ann', 0).epoch).toBe(2);
  });

  it('keeps counting over a release', () => {
    const free = release(annBefore(), 0);
    expect(free.holder).toBeUndefined();
    expect(epochOf(free, 'ann')).toBe(0);
    expect(grant(free, 'ben', 0).epoch).toBe(2);
  });

  it('uses each number once in 65535 grants, and never 0', () => {
    const seen = new Set<number>();
    let lease = noLease();
    for (let i = 0; i < 0xffff; i++) {
      lease = grant(lease, 'ann', i);
      seen.add(lease.epoch);
    }
    expect(seen.size).toBe(0xffff);
    expect(seen.has(0)).toBe(false);
    expect(grant(lease, 'ben', 0).epoch).toBe(1);
  });

  describe('asked for', () => {
    it('is granted at once while it is free', () => {
      expect(ask(noLease(), 'ben', 7)).toMatchObject({ epoch: 1, holder: 'ben', heardAtMs: 7 });
    });

    it('waits in turn, each once, the holder never', () => {
      const lease = ask(ask(annBefore('ben', 'cat'), 'ben', 0), 'ann', 0);
      expect(lease).toMatchObject({ epoch: 1, holder: 'ann', asking: ['ben', 'cat'] });
      expect(withdraw(lease, 'ben').asking).toEqual(['cat']);
      expect(withdraw(lease, 'dan')).toBe(lease);
    });

    it('writes down eight and no more', () => {
      expect(annBefore(...'bcdefghijkl').asking).toHaveLength(8);
    });

    it('goes to the first who asked when the holder leaves', () => {
      expect(release(annBefore('ben', 'cat'), 9)).toMatchObject({
        epoch: 2,
        holder: 'ben',
        asking: ['cat'],
        heardAtMs: 9,
      });
    });
  });

  describe('given and taken', () => {
    it('is given by its holder and by who may, and by nobody else', () => {
      const lease = annBefore('ben', 'cat');
      expect(give(lease, 'ann', 'cat', false, 0)).toMatchObject({ epoch: 2, holder: 'cat', asking: ['ben'] });
      expect(give(lease, 'owner', 'ben', true, 0)).toMatchObject({ epoch: 2, holder: 'ben', asking: ['cat'] });
      expect(give(lease, 'cat', 'cat', false, 0)).toBe(lease);
      expect(give(lease, 'ben', 'cat', false, 0)).toBe(lease);
    });

    it('keeps its number when it is given to its holder', () => {
      const lease = annBefore('ben');
      expect(give(lease, 'ann', 'ann', true, 0)).toBe(lease);
      expect(take(lease, 'ann', true, 0)).toBe(lease);
    });

    it('is nobody’s to give while nobody has it, but for who may', () => {
      const free = noLease();
      expect(give(free, 'ann', 'ben', false, 0)).toBe(free);
      expect(give(free, 'owner', 'ben', true, 0).holder).toBe('ben');
    });

    it('is taken by who may', () => {
      const lease = annBefore('ben');
      expect(take(lease, 'owner', true, 0)).toMatchObject({ epoch: 2, holder: 'owner', asking: ['ben'] });
      expect(take(lease, 'ben', false, 0)).toBe(lease);
    });
  });

  describe('in silence', () => {
    it('is kept by who is heard, and lapses after six seconds', () => {
      const lease = heardFrom(annBefore(), 'ann', 1000);
      expect(lapsed(lease, 1000 + LEASE_LAPSES_MS)).toBe(lease);
      expect(lapsed(lease, 1001 + LEASE_LAPSES_MS)).toMatchObject({ epoch: 1, holder: undefined });
      expect(LEASE_LAPSES_MS).toBe(6000);
    });

    it('goes to the first who asked, and not back', () => {
      const passed = lapsed(annBefore('ben'), 6001);
      expect(passed).toMatchObject({ epoch: 2, holder: 'ben', asking: [], heardAtMs: 6001 });
      expect(heardFrom(passed, 'ann', 6002)).toBe(passed);
    });

    it('comes back under a new number to who is heard again while it is free, and to nobody else', () => {
      const free = lapsed(annBefore(), 6001);
      expect(heardFrom(free, 'ben', 6002)).toBe(free);
      expect(heardFrom(free, 'ann', 6002)).toMatchObject({ epoch: 2, holder: 'ann', heardAtMs: 6002 });
    });

    it('does not come back to who has left, nor after somebody else had it', () => {
      const left = withdraw(lapsed(annBefore(), 6001), 'ann');
      expect(heardFrom(left, 'ann', 6002).holder).toBeUndefined();
      const other = release(ask(lapsed(annBefore(), 6001), 'ben', 6100), 6200);
      expect(heardFrom(other, 'ann', 6300).holder).toBeUndefined();
    });

    it('is not kept by others', () => {
      const lease = annBefore('ben');
      expect(heardFrom(lease, 'ben', 3000)).toBe(lease);
    });
  });

  it('has one holder, a number that only grants change, and no holder who waits, whatever happens', () => {
    const who = fc.constantFrom('ann', 'ben', 'cat', 'dan');
    const deed = fc.tuple(
      fc.constantFrom('ask', 'withdraw', 'give', 'take', 'release', 'hear', 'lapse'),
      who,
      who,
      fc.boolean(),
      fc.oneof(fc.nat({ max: 2000 }), fc.nat({ max: 9000 })),
    );
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 60 }), (deeds) => {
        let lease = noLease();
        let nowMs = 0;
        for (const [what, a, b, may, pauseMs] of deeds) {
          nowMs += pauseMs;
          const before = lease;
          if (what === 'ask') lease = ask(lease, a, nowMs);
          if (what === 'withdraw') lease = withdraw(lease, a);
          if (what === 'give') lease = give(lease, a, b, may, nowMs);
          if (what === 'take') lease = take(lease, a, may, nowMs);
          if (what === 'release' && holds(lease, a)) lease = release(lease, nowMs);
          if (what === 'hear') lease = heardFrom(lease, a, nowMs);
          if (what === 'lapse') lease = lapsed(lease, nowMs);
          check(before, lease);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

function check(before: Lease, after: Lease): void {
  const { holder, asking } = after;
  expect(new Set(asking).size).toBe(asking.length);
  if (holder !== undefined) expect(asking).not.toContain(holder);
  else expect(asking).toEqual([]);
  if (holder !== undefined && holder !== before.holder) expect(after.epoch).not.toBe(before.epoch);
  else if (holder === undefined) expect(after.epoch).toBe(before.epoch);
}
