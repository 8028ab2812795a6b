/** When the pilot's page opens a fresh link beside one that still talks. */
import { signal } from '@preact/signals-core';
import { beforeEach, expect, test } from 'vitest';
import type { End } from '../../../src/core/fault.ts';
import type { Broker, BrokerState, Link } from '../../../src/net/link.ts';
import { keepLinks } from '../../../src/session/pilot-links.ts';
import type { PilotVisit } from '../../../src/session/pilot-visit.ts';
import { FakeClock } from '../../fake-clock.ts';

let clock: FakeClock;
let dials: number[];
let left: number;
let isDark: boolean;

const settle = () => new Promise((resolve) => setTimeout(resolve));
const pass = async (ms: number) => {
  for (let i = 0; i < ms; i += 100) {
    clock.pass(100);
    if (i % 1_000 === 0) await settle();
  }
  await settle();
};

beforeEach(async () => {
  clock = new FakeClock();
  dials = [];
  left = 0;
  isDark = false;
  const broker = {
    state: signal<BrokerState>({ at: 'joined' }),
    dial: async () => {
      dials.push(clock.now());
      return { close: () => {} } as unknown as Link;
    },
  } as unknown as Broker;
  const visit = (): PilotVisit =>
    ({
      silentMs: signal(0),
      stale: () => false,
      ended: new Promise<End>(() => {}),
      leave: () => left++,
    }) as unknown as PilotVisit;
  keepLinks({
    broker,
    robotId: 'r',
    clock,
    random: () => 0,
    enter: async (_, proved) => {
      proved();
      return visit();
    },
    driving: () => false,
    dark: () => isDark,
    final: () => false,
    finished: () => {},
    signal: new AbortController().signal,
  });
  await settle();
  expect(dials).toHaveLength(1);
});

test('one that talks and shows a picture is kept', async () => {
  await pass(300_000);
  expect(dials).toHaveLength(1);
});

test('a picture that stands still for five seconds gets a fresh one, and that gets longer each time it does not help', async () => {
  isDark = true;
  await pass(4_900);
  expect(dials).toHaveLength(1);
  await pass(300);
  expect(dials).toHaveLength(2);
  expect(left).toBe(1);
  await pass(9_000);
  expect(dials).toHaveLength(2);
  await pass(2_000);
  expect(dials).toHaveLength(3);
  await pass(600_000);
  // 20, 40, 80 s and then every two minutes.
  expect(dials.length).toBeGreaterThanOrEqual(8);
  expect(dials.length).toBeLessThanOrEqual(10);
});

test('a picture that came back begins anew', async () => {
  isDark = true;
  await pass(17_000);
  expect(dials).toHaveLength(3);
  isDark = false;
  await pass(1_000);
  isDark = true;
  await pass(4_000);
  expect(dials).toHaveLength(3);
  await pass(1_500);
  expect(dials).toHaveLength(4);
});
