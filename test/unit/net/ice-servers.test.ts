import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { Fault } from '../../../src/core/fault.ts';
import { decodeIceLoan, hasRelay, type IceLoan, keepIceServers } from '../../../src/net/ice-servers.ts';
import { FakeClock } from '../../fake-clock.ts';

const TURN = {
  urls: ['turn:relay.example:3478?transport=udp', 'turns:[2001:db8::1]:443'],
  username: 'u',
  credential: 'c',
};
const STUN = { urls: ['stun:192.0.2.1'] };
let life = new AbortController();

afterEach(() => {
  life.abort();
  life = new AbortController();
});

/** A broker that answers what the test lines up, and then fails. */
function lender(...answers: IceLoan[]) {
  const clock = new FakeClock();
  const askedAtMs: number[] = [];
  const ask = async () => {
    askedAtMs.push(clock.now());
    const answer = answers.shift();
    if (!answer) throw new Fault('unreachable', 'broker', 'away');
    return answer;
  };
  const ice = keepIceServers({ ask, clock, random: () => 0.5, signal: life.signal });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const pass = async (ms: number) => {
    await settle();
    for (let passed = 0; passed < ms; passed += 500) {
      clock.pass(500);
      await settle();
    }
  };
  return { ice, askedAtMs, clock, pass };
}

test('what was lent is renewed long before it runs out, for as long as the page lives', async () => {
  const loans = [1, 2, 3].map((n) => ({ servers: [{ urls: `stun:192.0.2.${n}` }], lifetimeMs: 60_000 }));
  const { ice, askedAtMs, pass } = lender(...loans);
  const seen: unknown[] = [];
  ice.servers.subscribe((servers) => seen.push(servers));
  await ice.ready;
  await pass(70_000);
  expect(askedAtMs).toEqual([0, 30_000, 60_000]);
  expect(seen).toEqual([[], ...loans.map(({ servers }) => servers)]);
  life.abort();
  await pass(100_000);
  expect(askedAtMs).toHaveLength(3);
});

test('a broker that fails is asked again, soon at first, and what was lent before stays', async () => {
  const { ice, askedAtMs, pass } = lender({ servers: [TURN], lifetimeMs: 60_000 });
  await pass(30_000 + 10 * 60_000);
  expect(ice.servers.value).toEqual([TURN]);
  const pauses = askedAtMs.slice(1).map((atMs, i) => atMs - askedAtMs[i]!);
  expect(pauses[0]).toBe(30_000);
  expect(Math.max(...pauses.slice(1, 4))).toBeLessThan(5_000);
  expect(Math.min(...pauses.slice(-3))).toBeGreaterThanOrEqual(60_000);
});

test('a life of no time, or of years, is asked about at a bearable pace', async () => {
  const short = lender(...Array.from({ length: 100 }, () => ({ servers: [], lifetimeMs: 0 })));
  await short.pass(60_000);
  expect(short.askedAtMs.length).toBeLessThanOrEqual(5);
  const long = lender({ servers: [], lifetimeMs: 1e15 }, { servers: [STUN], lifetimeMs: 1e15 });
  await long.pass(3_700_000);
  expect(long.askedAtMs).toEqual([0, 3_600_000]);
});

test('the first connections wait for the first loan, or for the news that there is none, but not for ever', async () => {
  let ready = 0;
  const count = () => ready++;
  void lender().ice.ready.then(count);
  await new Promise((resolve) => setImmediate(resolve));
  expect(ready).toBe(1);
  const clock = new FakeClock();
  const ask = () => new Promise<IceLoan>(() => {});
  void keepIceServers({ ask, clock, random: Math.random, signal: life.signal }).ready.then(count);
  await new Promise((resolve) => setImmediate(resolve));
  expect(ready).toBe(1);
  clock.pass(3_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(ready).toBe(2);
});

test.each([
  { what: 'none', iceServers: [], relay: false },
  { what: 'STUN', iceServers: [STUN], relay: false },
  { what: 'one address by itself', iceServers: [{ urls: 'stuns:stun.example:5349' }], relay: false },
  { what: 'TURN', iceServers: [STUN, TURN], relay: true },
])('servers are read: $what', ({ iceServers, relay }) => {
  const loan = decodeIceLoan({ iceServers, lifetimeSeconds: 3600 });
  expect(loan).toMatchObject({ ok: true, value: { lifetimeMs: 3_600_000 } });
  if (!loan.ok) return;
  expect(loan.value.servers.flatMap(({ urls }) => urls)).toEqual(iceServers.flatMap(({ urls }) => urls));
  expect(hasRelay(loan.value.servers)).toBe(relay);
});

test.each([
  { what: 'no servers', body: { lifetimeSeconds: 1 } },
  { what: 'no lifetime', body: { iceServers: [] } },
  { what: 'a lifetime that is none', body: { iceServers: [], lifetimeSeconds: Number.NaN } },
  { what: 'no address', body: { iceServers: [{ urls: [] }], lifetimeSeconds: 1 } },
  { what: 'a web address', body: { iceServers: [{ urls: 'https://relay.example' }], lifetimeSeconds: 1 } },
  { what: 'a port beyond all ports', body: { iceServers: [{ urls: 'stun:a:65536' }], lifetimeSeconds: 1 } },
  {
    what: 'a transport that is none',
    body: { iceServers: [{ ...TURN, urls: 'turn:a?transport=x' }], lifetimeSeconds: 1 },
  },
  { what: 'TURN without a secret', body: { iceServers: [{ urls: 'turn:a', username: 'u' }], lifetimeSeconds: 1 } },
  { what: 'an endless secret', body: { iceServers: [{ ...TURN, credential: 'x'.repeat(501) }], lifetimeSeconds: 1 } },
  { what: 'too many', body: { iceServers: Array.from({ length: 17 }, () => STUN), lifetimeSeconds: 1 } },
])('servers that a browser would stumble over are refused: $what', ({ body }) => {
  expect(decodeIceLoan(body).ok).toBe(false);
});

test('anything at all can come as a loan', () => {
  const near = fc.record({
    iceServers: fc.array(fc.oneof(fc.anything(), fc.record({ urls: fc.anything(), username: fc.anything() }))),
    lifetimeSeconds: fc.oneof(fc.double(), fc.anything()),
  });
  fc.assert(fc.property(fc.oneof(fc.anything(), near), (body) => typeof decodeIceLoan(body).ok === 'boolean'));
});
