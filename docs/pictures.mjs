/** Takes the README's pictures of the real pages while one drives the other: `node docs/pictures.mjs`. It asserts nothing. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { CHROMIUM_FLAGS } from '../test/runner/chromium-flags.mjs';
import { findBrowser } from '../test/runner/find-browser.mjs';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const WITHIN_MS = 60_000;

/** The server as `npm start` runs it, and the address it prints. */
async function startServer() {
  const child = spawn(process.execPath, ['peer-server/start.mjs', '--port', '0'], {
    cwd: ROOT,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close').then(([code]) => {
    throw new Error(`The server ended with code ${code}.`);
  });
  let said = '';
  while (!/http:\/\/localhost:\d+\/\s/.test(said)) {
    const [chunk] = await Promise.race([once(child.stdout, 'data'), ended]);
    said += chunk;
  }
  // From here on its end is what was asked for.
  ended.catch(() => {});
  return { address: said.match(/http:\/\/localhost:\d+\//)[0], stop: () => child.kill('SIGTERM') };
}

/** A page in a browser process of its own: in one process, the page in front slows the other down. */
async function openPage(address, options) {
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: [...CHROMIUM_FLAGS] });
  const context = await browser.newContext({ colorScheme: 'dark', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(WITHIN_MS);
  await page.goto(address);
  return { page, close: () => browser.close() };
}

const waitFor = (page, id, state) => page.locator(`[data-testid='${id}']${state}`).waitFor();

async function takePictures(address, opened) {
  const open = async (where, options) => {
    const visitor = await openPage(new URL(where, address).href, options);
    opened.push(visitor);
    return visitor.page;
  };
  const robot = await open('#robot', { viewport: { width: 390, height: 844 } });
  const link = await robot.getByTestId('robot-link').getAttribute('href');

  const pilot = await open('#pilot', {
    viewport: { width: 1440, height: 900 },
    // A README shows it no larger, and a painted room makes a heavy PNG.
    deviceScaleFactor: 0.625,
  });
  await pilot.locator("input[name='name']").fill('Anna');
  await pilot.keyboard.press('Tab');
  await pilot.goto(link);
  await robot.getByTestId('robot-ask-yes').click();
  await waitFor(pilot, 'pilot-why', "[data-because='you']");
  await pilot.keyboard.down('Enter');
  await waitFor(pilot, 'pilot-armed', "[data-armed='true']");
  await pilot.keyboard.up('Enter');
  await pilot.keyboard.down('w');
  await robot.waitForFunction((fast) => {
    const find = (root) =>
      root.querySelector("[data-testid='robot-pose']") ??
      [...root.querySelectorAll('*')].map((element) => element.shadowRoot && find(element.shadowRoot)).find(Boolean);
    return Number(find(document)?.dataset.speed) > fast;
  }, 0.15);
  await pilot.screenshot({ path: fileURLToPath(new URL('pictures/pilot.png', import.meta.url)) });
  await robot.screenshot({ path: fileURLToPath(new URL('pictures/robot.png', import.meta.url)) });
  await pilot.keyboard.up('w');
}

const server = await startServer();
const opened = [];
try {
  await takePictures(server.address, opened);
} finally {
  await Promise.allSettled(opened.map((visitor) => visitor.close()));
  server.stop();
}
