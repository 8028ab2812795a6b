import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { Complaint } from '../../../peer-server/complaint.ts';
import { type RunningServer, startServer } from '../../../peer-server/server.ts';

let folder: string;
let server: RunningServer;

const options = { port: 0, httpsPort: 0, host: '127.0.0.1', certificate: undefined };
const folders = () => ({ app: join(folder, 'app'), kept: join(folder, 'kept') });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telepresent-server-'));
  await mkdir(join(folder, 'app', 'assets'), { recursive: true });
  await writeFile(join(folder, 'app', 'index.html'), '<!doctype html><title>Telepresent</title>');
  await writeFile(join(folder, 'app', 'sw.js'), '');
  await writeFile(join(folder, 'app', 'manifest.webmanifest'), '{}');
  await writeFile(join(folder, 'app', 'assets', 'main-abc123.js'), '');
  server = await startServer(options, folders());
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

type Answer = {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};

function fetchFrom(listener: 'http' | 'https', path: string, headers = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const answered = async (response: IncomingMessage) => {
      let body = '';
      for await (const chunk of response) body += chunk;
      resolve({ status: response.statusCode, headers: response.headers, body });
    };
    const request =
      listener === 'http'
        ? getHttp({ host: '127.0.0.1', port: server.port, path, headers }, answered)
        : getHttps({ host: '127.0.0.1', port: server.httpsPort, path, headers, rejectUnauthorized: false }, answered);
    request.on('error', reject);
  });
}

/** A page's socket at the broker. `next` resolves the type of the next message, or how the socket ended. */
function visit(id: string, token: string, listener: 'http' | 'https' = 'http', more: ClientOptions = {}) {
  const origin = listener === 'http' ? `ws://127.0.0.1:${server.port}` : `wss://127.0.0.1:${server.httpsPort}`;
  const url = `${origin}/broker/peerjs?key=peerjs&id=${id}&token=${token}`;
  const socket = new WebSocket(url, { rejectUnauthorized: false, ...more });
  const heard: string[] = [];
  const waiting: ((word: string) => void)[] = [];
  const hear = (word: string) => {
    const resolve = waiting.shift();
    if (resolve) resolve(word);
    else heard.push(word);
  };
  socket.on('message', (data) => {
    const { type, src } = JSON.parse(data.toString());
    hear(src ? `${type} from ${src}` : type);
  });
  socket.on('close', (code) => hear(`closed ${code}`));
  socket.on('error', ({ message }) => hear(message));
  return {
    socket,
    next: () => new Promise<string>((resolve) => (heard.length > 0 ? resolve(heard.shift()!) : waiting.push(resolve))),
    say: (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    leave: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

describe.each(['http', 'https'] as const)('by %s', (listener) => {
  test('the app is served with a policy that lets nothing in from elsewhere', async () => {
    const { status, headers, body } = await fetchFrom(listener, '/');
    expect(status).toBe(200);
    expect(body).toContain('Telepresent');
    const policy = String(headers['content-security-policy']);
    expect(policy.split(';')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data: blob:",
      "media-src 'self' blob:",
      "connect-src 'self'",
      "manifest-src 'self'",
      "worker-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
    expect(headers['permissions-policy']).toMatch(/camera=\(self\).*serial=\(self\).*geolocation=\(\)/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('strict-transport-security');
    expect(headers).not.toHaveProperty('cross-origin-opener-policy');
  });

  test('ids are not listed', async () => {
    const there = visit('listed', 'secret', listener);
    await there.next();
    const { status, body } = await fetchFrom(listener, '/broker/peerjs/peers');
    expect(status).toBe(401);
    expect(body).not.toContain('listed');
    await there.leave();
  });
});

test.each([
  { path: '/', cached: 'no-cache' },
  { path: '/sw.js', cached: 'no-cache' },
  { path: '/manifest.webmanifest', cached: 'no-cache' },
  { path: '/assets/main-abc123.js', cached: 'public, max-age=31536000, immutable' },
  { path: '/healthz', cached: 'no-store' },
])('$path is kept by browsers as "$cached"', async ({ path, cached }) => {
  const { status, headers } = await fetchFrom('http', path);
  expect([status, headers['cache-control']]).toEqual([200, cached]);
});

test('a page on this machine learns how others reach it; a page from elsewhere does not', async () => {
  const { status, headers, body } = await fetchFrom('http', '/addresses.json');
  expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
  expect(JSON.parse(body)).toEqual({ network: [`https://127.0.0.1:${server.httpsPort}/`] });
  expect((await fetchFrom('http', '/addresses.json', { host: 'elsewhere.example' })).status).toBe(404);
});

test('what is not there is not there, and files outside the app least of all', async () => {
  for (const path of ['/nothing', '/../kept/key.pem', '/%2e%2e/kept/key.pem', '/.telepresent/key.pem']) {
    expect((await fetchFrom('http', path)).status).toBe(404);
  }
});

describe('the broker', () => {
  test('is one realm behind both listeners', async () => {
    const robot = visit('robot', 'a', 'http');
    const pilot = visit('pilot', 'b', 'https');
    expect([await robot.next(), await robot.next()]).toEqual(['OPEN', 'OPEN']);
    expect([await pilot.next(), await pilot.next()]).toEqual(['OPEN', 'OPEN']);
    pilot.say({ type: 'OFFER', dst: 'robot', payload: {} });
    expect(await robot.next()).toBe('OFFER from pilot');
    const second = visit('robot', 'c', 'https');
    expect(await second.next()).toBe('ID-TAKEN');
    await Promise.all([robot.leave(), pilot.leave()]);
  });

  test('survives messages that are no messages', async () => {
    const stranger = visit('stranger', 'x');
    await stranger.next();
    for (const message of ['not JSON', 'null', '[]', '{"type":"toString"}', '{"type":"OFFER"}', '{"type":"LEAVE"}']) {
      stranger.say(message);
    }
    stranger.socket.terminate();
    const after = visit('after', 'y');
    expect(await after.next()).toBe('OPEN');
    await after.leave();
  });

  test('closes on a message above 64 KiB', async () => {
    const stranger = visit('talker', 'x');
    await stranger.next();
    await stranger.next();
    stranger.say('x'.repeat(64 * 1024 + 1));
    expect(await stranger.next()).toBe('closed 1009');
  });

  test('closes on too many messages', async () => {
    const stranger = visit('flooder', 'x');
    await stranger.next();
    await stranger.next();
    for (let i = 0; i < 250; i++) stranger.say({ type: 'HEARTBEAT' });
    expect(await stranger.next()).toBe('closed 1008');
  });

  test('says OPEN to the same page that comes back before its old socket is gone', async () => {
    const first = visit('returning', 'same');
    await first.next();
    const second = visit('returning', 'same');
    expect(await second.next()).toBe('OPEN');
    await Promise.all([first.leave(), second.leave()]);
  });

  test('says soon that nobody is there', async () => {
    const pilot = visit('hopeful', 'x');
    await pilot.next();
    await pilot.next();
    pilot.say({ type: 'OFFER', dst: 'nobody', payload: {} });
    expect(await pilot.next()).toBe('EXPIRE from nobody');
    await pilot.leave();
  });

  test('speaks only with pages of its own origin', async () => {
    const foreign = visit('foreign', 'x', 'http', { origin: 'https://elsewhere.example' });
    expect(await foreign.next()).toContain('401');
    const broken = visit('broken', 'x', 'http', { origin: 'null' });
    expect(await broken.next()).toContain('401');
    const own = visit('own', 'x', 'http', { origin: `http://127.0.0.1:${server.port}` });
    expect(await own.next()).toBe('OPEN');
    await own.leave();
  });

  test('answers a WebSocket at no other path', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/elsewhere`);
    const [error] = await once(socket, 'error');
    expect(String(error)).toContain('socket hang up');
  });
});

describe('starting', () => {
  test('a taken port is said in one sentence, and the other listener is given back', async () => {
    const taker = createServer().listen(0, '127.0.0.1');
    await once(taker, 'listening');
    const { port } = taker.address() as { port: number };
    await expect(startServer({ ...options, port }, folders())).rejects.toThrow(
      new Complaint(
        `Port ${port} is taken. Close what uses it, or choose another: npm start -- --port ${Math.min(port + 10, 65535)}`,
      ),
    );
    await expect(startServer({ ...options, httpsPort: port }, folders())).rejects.toThrow(`-- --https-port`);
    taker.close();
  });

  test.each([
    { host: '192.0.2.254', says: 'This machine has no address 192.0.2.254.' },
    { host: 'not an address', says: 'This machine has no address not an address.' },
  ])('host $host is refused', async ({ host, says }) => {
    await expect(startServer({ ...options, host }, folders())).rejects.toThrow(says);
  });

  test('an app that is not built is said', async () => {
    await expect(startServer(options, { ...folders(), app: folder })).rejects.toThrow('The app is not built yet.');
  });

  test('closing ends every socket and frees the ports', async () => {
    const other = await startServer(options, folders());
    const socket = new WebSocket(`ws://127.0.0.1:${other.port}/broker/peerjs?key=peerjs&id=x&token=y`);
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await other.close();
    expect((await closed)[0]).toBe(1001);
    const again = await startServer({ ...options, port: other.port, httpsPort: other.httpsPort }, folders());
    expect(again.port).toBe(other.port);
    await again.close();
  });
});
