/** The round trip of a path from ICE's own questions: the newest answer, the mean where there is no newest, and when it is forgotten. */
import { expect, test } from 'vitest';
import { readTrips, readVitals, type Stat, watchVitals } from '../../../src/net/vitals.ts';
import { FakeClock } from '../../fake-clock.ts';

const TRANSPORT: Stat = { id: 'transport', type: 'transport', timestamp: 0, selectedCandidatePairId: 'pair' };
const pair = (more: Partial<Stat>): Stat => ({ id: 'pair', type: 'candidate-pair', timestamp: 0, ...more });

test('the newest answer counts where the browser tells it', () => {
  const stats = [TRANSPORT, pair({ currentRoundTripTime: 0.042, totalRoundTripTime: 9, responsesReceived: 10 })];
  expect(readTrips(stats, undefined, 0)).toMatchObject({ roundTripMs: 42 });
  expect(readVitals(stats).vitals.roundTripMs).toBe(42);
});

test('else it is the mean of the answers since the last look', () => {
  const at = (totalRoundTripTime: number, responsesReceived: number) => [
    TRANSPORT,
    pair({ totalRoundTripTime, responsesReceived }),
  ];
  const none = readTrips(at(0, 0), undefined, 0);
  expect(none?.roundTripMs).toBeUndefined();
  const first = readTrips(at(0.3, 3), none, 1_000);
  expect(first?.roundTripMs).toBeCloseTo(100);
  const second = readTrips(at(0.9, 5), first, 2_000);
  expect(second?.roundTripMs).toBeCloseTo(300);
  expect(readTrips(at(0.9, 5), second, 3_000)?.roundTripMs).toBeCloseTo(300);
});

test('a pair that was not asked before is none of the last one', () => {
  const before = readTrips([TRANSPORT, pair({ totalRoundTripTime: 10, responsesReceived: 5 })], undefined, 0);
  const other = { ...pair({ totalRoundTripTime: 0.4, responsesReceived: 4 }), id: 'other' };
  expect(
    readTrips([{ ...TRANSPORT, selectedCandidatePairId: 'other' }, other], before, 1_000)?.roundTripMs,
  ).toBeCloseTo(100);
  expect(readTrips([TRANSPORT], before, 1_000)).toBeUndefined();
});

test('an answer of more than ten seconds ago says nothing about the path now', () => {
  const stats = [TRANSPORT, pair({ currentRoundTripTime: 0.042, responsesReceived: 7 })];
  const first = readTrips(stats, undefined, 0);
  const later = readTrips(stats, first, 10_000);
  expect(later?.roundTripMs).toBe(42);
  const old = readTrips(stats, later, 10_001);
  expect(old).toMatchObject({ roundTripMs: undefined });
  expect(readTrips(stats, old, 60_000)).toMatchObject({ roundTripMs: undefined });
  const answered = [TRANSPORT, pair({ currentRoundTripTime: 0.05, responsesReceived: 8 })];
  expect(readTrips(answered, old, 61_000)?.roundTripMs).toBe(50);
});

test('where answers are not counted, the newest is believed', () => {
  const stats = [TRANSPORT, pair({ currentRoundTripTime: 0.042 })];
  expect(readTrips(stats, readTrips(stats, undefined, 0), 60_000)?.roundTripMs).toBe(42);
});

test('a link forgets the round trip of a path that answers no more', async () => {
  const clock = new FakeClock();
  const life = new AbortController();
  const stats = [TRANSPORT, pair({ currentRoundTripTime: 0.042, responsesReceived: 7 })];
  const getStats = async () => new Map(stats.map((one) => [one.id, one])) as unknown as RTCStatsReport;
  const vitals = watchVitals({ getStats }, clock, life.signal);
  const pass = async (seconds: number) => {
    for (let i = 0; i < seconds; i++) {
      clock.pass(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await pass(5);
  expect(vitals.value.roundTripMs).toBe(42);
  await pass(7);
  expect(vitals.value.roundTripMs).toBeUndefined();
  life.abort();
});
