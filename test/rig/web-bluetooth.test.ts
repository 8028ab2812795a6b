/** The app's code in Chromium, Web Bluetooth, and a Nordic UART board in an emulated radio's range. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { PretendBoard } from '../contract/pretend-board.ts';
import { BLUETOOTH_FLAGS, BluetoothRadio } from './bluetooth-radio.ts';
// Types of what the page put on its window.
import type {} from './page/rig-page.ts';
import { openRigPage, type RigBrowser, type RigPages, serveRigPage } from './rig-browser.ts';

const FORWARD = { left: 0.8, right: -0.8 };

let pages: RigPages;
let rig: RigBrowser;
let radio: BluetoothRadio;
let board: PretendBoard;

beforeAll(async () => {
  pages = await serveRigPage();
});
afterAll(() => pages.close());
afterEach(() => rig.close());

const report = () => rig.page.evaluate(() => window.rig.report());
const state = (at: string) =>
  rig.page.waitForFunction((wanted) => window.rig.report().state === wanted, at, { polling: 10 });
const hold = (motion: { left: number; right: number }) => rig.page.evaluate((held) => window.rig.hold(held), motion);

async function click(answer: 'pick' | 'close', hello?: string | null) {
  rig = await openRigPage(pages, {
    flags: BLUETOOTH_FLAGS,
    before: async (page) => {
      await page.exposeFunction('cable', () => radio.disconnect());
    },
  });
  board = new PretendBoard(hello);
  radio = await BluetoothRadio.around(rig.browser, board, () => rig.page.evaluate(() => window.rig.fetch()));
  await radio.answerPicker(rig.context, rig.page, answer);
  await rig.page.evaluate(() => window.rig.chooseOnClick('bluetooth'));
  await rig.page.click('button');
}

async function ready() {
  await click('pick');
  await state('ready');
}

/** Resolves once the board has heard the line, from now on. */
function heard(body: string): Promise<void> {
  const from = board.heard.length;
  return expect.poll(() => board.heard.slice(from), { timeout: 8000, interval: 10 }).toContain(body);
}

test('a click chooses, and the board says who it is', async () => {
  await ready();
  const { moments, name } = await report();
  expect(moments.map(({ at }) => at)).toEqual(['waking', 'ready']);
  expect(name).toBe('Telepresent');
  expect(board.heard).toEqual(expect.arrayContaining(['f', 'v1000']));
  expect(board.largestWrite).toBeLessThanOrEqual(20);
});

test('a picker that is closed is cancelled', async () => {
  await click('close');
  await rig.page.waitForFunction(() => window.rig.report().failed !== undefined);
  expect((await report()).failed).toMatch(/bluetooth cancelled/);
});

test('keeps the transport contract', async () => {
  await ready();
  await rig.page.evaluate(() => window.rig.close());
  const verdicts = await rig.page.evaluate(() => window.rig.bluetoothContract());
  expect(verdicts.filter(({ error }) => error)).toEqual([]);
  expect(verdicts.length).toBeGreaterThan(5);
});

test('drives in packets of 20 bytes; the newest wins; a stop is said and then all is quiet', async () => {
  await ready();
  const driving = heard('c204,-204');
  await hold(FORWARD);
  await driving;

  const last = heard('c200,0');
  const before = board.heard.length;
  await rig.page.evaluate(() => window.rig.flood(200));
  await last;
  const sent = board.heard.slice(before).filter((body) => body.endsWith(',0'));
  console.log(`flood: of 200 motions ${sent.length} were sent`);
  expect(sent.length).toBeLessThan(10);

  const stopping = heard('c0,0');
  await rig.page.evaluate(() => window.rig.stop());
  await stopping;
  const quietSince = board.received.length;
  // What the host said on its own account would come within a frame or a second of battery reports.
  await rig.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1200)));
  expect(board.received.length).toBe(quietSince);
  expect(board.heard.at(-1)).toBe('c0,0');
  expect(board.garbled).toBe(0);
  expect(board.largestWrite).toBeLessThanOrEqual(20);
});

test('disconnected while driving: returning, tried again while out of range, ready when back', async () => {
  await ready();
  const driving = heard('c204,-204');
  await hold(FORWARD);
  await driving;

  radio.inRange = false;
  const lostAt = Date.now();
  await radio.disconnect();
  await state('returning');
  const lost = (await report()).moments.at(-1);
  console.log(`disconnected: noticed after ${(lost?.epochMs ?? 0) - lostAt} ms`);
  expect(lost?.code).toBe('lost');
  await rig.page.waitForFunction(() => window.rig.report().moments.at(-1)?.code === 'unreachable');
  expect(radio.connects).toBeGreaterThanOrEqual(2);

  radio.inRange = true;
  const again = heard('c204,-204');
  await state('ready');
  await again;
  const { moments } = await report();
  expect(moments.map(({ at }) => at).slice(-2)).toEqual(['waking', 'ready']);
  expect(moments.filter(({ at }) => at === 'gone')).toEqual([]);
});

test('a board that never says who it is: gone, with timeout', async () => {
  await click('pick', null);
  await state('gone');
  expect((await report()).moments.at(-1)).toMatchObject({ at: 'gone', code: 'timeout' });
  expect(board.heard.length).toBeGreaterThan(5);
  expect(board.heard.every((body) => body === 'f')).toBe(true);
});

test('a board of another version: gone, with wrong-version', async () => {
  await click('pick', 'fTELEPRESENT7:c');
  await state('gone');
  expect((await report()).moments.at(-1)).toMatchObject({ at: 'gone', code: 'wrong-version' });
});
