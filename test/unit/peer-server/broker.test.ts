import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { makeClaim } from '../../../src/trust/claim.ts';
import { ask, askChallenge, claim, join, newIdentity, visit } from './page.ts';
import { type SmallServer, startSmallServer } from './small-server.ts';

const REFUSED = 'Unexpected server response: 401';

let server: SmallServer;
beforeAll(async () => {
  server = await startSmallServer(false);
});
afterAll(() => server.stop());

const secure = () => ({ address: `https://127.0.0.1:${server.running.httpsPort}` });

describe('who is admitted', () => {
  test('is who proves the id, by http and by https, in one realm', async () => {
    const [robotKeys, pilotKeys] = [await newIdentity(), await newIdentity()];
    const robot = await join(server, robotKeys);
    const pilot = await join(secure(), pilotKeys);
    expect([await robot.next(), await pilot.next()]).toEqual(['OPEN', 'OPEN']);
    pilot.say({ type: 'OFFER', dst: robot.id, payload: {} });
    expect(await robot.next()).toBe(`OFFER from ${pilot.id}`);
    robot.say({ type: 'ANSWER', dst: pilot.id, payload: {} });
    expect(await pilot.next()).toBe(`ANSWER from ${robot.id}`);
    await Promise.all([robot.leave(), pilot.leave()]);
  });

  test('is nobody without a claim, with a bad one, or with one for another id, purpose or server', async () => {
    const [owner, squatter] = [await newIdentity(), await newIdentity()];
    const challenge = await askChallenge(server);
    const host = new URL(server.address).host;
    const tokens = [
      '',
      'token',
      'a.b.c',
      `${'A'.repeat(87)}.${challenge}.${'A'.repeat(86)}`,
      await claim(server, squatter, 'join'),
      await claim(server, owner, 'ice'),
      await claim(server, owner, 'code'),
      await claim(server, owner, 'join', 'elsewhere.example'),
      await claim(server, owner, 'join', `${host}0`),
      await makeClaim(owner, { purpose: 'join', host, challenge: 'A'.repeat(43) }),
      `${await claim(server, owner, 'join')}.more`,
    ];
    for (const token of tokens) expect(await visit(server, owner.id, token).next(), token).toBe(REFUSED);
    for (const id of ['', 'robot', owner.id.toUpperCase(), `${owner.id}a`, `${owner.id}&id=${squatter.id}`]) {
      const token = await claim(server, squatter, 'join');
      expect(await visit(server, encodeURIComponent(id), token).next(), id).toBe(REFUSED);
    }
  });

  test('hears an answer to its heartbeat, since it cannot see pings', async () => {
    const there = await join(server, await newIdentity());
    expect(await there.next()).toBe('OPEN');
    there.say({ type: 'HEARTBEAT' });
    expect(await there.next()).toBe('HEARTBEAT');
  });

  test('is told to PeerServer by the proved id, whatever else stands in the address', async () => {
    const [owner, victim] = [await newIdentity(), await newIdentity()];
    const there = await join(server, victim);
    expect(await there.next()).toBe('OPEN');
    const token = await claim(server, owner, 'join');
    const twofold = visit(server, owner.id, `${token}&id=${victim.id}&token=proven&key=other`);
    expect(await twofold.next()).toBe('OPEN');
    twofold.say({ type: 'OFFER', dst: victim.id, payload: {} });
    expect(await there.next()).toBe(`OFFER from ${owner.id}`);
    await Promise.all([twofold.leave(), there.leave()]);
  });

  test('is admitted by a claim once: a replay is refused', async () => {
    const owner = await newIdentity();
    const token = await claim(server, owner, 'join');
    const first = visit(server, owner.id, token);
    expect(await first.next()).toBe('OPEN');
    expect(await visit(server, owner.id, token).next()).toBe(REFUSED);
    const together = await claim(server, owner, 'join');
    const both = [visit(server, owner.id, together), visit(server, owner.id, together)];
    expect((await Promise.all(both.map((each) => each.next()))).sort()).toEqual(['OPEN', REFUSED]);
    await Promise.all([first.leave(), ...both.map((each) => each.leave())]);
  });

  test('is a page of the server itself, and of no other site', async () => {
    const keys = await newIdentity();
    for (const origin of ['https://elsewhere.example', 'null', 'http://127.0.0.1']) {
      expect(await (await join(server, keys, { origin })).next()).toBe(REFUSED);
      expect((await ask(server, '/broker/challenge', { headers: { origin } })).status).toBe(403);
    }
    const own = await join(server, keys, { origin: server.address });
    expect(await own.next()).toBe('OPEN');
    expect((await ask(server, '/broker/challenge', { headers: { origin: server.address } })).status).toBe(200);
    await own.leave();
  });

  test('is nobody at another path', async () => {
    for (const path of ['/elsewhere', '/broker/peerjs/', '/broker', '//broker/peerjs', '/%']) {
      const socket = new WebSocket(`${server.address.replace('http', 'ws')}${path}`);
      const message = await new Promise((resolve) => socket.on('error', (error) => resolve(error.message)));
      expect(message).toBe('socket hang up');
    }
  });

  test('is decided without a throw whatever the address says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.webQueryParameters(), fc.string(), async (query, token) => {
        const encoded = encodeURIComponent(token);
        const socket = new WebSocket(`${server.address.replace('http', 'ws')}/broker/peerjs?${query}&token=${encoded}`);
        const message = await new Promise((resolve) => socket.on('error', (error) => resolve(error.message)));
        return message === REFUSED;
      }),
      { numRuns: 60 },
    );
  });
});

describe('an owner who comes back', () => {
  test('gets the id also while the old socket lives, and OPEN; the old one is told and closed', async () => {
    const [owner, pilot] = [await newIdentity(), await newIdentity()];
    const first = await join(server, owner);
    expect(await first.next()).toBe('OPEN');
    const second = await join(server, owner);
    expect(await second.next()).toBe('OPEN');
    expect([await first.next(), await first.next()]).toEqual(['ID-TAKEN', 'closed 1000']);
    const caller = await join(server, pilot);
    expect(await caller.next()).toBe('OPEN');
    caller.say({ type: 'OFFER', dst: owner.id, payload: {} });
    expect(await second.next()).toBe(`OFFER from ${pilot.id}`);
    await Promise.all([second.leave(), caller.leave()]);
  });

  test('keeps it when the old socket ends late, and nothing the old one says is heard', async () => {
    const [owner, pilot] = [await newIdentity(), await newIdentity()];
    const caller = await join(server, pilot);
    expect(await caller.next()).toBe('OPEN');
    const first = await join(server, owner);
    expect(await first.next()).toBe('OPEN');
    // It reads nothing, and so learns of nothing: a page whose network is gone.
    first.socket.pause();
    const second = await join(server, owner);
    expect(await second.next()).toBe('OPEN');
    first.say({ type: 'OFFER', dst: pilot.id, payload: {} });
    first.say({ type: 'LEAVE' });
    second.say({ type: 'CANDIDATE', dst: pilot.id, payload: {} });
    expect(await caller.next()).toBe(`CANDIDATE from ${owner.id}`);
    first.socket.terminate();
    caller.say({ type: 'OFFER', dst: owner.id, payload: {} });
    expect(await second.next()).toBe(`OFFER from ${pilot.id}`);
    expect(caller.unread()).toBe(0);
    await Promise.all([second.leave(), caller.leave()]);
  });

  test('gets it back after LEAVE, which ends the socket that said it', async () => {
    const owner = await newIdentity();
    const first = await join(server, owner);
    expect(await first.next()).toBe('OPEN');
    first.say({ type: 'LEAVE' });
    expect(await first.next()).toBe('closed 1000');
    const second = await join(server, owner);
    expect(await second.next()).toBe('OPEN');
    await second.leave();
  });

  test('finds the offer that waited for a moment', async () => {
    const [owner, pilot] = [await newIdentity(), await newIdentity()];
    const caller = await join(server, pilot);
    expect(await caller.next()).toBe('OPEN');
    const token = await claim(server, owner, 'join');
    caller.say({ type: 'OFFER', dst: owner.id, payload: {} });
    const robot = visit(server, owner.id, token);
    expect([await robot.next(), await robot.next()]).toEqual(['OPEN', `OFFER from ${pilot.id}`]);
    await Promise.all([robot.leave(), caller.leave()]);
  });
});

describe('what pages say', () => {
  test('reaches nobody when it is no message, is for no id, or is only for the server to say', async () => {
    const [keys, other] = [await newIdentity(), await newIdentity()];
    const stranger = await join(server, keys);
    const there = await join(server, other);
    expect([await stranger.next(), await there.next()]).toEqual(['OPEN', 'OPEN']);
    const dst = other.id;
    for (const message of [
      ...['not JSON', 'null', '[]', '7', '"OFFER"', '{"type":"toString"}', '{"type":"__proto__"}', '{"type":null}'],
      ...['{"type":"OFFER"}', '{"type":"OFFER","dst":7}', '{"type":"OFFER","dst":{}}', '{"type":"OFFER","dst":"x"}'],
      ...['OPEN', 'ID-TAKEN', 'EXPIRE', 'ERROR', '', ['OFFER']].map((type) => ({ type, dst, payload: {} })),
      { type: 'OFFER', dst, src: 'somebody else' },
    ]) {
      stranger.say(message);
    }
    expect(await there.next()).toBe(`OFFER from ${keys.id}`);
    expect([there.unread(), stranger.unread()]).toEqual([0, 0]);
    await Promise.all([stranger.leave(), there.leave()]);
  });

  test('never ends the server, whatever it is', async () => {
    const keys = await newIdentity();
    const word = fc.oneof(fc.constantFrom('OFFER', 'HEARTBEAT', 'CANDIDATE', 'constructor', keys.id), fc.jsonValue());
    const message = fc.oneof(fc.string(), fc.json(), fc.record({ type: word, dst: word, payload: word }));
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 60 }), async (messages) => {
        const page = await join(server, keys);
        if ((await page.next()) !== 'OPEN') return false;
        for (const each of messages) page.say(each);
        await page.leave();
        return true;
      }),
      { numRuns: 20 },
    );
    expect((await ask(server, '/healthz')).body).toBe('ok\n');
  });

  test('is answered soon when nobody is there', async () => {
    const pilot = await join(server, await newIdentity());
    const { id: absent } = await newIdentity();
    expect(await pilot.next()).toBe('OPEN');
    pilot.say({ type: 'OFFER', dst: absent, payload: {} });
    expect(await pilot.next()).toBe(`EXPIRE from ${absent}`);
    await pilot.leave();
  });

  test('waits twenty deep for the absent, and what is beyond that is answered apart', async () => {
    const pilot = await join(server, await newIdentity());
    const { id: absent } = await newIdentity();
    expect(await pilot.next()).toBe('OPEN');
    for (let i = 0; i < 21; i++) pilot.say({ type: 'OFFER', dst: absent, payload: {} });
    // PeerServer itself says it once for all that waited.
    for (let i = 0; i < 2; i++) expect(await pilot.next()).toBe(`EXPIRE from ${absent}`);
    await pilot.leave();
  });

  test.each([
    { what: 'one message above 64 KiB', count: 1, message: 'x'.repeat(64 * 1024 + 1), code: 1009 },
    { what: 'too many messages', count: 250, message: '{"type":"HEARTBEAT"}', code: 1008 },
    { what: 'too many bytes', count: 25, message: 'x'.repeat(60_000), code: 1008 },
  ])('ends the socket by $what', async ({ count, message, code }) => {
    const stranger = await join(server, await newIdentity());
    expect(await stranger.next()).toBe('OPEN');
    for (let i = 0; i < count; i++) stranger.say(message);
    let word = await stranger.next();
    while (word === 'HEARTBEAT') word = await stranger.next();
    expect(word).toBe(`closed ${code}`);
  });
});

test('a page that no longer reads is let go before a mebibyte has piled up for long', async () => {
  const own = await startSmallServer(true);
  const from = (visitor: number) => ({ address: own.address, from: `198.51.100.${visitor}` });
  const keys = await newIdentity();
  const deaf = await join(from(0), keys);
  expect(await deaf.next()).toBe('OPEN');
  deaf.socket.pause();
  const backlog = async () =>
    Number(/limits_hit_total\{limit="backlog"\} (\d+)/.exec((await ask(own, '/metrics')).body)![1]);
  expect(await backlog()).toBe(0);
  // The kernel takes a few megabytes for itself first.
  for (let talkers = 1; talkers < 200 && (await backlog()) === 0; talkers++) {
    const talker = await join(from(talkers), await newIdentity());
    expect(await talker.next()).toBe('OPEN');
    for (let i = 0; i < 4; i++) talker.say({ type: 'CANDIDATE', dst: keys.id, payload: 'x'.repeat(60_000) });
    talker.say({ type: 'LEAVE' });
    // Behind what was refused for the absent, when the deaf one has just been let go.
    let last = await talker.next();
    while (!last.startsWith('closed')) last = await talker.next();
    expect(last).toBe('closed 1000');
  }
  expect(await backlog()).toBe(1);
  deaf.socket.terminate();
  await own.stop();
});
