/** One seed is one schedule, and together they reach every fault. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calmAtMs, drawnFault, FAULT_KINDS, inWords, scheduleOf } from '../../faults/fault-list.ts';
import { seeded } from '../../faults/seeded.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe('a schedule', () => {
  it('is the same for the same seed', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(scheduleOf(seed)).toEqual(scheduleOf(seed));
      }),
    );
  });

  it('has one to four faults in order of time, none longer than an outage may be', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { faults } = scheduleOf(seed);
        expect(faults.length).toBeGreaterThanOrEqual(1);
        expect(faults.length).toBeLessThanOrEqual(4);
        expect(faults).toEqual([...faults].sort((one, other) => one.atMs - other.atMs));
        for (const { atMs, forMs } of faults) {
          expect(atMs).toBeGreaterThan(0);
          expect(forMs).toBeLessThanOrEqual(10_000);
        }
        expect(calmAtMs({ ...scheduleOf(seed) })).toBeGreaterThanOrEqual(faults.at(-1)!.atMs);
      }),
    );
  });

  it('pushes the stick at least once', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(scheduleOf(seed).pushes.some(({ y }) => Math.abs(y) > 0.3)).toBe(true);
      }),
    );
  });

  it('reaches every kind of fault within a thousand seeds', () => {
    const reached = new Set(
      Array.from({ length: 1_000 }, (_, seed) => scheduleOf(seed).faults.map(({ kind }) => kind)).flat(),
    );
    expect([...reached].sort()).toEqual([...FAULT_KINDS].sort());
  });

  it('keeps to the kinds it is given', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        for (const { kind } of scheduleOf(seed, ['blackout', 'e-stop']).faults)
          expect(['blackout', 'e-stop']).toContain(kind);
      }),
    );
  });

  it.each(FAULT_KINDS)('says in words what %s is', (kind) => {
    const says = inWords(drawnFault(kind, 120, seeded(7)));
    expect(says).toMatch(/^at 120 ms.*: [a-z]/);
    expect(says).not.toContain('undefined');
  });
});

describe('seeded chance', () => {
  it('stays within its bounds', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const chance = seeded(seed);
        const number = chance.number();
        expect(number >= 0 && number < 1).toBe(true);
        const whole = chance.whole(3, 5);
        expect([3, 4, 5]).toContain(whole);
      }),
    );
  });

  it('gives branches of other names other numbers, and the same name the same', () => {
    const [one, other, again] = ['a', 'b', 'a'].map((name) => seeded(5).branch(name).number());
    expect(one).toBe(again);
    expect(one).not.toBe(other);
  });
});
