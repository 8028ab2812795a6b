import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pageClock } from '../../../src/core/clock.ts';
import type { BrokerAddress } from '../../../src/net/broker-address.ts';
import { announceCode, findByCode, withdrawCode } from '../../../src/net/codes.ts';
import { freshClaim } from '../../../src/net/fresh-claim.ts';
import { borrowIceServers } from '../../../src/net/ice-servers.ts';
import { readClaim } from '../../../src/trust/claim.ts';
import { type Identity, identityOf, makeKeys } from '../../../src/trust/identity.ts';
import { FakeClock } from '../../fake-clock.ts';

type Asked = { readonly method: string; readonly path: string; readonly claim: string | undefined };
type Reply = { readonly status: number; readonly body?: unknown };

const LOOKUP = 'a-lookup_of43characters';
const forever = new AbortController().signal;
let server: Server;
let address: BrokerAddress;
let identity: Identity;
let asked: Asked[];
let replies: Record<string, Reply | 'never'>;

beforeEach(async () => {
  asked = [];
  replies = { '/broker/challenge': { status: 200, body: { challenge: 'abc_-9' } } };
  identity = await identityOf(await makeKeys());
  server = createServer(({ method, url, headers }, response) => {
    const path = new URL(url!, 'http://host').pathname;
    asked.push({ method: method!, path: url!, claim: headers.authorization });
    const reply = replies[path] ?? { status: 404 };
    if (reply === 'never') return;
    const { status, body } = reply;
    response.writeHead(status).end(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port, path: '/broker', secure: false };
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const host = () => `127.0.0.1:${address.port}`;

test.each([
  { method: 'PUT', act: announceCode },
  { method: 'DELETE', act: withdrawCode },
])('a code is changed by $method, with a claim that the server can check', async ({ method, act }) => {
  replies[`/broker/codes/${LOOKUP}`] = { status: 204 };
  await act(address, identity, LOOKUP, forever);
  expect(asked.map(({ method }) => method)).toEqual(['GET', method]);
  expect(asked[1]!.path).toBe(`/broker/codes/${LOOKUP}?id=${identity.id}`);
  const token = asked[1]!.claim!.replace(/^Claim /, '');
  const claim = await readClaim(token, { purpose: 'code', host: host(), id: identity.id });
  expect(claim).toEqual({ ok: true, value: { challenge: 'abc_-9' } });
});

test('a robot is found by its code', async () => {
  replies[`/broker/codes/${LOOKUP}`] = { status: 200, body: { id: identity.id } };
  await expect(findByCode(address, LOOKUP, forever)).resolves.toBe(identity.id);
});

test.each([
  { what: 'no robot shows it', reply: { status: 404 }, fault: { code: 'not-found', subject: 'code' } },
  {
    what: 'no id came',
    reply: { status: 200, body: { id: '../robot' } },
    fault: { code: 'unreachable', subject: 'broker' },
  },
  { what: 'no JSON came', reply: { status: 200, body: '<html>' }, fault: { code: 'unreachable', subject: 'broker' } },
  { what: 'nothing came', reply: { status: 200, body: null }, fault: { code: 'unreachable', subject: 'broker' } },
  { what: 'the server has trouble', reply: { status: 500 }, fault: { code: 'unreachable', subject: 'broker' } },
])('a code that leads nowhere says why: $what', async ({ reply, fault }) => {
  replies[`/broker/codes/${LOOKUP}`] = reply;
  await expect(findByCode(address, LOOKUP, forever)).rejects.toMatchObject(fault);
});

test('a claim that is not believed is refused; a broker that is not there is unreachable', async () => {
  replies[`/broker/codes/${LOOKUP}`] = { status: 401 };
  const announced = announceCode(address, identity, LOOKUP, forever);
  await expect(announced).rejects.toMatchObject({ code: 'refused', subject: 'broker' });
  const nowhere = findByCode({ ...address, port: 1 }, LOOKUP, forever);
  await expect(nowhere).rejects.toMatchObject({ code: 'unreachable', subject: 'broker' });
});

test.each([{}, { challenge: '' }, { challenge: 'a b' }, { challenge: 7 }, { challenge: 'x'.repeat(129) }, 'abc', null])(
  'nothing is signed that is no challenge: %j',
  async (body) => {
    replies['/broker/challenge'] = { status: 200, body };
    const desk = { address, identity, clock: pageClock(), signal: forever };
    await expect(freshClaim(desk, 'join')).rejects.toMatchObject({ code: 'unreachable', subject: 'broker' });
  },
);

test('a broker that never answers is given up in time, and at once by whoever leaves', async () => {
  replies[`/broker/challenge`] = 'never';
  const clock = new FakeClock();
  const late = freshClaim({ address, identity, clock, signal: forever }, 'join');
  late.catch(() => {});
  clock.pass(8_000);
  await expect(late).rejects.toMatchObject({ code: 'timeout', subject: 'broker' });
  const leaving = new AbortController();
  const left = freshClaim({ address, identity, clock, signal: leaving.signal }, 'join');
  leaving.abort();
  await expect(left).rejects.toMatchObject({ code: 'cancelled', subject: 'broker' });
});

test('relays are lent to whoever proves their key', async () => {
  const iceServers = [{ urls: ['turn:relay.example'], username: 'u', credential: 'c' }];
  replies['/broker/ice'] = { status: 200, body: { iceServers, lifetimeSeconds: 600 } };
  const desk = { address, identity, clock: pageClock(), signal: forever };
  await expect(borrowIceServers(desk)).resolves.toEqual({ servers: iceServers, lifetimeMs: 600_000 });
  expect(asked[1]!.path).toBe(`/broker/ice?id=${identity.id}`);
  const token = asked[1]!.claim!.replace(/^Claim /, '');
  expect((await readClaim(token, { purpose: 'ice', host: host(), id: identity.id })).ok).toBe(true);
  replies['/broker/ice'] = { status: 401 };
  await expect(borrowIceServers(desk)).rejects.toMatchObject({ code: 'refused' });
  replies['/broker/ice'] = { status: 200, body: { iceServers: 'many' } };
  await expect(borrowIceServers(desk)).rejects.toMatchObject({ code: 'unreachable' });
});
