/** Chromium on the rig's page, and the server that builds that page from the app's sources; knows no board. */
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { createServer } from 'vite';
import { CHROMIUM_FLAGS } from '../runner/chromium-flags.mjs';
import { findBrowser } from '../runner/find-browser.mjs';
import { built } from './build-rig.ts';

export type RigPages = { readonly origin: string; close(): Promise<void> };

export async function serveRigPage(): Promise<RigPages> {
  const server = await createServer({
    configFile: false,
    root: fileURLToPath(new URL('../..', import.meta.url)),
    cacheDir: built('vite'),
    logLevel: 'error',
    server: { port: 0, host: 'localhost', hmr: false, watch: null },
    optimizeDeps: { entries: ['test/rig/page/rig-page.ts'], include: ['@preact/signals-core'] },
  });
  await server.listen();
  const address = server.httpServer?.address();
  if (!address || typeof address === 'string') throw new Error('the page server has no port');
  return { origin: `http://localhost:${address.port}`, close: () => server.close() };
}

export type RigBrowser = {
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly page: Page;
  close(): Promise<void>;
};

export async function openRigPage(
  { origin }: RigPages,
  options: {
    readonly flags?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
    readonly before?: (page: Page) => Promise<void>;
  } = {},
): Promise<RigBrowser> {
  const executablePath = await findBrowser();
  if (!executablePath) throw new Error('No Chrome, Chromium or Edge found. Run `npm test`: it fetches one.');
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const browser = await chromium.launch({
    executablePath,
    args: [...CHROMIUM_FLAGS, ...(options.flags ?? [])],
    env: { ...Object.fromEntries(inherited), ...options.env },
  });
  try {
    const context = await browser.newContext();
    const page = await context.newPage();
    await options.before?.(page);
    await page.goto(`${origin}/test/rig/page/`);
    await page.waitForFunction(() => 'rig' in window);
    return { browser, context, page, close: () => browser.close() };
  } catch (error) {
    await browser.close();
    throw error;
  }
}
