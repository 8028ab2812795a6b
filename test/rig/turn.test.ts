/** The relay's doors: who may come in, by which transports, and where it never goes. */
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCoturn, TURN_SECRET } from './coturn.ts';
import { type Namespace, Namespaces } from './namespaces.ts';
import {
  type Address,
  type Credentials,
  datagramWire,
  makeCredentials,
  streamWire,
  TurnClient,
  type Wire,
} from './nat/turn-client.ts';
import { selfSigned } from './self-signed.ts';

const RELAY = { host: '11.77.0.2', port: 3478 };
/** A relay in a cloud that gives its machines private addresses and translates. */
const CLOUD = { public: '11.77.0.9', here: '10.77.0.9', port: 3478 };
const CALLER = '11.77.1.2';
const FRIEND = '11.77.2.2';
const RELAY_V6 = { host: '2a0d:77::2', port: 3478 };
const CALLER_V6 = '2a0d:77:1::2';
const FRIEND_V6 = '2a0d:77:2::2';
const TLS_PORT = 5349;
const PORT = 9;
const QUOTA_REACHED = 486;

const FORBIDDEN = {
  4: [
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '127.1.2.3',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.254',
    '192.0.0.170',
    '192.168.1.1',
    '198.18.0.1',
    '203.0.113.1',
    '224.0.0.251',
    '240.0.0.1',
    '255.255.255.255',
  ],
  6: [
    '::',
    '::1',
    '::127.0.0.1',
    '::10.0.0.0',
    '::ffff:127.0.0.1',
    '::ffff:0.0.0.0',
    '::ffff:10.0.0.0',
    '::ffff:169.254.169.254',
    '64:ff9b::7f00:1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::1',
    'fc00::1',
    'fd00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fec0::1',
    'ff02::fb',
  ],
} as const;

let net: Namespaces;
let caller: Namespace;
let friend: Namespace;
let server: Namespace;
const clients: TurnClient[] = [];

beforeAll(async () => {
  net = new Namespaces();
  try {
    [caller, friend, server] = [net.add('caller'), net.add('friend'), net.add('relay')];
    server.forward();
    server.address('lo', `${RELAY.host}/32`);
    server.address('lo', `${CLOUD.here}/32`);
    server.address('lo', `${RELAY_V6.host}/128`);
    net.connect(
      { place: caller, device: 'eth', address: `${CALLER}/24` },
      { place: server, device: 'caller', address: '11.77.1.1/24' },
    );
    net.connect(
      { place: friend, device: 'eth', address: `${FRIEND}/24` },
      { place: server, device: 'friend', address: '11.77.2.1/24' },
    );
    friend.address('eth', `${FRIEND_V6}/64`);
    server.address('friend', '2a0d:77:2::1/64');
    caller.address('eth', `${CALLER_V6}/64`);
    server.address('caller', '2a0d:77:1::1/64');
    caller.defaultRoute('11.77.1.1');
    caller.defaultRoute('2a0d:77:1::1');
    friend.defaultRoute('11.77.2.1');
    friend.defaultRoute('2a0d:77:2::1');
    const { cert, key } = await selfSigned(net.folder);
    await startCoturn(server, {
      folder: net.folder,
      env: { TURN_IPV4: RELAY.host, TURN_IPV6: RELAY_V6.host, TURN_CERT: cert, TURN_KEY: key },
    });
    await startCoturn(server, { folder: net.folder, env: { TURN_IPV4: CLOUD.public, TURN_IPV4_HERE: CLOUD.here } });
  } catch (error) {
    await net.close();
    throw error;
  }
});

afterAll(async () => {
  for (const client of clients) client.close();
  await net?.close();
});

function clientOn(wire: Wire, credentials: Credentials = makeCredentials(TURN_SECRET)): TurnClient {
  const client = new TurnClient(wire, credentials);
  clients.push(client);
  return client;
}

const overUdp = async (relay: Address = RELAY) => datagramWire(await caller.udp(CALLER), relay);

async function overTls(): Promise<Wire> {
  const socket = await caller.tcp(RELAY.host, TLS_PORT);
  // Its certificate is its own, as for whoever tries this at home.
  return streamWire(connect({ socket, rejectUnauthorized: false }));
}

test.each([
  ['UDP', () => overUdp()],
  ['UDP from IPv6', async () => datagramWire(await caller.udp(CALLER_V6), RELAY_V6)],
  ['TCP', async () => streamWire(await caller.tcp(RELAY.host, RELAY.port))],
  ['TLS', overTls],
])('over %s it relays between the one who asked and the peer that was let in, and nobody else', async (_name, wire) => {
  const client = clientOn(await wire());
  const { code, relayed } = await client.allocate();
  expect({ code, host: relayed?.host }).toEqual({ code: 200, host: RELAY.host });
  const [peer, stranger] = [await friend.udp(FRIEND), await server.udp('11.77.2.1')];
  try {
    const heard: string[] = [];
    peer.on('message', (message) => heard.push(message.toString()));
    const address = { host: FRIEND, port: peer.address().port };
    // Before a peer is let in, nothing is sent to it.
    client.send(address, 'too early');
    expect((await client.permit(address)).code).toBe(200);
    client.send(address, 'are you there');
    await expect.poll(() => heard).toEqual(['are you there']);
    stranger.send('me too', relayed?.port, relayed?.host);
    peer.send('I am', relayed?.port, relayed?.host);
    await expect.poll(() => client.heard.map(({ text }) => text)).toEqual(['I am']);
    expect(client.heard[0]?.from).toEqual(address);
  } finally {
    peer.close();
    stranger.close();
  }
});

test.each([4, 6] as const)('it relays to no special address of IPv%i', async (family) => {
  const client = clientOn(await overUdp());
  expect((await client.allocate(family)).code).toBe(200);
  const answers: Record<string, readonly number[]> = {};
  for (const [index, host] of FORBIDDEN[family].entries()) {
    const peer = { host, port: PORT };
    answers[host] = [(await client.permit(peer)).code, (await client.bindChannel(0x4000 + index, peer)).code];
  }
  expect(answers).toEqual(Object.fromEntries(FORBIDDEN[family].map((host) => [host, [403, 403]])));
  // It is the address that it minds, not the asking.
  const fine = { host: family === 4 ? FRIEND : FRIEND_V6, port: PORT };
  expect((await client.permit(fine)).code).toBe(200);
  expect((await client.bindChannel(0x4fff, fine)).code).toBe(200);
});

test('a credential that is expired, forged or made up opens nothing', async () => {
  const valid = makeCredentials(TURN_SECRET);
  const refused = {
    expired: makeCredentials(TURN_SECRET, -60),
    forged: makeCredentials('a secret that was guessed'),
    prolonged: { ...makeCredentials(TURN_SECRET, 86_400), credential: valid.credential },
    empty: { username: '', credential: '' },
  };
  const codes: Record<string, number> = {};
  for (const [name, credentials] of Object.entries(refused)) {
    codes[name] = (await clientOn(await overUdp(), credentials).allocate()).code;
  }
  expect(codes).toEqual({ expired: 401, forged: 401, prolonged: 401, empty: 401 });
  expect((await clientOn(await overUdp(), valid).allocate()).code).toBe(200);
});

test('one device gets its share and no more, and takes nothing from the others', async () => {
  const greedy = makeCredentials(TURN_SECRET, 600, 'greedy');
  const codes: number[] = [];
  while (codes.length < 100 && codes.at(-1) !== QUOTA_REACHED) {
    codes.push((await clientOn(await overUdp(), greedy).allocate()).code);
  }
  expect({ code: codes.at(-1), allowed: codes.length - 1 }).toEqual({ code: QUOTA_REACHED, allowed: 64 });
  // Another expiry is not another device.
  expect((await clientOn(await overUdp(), makeCredentials(TURN_SECRET, 500, 'greedy')).allocate()).code).toBe(
    QUOTA_REACHED,
  );
  expect((await clientOn(await overUdp(), makeCredentials(TURN_SECRET, 600, 'modest')).allocate()).code).toBe(200);
});

test('behind a cloud’s address translation two relayed ends meet, and the private network stays shut', async () => {
  const relay = { host: CLOUD.here, port: CLOUD.port };
  const [one, other] = [clientOn(await overUdp(relay)), clientOn(await overUdp(relay))];
  const [mine, theirs] = [(await one.allocate()).relayed, (await other.allocate()).relayed];
  if (!mine || !theirs) throw new Error('the relay gave no address');
  expect(mine.host).toBe(CLOUD.public);
  expect((await one.permit(theirs)).code).toBe(200);
  expect((await other.permit(mine)).code).toBe(200);
  one.send(theirs, 'hello over there');
  await expect.poll(() => other.heard.map(({ text }) => text)).toEqual(['hello over there']);
  expect((await one.permit({ host: '10.77.0.1', port: PORT })).code).toBe(403);
  expect((await one.permit({ host: '127.0.0.1', port: PORT })).code).toBe(403);
});
