/** Two browsers with an impaired path between them, and a server beside the pilot that can be restarted; knows no fault and no figure. */
import { once, setMaxListeners } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { runnerImport } from 'vite';
import { CHROMIUM_FLAGS } from '../../runner/chromium-flags.mjs';
import { findBrowser } from '../../runner/find-browser.mjs';

const SERVER = fileURLToPath(new URL('serve.mjs', import.meta.url));
const HTTPS_PORT = 8443;
const STOCK_PORT = 9000;
const READY_WITHIN_MS = 30_000;

/** Networks are real here: pairs of loopback addresses would only be tried first, 50 ms each. */
const FLAGS = CHROMIUM_FLAGS.filter((flag) => flag !== '--allow-loopback-in-peer-connection');

export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
/** Milliseconds since 1970, of the same clock as `performance.timeOrigin + performance.now()` in a page. */
export const now = () => performance.timeOrigin + performance.now();

/** Why this machine can't have networks of its own, or undefined. */
export function whyNoNetworks() {
  if (process.getuid?.() !== 0) return 'it needs root for networks of its own';
  if (!existsSync('/dev/net/tun')) return 'it needs /dev/net/tun';
  return undefined;
}

async function importNetwork() {
  // It is TypeScript, and finds what it runs by where it lies.
  const { module } = await runnerImport(fileURLToPath(new URL('./network.ts', import.meta.url)), {
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('../../..', import.meta.url)),
  });
  return module;
}

/** `usual`: what the path is like while nothing is wrong. Everything ends with `close`. */
export async function openStand(usual) {
  const { buildRig, openImpairedPath, selfSigned } = await importNetwork();
  buildRig();
  const life = new AbortController();
  // Each path listens, and a long bench has many.
  setMaxListeners(0, life.signal);
  const folder = mkdtempSync(join(tmpdir(), 'telepresent-bench-'));
  const certificate = await selfSigned(folder);
  const first = await openImpairedPath(life.signal);
  const [robotEnd, pilotEnd] = first.ends;
  const browsers = [];
  const servers = [];
  let path = first;

  const close = async () => {
    await Promise.allSettled(browsers.map((browser) => browser.close()));
    await Promise.allSettled(servers.map((server) => server.stop('SIGKILL')));
    if (path !== first) await path.close();
    await first.close();
    rmSync(folder, { recursive: true, force: true });
  };

  /**
   * The robot's way changes as from one network to another: the old device and address go, the new ones have been there for
   * `knownForMs`. Chromium looks for networks every 2 s: what came just now it does not see before.
   */
  const changePath = async (knownForMs) => {
    const fresh = await openImpairedPath(life.signal, { beside: path });
    await fresh.set('both', usual);
    await wait(knownForMs);
    const old = path;
    path = fresh;
    const atMs = now();
    if (old !== first) await old.close();
    else {
      await old.set('both', { blackout: true });
      // It carries the namespaces, so it can't be closed.
      robotEnd.namespace.ip('addr', 'flush', 'dev', 'path1');
      robotEnd.namespace.ip('link', 'set', 'path1', 'down');
    }
    return atMs;
  };

  const startServer = async (kind) => {
    const host = pilotEnd.address;
    const options = ['--host', host, '--port', '8080', '--https-port', `${HTTPS_PORT}`];
    const words =
      kind === 'ours'
        ? [...options, '--cert', certificate.cert, '--key', certificate.key]
        : [host, `${STOCK_PORT}`, certificate.cert, certificate.key];
    let child;
    const start = async () => {
      child = pilotEnd.namespace.spawn(process.execPath, ['--expose-gc', SERVER, kind, ...words], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        env: { ...process.env, NO_COLOR: '1' },
      });
      const late = new Promise((_, reject) => {
        setTimeout(() => reject(new Error(`the ${kind} server was not ready in time`)), READY_WITHIN_MS).unref();
      });
      await Promise.race([once(child, 'message'), late]);
    };
    const server = {
      address: `https://${host}:${kind === 'ours' ? HTTPS_PORT : STOCK_PORT}/`,
      start,
      async stop(signal = 'SIGTERM') {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, 'exit');
        child.kill(signal);
        await ended;
      },
      /** Bytes of memory after the garbage is gone, and open sockets. */
      async weigh() {
        child.send('weigh');
        return (await once(child, 'message'))[0];
      },
    };
    servers.push(server);
    await start();
    return server;
  };

  /** A browser process of its own at that end, with one page. */
  const openPage = async (end, scripts = []) => {
    const program = await findBrowser();
    const browser = await chromium.launch({
      executablePath: first.ends[end === 'robot' ? 0 : 1].namespace.wrap(program),
      args: [...FLAGS, '--ignore-certificate-errors'],
    });
    browsers.push(browser);
    const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 960, height: 600 } });
    const page = await context.newPage();
    for (const script of scripts) await page.addInitScript(script);
    return page;
  };

  try {
    await path.set('both', usual);
    return { set: (...change) => path.set(...change), changePath, startServer, openPage, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What a page says by its marks. */
export const tell = (page) =>
  page
    .locator('[data-testid]')
    .evaluateAll((marks) =>
      marks
        .map((mark) =>
          [mark.dataset.testid, ...Object.values(mark.dataset).slice(1), mark.textContent.trim().slice(0, 80)]
            .join(' ')
            .replace(/\s+/g, ' '),
        )
        .join('; '),
    );

/** The simulated robot's page and the page of a pilot it has let in, who drives. Pages that were here before know each other. */
export async function openCockpit(robot, pilot, address) {
  await robot.goto(`${address}#robot`);
  const link = robot.getByTestId('robot-link');
  await link.waitFor();
  const href = (await link.getAttribute('href')) ?? (await link.textContent());
  await pilot.goto(new URL(href.trim(), address).href);
  const yes = robot.getByTestId('robot-ask-yes');
  const state = pilot.locator('[data-testid=pilot-state]:is([data-at=watching], [data-at=driving])');
  try {
    await letIn();
  } catch (error) {
    throw new Error(`it does not drive. robot: ${await tell(robot)}\npilot: ${await tell(pilot)}`, { cause: error });
  }
  async function letIn() {
    await Promise.race([yes.waitFor({ timeout: 0 }).catch(() => {}), state.waitFor({ timeout: 60_000 })]);
    if (await yes.count()) await yes.click();
    await state.waitFor({ timeout: 60_000 });
    await pilot.waitForFunction(() => window.eager?.at === 'driving', null, { timeout: 60_000 });
  }
}
