/** A robot and a pilot, each at home behind a router of any kind, find each other and drive. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookAt } from '../e2e/picture.ts';
import { attribute, reading } from '../e2e/readings.ts';
import { robotLink, sayYes } from '../e2e/two-pages.ts';
import { startAppServer } from './app-server.ts';
import { type ChromiumPage, openChromium } from './chromium-page.ts';
import { startCoturn, TURN_SECRET } from './coturn.ts';
import type { Namespace } from './namespaces.ts';
import {
  Internet,
  RELAY_ADDRESS,
  ROUTER_KINDS,
  type RouterKind,
  SERVER_ADDRESS,
  SERVER_ADDRESS_V6,
} from './nat/internet.ts';
import { type CertificateFiles, selfSigned } from './self-signed.ts';

const ORIGIN = `https://${SERVER_ADDRESS}`;
const TURN_URLS = [
  `turn:${RELAY_ADDRESS}:3478?transport=udp`,
  `turn:${RELAY_ADDRESS}:3478?transport=tcp`,
  `turns:${RELAY_ADDRESS}:443?transport=tcp`,
];
const PICTURE_WITHIN_MS = 30_000;
const FAULT_WITHIN_MS = 45_000;

type Pair = { readonly robot: RouterKind; readonly pilot: RouterKind };
type Row = Pair & { readonly path: string; readonly seenAfterMs: number };

const PAIRS: readonly Pair[] = ROUTER_KINDS.flatMap((robot) => ROUTER_KINDS.map((pilot) => ({ robot, pilot })));

/** What theory says: two ports that depend on who is written to never meet, and without UDP there is only the relay. */
function pathBetween({ robot, pilot }: Pair): 'direct' | 'relayed' {
  const kinds = [robot, pilot];
  if (kinds.includes('web-only')) return 'relayed';
  return kinds.includes('symmetric') && !kinds.includes('full-cone') ? 'relayed' : 'direct';
}

let internet: Internet;
let certificate: CertificateFiles;
let serverSaid = () => '';
const homes = { robot: new Map<RouterKind, Namespace>(), pilot: new Map<RouterKind, Namespace>() };
const rows: Row[] = [];

beforeAll(async () => {
  internet = new Internet();
  try {
    const { server, folder } = internet;
    certificate = await selfSigned(folder);
    const { cert, key } = certificate;
    await startCoturn(server, {
      folder,
      env: { TURN_IPV4: RELAY_ADDRESS, TURN_CERT: cert, TURN_KEY: key },
      args: ['--tls-listening-port=443'],
    });
    const https = ['--host', SERVER_ADDRESS, '--https-port', '443', '--cert', cert, '--key', key];
    serverSaid = await startAppServer(server, https, { TURN_URLS: TURN_URLS.join(','), TURN_SECRET });
    for (const places of Object.values(homes)) {
      for (const kind of ROUTER_KINDS) places.set(kind, internet.addHome(kind));
    }
  } catch (error) {
    await internet.close();
    throw error;
  }
});

afterAll(async () => {
  await internet?.close();
  console.log(table(rows));
});

type Pages = { readonly robot: Page; readonly pilot: Page };

async function atHome(pair: Pair, play: (pages: Pages) => Promise<void>): Promise<void> {
  const home = (role: keyof typeof homes) => {
    const place = homes[role].get(pair[role]);
    if (!place) throw new Error(`no home behind ${pair[role]}`);
    return place;
  };
  await inPlaces({ robot: home('robot'), pilot: home('pilot') }, play);
}

type Places = { readonly robot: Namespace; readonly pilot: Namespace };

/** Both browsers are there for as long as `play` takes; an exception on a page fails the test. */
async function inPlaces(places: Places, play: (pages: Pages) => Promise<void>): Promise<void> {
  const open: ChromiumPage[] = [];
  const enter = async (place: Namespace) => {
    const browser = await openChromium(place);
    open.push(browser);
    return browser.page;
  };
  try {
    await play({ robot: await enter(places.robot), pilot: await enter(places.pilot) });
    expect(open.flatMap(({ troubles }) => troubles)).toEqual([]);
  } catch (error) {
    for (const browser of open) console.error(await browser.report());
    console.error(`── server\n${serverSaid()}`);
    throw error;
  } finally {
    await Promise.allSettled(open.map((browser) => browser.close()));
  }
}

test.each(PAIRS)('$robot robot, $pilot pilot: it is seen and driven', async (pair) => {
  await atHome(pair, async (pages) => {
    const seenAfterMs = await seenAndDriven(pages, ORIGIN, pathBetween(pair));
    rows.push({ ...pair, path: pathBetween(pair), seenAfterMs });
  });
});

test('two homes without any IPv4: it is seen and driven', async () => {
  const https = ['--port', '8546', '--host', SERVER_ADDRESS_V6, '--https-port', '8446'];
  await startAppServer(internet.server, [...https, '--cert', certificate.cert, '--key', certificate.key]);
  const places = { robot: internet.addHomeV6(), pilot: internet.addHomeV6() };
  for (const place of Object.values(places)) expect(place.ip('-4', 'addr', 'show', 'scope', 'global')).toBe('');
  await inPlaces(places, async (pages) => {
    const seenAfterMs = await seenAndDriven(pages, `https://[${SERVER_ADDRESS_V6}]:8446`, 'direct');
    console.log(`IPv6 alone: direct, ${(seenAfterMs / 1000).toFixed(1)} s`);
  });
});

test.each([
  { name: 'does not answer', port: 8444, env: { TURN_URLS: `turn:${RELAY_ADDRESS}:3999`, TURN_SECRET } },
  {
    name: 'has another secret',
    port: 8445,
    env: { TURN_URLS: TURN_URLS[0] ?? '', TURN_SECRET: 'not the one it knows' },
  },
])('where only a relay helps and it $name, the pilot hears that it is the relay', async ({ port, env }) => {
  const https = ['--port', `${port + 100}`, '--host', SERVER_ADDRESS, '--https-port', `${port}`];
  await startAppServer(internet.server, [...https, '--cert', certificate.cert, '--key', certificate.key], env);
  await atHome({ robot: 'symmetric', pilot: 'symmetric' }, async ({ robot, pilot }) => {
    await robot.goto(`https://${SERVER_ADDRESS}:${port}/#robot`);
    await pilot.goto(await robotLink(robot));
    await expect
      .poll(() => reading(pilot, 'fault'), { timeout: FAULT_WITHIN_MS, message: 'what went wrong' })
      .toMatch(/relay/i);
  });
});

/** Resolves how long a robot that knows its pilot takes to be seen. */
async function seenAndDriven({ robot, pilot }: Pages, origin: string, path: Row['path']): Promise<number> {
  await robot.goto(`${origin}/#robot`);
  await pilot.goto(await robotLink(robot));
  await sayYes(robot);
  await pictureOn(pilot);
  // From here on it is known, and nobody has to say yes: the time that counts on every other day.
  const startedAtMs = performance.now();
  await pilot.reload();
  await pictureOn(pilot);
  const seenAfterMs = performance.now() - startedAtMs;
  // The first path that works is taken at once, and left for a better one.
  const taken = () => attribute(pilot, 'pilot-path', 'data-path');
  await expect.poll(taken, { timeout: 15_000, message: 'the path' }).toBe(path);
  await drive(robot, pilot);
  return seenAfterMs;
}

async function pictureOn(page: Page): Promise<void> {
  const picture = async () => (await lookAt(page))?.some((brightness) => brightness > 0) ?? false;
  await expect.poll(picture, { timeout: PICTURE_WITHIN_MS, interval: 50, message: 'a picture' }).toBe(true);
}

async function drive(robot: Page, pilot: Page): Promise<void> {
  const until = (mark: string, name: string) =>
    expect.poll(() => attribute(pilot, mark, name), { timeout: 30_000, interval: 50, message: mark });
  await until('pilot-why', 'data-because').toBe('you');
  await pilot.keyboard.down('Enter');
  await until('pilot-armed', 'data-armed').toBe('true');
  await pilot.keyboard.up('Enter');
  await pilot.keyboard.down('w');
  const speed = async () => Math.abs(Number(await attribute(robot, 'robot-pose', 'data-speed')));
  await expect.poll(speed, { timeout: 10_000, interval: 50, message: 'it rolls' }).toBeGreaterThan(0.1);
  await pilot.keyboard.up('w');
}

function table(all: readonly Row[]): string {
  const cell = (robot: RouterKind, pilot: RouterKind) => {
    const row = all.find((one) => one.robot === robot && one.pilot === pilot);
    return row ? `${row.path}, ${(row.seenAfterMs / 1000).toFixed(1)} s` : '–';
  };
  return [
    `| robot ↓ pilot → | ${ROUTER_KINDS.join(' | ')} |`,
    `|---|${ROUTER_KINDS.map(() => '---|').join('')}`,
    ...ROUTER_KINDS.map((robot) => `| ${[robot, ...ROUTER_KINDS.map((pilot) => cell(robot, pilot))].join(' | ')} |`),
  ].join('\n');
}
