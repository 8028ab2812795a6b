import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BuiltServer, buildServer, type Started } from './built-server.ts';
import { ask, claim, join, newIdentity, type Server, visit } from './page.ts';

let built: BuiltServer;
let started: Started;
let address: string;
/** All that was secret to somebody while the attacks went on. */
const secrets: string[] = [];

beforeAll(async () => {
  built = await buildServer();
  started = built.start(['--port', '0', '--host', '127.0.0.1', '--behind-proxy'], { LOG_LEVEL: 'trace' });
  address = (await started.ready()).replace('localhost', '127.0.0.1');
});
afterAll(async () => {
  started.kill('SIGTERM');
  expect(await started.ended).toBe(0);
  await built.remove();
});

let visitors = 0;
const stranger = (): Server => ({ address, from: `198.51.100.${++visitors % 250}` });

async function newcomer() {
  const identity = await newIdentity();
  secrets.push(identity.id);
  return identity;
}

async function megabytes(): Promise<number> {
  const { body } = await ask({ address }, '/metrics');
  return Number(/process_resident_memory_bytes (\d+)/.exec(body)![1]) / 1e6;
}

/** Joins, says `messages` as fast as it can, and goes. */
async function shout(messages: readonly string[]): Promise<void> {
  const server = stranger();
  const identity = await newcomer();
  const token = await claim(server, identity, 'join');
  secrets.push(token.split('.')[0]!, token);
  const page = visit(server, identity.id, token);
  expect(await page.next()).toBe('OPEN');
  for (const message of messages) page.say(message);
  page.say({ type: 'LEAVE' });
  for (let word = ''; !word.startsWith('closed'); ) word = await page.next();
}

test('the memory stays flat under a thousand large offers to nobody, all at once', async () => {
  const { id: absent } = await newcomer();
  const crowd = await Promise.all(Array.from({ length: 250 }, newcomer));
  const say = async (type: string) => {
    const pages = await Promise.all(crowd.map((identity) => join(stranger(), identity)));
    for (const page of pages) expect(await page.next()).toBe('OPEN');
    for (const page of pages) {
      for (const letter of 'abcd') {
        page.say({ type, dst: absent.slice(0, -1) + letter, payload: 'x'.repeat(60_000) });
      }
    }
    // The answer to a ping comes after all that was said before it.
    await Promise.all(pages.map(({ socket }) => [once(socket, 'pong'), socket.ping()][0]));
    const after = await megabytes();
    for (const { socket } of pages) socket.terminate();
    return after;
  };
  // As much of what nobody keeps, until a busy machine has let as much of it pile up as it will: what V8 takes to read it is not growth.
  const before = Math.max(await say('NOTHING'), await say('NOTHING'), await say('NOTHING'));
  expect((await say('OFFER')) - before).toBeLessThan(40);
}, 60_000);

test('the memory stays flat while strangers come and go, and knock without a key', async () => {
  const before = await megabytes();
  const { id } = await newcomer();
  for (let i = 0; i < 300; i++) expect(await visit(stranger(), id, 'A.B.C').next()).toContain('401');
  for (let i = 0; i < 150; i++) await shout([]);
  expect((await megabytes()) - before).toBeLessThan(40);
});

test('nonsense and floods end their own sockets and nothing else', async () => {
  const robot = await newcomer();
  const there = await join(stranger(), robot);
  expect(await there.next()).toBe('OPEN');
  await shout(['not JSON', `{"id":"${robot.id}" is no JSON`, 'null', '[]', '{"type":"toString"}', '{"type":"OFFER"}']);
  await shout(Array(400).fill(JSON.stringify({ type: 'HEARTBEAT' })));
  await shout(['x'.repeat(70_000)]);
  const pilot = await newcomer();
  const caller = await join(stranger(), pilot);
  expect(await caller.next()).toBe('OPEN');
  caller.say({ type: 'OFFER', dst: robot.id, payload: {} });
  expect(await there.next()).toBe(`OFFER from ${pilot.id}`);
  await Promise.all([there.leave(), caller.leave()]);
});

test('a squatter gets neither the id nor the offers that wait for its owner', async () => {
  const [robot, pilot, squatter] = [await newcomer(), await newcomer(), await newcomer()];
  const page = stranger();
  const first = await join(page, robot);
  const caller = await join(page, pilot);
  expect([await first.next(), await caller.next()]).toEqual(['OPEN', 'OPEN']);
  expect(await visit(page, robot.id, await claim(page, squatter, 'join')).next()).toContain('401');
  await first.leave();
  caller.say({ type: 'OFFER', dst: robot.id, payload: { sdp: 'private' } });
  expect(await visit(page, robot.id, await claim(page, squatter, 'join')).next()).toContain('401');
  const returned = await join(page, robot);
  expect(await returned.next()).toBe('OPEN');
  await Promise.all([returned.leave(), caller.leave()]);
});

test('half a request holds nobody else up, and a broken one is answered', async () => {
  const { port } = new URL(address);
  const open = Array.from({ length: 50 }, () => connect(Number(port), '127.0.0.1').on('error', () => {}));
  for (const socket of open) socket.write('GET /broker/peerjs?id=x HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n');
  expect((await ask({ address }, '/healthz')).body).toBe('ok\n');
  for (const socket of open) socket.destroy();
  const rude = connect(Number(port), '127.0.0.1');
  rude.write('GET /broker/peerjs HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\0\0\0');
  const answer = await new Promise((resolve) => rude.on('data', (data) => resolve(String(data))));
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  rude.destroy();
});

test('what was logged meanwhile names nobody and proves nothing', async () => {
  const log = started.said();
  expect(log).toContain('a socket or a message was broken');
  expect(secrets.length).toBeGreaterThan(100);
  for (const secret of secrets) expect(log).not.toContain(secret);
});
