/** Plays paths and clocks of many kinds to the age of frames, and compares with the true age. */
import { describe, expect, it } from 'vitest';
import { type FrameAge, frameAge, noFrameAge } from '../../../src/control/frame-age.ts';

/** A pilot's clock: where it stood at true time 0, and how much it runs fast. */
type PilotClock = { readonly startMs: number; readonly driftPpm?: number };

/** Sends a frame each 20 ms; returns the true and the told age of each that arrived. */
function play(given: {
  readonly forMs: number;
  readonly clock: PilotClock;
  /** One-way delay of the frame sent then; undefined: lost. */
  readonly delayMs: (sentAtMs: number) => number | undefined;
  readonly roundTripMs?: (atMs: number) => number | undefined;
}): { readonly atMs: number; readonly trueMs: number; readonly toldMs: number }[] {
  const { startMs, driftPpm = 0 } = given.clock;
  const arriving: { atMs: number; sentAtMs: number }[] = [];
  for (let sentAtMs = 0; sentAtMs < given.forMs; sentAtMs += 20) {
    const delayMs = given.delayMs(sentAtMs);
    if (delayMs !== undefined) arriving.push({ atMs: sentAtMs + delayMs, sentAtMs });
  }
  arriving.sort((a, b) => a.atMs - b.atMs);
  let age: FrameAge = noFrameAge();
  return arriving.map(({ atMs, sentAtMs }) => {
    const sampled = Math.floor(startMs + sentAtMs * (1 + driftPpm / 1e6)) >>> 0;
    const told = frameAge(age, sampled, 777_000 + atMs, given.roundTripMs?.(atMs));
    age = told.next;
    return { atMs, trueMs: atMs - sentAtMs, toldMs: told.ageMs };
  });
}

/** 0…1, the same each time. */
function noise(i: number): number {
  const x = Math.sin(i * 12.9898) * 43758.5453;
  return x - Math.floor(x);
}

const worst = (played: ReturnType<typeof play>) =>
  Math.max(...played.map(({ trueMs, toldMs }) => Math.abs(trueMs - toldMs)));

describe('age of a frame', () => {
  it('is half the round trip on a steady path, whatever the clocks show', () => {
    for (const startMs of [0, 123_456, 4_000_000_000]) {
      const played = play({ forMs: 5000, clock: { startMs }, delayMs: () => 40, roundTripMs: () => 80 });
      expect(worst(played)).toBeLessThanOrEqual(1);
    }
  });

  it('goes on past the wrap of the sample time', () => {
    const startMs = 2 ** 32 - 2000;
    const played = play({ forMs: 5000, clock: { startMs }, delayMs: () => 40, roundTripMs: () => 80 });
    expect(worst(played)).toBeLessThanOrEqual(1);
  });

  it('follows jitter above the quickest frame', () => {
    const delayMs = (at: number) => 30 + 120 * noise(at);
    const played = play({ forMs: 20_000, clock: { startMs: 9 }, delayMs, roundTripMs: () => 60 });
    expect(worst(played.slice(200))).toBeLessThan(5);
  });

  it('knows no path before the round trip is measured, only what is late', () => {
    const played = play({ forMs: 3000, clock: { startMs: 0 }, delayMs: (at) => (at === 2000 ? 340 : 40) });
    expect(played.find(({ trueMs }) => trueMs === 340)?.toldMs).toBeCloseTo(300, 0);
    expect(played.find(({ trueMs }) => trueMs === 40)?.toldMs).toBe(0);
  });

  it('calls old what a path replays after a break', () => {
    const delayMs = (at: number) => (at >= 5000 && at < 8000 ? 8000 - at + 40 : 40);
    const played = play({ forMs: 10_000, clock: { startMs: 50 }, delayMs, roundTripMs: () => 80 });
    const replayed = played.filter(({ trueMs }) => trueMs > 260);
    expect(replayed.length).toBeGreaterThan(100);
    for (const { toldMs } of replayed) expect(toldMs).toBeGreaterThan(250);
  });

  it('calls old what is replayed after a break longer than it remembers', () => {
    const delayMs = (at: number) => (at >= 5000 && at < 65_000 ? 65_000 - at + 40 : 40);
    const played = play({ forMs: 66_000, clock: { startMs: 50 }, delayMs, roundTripMs: () => 80 });
    for (const { trueMs, toldMs } of played) if (trueMs > 260) expect(toldMs).toBeGreaterThan(250);
  });

  it('notices at once that a path improved', () => {
    const delayMs = (at: number) => (at < 5000 ? 200 : 40);
    const roundTripMs = (at: number) => (at < 5000 ? 400 : 80);
    const played = play({ forMs: 10_000, clock: { startMs: 50 }, delayMs, roundTripMs });
    expect(worst(played.filter(({ atMs }) => atMs < 5000 || atMs > 5200))).toBeLessThanOrEqual(1);
  });

  it('is right again 30 s after a path got worse for good, and never too young on the way', () => {
    const delayMs = (at: number) => (at < 5000 ? 40 : 140);
    const roundTripMs = (at: number) => (at < 5100 ? 80 : 280);
    const played = play({ forMs: 60_000, clock: { startMs: 50 }, delayMs, roundTripMs });
    for (const { trueMs, toldMs } of played) expect(toldMs).toBeGreaterThanOrEqual(trueMs - 1);
    expect(worst(played)).toBeLessThanOrEqual(1);
  });

  it('bears clocks that drift apart by 200 ppm either way for half an hour', () => {
    for (const driftPpm of [-200, 200]) {
      const clock = { startMs: 7, driftPpm };
      const delayMs = (at: number) => 40 + 20 * noise(at);
      const played = play({ forMs: 30 * 60_000, clock, delayMs, roundTripMs: () => 80 });
      expect(worst(played)).toBeLessThan(10);
    }
  });

  it('stays old for good when the sender’s clock stood still, however long all frames agree', () => {
    let age = noFrameAge();
    const pauseMs = 400;
    for (let atMs = 0; atMs < 120_000; atMs += 20) {
      const sampledAtMs = atMs < 5000 ? atMs : atMs - pauseMs;
      const told = frameAge(age, sampledAtMs, 777_000 + atMs + 40, 80);
      age = told.next;
      if (atMs >= 5000) expect(told.ageMs).toBeGreaterThan(250);
      else expect(told.ageMs).toBeCloseTo(40, 0);
    }
  });

  it('does not take a queue that the round trip does not pass for a new path', () => {
    const delayMs = (at: number) => (at < 5000 ? 40 : 540);
    const played = play({ forMs: 120_000, clock: { startMs: 50 }, delayMs, roundTripMs: () => 80 });
    for (const { trueMs, toldMs } of played) if (trueMs > 500) expect(toldMs).toBeGreaterThan(400);
  });

  it('takes a clock that leapt ahead for a quicker path at once', () => {
    let age = frameAge(noFrameAge(), 1000, 50, 80).next;
    const leapt = frameAge(age, 1000 + 3_600_000 + 20, 70, 80);
    age = leapt.next;
    expect(leapt.ageMs).toBe(40);
    expect(frameAge(age, 1040, 90, 80).ageMs).toBeGreaterThan(3_000_000);
  });

  it('tells how far it may be off: half the least round trip, and what clocks drift', () => {
    expect(frameAge(noFrameAge(), 1000, 50, undefined).errorMs).toBe(Number.POSITIVE_INFINITY);
    const first = frameAge(noFrameAge(), 1000, 50, 80);
    expect(first.errorMs).toBeGreaterThanOrEqual(41);
    expect(first.errorMs).toBeLessThan(42);
    let { next } = first;
    for (let atMs = 70; atMs < 120_000; atMs += 20) {
      const told = frameAge(next, 950 + atMs, atMs, 200);
      next = told.next;
      expect(told.errorMs).toBeLessThan(100 + 16 + 1);
      if (atMs > 60_000) expect(told.errorMs).toBeGreaterThan(100);
    }
  });

  it('is never off by more than it says, whatever share of the round trip each way takes', () => {
    for (const [outMs, backMs] of [
      [0, 120],
      [120, 0],
      [90, 30],
    ] as const) {
      let age = noFrameAge();
      for (let sentAtMs = 0; sentAtMs < 60_000; sentAtMs += 20) {
        const trueMs = outMs + 30 * noise(sentAtMs);
        const sampledAtMs = Math.floor(sentAtMs * (1 + 200e-6));
        const told = frameAge(age, sampledAtMs, (sentAtMs + trueMs) * (1 - 200e-6), outMs + backMs);
        age = told.next;
        expect(Math.abs(told.ageMs - trueMs)).toBeLessThanOrEqual(told.errorMs + (sentAtMs < 3000 ? 30 : 0));
      }
    }
  });

  it('is never negative, and learns nothing from a frame that is not quicker', () => {
    const first = frameAge(noFrameAge(), 1000, 50, 80);
    expect(first.ageMs).toBe(40);
    const slower = frameAge(first.next, 1000, 60, 80);
    expect(slower.ageMs).toBe(50);
    expect(slower.next).toBe(first.next);
    expect(frameAge(first.next, 1100, 60, 80).ageMs).toBe(40);
  });

  it('learns a better round trip from a late frame without forgetting the quickest', () => {
    const first = frameAge(noFrameAge(), 1000, 50, 80);
    const late = frameAge(first.next, 1000, 60, 60);
    expect(late.ageMs).toBe(40);
    expect(frameAge(late.next, 1000, 70, undefined).ageMs).toBe(50);
  });
});
