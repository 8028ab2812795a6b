/** Firefox and Chromium see and drive each other's robots, with the real pages. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookAt } from '../e2e/picture.ts';
import { attribute } from '../e2e/readings.ts';
import { robotLink, sayYes } from '../e2e/two-pages.ts';
import { startAppServer } from './app-server.ts';
import { type ChromiumPage, openChromium } from './chromium-page.ts';
import { type FirefoxPage, openFirefox } from './firefox-page.ts';
import { type Namespace, Namespaces } from './namespaces.ts';

const ORIGIN = 'http://localhost:8080';

let net: Namespaces;
let home: Namespace;
let firefox: FirefoxPage;
let chromium: ChromiumPage;

beforeAll(async () => {
  net = new Namespaces();
  try {
    home = net.add('home');
    net.connect(
      { place: home, device: 'eth', address: '192.168.7.2/24' },
      { place: net.add('router'), device: 'in', address: '192.168.7.1/24' },
    );
    home.defaultRoute('192.168.7.1');
    await startAppServer(home, ['--port', '8080', '--host', '127.0.0.1']);
    firefox = await openFirefox(home, net.folder);
    chromium = await openChromium(home);
    console.log(firefox.version);
  } catch (error) {
    await chromium?.close();
    await net.close();
    throw error;
  }
});

afterAll(async () => {
  await Promise.allSettled([chromium?.close(), firefox?.close()]);
  await net?.close();
});

/** What the two kinds of browser have in common, so that one story fits both directions. */
type Hands = {
  readonly attribute: (mark: string, name: string) => Promise<string | undefined>;
  readonly keyboard: { down(key: 'Enter' | 'w'): Promise<void>; up(key: 'Enter' | 'w'): Promise<void> };
};

const until = (ask: () => Promise<unknown>, message: string, timeout = 30_000) =>
  expect.poll(ask, { timeout, interval: 50, message });

async function drive(robot: Hands, pilot: Hands): Promise<void> {
  await until(() => pilot.attribute('pilot-why', 'data-because'), 'only the hold is missing').toBe('you');
  await pilot.keyboard.down('Enter');
  await until(() => pilot.attribute('pilot-armed', 'data-armed'), 'armed').toBe('true');
  await pilot.keyboard.up('Enter');
  await pilot.keyboard.down('w');
  const speed = async () => Math.abs(Number(await robot.attribute('robot-pose', 'data-speed')));
  await until(speed, 'it rolls').toBeGreaterThan(0.1);
  await pilot.keyboard.up('w');
  await until(speed, 'it stands').toBe(0);
}

const handsOfChromium = ({ page }: ChromiumPage): Hands => ({
  attribute: (mark, name) => attribute(page, mark, name),
  keyboard: page.keyboard,
});
const handsOfFirefox = ({ page, attribute }: FirefoxPage): Hands => ({ attribute, keyboard: page.keyboard });

async function explained(play: () => Promise<void>): Promise<void> {
  try {
    await play();
    expect([...firefox.troubles, ...chromium.troubles]).toEqual([]);
  } catch (error) {
    for (const one of [firefox, chromium]) console.error(await one.report().catch(String));
    throw error;
  }
}

test('Firefox sees and drives a robot in Chromium', () =>
  explained(async () => {
    await chromium.page.goto(`${ORIGIN}/#robot`);
    await firefox.page.goto(await robotLink(chromium.page));
    await sayYes(chromium.page);
    await until(() => pictureInFirefox(), 'a picture in Firefox').toBe(true);
    await drive(handsOfChromium(chromium), handsOfFirefox(firefox));
  }));

test('Chromium sees and drives a robot in Firefox', () =>
  explained(async () => {
    await chromium.page.goto('about:blank');
    await firefox.page.goto('about:blank');
    await firefox.page.goto(`${ORIGIN}/#robot`);
    await until(() => firefox.attribute('robot-link', 'href'), 'the robot shows its link').toMatch(/#.+/);
    const link = await firefox.attribute('robot-link', 'href');
    await chromium.page.goto(new URL(link ?? '', ORIGIN).href);
    await firefox.click('robot-ask-role-pilot');
    await firefox.click('robot-ask-yes');
    await until(async () => (await lookAt(chromium.page))?.some((brightness) => brightness > 0), 'a picture').toBe(
      true,
    );
    await drive(handsOfFirefox(firefox), handsOfChromium(chromium));
  }));

/** Whether frames come: the size is known, and time goes on. */
async function pictureInFirefox(): Promise<boolean> {
  const video = await firefox.page.$('>>> video');
  const look = () =>
    video?.evaluate((element) => {
      const { videoWidth, currentTime } = element as HTMLVideoElement;
      return { videoWidth, currentTime };
    });
  const first = await look();
  await new Promise((resolve) => setTimeout(resolve, 200));
  const second = await look();
  return (second?.videoWidth ?? 0) > 0 && (second?.currentTime ?? 0) > (first?.currentTime ?? 0);
}
