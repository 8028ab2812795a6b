/** Two Chromium processes, the real server, and the links between them. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserServer, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type RunningServer, startServer } from '../../peer-server/server.ts';
import { makeClaim } from '../../src/trust/claim.ts';
import { identityOf, makeKeys } from '../../src/trust/identity.ts';
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
/** What the robot's page is called at the broker. */
let robotId: string;

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
  [robotId] = (await Promise.all([robot, pilot].map((page) => page.evaluate(() => window.bench.join())))) as [
    string,
    string,
  ];
  await robot.evaluate(() => window.bench.answer());
  await robot.waitForFunction(() => window.bench.states.at(-1) === 'joined');
}

async function connect() {
  await join2();
  expect(await pilot.evaluate((id) => window.bench.dial(id), robotId)).toBe('open');
  await robot.waitForFunction(() => window.bench.link);
}

const broker = () => `ws://127.0.0.1:${server.port}/broker`;

/** A claim and the id that it is for, of somebody without a page. */
async function claimOfStranger(): Promise<readonly [token: string, id: string]> {
  const identity = await identityOf(await makeKeys());
  const host = `127.0.0.1:${server.port}`;
  const answer = await fetch(`http://${host}/broker/challenge`);
  const { challenge } = (await answer.json()) as { challenge: string };
  return [await makeClaim(identity, { purpose: 'join', host, challenge }), identity.id];
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
    expect(await robot.evaluate(() => window.bench.link.peerId)).toBe(await pilot.evaluate(() => window.bench.id));
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
    expect(await pilot.evaluate(() => window.bench.dial('aaaaaaaaaaaaaaaaaaaaaaaaa'))).toBe('absent');
    expect(Date.now() - sinceMs).toBeLessThan(5000);
  });

  test('can be called off', async () => {
    await join2();
    expect(await pilot.evaluate((id) => window.bench.dialAndCancel(id), robotId)).toBe('cancelled');
    expect(await pilot.evaluate((id) => window.bench.dial(id), robotId)).toBe('open');
  });

  test('says that this browser has no WebRTC', async () => {
    const code = await pilot.evaluate(async () => {
      Reflect.deleteProperty(window, 'RTCPeerConnection');
      return window.bench.join().catch((error: { code: string }) => error.code);
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
    expect(await pilot.evaluate((id) => window.bench.dial(id), robotId)).toBe('unreachable');
    await pilot.evaluate(() => window.bench.say('still here'));
    await robot.waitForFunction(() => window.bench.messages.includes('still here'));
    await robot.evaluate(() => window.bench.show('camera'));
    await pilot.waitForFunction(() => window.bench.painted() > 5);

    server = await serve(port);
    await Promise.all(
      [robot, pilot].map((page) => page.waitForFunction(() => window.bench.states.at(-1) === 'joined')),
    );
    expect(await robot.evaluate(() => window.bench.end)).toBeUndefined();
    expect(await pilot.evaluate((id) => window.bench.dial(id), robotId)).toBe('open');
    await robot.waitForFunction(() => window.bench.rung === 2);
  });

  test.each([
    { when: 'as soon as it was joined', afterMs: 0, withinMs: 12_000 },
    { when: 'later', afterMs: 9_000, withinMs: 20_000 },
  ])(
    'may go mute without a sign $when, as when a network changed: it is left and joined anew',
    async ({ afterMs, withinMs }) => {
      const mute = { now: false };
      let sockets = 0;
      await robot.routeWebSocket(/\/broker\//, (page) => {
        // Only what was open when the network went.
        const first = ++sockets === 1;
        const toServer = page.connectToServer();
        page.onMessage((message) => (first && mute.now) || toServer.send(message));
        toServer.onMessage((message) => (first && mute.now) || page.send(message));
      });
      await robot.reload();
      await robot.waitForFunction(() => window.bench);
      await join2();
      if (afterMs > 0) await sleep(afterMs);
      expect(sockets).toBe(1);
      mute.now = true;
      await robot.waitForFunction(
        () => window.bench.states.filter((state) => state === 'joined').length === 2,
        undefined,
        {
          timeout: withinMs,
        },
      );
      expect(sockets).toBe(2);
      expect(await pilot.evaluate((id) => window.bench.dial(id), robotId)).toBe('open');
      await robot.waitForFunction(() => window.bench.link);
    },
  );

  test('is joined anew for the last of several changes of the network, too', async () => {
    await join2();
    const changes = 3;
    for (let i = 0; i < changes; i++) await robot.evaluate(() => window.dispatchEvent(new Event('online')));
    await robot.waitForFunction(() => window.bench.states.filter((state) => state === 'joined').length === 2);
    // The later ones came within a second of the first: one more time is enough for all of them.
    await robot.waitForFunction(() => window.bench.states.filter((state) => state === 'joined').length === 3);
    await sleep(2_500);
    expect(await robot.evaluate(() => window.bench.states.filter((state) => state === 'joined').length)).toBe(3);
  });

  test('may bring the offers of strangers who mean no good: who means well is served all the same', async () => {
    await join2();
    const [token, id] = await claimOfStranger();
    const stranger = new WebSocket(`${broker()}/peerjs?key=peerjs&id=${id}&token=${token}`);
    await once(stranger, 'open');
    for (const serialization of ['constructor', 'toString', '__proto__', 'nonsense', 'binary', 'json', 'raw']) {
      const payload = {
        type: 'data',
        connectionId: `dc_${serialization}`,
        serialization,
        sdp: { type: 'offer', sdp: '' },
      };
      for (const type of ['OFFER', 'CANDIDATE', 'ANSWER'])
        stranger.send(JSON.stringify({ type, dst: robotId, payload }));
    }
    for (const type of ['OFFER', 'LEAVE', 'EXPIRE', 'OPEN', 'ERROR', 'ID-TAKEN']) {
      stranger.send(JSON.stringify({ type, dst: robotId, payload: { type: 'media', connectionId: 'mc', sdp: {} } }));
    }
    stranger.send(JSON.stringify({ type: 'HEARTBEAT' }));
    expect(await pilot.evaluate((id) => window.bench.dial(id), robotId)).toBe('open');
    await robot.waitForFunction(() => window.bench.link);
    stranger.close();

    // The robot leaves cleanly what was no connection, and comes again.
    await robot.evaluate(() => window.dispatchEvent(new Event('online')));
    await robot.waitForFunction(() => window.bench.states.at(-1) === 'joined' && window.bench.states.length > 2);
    expect(await robot.evaluate(() => window.bench.end)).toBeUndefined();
  });

  test('gives an id to whoever proved its key last, and tells the page before', async () => {
    await join2();
    await robot.evaluate(() => window.bench.joinTwin());
    await robot.waitForFunction(() => window.bench.states.at(-1) === 'away in-use');
    // A stranger with a claim of their own does not get it.
    const [theirs] = await claimOfStranger();
    const stranger = new WebSocket(`${broker()}/peerjs?key=peerjs&id=${robotId}&token=${theirs}`);
    const [refusal] = await once(stranger, 'error');
    expect(String(refusal)).toContain('401');
  });
});

describe('a stranger', () => {
  /** Linked, and neither has admitted the other. */
  async function meet() {
    await Promise.all([robot, pilot].map((page) => page.evaluate(() => window.bench.distrust())));
    await connect();
  }
  const admit = (page: Page) => page.evaluate(() => window.bench.link.admit());

  test('is heard in short words alone: a long one ends the link', async () => {
    await meet();
    await pilot.evaluate(() => [window.bench.say('x'.repeat(2048)), window.bench.steer('left')]);
    await robot.waitForFunction(() => window.bench.messages.length === 1);
    expect(await robot.evaluate(() => window.bench.control)).toEqual([]);
    await pilot.evaluate(() => window.bench.say('x'.repeat(2049)));
    await robot.waitForFunction(() => window.bench.end);
    expect(await robot.evaluate(() => [window.bench.end!.why, window.bench.end!.code])).toEqual(['lost', 'refused']);
    expect(await robot.evaluate(() => window.bench.messages.length)).toBe(1);
    await pilot.waitForFunction(() => window.bench.end);
  });

  test('can say goodbye', async () => {
    await meet();
    await pilot.evaluate(() => window.bench.link.close());
    await robot.waitForFunction(() => window.bench.end?.why === 'asked');
  });

  test('sees nothing, shows nothing and changes nothing before both admit each other; then all of it', async () => {
    await meet();
    await Promise.all([robot, pilot].map((page) => page.evaluate(() => window.bench.show('camera'))));
    const offer = { type: 'description', description: { type: 'offer', sdp: 'v=0' } };
    const candidate = { type: 'candidate', candidate: { candidate: 'nonsense', sdpMid: '0' } };
    for (const word of [offer, candidate]) await pilot.evaluate((text) => window.bench.say(text), JSON.stringify(word));
    await pilot.evaluate(() => window.bench.say('after them'));
    await robot.waitForFunction(() => window.bench.messages.includes('after them'));
    expect(await robot.evaluate(() => [window.bench.end, window.bench.tracks(), window.bench.messages])).toEqual([
      undefined,
      [],
      ['after them'],
    ]);

    // The pilot admits first, with a picture of its own waiting: the robot must not hear a word of it yet.
    await admit(pilot);
    await pilot.evaluate(() => window.bench.say('again'));
    await robot.waitForFunction(() => window.bench.messages.includes('again'));
    expect(await robot.evaluate(() => window.bench.end)).toBeUndefined();
    await admit(robot);
    await Promise.all(
      [robot, pilot].map((page) =>
        page.waitForFunction(() => window.bench.tracks().length === 1 && window.bench.painted() > 5),
      ),
    );
    await pilot.evaluate(() => window.bench.steer('left'));
    await robot.waitForFunction(() => window.bench.control.includes('left'));
    await pilot.evaluate(() => [window.bench.steer('x'.repeat(65)), window.bench.steer('x'.repeat(64))]);
    await robot.waitForFunction(() => window.bench.control.length === 2);
    expect(await robot.evaluate(() => window.bench.control.map(({ length }) => length))).toEqual([4, 64]);
  });

  test('who was admitted and then describes another certificate is an impostor', async () => {
    await connect();
    const sdp = `v=0\r\na=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}\r\n`;
    const words = JSON.stringify({ type: 'description', description: { type: 'offer', sdp } });
    await pilot.evaluate((text) => window.bench.say(text), words);
    await robot.waitForFunction(() => window.bench.end);
    expect(await robot.evaluate(() => [window.bench.end!.why, window.bench.end!.code])).toEqual(['lost', 'impostor']);
  });

  test('takes one of three places until the robot has decided', async () => {
    await robot.evaluate(() => window.bench.distrust());
    await join2();
    const dial = () => pilot.evaluate((id) => window.bench.dial(id), robotId);
    for (let place = 1; place <= 3; place++) expect(await dial()).toBe('open');
    const fourth = pilot.evaluate((id) => window.bench.dialFor(id, 3000), robotId);
    expect(await fourth).toBe('cancelled');
    expect(await robot.evaluate(() => window.bench.rung)).toBe(3);
    await robot.evaluate(() => window.bench.letGo.shift()!());
    expect(await dial()).toBe('open');
    expect(await robot.evaluate(() => window.bench.rung)).toBe(4);
  });

  const OTHER = Array.from({ length: 32 }, () => 'AB').join(':');
  test.each([
    { what: 'two certificates', line: `a=fingerprint:sha-256 ${OTHER}` },
    { what: 'one by sha-1', line: `a=fingerprint:sha-1 ${OTHER.slice(0, 59)}` },
  ])('whose description promises $what is refused, whichever side it is', async ({ line }) => {
    await join2();
    await robot.evaluate((added) => window.bench.mungeDescriptions(added), line);
    expect(await pilot.evaluate((id) => window.bench.dial(id), robotId)).toBe('impostor');
    expect(await pilot.evaluate((id) => window.bench.dialFor(id, 5000), robotId)).toBe('impostor');

    await robot.evaluate(() => window.bench.mungeDescriptions(undefined));
    await pilot.evaluate((added) => window.bench.mungeDescriptions(added), line);
    const rung = await robot.evaluate(() => window.bench.rung);
    expect(await pilot.evaluate((id) => window.bench.dialFor(id, 3000), robotId)).toBe('cancelled');
    expect(await robot.evaluate(() => window.bench.rung)).toBe(rung);
  });
});

describe('the relay', () => {
  test('that only exists in the settings is found out before anybody dials, and again by who needs it', async () => {
    // Nothing listens there.
    const urls = ['turn:127.0.0.1:9?transport=tcp', 'turn:127.0.0.1:9?transport=udp'];
    const loan = { iceServers: [{ urls, username: 'u', credential: 'c' }], lifetimeSeconds: 600 };
    for (const page of [robot, pilot]) await page.route('**/broker/ice?*', (route) => route.fulfill({ json: loan }));
    await join2();
    await robot.waitForFunction(() => window.bench.broker.relay.value?.code === 'unreachable');
    // Where a direct path does, the relay is not missed.
    expect(await pilot.evaluate((id) => window.bench.dial(id), robotId)).toBe('open');
    expect(await robot.evaluate(() => window.bench.broker.relay.value?.subject)).toBe('relay');
    await pilot.evaluate(() => window.bench.allowOnlyRelayed());
    expect(await pilot.evaluate((id) => window.bench.dialFully(id), robotId)).toBe('relay unreachable');
  });

  test('is not missed where there is none, until somebody allows nothing else', async () => {
    await connect();
    expect(await robot.evaluate(() => window.bench.broker.relay.value)).toBeUndefined();
    await pilot.evaluate(() => window.bench.allowOnlyRelayed());
    expect(await pilot.evaluate((id) => window.bench.dialFully(id), robotId)).toBe('relay unreachable');
  });
});

test('the worker clock keeps time', async () => {
  const { every, after } = await pilot.evaluate(() => window.bench.ticks());
  expect(every).toBeGreaterThan(10);
  expect(every).toBeLessThan(27);
  expect(after).toBe(1);
});
