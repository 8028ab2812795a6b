/** One person with a browser of their own, and everything that browser complains about; knows neither robot nor pilot. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { CHROMIUM_FLAGS } from '../runner/chromium-flags.mjs';
import { findBrowser } from '../runner/find-browser.mjs';
import { readings } from './readings.ts';

export type VisitorOptions = {
  /** More flags for Chromium. */
  readonly flags?: readonly string[];
  /** More of the environment its browser runs in. */
  readonly env?: Readonly<Record<string, string>>;
  /** CSS pixels. */
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Whether fingers are what this device has. */
  readonly touch?: boolean;
  /** Runs in the page before its own scripts, such as a gamepad that is plugged in. */
  readonly before?: (page: Page) => Promise<void>;
};

export type Visitor = {
  readonly name: string;
  readonly page: Page;
  /** Exceptions that nobody caught, breaches of the page's policies, and requests to others than the server. */
  readonly troubles: readonly string[];
  /** Where the page stands and what it logged, for the one who reads a failed test. */
  report(): Promise<string>;
  /** Ends the browser's process. */
  close(): Promise<void>;
};

const BREACH = /Content Security Policy|Permissions policy violation/i;
const MOST_LOGGED = 60;

/** `origins` are the server's; whatever else a page asks for is trouble. */
export async function welcomeVisitor(
  name: string,
  origins: readonly string[],
  { flags = [], env = {}, viewport, touch = false, before }: VisitorOptions = {},
): Promise<Visitor> {
  const executablePath = await findBrowser();
  if (!executablePath) throw new Error('No Chrome, Chromium or Edge found. Run `npm test`: it fetches one.');
  const browser = await chromium.launch({
    executablePath,
    args: [...CHROMIUM_FLAGS, ...flags],
    env: { ...process.env, ...env },
  });
  const troubles: string[] = [];
  const logged: string[] = [];
  try {
    // The server's certificate for the network is its own.
    const context = await browser.newContext({
      ignoreHTTPSErrors: true,
      hasTouch: touch,
      isMobile: touch,
      ...(viewport && { viewport }),
    });
    const page = await context.newPage();
    page.on('pageerror', (error) => troubles.push(`${name}: ${error.stack ?? error.message}`));
    page.on('crash', () => troubles.push(`${name}: the page crashed`));
    page.on('console', (message) => {
      logged.push(`${message.type()}: ${message.text()}`);
      if (BREACH.test(message.text())) troubles.push(`${name}: ${message.text()}`);
    });
    context.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol.startsWith('http') && !origins.includes(origin)) troubles.push(`${name} asked for ${request.url()}`);
    });
    await before?.(page);
    return {
      name,
      page,
      troubles,
      async report() {
        const lines = [`── ${name}: ${page.url()}`, ...logged.slice(-MOST_LOGGED)];
        if (page.isClosed()) return [...lines, '(closed)'].join('\n');
        const picture = join(tmpdir(), `telepresent-${name}-${process.pid}.png`);
        try {
          await page.screenshot({ path: picture, timeout: 5_000 });
          lines.push(`screenshot: ${picture}`);
          for (const [id, text] of Object.entries(await readings(page))) lines.push(`${id} = ${text}`);
        } catch (error) {
          // A page that hangs or is gone can't be looked at, and its log says more than this failure.
          lines.push(`(not to be read: ${String(error).split('\n')[0]})`);
        }
        return lines.join('\n');
      },
      close: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}
