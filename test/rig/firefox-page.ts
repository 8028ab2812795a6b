/** A page in a Firefox that stands in a network of the rig's; knows not what is on it. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import puppeteer, { type Browser, type ConnectionTransport, type Page } from 'puppeteer-core';
import { WebSocket } from 'ws';
import type { Namespace } from './namespaces.ts';

const FIREFOX = '/usr/bin/firefox-esr';
const PORT = 9222;
const READY_WITHIN_MS = 60_000;
const SHOWN_WITHIN_MS = 30_000;

const PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  // Addresses as <uuid>.local need a multicast DNS responder.
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.autoplay.default': 0,
  // Nothing is fetched: no codec, no update, no portal to look for.
  'media.gmp-manager.url': '',
  'app.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
};

export type FirefoxPage = {
  readonly page: Page;
  readonly version: string;
  /** Exceptions that nobody caught. */
  readonly troubles: readonly string[];
  /** One attribute of one mark, also inside of elements' shadows; undefined while either is not there. */
  attribute(mark: string, name: string): Promise<string | undefined>;
  /** Once it is there. @throws when it is not within half a minute */
  click(mark: string): Promise<void>;
  /** What the marks say, for the one who reads a failed test. */
  report(): Promise<string>;
  close(): Promise<void>;
};

/** `folder`: for its profile. The network needs a default route, or Firefox gathers no candidates. */
export async function openFirefox(place: Namespace, folder: string): Promise<FirefoxPage> {
  const profile = mkdtempSync(join(folder, 'firefox-'));
  const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`);
  writeFileSync(join(profile, 'user.js'), lines.join(''));
  const args = ['--headless', '--no-remote', '--profile', profile, `--remote-debugging-port=${PORT}`];
  const child = place.spawn(FIREFOX, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1' },
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const complain = (what: string) => reject(new Error(`Firefox ${what}. It said:\n${said}`));
    const late = setTimeout(() => complain(`was not ready within ${READY_WITHIN_MS} ms`), READY_WITHIN_MS);
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk;
      if (!said.includes('WebDriver BiDi listening')) return;
      clearTimeout(late);
      resolve();
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      clearTimeout(late);
      complain(`ended with code ${code}`);
    });
  });
  const browser = await puppeteer.connect({ transport: await reach(place), protocol: 'webDriverBiDi' });
  return describe(browser, await browser.newPage());
}

async function describe(browser: Browser, page: Page): Promise<FirefoxPage> {
  const logged: string[] = [];
  const troubles: string[] = [];
  page.on('console', (message) => logged.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => troubles.push(String(error)));
  return {
    page,
    troubles,
    version: await browser.version(),
    attribute: async (mark, name) => {
      const found = await page.$(`>>> [data-testid="${mark}"]`);
      return (await found?.evaluate((element, wanted) => element.getAttribute(wanted), name)) ?? undefined;
    },
    // Puppeteer's own waiting does not look into shadows again.
    click: async (mark) => {
      const startedAtMs = performance.now();
      for (;;) {
        const found = await page.$(`>>> [data-testid="${mark}"]:not([disabled])`);
        if (found && (await found.isVisible())) return found.click();
        if (performance.now() - startedAtMs > SHOWN_WITHIN_MS) throw new Error(`Firefox shows no ${mark}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async report() {
      const marks = await page.$$eval('>>> [data-testid]', (elements) =>
        elements.map(
          (element) => `${element.getAttribute('data-testid')} = ${element.textContent?.trim().slice(0, 200)}`,
        ),
      );
      return [`── Firefox: ${page.url()}`, ...logged.slice(-60), ...troubles, ...marks].join('\n');
    },
    close: () => browser.close(),
  };
}

/** Puppeteer's own way is a socket from this process's network, which is not the browser's. */
async function reach(place: Namespace): Promise<ConnectionTransport> {
  const wire = await place.tcp('127.0.0.1', PORT);
  const socket = new WebSocket(`ws://127.0.0.1:${PORT}/session`, {
    createConnection: () => wire.resume(),
    perMessageDeflate: false,
    maxPayload: 256 * 1024 * 1024,
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const transport: ConnectionTransport = {
    send: (message) => socket.send(message),
    close: () => socket.close(),
  };
  socket.on('message', (data) => transport.onmessage?.(data.toString()));
  socket.on('close', () => transport.onclose?.());
  return transport;
}
