import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, askWithClaim, claim, join, newIdentity } from './page.ts';
import { type SmallServer, startSmallServer } from './small-server.ts';

const SECRET = 'a secret of the relay';
const ICE = {
  iceServers: [{ urls: ['stun:stun.example'] }],
  turn: { urls: ['turn:relay.example?transport=udp'], secret: SECRET, lifetimeSeconds: 3600 },
};

let server: SmallServer;
beforeAll(async () => {
  server = await startSmallServer(true, { ice: ICE });
});
afterAll(() => server.stop());

let visitors = 0;
/** Each test comes from an address of its own, so that none uses up the allowance of another. */
const visitor = () => ({ address: server.address, from: `198.51.100.${++visitors}` });
const lookup = (letter: string) => letter.repeat(42).concat('A');

test('nothing of it is kept by browsers or proxies, and what is not there is not there', async () => {
  const page = visitor();
  const identity = await newIdentity();
  const answers = await Promise.all([
    ask(page, '/broker/challenge'),
    askWithClaim(page, identity, 'ice', '/broker/ice'),
    ask(page, `/broker/codes/${lookup('a')}`),
    ask(page, '/broker/ice'),
    ask(page, '/broker/nothing'),
  ]);
  for (const { headers } of answers) {
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['content-type']).toContain('application/json');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  }
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 401, 404]);
});

describe('ways through the network', () => {
  test('are given to who proves an id, with a password for an hour that the relay can make again', async () => {
    const identity = await newIdentity();
    const { status, body } = await askWithClaim(visitor(), identity, 'ice', '/broker/ice');
    expect(status).toBe(200);
    const { iceServers, lifetimeSeconds } = JSON.parse(body);
    expect(lifetimeSeconds).toBe(3600);
    expect(iceServers[0]).toEqual(ICE.iceServers[0]);
    const { urls, username, credential } = iceServers[1];
    expect(urls).toEqual(ICE.turn.urls);
    const [expiry, id] = username.split(':');
    expect(id).toBe(identity.id);
    expect(Math.abs(Number(expiry) - Date.now() / 1000 - 3600)).toBeLessThan(10);
    expect(credential).toBe(createHmac('sha1', SECRET).update(username).digest('base64'));
    expect(body).not.toContain(SECRET);
  });

  test('are not given without a claim, with one for another purpose, or twice for one', async () => {
    const page = visitor();
    const identity = await newIdentity();
    const path = `/broker/ice?id=${identity.id}`;
    const token = await claim(page, identity, 'ice');
    const asks = (authorization: string) => ask(page, path, { headers: { authorization } });
    expect((await asks(`Claim ${token}`)).status).toBe(200);
    expect(await asks(`Claim ${token}`)).toMatchObject({ status: 401, body: '{"reason":"bad-challenge"}' });
    expect((await asks(`Claim ${await claim(page, identity, 'join')}`)).status).toBe(401);
    expect((await asks(`Claim ${await claim(page, await newIdentity(), 'ice')}`)).status).toBe(401);
    for (const nonsense of ['', 'Claim', 'Claim  ', 'Bearer x', `Claim ${'x'.repeat(5000)}`]) {
      expect((await asks(nonsense)).status).toBe(401);
    }
    expect((await ask(page, `${path}&id=${identity.id}`)).status).toBe(401);
  });
});

describe('a typed code', () => {
  test('leads to its robot until the robot takes it away or makes another', async () => {
    const page = visitor();
    const robot = await newIdentity();
    const find = async (letter: string) => (await ask(page, `/broker/codes/${lookup(letter)}`)).body;
    const change = async (method: string, letter: string, by = robot) =>
      (await askWithClaim(page, by, 'code', `/broker/codes/${lookup(letter)}`, method)).status;
    expect(await change('PUT', 'b')).toBe(204);
    expect(await find('b')).toBe(`{"id":"${robot.id}"}`);
    const other = await newIdentity();
    expect(await change('PUT', 'b', other)).toBe(409);
    expect(await change('DELETE', 'b', other)).toBe(204);
    expect(await find('b')).toBe(`{"id":"${robot.id}"}`);
    expect(await change('PUT', 'c')).toBe(204);
    expect([await find('b'), await find('c')]).toEqual(['{"reason":"unknown"}', `{"id":"${robot.id}"}`]);
    expect(await change('DELETE', 'c')).toBe(204);
    expect(await find('c')).toBe('{"reason":"unknown"}');
  });

  test('is left by nobody without a claim for it', async () => {
    const page = visitor();
    const robot = await newIdentity();
    const path = `/broker/codes/${lookup('d')}`;
    for (const method of ['PUT', 'DELETE']) {
      expect((await ask(page, `${path}?id=${robot.id}`, { method })).status).toBe(401);
      expect((await askWithClaim(page, robot, 'ice', path, method)).status).toBe(401);
    }
    expect((await ask(page, path)).status).toBe(404);
  });

  test('is tried thirty times a minute from one address, and then no more', async () => {
    const page = visitor();
    for (let i = 0; i < 30; i++) expect((await ask(page, `/broker/codes/${lookup('e')}`)).status).toBe(404);
    expect(await ask(page, `/broker/codes/${lookup('e')}`)).toMatchObject({ status: 429 });
    expect((await ask(visitor(), `/broker/codes/${lookup('e')}`)).status).toBe(404);
  });

  test('is looked up without a throw whatever is asked for', async () => {
    await fc.assert(
      fc.asyncProperty(fc.webPath(), fc.webQueryParameters(), async (path, query) => {
        const { status } = await ask(visitor(), `/broker/codes/${path}?${query}`);
        return status === 404;
      }),
      { numRuns: 100 },
    );
  });
});

describe('one address', () => {
  test('asks the broker 600 times a minute, and then no more; its pretended addresses help nothing', async () => {
    const page = visitor();
    for (let i = 0; i < 600; i++) {
      const { status } = await ask({ ...page, from: `203.0.113.${i % 200}, ${page.from}` }, '/broker/nothing');
      expect(status).toBe(404);
    }
    const { status, headers, body } = await ask(page, '/broker/challenge');
    expect([status, body]).toEqual([429, 'Too many requests. Wait a minute.\n']);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect((await ask(visitor(), '/broker/challenge')).status).toBe(200);
    expect((await ask(page, '/')).status).toBe(200);
  });

  test('holds the sockets of a whole class, and no more', async () => {
    const page = visitor();
    const keys = await Promise.all(Array.from({ length: 257 }, newIdentity));
    const sockets = await Promise.all(keys.slice(0, 256).map((each) => join(page, each)));
    expect(new Set(await Promise.all(sockets.map(({ next }) => next())))).toEqual(new Set(['OPEN']));
    expect(await (await join(page, keys[256]!)).next()).toBe('Unexpected server response: 429');
    const elsewhere = await join(visitor(), keys[256]!);
    expect(await elsewhere.next()).toBe('OPEN');
    await sockets.pop()!.leave();
    const knock = async () => {
      const next = await join(page, await newIdentity());
      sockets.push(next);
      return next.next();
    };
    await expect.poll(knock, { message: 'there is room again' }).toBe('OPEN');
    await Promise.all([elsewhere, ...sockets].map(({ leave }) => leave()));
  });
});

describe('the figures', () => {
  test('count what happens and name nobody', async () => {
    const direct = { address: server.address };
    const [robot, pilot] = [await newIdentity(), await newIdentity()];
    const there = await join(visitor(), robot);
    const here = await join(visitor(), pilot);
    expect([await there.next(), await here.next()]).toEqual(['OPEN', 'OPEN']);
    here.say({ type: 'OFFER', dst: robot.id, payload: {} });
    expect(await there.next()).toBe(`OFFER from ${pilot.id}`);
    const { status, headers, body } = await ask(direct, '/metrics');
    expect(status).toBe(200);
    expect(headers['content-type']).toContain('text/plain');
    expect(body).toMatch(/^telepresent_sockets 2$/m);
    expect(body).toMatch(/^telepresent_codes \d+$/m);
    expect(body).toMatch(/^telepresent_messages_relayed_total [1-9]\d*$/m);
    expect(body).toMatch(/^telepresent_admissions_total\{result="admitted"\} [1-9]\d*$/m);
    expect(body).toMatch(/^telepresent_limits_hit_total\{limit="lookups"\} \d+$/m);
    expect(body).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(body).not.toContain(robot.id);
    await Promise.all([there.leave(), here.leave()]);
  });

  test('are only for this machine', async () => {
    expect((await ask(visitor(), '/metrics')).status).toBe(404);
    for (const headers of [{ host: 'telepresent.example' }, { forwarded: 'for=1.2.3.4' }, { via: '1.1 proxy' }]) {
      expect((await ask({ address: server.address }, '/metrics', { headers })).status).toBe(404);
    }
  });
});

test('behind a proxy nobody learns the addresses inside, and there is no https', async () => {
  expect(server.running).toMatchObject({ httpsPort: undefined, hosts: [], selfSigned: false });
  expect((await ask({ address: server.address }, '/addresses.json')).status).toBe(404);
  expect((await ask({ address: server.address }, '/healthz')).body).toBe('ok\n');
});

test('what cannot be read is answered without a look inside', async () => {
  const { status, body } = await ask(visitor(), '/broker/codes/%E0%A4%A');
  expect([status, body]).toEqual([400, 'That did not work.\n']);
});
