import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Pulsed, watchSockets } from '../../../peer-server/pulse.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watch(count: number) {
  const asked: { who: number; atMs: number }[] = [];
  const sockets = new Set<Pulsed>();
  const add = (who: number) => sockets.add({ checkAlive: (atMs) => void asked.push({ who, atMs }) });
  for (let who = 0; who < count; who++) add(who);
  const stop = watchSockets(sockets, () => Date.now());
  return { asked, sockets, add, stop };
}

test.each([1, 7, 200, 5000])('each of %d sockets is asked once in about five seconds', (count) => {
  const { asked, stop } = watch(count);
  vi.advanceTimersByTime(60_000);
  const times = asked.filter(({ who }) => who === count - 1).map(({ atMs }) => atMs);
  expect(times.length).toBeGreaterThanOrEqual(11);
  for (const [at, time] of times.slice(1).entries()) expect(time - times[at]!).toBeGreaterThanOrEqual(4900);
  stop();
  const before = asked.length;
  vi.advanceTimersByTime(60_000);
  expect(asked).toHaveLength(before);
});

test('thousands are asked a few at a time', () => {
  const { asked, stop } = watch(15_000);
  vi.advanceTimersByTime(10_000);
  const together = new Map<number, number>();
  for (const { atMs } of asked) together.set(atMs, (together.get(atMs) ?? 0) + 1);
  expect(Math.max(...together.values())).toBeLessThanOrEqual(75);
  expect(new Set(asked.map(({ who }) => who)).size).toBe(15_000);
  stop();
});

test('who comes to an empty house is asked too', () => {
  const { asked, add, stop } = watch(0);
  vi.advanceTimersByTime(12_345);
  add(1);
  vi.advanceTimersByTime(5_100);
  expect(asked.length).toBeGreaterThan(0);
  stop();
});
