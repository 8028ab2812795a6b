import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Complaint } from '../../../peer-server/complaint.ts';
import { type RunningServer, startServer } from '../../../peer-server/server.ts';
import { ask, join, newIdentity } from './page.ts';

let folder: string;
let server: RunningServer;

const options = { port: 0, httpsPort: 0, host: '127.0.0.1', certificate: undefined };
const folders = () => ({ app: joinPath(folder, 'app'), kept: joinPath(folder, 'kept') });

beforeAll(async () => {
  folder = await mkdtemp(joinPath(tmpdir(), 'telepresent-server-'));
  await mkdir(joinPath(folder, 'app', 'assets'), { recursive: true });
  await writeFile(joinPath(folder, 'app', 'index.html'), '<!doctype html><title>Telepresent</title>');
  await writeFile(joinPath(folder, 'app', 'sw.js'), '');
  await writeFile(joinPath(folder, 'app', 'manifest.webmanifest'), '{}');
  await writeFile(joinPath(folder, 'app', 'assets', 'main-abc123.js'), '');
  server = await startServer(options, folders());
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const fetchFrom = (listener: 'http' | 'https', path: string, headers = {}) =>
  ask(listener === 'http' ? here() : secure(), path, { headers });
const here = () => ({ address: `http://127.0.0.1:${server.port}` });
const secure = () => ({ address: `https://127.0.0.1:${server.httpsPort}` });

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

  test('ids are not listed, and the broker makes none up', async () => {
    const identity = await newIdentity();
    const there = await join(listener === 'http' ? here() : secure(), identity);
    expect(await there.next()).toBe('OPEN');
    for (const path of ['', '/', '/peerjs', '/peerjs/id', '/peerjs/peers', '/peerjs/peers/', '/x/peers', '/peers']) {
      const { status, body } = await fetchFrom(listener, `/broker${path}`);
      expect([status, body.includes(identity.id)]).toEqual([404, false]);
    }
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
    const there = await join({ address: `http://127.0.0.1:${other.port}` }, await newIdentity());
    expect(await there.next()).toBe('OPEN');
    await other.close();
    expect(await there.next()).toBe('closed 1001');
    const again = await startServer({ ...options, port: other.port, httpsPort: other.httpsPort! }, folders());
    expect(again.port).toBe(other.port);
    await again.close();
  });
});
