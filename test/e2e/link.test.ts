/** Two Chromium processes, the real server, and the links between them. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserServer, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type RunningServer, startServer } from '../../peer-server/server.ts';
import type {} from '../browser/net/link-page/page.ts';
import { CHROMIUM_FLAGS } from '../runner/chromium-flags.mjs';
import { findBrowser } from '../runner/find-browser.mjs';

let folder: string;
let server: RunningServer;
let robots: BrowserServer;
let robotBrowser: Browser;
let pilotBrowser: Browser;
let robot: Page;
let pilot: Page;
let names = 0;
let name: string;

function serve(port = 0) {
  const options = { port, httpsPort: 0, host: '127.0.0.1', certificate: undefined };
  return startServer(options, { app: join(folder, 'app'), kept: folder });
}

async function launchRobots() {
  const executablePath = (await findBrowser())!;
  robots = await chromium.launchServer({ executablePath, args: [...CHROMIUM_FLAGS] });
  robotBrowser = await chromium.connect(robots.wsEndpoint());
}

async function open(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.port}/`);
  await page.waitForFunction(() => window.bench);
  return page;
}

async function join2() {
  await Promise.all([
    robot.evaluate((id) => window.bench.join(id), name),
    pilot.evaluate((id) => window.bench.join(id), `${name}pilot`),
  ]);
  await robot.evaluate(() => window.bench.answer());
  await robot.waitForFunction(() => window.bench.states.at(-1) === 'joined');
}

async function connect() {
  await join2();
  expect(await pilot.evaluate((id) => window.bench.dial(id), name)).toBe('open');
  await robot.waitForFunction(() => window.bench.link);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telepresent-link-'));
  await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('../browser/net/link-page', import.meta.url)),
    build: { outDir: join(folder, 'app'), target: 'es2022', modulePreload: { polyfill: false } },
    worker: { format: 'es' },
  });
  server = await serve();
  pilotBrowser = await chromium.launch({ executablePath: (await findBrowser())!, args: [...CHROMIUM_FLAGS] });
  await launchRobots();
});

afterAll(async () => {
  await pilotBrowser?.close();
  await robots?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  name = `robot${++names}`;
  [robot, pilot] = await Promise.all([open(robotBrowser), open(pilotBrowser)]);
});

afterEach(async () => {
  await Promise.all([robot, pilot].map((page) => page.close()));
});

describe('a dialled link', () => {
  test('carries words and frames both ways, and both ends know the same certificates', async () => {
    await connect();
    expect(await pilot.evaluate(() => [window.bench.say('hello'), window.bench.steer('left')])).toEqual([true, true]);
    await robot.waitForFunction(() => window.bench.messages.includes('hello') && window.bench.control.includes('left'));
    await robot.evaluate(() => [window.bench.say('welcome'), window.bench.steer('echo')]);
    await pilot.waitForFunction(
      () => window.bench.messages.includes('welcome') && window.bench.control.includes('echo'),
    );
    const [ofRobot, ofPilot] = await Promise.all(
      [robot, pilot].map((page) => page.evaluate(() => window.bench.link.fingerprints)),
    );
    expect(ofRobot!.local).toMatch(/^([0-9a-f]{2}:){31}[0-9a-f]{2}$/);
    expect(ofRobot).toEqual({ local: ofPilot!.remote, remote: ofPilot!.local });
    expect(await robot.evaluate(() => window.bench.link.peerId)).toBe(`${name}pilot`);
  });

  test('shows tracks added later, swaps a camera on the same track, and takes tracks away', async () => {
    await connect();
    await robot.evaluate(() => Promise.all([window.bench.show('camera'), window.bench.show('microphone')]));
    await pilot.waitForFunction(() => window.bench.tracks().length === 2 && window.bench.painted() > 10);
    const before = await pilot.evaluate(() => window.bench.tracks());
    expect(before.map((track) => track.split(' ')[0])).toEqual(['audio', 'video']);
    await robot.evaluate(() => window.bench.swapCamera());
    const painted = await pilot.evaluate(() => window.bench.painted());
    await pilot.waitForFunction((count) => window.bench.painted() > count + 10, painted);
    expect(await pilot.evaluate(() => window.bench.tracks())).toEqual(before);
    await robot.evaluate(() => window.bench.hide('camera'));
    await pilot.waitForFunction(() => window.bench.tracks().length === 1);
    // The words between the two ends stay between them.
    expect(await robot.evaluate(() => window.bench.messages)).toEqual([]);
    expect(await pilot.evaluate(() => window.bench.messages)).toEqual([]);
  });

  test('agrees when both sides add tracks at the same moment, again and again', async () => {
    await connect();
    for (let round = 0; round < 8; round++) {
      await Promise.all([
        robot.evaluate((n) => window.bench.show('camera', `camera${n}`), round),
        pilot.evaluate((n) => window.bench.show('microphone', `microphone${n}`), round),
      ]);
      await Promise.all(
        [robot, pilot].map((page) => page.waitForFunction((n) => window.bench.tracks().length === n + 1, round)),
      );
    }
    expect(await pilot.evaluate(() => window.bench.end)).toBeUndefined();
  });

  test('shows the whole picture from the start', async () => {
    await connect();
    await robot.evaluate(() => window.bench.show('camera'));
    await pilot.waitForFunction(() => window.bench.painted() > 0);
    const sinceMs = Date.now();
    await pilot.waitForFunction(() => document.querySelector('video')!.videoWidth === 1280);
    const tookMs = Date.now() - sinceMs;
    console.log(`full size ${tookMs} ms after the first picture`);
    expect(tookMs).toBeLessThan(5000);
  });

  test('knows how it travels', async () => {
    await connect();
    await robot.evaluate(() => window.bench.show('camera'));
    await pilot.waitForFunction(() => {
      const { path, roundTripMs, framesPerSecond, bitrateKbps, lost } = window.bench.link.vitals.value;
      return path === 'direct' && roundTripMs !== undefined && framesPerSecond! > 5 && bitrateKbps! > 50 && lost === 0;
    });
    await robot.waitForFunction(() => window.bench.link.vitals.value.framesPerSecond! > 5);
  });
});

describe('the end of a link', () => {
  test('is "asked" on both sides when one closes it, at once', async () => {
    await connect();
    const atMs = await robot.evaluate(() => {
      window.bench.link.close();
      return Date.now();
    });
    await pilot.waitForFunction(() => window.bench.end);
    const end = await pilot.evaluate(() => window.bench.end!);
    expect(end.why).toBe('asked');
    console.log(`closed by one, the other knew after ${end.atMs - atMs} ms`);
    expect(end.atMs - atMs).toBeLessThan(500);
    expect(await robot.evaluate(() => window.bench.end!.why)).toBe('asked');
    expect(await robot.evaluate(() => window.bench.say('too late'))).toBe(false);
  });

  test('is "asked" when a tab is closed, within a second', async () => {
    await connect();
    const atMs = Date.now();
    await robot.close();
    await pilot.waitForFunction(() => window.bench.end);
    const end = await pilot.evaluate(() => window.bench.end!);
    expect(end.why).toBe('asked');
    console.log(`a closed tab was noticed after ${end.atMs - atMs} ms`);
    expect(end.atMs - atMs).toBeLessThan(1000);
  });

  test('is "lost" when the other browser dies', async () => {
    await connect();
    robots.process().kill('SIGKILL');
    const atMs = Date.now();
    await pilot.waitForFunction(() => window.bench.end, undefined, { timeout: 30_000 });
    const end = await pilot.evaluate(() => window.bench.end!);
    console.log(`a dead browser was noticed after ${end.atMs - atMs} ms: ${end.detail}`);
    expect(end.why).toBe('lost');
    await launchRobots();
    robot = await open(robotBrowser);
  });
});

describe('a dial that fails', () => {
  test('says that nobody is there', async () => {
    await join2();
    const sinceMs = Date.now();
    expect(await pilot.evaluate(() => window.bench.dial('nobody'))).toBe('absent');
    expect(Date.now() - sinceMs).toBeLessThan(5000);
  });

  test('can be called off', async () => {
    await join2();
    expect(await pilot.evaluate((id) => window.bench.dialAndCancel(id), name)).toBe('cancelled');
    expect(await pilot.evaluate((id) => window.bench.dial(id), name)).toBe('open');
  });

  test('says that this browser has no WebRTC', async () => {
    const code = await pilot.evaluate(async () => {
      Reflect.deleteProperty(window, 'RTCPeerConnection');
      return window.bench.join('somebody').catch((error: { code: string }) => error.code);
    });
    expect(code).toBe('unsupported');
  });
});

describe('the broker', () => {
  test('may die and come back: the link lives on, and new ones can be dialled', async () => {
    await connect();
    const { port } = server;
    await server.close();
    await Promise.all(
      [robot, pilot].map((page) => page.waitForFunction(() => window.bench.states.at(-1)?.startsWith('away'))),
    );
    expect(await pilot.evaluate((id) => window.bench.dial(id), name)).toBe('unreachable');
    await pilot.evaluate(() => window.bench.say('still here'));
    await robot.waitForFunction(() => window.bench.messages.includes('still here'));
    await robot.evaluate(() => window.bench.show('camera'));
    await pilot.waitForFunction(() => window.bench.painted() > 5);

    server = await serve(port);
    await Promise.all(
      [robot, pilot].map((page) => page.waitForFunction(() => window.bench.states.at(-1) === 'joined')),
    );
    expect(await robot.evaluate(() => window.bench.end)).toBeUndefined();
    expect(await pilot.evaluate((id) => window.bench.dial(id), name)).toBe('open');
    expect(await robot.evaluate(() => window.bench.rung)).toBe(2);
  });

  test('may bring the offers of strangers who mean no good: who means well is served all the same', async () => {
    await join2();
    const stranger = new WebSocket(`ws://127.0.0.1:${server.port}/broker/peerjs?key=peerjs&id=stranger&token=x`);
    await once(stranger, 'open');
    for (const serialization of ['constructor', 'toString', '__proto__', 'nonsense', 'binary', 'json', 'raw']) {
      const payload = {
        type: 'data',
        connectionId: `dc_${serialization}`,
        serialization,
        sdp: { type: 'offer', sdp: '' },
      };
      for (const type of ['OFFER', 'CANDIDATE', 'ANSWER']) stranger.send(JSON.stringify({ type, dst: name, payload }));
    }
    for (const type of ['OFFER', 'LEAVE', 'EXPIRE', 'OPEN', 'ERROR', 'ID-TAKEN']) {
      stranger.send(JSON.stringify({ type, dst: name, payload: { type: 'media', connectionId: 'mc', sdp: {} } }));
    }
    stranger.send(JSON.stringify({ type: 'HEARTBEAT' }));
    expect(await pilot.evaluate((id) => window.bench.dial(id), name)).toBe('open');
    await robot.waitForFunction(() => window.bench.link);
    stranger.close();

    // The robot leaves cleanly what was no connection, and comes again.
    await robot.evaluate(() => window.dispatchEvent(new Event('online')));
    await robot.waitForFunction(() => window.bench.states.at(-1) === 'joined' && window.bench.states.length > 2);
    expect(await robot.evaluate(() => window.bench.end)).toBeUndefined();
  });

  test('tells the second page of an id that it is in use', async () => {
    await join2();
    await pilot.evaluate(() => window.bench.life.abort());
    await pilot.reload();
    await pilot.waitForFunction(() => window.bench);
    await pilot.evaluate((id) => window.bench.join(id), name);
    await pilot.waitForFunction(() => window.bench.states.includes('away in-use'));
    expect(await robot.evaluate(() => window.bench.states.at(-1))).toBe('joined');
  });
});

test('the worker clock keeps time', async () => {
  const { every, after } = await pilot.evaluate(() => window.bench.ticks());
  expect(every).toBeGreaterThan(10);
  expect(every).toBeLessThan(27);
  expect(after).toBe(1);
});
