/** When the pilot's page opens a fresh link beside one that still talks. */
import { signal } from '@preact/signals-core';
import { expect, test } from 'vitest';
import { type End, Fault } from '../../../src/core/fault.ts';
import type { Broker, BrokerState, Link } from '../../../src/net/link.ts';
import { keepLinks } from '../../../src/session/pilot-links.ts';
import type { PilotVisit } from '../../../src/session/pilot-visit.ts';
import { FakeClock } from '../../fake-clock.ts';

const settle = () => new Promise((resolve) => setTimeout(resolve));

/** A robot that lets in whoever rings, as long as it `answers`. */
async function house({ known = false, answers = true } = {}) {
  const clock = new FakeClock();
  const now = { dark: false, answers };
  const dials: number[] = [];
  let left = 0;
  const dial = async () => {
    dials.push(clock.now());
    let close = () => {};
    const closed = new Promise<void>((resolve) => {
      close = resolve;
    });
    return { close, closed } as unknown as Link;
  };
  keepLinks({
    broker: { state: signal<BrokerState>({ at: 'joined' }), dial } as unknown as Broker,
    robotId: 'r',
    clock,
    random: () => 0,
    async enter(dialled, proved) {
      if (!now.answers) {
        await dialled.closed;
        throw new Fault('lost', 'robot', 'closed');
      }
      proved();
      const visit = { silentMs: signal(0), stale: () => false, ended: new Promise<End>(() => {}), leave: () => left++ };
      return visit as unknown as PilotVisit;
    },
    driving: () => false,
    known: () => known,
    dark: () => now.dark,
    final: () => false,
    finished: () => {},
    signal: new AbortController().signal,
  });
  await settle();
  expect(dials).toHaveLength(1);
  const pass = async (ms: number) => {
    for (let i = 0; i < ms; i += 100) {
      clock.pass(100);
      if (i % 500 === 0) await settle();
    }
    await settle();
  };
  return { now, dials, pass, left: () => left };
}

test('one that talks and shows a picture is kept', async () => {
  const { dials, pass } = await house();
  await pass(300_000);
  expect(dials).toHaveLength(1);
});

test('a picture that stands still for five seconds gets a fresh one, and that gets longer each time it does not help', async () => {
  const { now, dials, pass, left } = await house();
  now.dark = true;
  await pass(4_900);
  expect(dials).toHaveLength(1);
  await pass(300);
  expect(dials).toHaveLength(2);
  expect(left()).toBe(1);
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
  const { now, dials, pass } = await house();
  now.dark = true;
  await pass(17_000);
  expect(dials).toHaveLength(3);
  now.dark = false;
  await pass(1_000);
  now.dark = true;
  await pass(4_000);
  expect(dials).toHaveLength(3);
  await pass(1_500);
  expect(dials).toHaveLength(4);
});

test('a robot that dies in the middle of a greeting is not waited for by a device that it knows', async () => {
  const { dials, pass } = await house({ known: true, answers: false });
  await pass(4_900);
  expect(dials).toHaveLength(1);
  await pass(1_500);
  expect(dials).toHaveLength(2);
  // It may only be slow: the next try waits longer.
  await pass(9_000);
  expect(dials).toHaveLength(2);
  await pass(4_000);
  expect(dials).toHaveLength(3);
});

test('a stranger waits for as long as the robot keeps strangers waiting', async () => {
  const { dials, pass } = await house({ answers: false });
  await pass(20_000);
  expect(dials).toHaveLength(1);
});
