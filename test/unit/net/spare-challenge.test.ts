/** A challenge that is asked for before it is needed. */
import { expect, test } from 'vitest';
import { keepSpareChallenge } from '../../../src/net/spare-challenge.ts';
import { FakeClock } from '../../fake-clock.ts';

function open(answers: () => Promise<string>) {
  const clock = new FakeClock();
  const life = new AbortController();
  let asked = 0;
  const spare = keepSpareChallenge({
    ask: () => {
      asked++;
      return answers();
    },
    clock,
    signal: life.signal,
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { clock, life, spare, settle, asked: () => asked };
}

test('is taken once, and asked for again when the page is let in', async () => {
  let number = 0;
  const { spare, settle, asked } = open(async () => `c${++number}`);
  expect(spare.take()).toBeUndefined();
  spare.fill();
  await settle();
  expect(spare.take()).toBe('c1');
  expect(spare.take()).toBeUndefined();
  spare.fill();
  spare.fill();
  await settle();
  expect(spare.take()).toBe('c2');
  expect(asked()).toBe(2);
});

test('is renewed before it is too old, while the page is at the broker', async () => {
  let number = 0;
  const { clock, life, spare, settle, asked } = open(async () => `c${++number}`);
  spare.fill();
  await settle();
  clock.pass(240_000);
  await settle();
  expect(spare.take()).toBe('c2');
  clock.pass(600_000);
  expect(asked()).toBe(2);
  spare.fill();
  life.abort();
  clock.pass(600_000);
  expect(asked()).toBe(3);
});

test('is not used when it could not be renewed and has grown too old', async () => {
  let isAway = false;
  const { clock, spare, settle } = open(async () => {
    if (isAway) throw new Error('away');
    return 'c';
  });
  spare.fill();
  await settle();
  isAway = true;
  clock.pass(240_000);
  await settle();
  clock.pass(29_000);
  expect(spare.take()).toBe('c');
  isAway = false;
  spare.fill();
  await settle();
  isAway = true;
  clock.pass(271_000);
  await settle();
  expect(spare.take()).toBeUndefined();
});
