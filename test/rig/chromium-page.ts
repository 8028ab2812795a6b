/** A page in a Chromium that stands in a network of the rig's; knows not what is on it. */
import { chromium, type Page } from 'playwright-core';
import { readings } from '../e2e/readings.ts';
import { CHROMIUM_FLAGS } from '../runner/chromium-flags.mjs';
import { findBrowser } from '../runner/find-browser.mjs';
import type { Namespace } from './namespaces.ts';

const MOST_LOGGED = 60;
const BREACH = /Content Security Policy|Permissions policy violation/i;

export type ChromiumPage = {
  readonly page: Page;
  /** Exceptions that nobody caught, and breaches of the page's policies. */
  readonly troubles: readonly string[];
  /** Where it stands and what it logged, for the one who reads a failed test. */
  report(): Promise<string>;
  close(): Promise<void>;
};

export async function openChromium(place: Namespace): Promise<ChromiumPage> {
  const program = await findBrowser();
  if (!program) throw new Error('No Chrome, Chromium or Edge found. Run `npm test`: it fetches one.');
  const browser = await chromium.launch({
    executablePath: place.wrap(program),
    // A relay's certificate is a matter of the browser, not of the page.
    args: [...CHROMIUM_FLAGS, '--ignore-certificate-errors'],
  });
  try {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    const logged: string[] = [];
    const troubles: string[] = [];
    page.on('console', (message) => {
      logged.push(`${message.type()}: ${message.text()}`);
      if (BREACH.test(message.text())) troubles.push(message.text());
    });
    page.on('pageerror', (error) => troubles.push(error.stack ?? error.message));
    return {
      page,
      troubles,
      async report() {
        const lines = [`── ${place.name}: ${page.url()}`, ...logged.slice(-MOST_LOGGED), ...troubles];
        try {
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
