/** The whole way of a motion: the app's code in Chromium, Web Serial, a pty, the firmware on a simulated chip, its pins. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildRig } from './build-rig.ts';
// Types of what the page put on its window.
import type {} from './page/rig-page.ts';
import { openRigPage, type RigBrowser, type RigPages, serveRigPage } from './rig-browser.ts';
import { type Pins, still } from './simulated-uno.ts';
import { UsbSocket } from './usb-socket.ts';

const FORWARD = { left: 0.8, right: -0.8 };
const NEUTRAL = { left: 0, right: 0 };
const full = ({ left, right }: Pins) => left === 204 && right === -204;

let pages: RigPages;
let usb: UsbSocket;
let rig: RigBrowser;

beforeAll(async () => {
  buildRig();
  pages = await serveRigPage();
});
afterAll(() => pages.close());

beforeEach(async () => {
  usb = new UsbSocket(pages.origin);
  rig = await openRigPage(pages, {
    env: usb.env,
    async before(page) {
      await page.exposeFunction('cable', async (action: string) => {
        if (action === 'plug in') await usb.plugIn();
        else await usb.unplug();
      });
    },
  });
});
afterEach(async () => {
  await rig.close();
  await usb.close();
});

const report = () => rig.page.evaluate(() => window.rig.report());
const hold = (motion: { left: number; right: number }) => rig.page.evaluate((held) => window.rig.hold(held), motion);
const state = (at: string) =>
  rig.page.waitForFunction((wanted) => window.rig.report().state === wanted, at, { polling: 10 });

async function ready() {
  await usb.plugIn();
  await rig.page.waitForFunction(() => window.rig.reopen('web-serial'), undefined, { polling: 100 });
  await state('ready');
}

async function driven() {
  await ready();
  await hold(NEUTRAL);
  await hold(FORWARD);
  await usb.uno.pins(full, 'the wheels at four fifths');
}

test('keeps the transport contract', async () => {
  const verdicts = await rig.page.evaluate(() => window.rig.serialContract());
  expect(verdicts.filter(({ error }) => error)).toEqual([]);
  expect(verdicts.length).toBeGreaterThan(5);
});

test('hears who the board is, and its battery', async () => {
  await ready();
  await rig.page.waitForFunction(() => window.rig.report().batteryMv !== undefined);
  const { moments, name, batteryMv, malformed } = await report();
  expect(moments.map(({ at }) => at).slice(0, 1)).toEqual(['waking']);
  expect(name).toBe('Telepresent');
  expect(Math.abs((batteryMv ?? 0) - 7900)).toBeLessThanOrEqual(30);
  expect(malformed).toBe(0);
});

test('drives the pins; a stop and a silence both bring them to zero', async () => {
  await driven();
  await rig.page.evaluate(() => window.rig.stop());
  const { atMs: stoppedAtMs } = await usb.uno.pins(still, 'the wheels at rest after a stop');
  const falling = usb.uno.history.findLast(full);
  expect(falling).toBeDefined();

  await hold(NEUTRAL);
  await hold(FORWARD);
  const going = await usb.uno.pins(full, 'the wheels going again');
  expect(going.atMs).toBeGreaterThan(stoppedAtMs);
  const silentSince = await rig.page.evaluate(() => window.rig.fallSilent());
  await usb.uno.pins(still, 'the wheels at rest after silence');
  const tookMs = Date.now() - silentSince;
  console.log(`silence: wheels at zero after ${tookMs} ms`);
  expect(tookMs).toBeLessThan(1000);
});

test('until the stick was at zero the board refuses to go', async () => {
  await ready();
  await hold(FORWARD);
  await rig.page.waitForFunction(() => (window.rig.report().refused ?? 0) > 3);
  expect(still(usb.uno.now)).toBe(true);
  await hold(NEUTRAL);
  await hold(FORWARD);
  await usb.uno.pins(full, 'the wheels going');
});

test('a cable pulled and put back while driving: returning, ready, and still until the stick was at zero', async () => {
  await driven();
  const pulledAt = Date.now();
  await usb.unplug();
  await state('returning');
  const lost = (await report()).moments.at(-1);
  console.log(`unplugged: noticed after ${(lost?.epochMs ?? 0) - pulledAt} ms`);
  expect(lost?.code).toBe('lost');

  // The stick is still held forward.
  const putBackAt = Date.now();
  await usb.plugIn();
  await state('ready');
  console.log(`replugged: ready after ${Date.now() - putBackAt} ms`);
  const { refused = 0 } = await report();
  await rig.page.waitForFunction((before) => (window.rig.report().refused ?? 0) > before + 3, refused);
  expect(usb.uno.history.every(still)).toBe(true);

  await hold(NEUTRAL);
  await hold(FORWARD);
  await usb.uno.pins(full, 'the wheels going after the return');
});

test('a reset while driving: waking, ready, and still until the stick was at zero', async () => {
  await driven();
  usb.pressReset();
  await usb.uno.pins(still, 'the wheels at rest after the reset');
  await rig.page.waitForFunction(() => {
    const states = window.rig.report().moments.map(({ at }) => at);
    return (
      states.lastIndexOf('ready') > states.lastIndexOf('waking') && states.filter((at) => at === 'ready').length > 1
    );
  });
  const { refused = 0 } = await report();
  await rig.page.waitForFunction((before) => (window.rig.report().refused ?? 0) > before + 3, refused);
  expect(still(usb.uno.now)).toBe(true);
  await hold(NEUTRAL);
  await hold(FORWARD);
  await usb.uno.pins(full, 'the wheels going after the reset');
});

test('an e-stop holds until it is cleared, and clearing does not drive', async () => {
  await driven();
  await rig.page.evaluate(() => window.rig.latch());
  await usb.uno.pins(still, 'the wheels at rest after the e-stop');
  await rig.page.evaluate(() => window.rig.unlatch());
  const { refused = 0 } = await report();
  await rig.page.waitForFunction((before) => (window.rig.report().refused ?? 0) > before + 3, refused);
  expect(still(usb.uno.now)).toBe(true);
});

test('from the stick to the pins', async () => {
  await ready();
  await hold(NEUTRAL);
  const tookMs: number[] = [];
  for (let i = 1; i <= 30; i++) {
    const left = (i * 2) / 255;
    const begun = hold({ left, right: 0 });
    await usb.uno.pins((pins) => pins.left === i * 2, `the left wheel at ${i * 2}`);
    const seenAt = Date.now();
    tookMs.push(seenAt - (await begun));
  }
  tookMs.sort((a, b) => a - b);
  console.log(`stick to pins: median ${tookMs[15]} ms, worst ${tookMs.at(-1)} ms`);
  expect(tookMs[15]).toBeLessThan(100);
});
