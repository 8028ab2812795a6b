/** The simulation's own time, threads and judge, without which its verdicts are worth nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../faults/seeded.ts';
import { PageThread } from '../../sim/page-thread.ts';
import { VirtualTime } from '../../sim/virtual-time.ts';

const runUntil = (time: VirtualTime, ms: number) => {
  while (time.step(ms));
};

describe('virtual time', () => {
  it('runs what happens in order of time, and at one time in order of asking', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 })), (times) => {
        const time = new VirtualTime();
        const ran: [number, number][] = [];
        for (const [i, atMs] of times.entries()) time.at(atMs, () => ran.push([time.nowMs, i]));
        runUntil(time, 100);
        const due = times.map((atMs, i): [number, number] => [atMs, i]);
        expect(ran).toEqual(due.sort((one, other) => one[0] - other[0] || one[1] - other[1]));
        expect(time.nowMs).toBe(100);
      }),
    );
  });
});

describe('a page thread', () => {
  const given = (ppm = 0) => {
    const time = new VirtualTime();
    const page = new PageThread(time, seeded(1), ppm, 1_000, () => {});
    return { time, page, life: new AbortController() };
  };

  it('drifts by its share', () => {
    const { time, page } = given(200);
    runUntil(time, 1_000_000);
    expect(page.now()).toBeCloseTo(1_001_200, 3);
  });

  it('ticks at its pace until it is told to end', () => {
    const { time, page, life } = given();
    let ticks = 0;
    page.clock.every(10, () => ticks++, life.signal);
    runUntil(time, 1_000);
    expect(ticks).toBeGreaterThan(90);
    expect(ticks).toBeLessThanOrEqual(100);
    life.abort();
    const before = ticks;
    runUntil(time, 2_000);
    expect(ticks).toBe(before);
  });

  it('runs nothing while it is blocked, and everything that waited afterwards', () => {
    const { time, page, life } = given();
    const ran: number[] = [];
    page.clock.after(50, () => ran.push(time.nowMs), life.signal);
    page.sleep('blocked', 500);
    time.at(100, () => page.packet(() => ran.push(time.nowMs)));
    runUntil(time, 499);
    expect(ran).toEqual([]);
    runUntil(time, 600);
    expect(ran.length).toBe(2);
    expect(Math.min(...ran)).toBeGreaterThanOrEqual(500);
  });

  it('makes up for no tick that a frozen worker missed', () => {
    const { time, page, life } = given();
    let ticks = 0;
    page.clock.every(10, () => ticks++, life.signal);
    page.sleep('frozen', 1_000);
    runUntil(time, 1_005);
    expect(ticks).toBeGreaterThan(0);
    expect(ticks).toBeLessThanOrEqual(2);
  });

  it('is not woken by the end of a shorter sleep', () => {
    const { time, page } = given();
    page.sleep('blocked', 500);
    page.sleep('frozen', 100);
    runUntil(time, 200);
    expect(page.condition).toBe('frozen');
    runUntil(time, 501);
    expect(page.condition).toBe('awake');
  });

  it('does nothing any more when it is dead', () => {
    const { time, page, life } = given();
    let ran = 0;
    page.clock.after(10, () => ran++, life.signal);
    page.die();
    page.task(() => ran++);
    runUntil(time, 100);
    expect(ran).toBe(0);
  });
});
