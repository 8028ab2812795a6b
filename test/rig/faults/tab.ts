/** One person's browser with one tab, and everything that can happen to a tab; knows neither robot nor pilot. */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { attribute, reading, readings } from '../../e2e/readings.ts';
import { CHROMIUM_FLAGS } from '../../runner/chromium-flags.mjs';
import { findBrowser } from '../../runner/find-browser.mjs';
import type { Namespace } from '../namespaces.ts';
import { machineMs } from './machine-clock.ts';
import { type Role, type Sighting, type Witness, witness } from './witness.ts';

const ANSWERS_WITHIN_MS = 4_000;
const LOADS_WITHIN_MS = 15_000;
const MOST_LOGGED = 40;

declare global {
  interface Window {
    /** What the wall clock is ahead by. */
    clockJumpMs?: number;
    cameras?: MediaStreamTrack[];
    hidePage?: (hidden: boolean) => void;
  }
}

type TabOptions = {
  readonly role: Role;
  readonly place: Namespace;
  readonly env?: Readonly<Record<string, string>>;
  /** Before the page's own scripts. */
  readonly before?: (page: Page) => Promise<void>;
  readonly saw: (sighting: Sighting) => void;
};

export class Tab {
  readonly #options: TabOptions;
  readonly #browser: Browser;
  readonly #context: BrowserContext;
  readonly #logged: string[] = [];
  #page: Page | undefined;
  /** A page that has not loaded yet. */
  #loading: Page | undefined;
  #witness: Witness | undefined;
  #stopped: readonly number[] = [];

  private constructor(options: TabOptions, browser: Browser, context: BrowserContext) {
    this.#options = options;
    this.#browser = browser;
    this.#context = context;
  }

  static async start(options: TabOptions): Promise<Tab> {
    const program = await findBrowser();
    if (!program) throw new Error('No Chrome, Chromium or Edge found. Run `npm test`: it fetches one.');
    const browser = await chromium.launch({
      executablePath: hurried(options.place.wrap(program)),
      args: [...CHROMIUM_FLAGS, '--ignore-certificate-errors'],
      env: { ...(process.env as Record<string, string>), ...options.env },
    });
    return new Tab(options, browser, await browser.newContext({ ignoreHTTPSErrors: true }));
  }

  /** @throws while the tab is not there */
  get page(): Page {
    if (!this.#page) throw new Error(`the ${this.#options.role}'s tab is closed`);
    return this.#page;
  }

  get isOpen(): boolean {
    return this.#page !== undefined;
  }

  async open(address: string): Promise<void> {
    await this.close();
    const { role, saw, before } = this.#options;
    const page = await inTime(this.#context.newPage(), LOADS_WITHIN_MS);
    if (!page) throw new Error(`the ${role}'s browser gives no page`);
    this.#loading = page;
    page.on('console', (message) => this.#log(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => this.#log(`exception: ${error.message}`));
    page.on('crash', () => this.#log('crashed'));
    const seen = await witness(page, role, saw);
    await page.addInitScript(letClockJump);
    await page.addInitScript(rememberCameras);
    await page.addInitScript(letHide);
    await before?.(page);
    await page.goto(address, { timeout: LOADS_WITHIN_MS });
    await seen.setClock();
    // What is done to it before is done to no page, and is on no clock.
    if (this.#loading !== page) return;
    this.#loading = undefined;
    this.#witness = seen;
    this.#page = page;
  }

  async close(): Promise<void> {
    this.thaw();
    const page = this.#page ?? this.#loading;
    this.#page = this.#loading = undefined;
    await inTime(page?.close());
  }

  /** No goodbye to anybody. */
  async crash(): Promise<void> {
    const page = this.#page ?? this.#loading;
    this.#page = this.#loading = undefined;
    const killed = await this.#renderers();
    for (const pid of killed) signal(pid, 'SIGKILL');
    this.#stopped = [];
    // One was kept for the next page: a page that is opened before the browser knows of its end never begins.
    const endMs = machineMs() + ANSWERS_WITHIN_MS;
    while (machineMs() < endMs && (await this.#renderers()).some((pid) => killed.includes(pid))) await sleep(5);
    void inTime(page?.close());
  }

  /** Neither code nor timers nor network of the page; the rest of the browser goes on. */
  async freeze(): Promise<void> {
    this.#stopped = await this.#renderers();
    for (const pid of this.#stopped) signal(pid, 'SIGSTOP');
  }

  thaw(): void {
    for (const pid of this.#stopped) signal(pid, 'SIGCONT');
    this.#stopped = [];
  }

  /** As another tab in front does, as far as a page can tell: headless browsers show every page, always. */
  hide(hidden: boolean): Promise<number | undefined> {
    return this.run((now) => window.hidePage?.(now), hidden);
  }

  /** Keeps the page's own thread busy. Resolves at once. */
  block(forMs: number): void {
    const busy = this.#page?.evaluate((ms) => {
      const endMs = performance.now() + ms;
      while (performance.now() < endMs);
    }, forMs);
    void busy?.catch(() => {});
  }

  /** Runs it on the page, and says when it ran; undefined when the page does not answer. */
  async run<T>(what: (given: T) => void, given: T): Promise<number | undefined> {
    const ran = this.#page?.evaluate(
      ([source, value]) => {
        // biome-ignore lint/security/noGlobalEval: the source is the rig's own, and passes as text only to be stamped on the page
        globalThis.eval(`(${source})`)(value);
        return performance.now();
      },
      [what.toString(), given] as const,
    );
    const pageMs = await inTime(ran);
    return pageMs === undefined ? undefined : (this.#witness?.toMachineMs(pageMs) ?? machineMs());
  }

  /** Of a `data-testid` mark; undefined while there is no answer. */
  async read(mark: string, name: string): Promise<string | undefined> {
    return this.#page ? inTime(attribute(this.#page, mark, name)) : undefined;
  }

  async text(mark: string): Promise<string | undefined> {
    return this.#page ? inTime(reading(this.#page, mark)) : undefined;
  }

  /** What an element says when a finger was on it for as long as it wants. */
  async tell(mark: string, event: string): Promise<void> {
    await this.#page
      ?.getByTestId(mark)
      .dispatchEvent(event, {}, { timeout: 1_000 })
      .catch(() => {});
  }

  async report(): Promise<string> {
    const where = this.#page?.url() ?? '(closed)';
    const says = this.#page && (await inTime(readings(this.#page)));
    const marks = Object.entries(says ?? { '(no answer)': '' }).map(([id, text]) => `${id} = ${text}`);
    return [`── ${this.#options.role}: ${where}`, ...this.#logged.slice(-MOST_LOGGED), ...marks].join('\n');
  }

  async end(): Promise<void> {
    this.thaw();
    await inTime(this.#browser.close());
  }

  async #renderers(): Promise<readonly number[]> {
    const session = await this.#browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    await session.detach();
    return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  }

  #log(line: string): void {
    this.#logged.push(line);
    if (this.#logged.length > 2 * MOST_LOGGED) this.#logged.splice(0, MOST_LOGGED);
  }
}

/** What stands for a machine of its own must not wait for whatever else this one does. */
function hurried(program: string): string {
  const wrapper = `${program}-hurried`;
  writeFileSync(wrapper, `#!/bin/sh\nexec nice -n -10 ${program} "$@"\n`, { mode: 0o755 });
  return wrapper;
}

/** Undefined when it fails, or takes longer than a page may. */
export async function inTime<T>(promise: Promise<T> | undefined, ms = ANSWERS_WITHIN_MS): Promise<T | undefined> {
  let late: NodeJS.Timeout | undefined;
  const patience = new Promise<undefined>((resolve) => {
    late = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([promise?.catch(() => undefined), patience]);
  } finally {
    clearTimeout(late);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended a moment ago.
  }
}

/** Runs on the page. */
function letClockJump(): void {
  const Real = Date;
  const now = () => Real.now() + (window.clockJumpMs ?? 0);
  window.Date = new Proxy(Real, {
    construct: (_, given) => (given.length === 0 ? new Real(now()) : Reflect.construct(Real, given)),
    apply: () => new Real(now()).toString(),
    get: (_, name) => (name === 'now' ? now : Reflect.get(Real, name)),
  });
}

/** Runs on the page. */
function rememberCameras(): void {
  if (!navigator.mediaDevices) return;
  const get = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wish) => {
    const stream = await get(wish);
    window.cameras = [...(window.cameras ?? []), ...stream.getVideoTracks()];
    return stream;
  };
}

/** Runs on the page. */
function letHide(): void {
  let isHidden = false;
  Object.defineProperty(document, 'visibilityState', { get: () => (isHidden ? 'hidden' : 'visible') });
  Object.defineProperty(document, 'hidden', { get: () => isHidden });
  document.hasFocus = () => !isHidden;
  window.hidePage = (hidden) => {
    isHidden = hidden;
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    dispatchEvent(new Event(hidden ? 'blur' : 'focus'));
  };
}
