/** A robot and a pilot on a bad path, with a real board and server, and a way back to driving after anything; knows no schedule. */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { robotLink, sayYes } from '../../e2e/two-pages.ts';
import type { Push } from '../../faults/fault-list.ts';
import { selfSigned } from '../self-signed.ts';
import { type Pins, type SimulatedUno, still } from '../simulated-uno.ts';
import { UsbSocket } from '../usb-socket.ts';
import { arm, isArmed } from './arm.ts';
import { FaultRelay } from './fault-relay.ts';
import { FaultServer } from './fault-server.ts';
import { gather } from './gather.ts';
import { giveGamepad } from './hand.ts';
import { machineMs } from './machine-clock.ts';
import type { Evidence, Span } from './oracle.ts';
import { PathWeather } from './path-weather.ts';
import { Tab } from './tab.ts';
import type { Sighting } from './witness.ts';

const READY_WITHIN_MS = 40_000;
/** A first push may be a rest of two seconds. */
const ROLLS_WITHIN_MS = 3_500;
const LOOK_EVERY_MS = 60;
const SPEED_CAP_AT_LEAST = 0.3;
/** A chip on a battery goes on without its cable. */
const BATTERY_MS = 700;

type Marks = Pick<Evidence, 'robotDead' | 'handOff' | 'stoppedAtMs' | 'hungAtMs'> & {
  /** Of each who wanted to drive too. */
  readonly secondDrove: readonly boolean[];
};
type Growing<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Item[] : never };

type Given = Pick<FaultStage, 'server' | 'relay' | 'weather' | 'usb' | 'robot' | 'pilot' | 'second'> & {
  readonly origin: string;
  readonly life: AbortController;
  readonly sightings: Sighting[];
};

export class FaultStage {
  readonly server: FaultServer;
  readonly relay: FaultRelay;
  readonly weather: PathWeather;
  readonly usb: UsbSocket;
  readonly robot: Tab;
  readonly pilot: Tab;
  /** Whoever else wants to drive, at the pilot's end too. */
  readonly second: Tab;
  /** What the faults of this trial did, for the oracle. */
  marks: Growing<Marks> = noMarks();
  /** How often a page had to be loaded anew because it did not come back by itself. */
  reloads = 0;
  readonly #origin: string;
  readonly #life: AbortController;
  readonly #sightings: Sighting[];
  #boards: { readonly uno: SimulatedUno; endedAtMs?: number }[] = [];
  /** How many faults hold the cable out, and the first one's pull. */
  #pulls = 0;
  #pulled: Promise<void> | undefined;
  #pilotAddress = '';

  private constructor(given: Given) {
    this.server = given.server;
    this.relay = given.relay;
    this.weather = given.weather;
    this.usb = given.usb;
    this.robot = given.robot;
    this.pilot = given.pilot;
    this.second = given.second;
    this.#origin = given.origin;
    this.#life = given.life;
    this.#sightings = given.sightings;
  }

  /** Both are here, and know each other. */
  static async open(): Promise<FaultStage> {
    const life = new AbortController();
    const weather = await PathWeather.open(life.signal);
    const [{ namespace: robotPlace }, { namespace: pilotPlace, address }] = weather.ends;
    const origin = `https://${address}`;
    const usb = new UsbSocket(origin);
    const folder = mkdtempSync(join(tmpdir(), 'telepresent-faults-'));
    life.signal.addEventListener('abort', () => rmSync(folder, { recursive: true, force: true }));
    const sightings: Sighting[] = [];
    const saw = (sighting: Sighting) => void sightings.push(sighting);
    const tabs: Tab[] = [];
    try {
      const relay = new FaultRelay(robotPlace, pilotPlace, address, folder);
      await relay.start();
      const server = new FaultServer(pilotPlace, address, await selfSigned(folder), relay.env);
      await server.start();
      const robot = await Tab.start({ role: 'robot', place: robotPlace, env: usb.env, saw });
      tabs.push(robot);
      const pilot = await Tab.start({ role: 'pilot', place: pilotPlace, before: giveGamepad, saw });
      tabs.push(pilot);
      const second = await Tab.start({ role: 'second', place: pilotPlace, before: giveGamepad, saw });
      tabs.push(second);
      const stage = new FaultStage({ server, relay, weather, usb, robot, pilot, second, origin, life, sightings });
      await stage.#meet();
      return stage;
    } catch (error) {
      for (const tab of tabs) console.error(await tab.report());
      await Promise.allSettled(tabs.map((tab) => tab.end()));
      await usb.close();
      await weather.close();
      life.abort();
      throw error;
    }
  }

  async #meet(): Promise<void> {
    await this.#plugIn();
    await this.openRobot();
    await this.robot.page.getByTestId('board-web-serial').click();
    const first = await robotLink(this.robot.page);
    await this.second.open(first);
    // Only owners take.
    await sayYes(this.robot.page, 'owner');
    await expect.poll(() => this.second.read('pilot-path', 'data-path'), { timeout: READY_WITHIN_MS }).toBeDefined();
    await this.second.close();
    // An invitation counts once.
    await expect.poll(() => robotLink(this.robot.page), { timeout: READY_WITHIN_MS }).not.toBe(first);
    const link = await robotLink(this.robot.page);
    await this.pilot.open(link);
    await sayYes(this.robot.page, 'pilot');
    const id = /#pair\/([^/]+)/.exec(link)?.[1];
    if (!id) throw new Error("the robot's link does not say who it is");
    this.#pilotAddress = `${this.#origin}/#pilot/${id}`;
  }

  openSecond(): Promise<void> {
    return this.second.open(this.#pilotAddress);
  }

  openPilot(): Promise<void> {
    return this.pilot.open(this.#pilotAddress);
  }

  async openRobot(): Promise<void> {
    await this.robot.open(`${this.#origin}/#robot`);
  }

  /** Resolves with the chip without power. The cable stays out until each who pulled it has put it back. */
  async unplug(): Promise<void> {
    this.#pulls++;
    this.#pulled ??= this.#pull();
    await this.#pulled;
  }

  async putBack(): Promise<void> {
    if (--this.#pulls > 0) return;
    this.#pulled = undefined;
    await this.#plugIn();
  }

  async #plugIn(): Promise<void> {
    this.#boards.push({ uno: await this.usb.plugIn() });
  }

  async #pull(): Promise<void> {
    const board = this.#boards.at(-1);
    this.sayToBoard('x');
    await sleep(BATTERY_MS);
    await this.usb.unplug();
    if (board) board.endedAtMs = machineMs();
  }

  /** Letters of simulated-uno.c. */
  sayToBoard(letters: string): void {
    appendFileSync(this.usb.env.RIG_DTR ?? '', letters);
  }

  async push(pushes: readonly Push[]): Promise<void> {
    await this.pilot.run((plan) => window.pushGamepad?.(plan), pushes);
  }

  /** Resolves with the moment from which the wheels turn. Call when ready. */
  async drive(pushes: readonly Push[]): Promise<number> {
    const first = pushes.findIndex(({ x, y }) => x !== 0 || y !== 0);
    const restsMs = pushes.slice(0, first).reduce((sum, { forMs }) => sum + forMs, 0);
    for (let attempt = 0; attempt < 3; attempt++) {
      this.forget();
      const fromMs = machineMs();
      await this.push(pushes);
      try {
        const turning = (pins: Pins) => !still(pins) && pins.wallMs > fromMs;
        await this.usb.uno.pins(turning, 'the wheels turning', restsMs + ROLLS_WITHIN_MS);
        return fromMs;
      } catch {
        console.error(`It did not roll.\n${await this.report()}`);
        await this.makeReady();
      }
    }
    throw new Error('It is ready, and does not roll.');
  }

  /** Everything mended, armed, the hand at rest. Milliseconds it took; pages are loaded anew when they don't come back. */
  async makeReady(): Promise<number> {
    const beganAtMs = machineMs();
    for (let attempt = 0; ; attempt++) {
      if (await this.#comesBack()) return machineMs() - beganAtMs;
      if (attempt === 2) throw new Error(`It does not come back.\n${await this.report()}`);
      this.reloads++;
      console.error(`It has not come back, so its pages are loaded anew.\n${await this.report()}`);
      await this.openRobot().catch(() => {});
      if (attempt === 1) await this.openPilot().catch(() => {});
    }
  }

  async #mend(): Promise<void> {
    await this.weather.clear();
    for (const tab of [this.robot, this.pilot]) tab.thaw();
    await this.second.close();
    await this.server.start();
    await this.relay.start();
    this.sayToBoard('Gl0');
    if (!this.robot.isOpen) await this.openRobot();
    if (!this.pilot.isOpen) await this.openPilot();
    await this.pilot.run(() => {
      window.hidePage?.(false);
      window.plugGamepad?.(true);
      window.stickGamepad?.(false);
      window.pushGamepad?.([]);
    }, undefined);
    await this.robot.run(() => {
      window.hidePage?.(false);
      for (const camera of window.cameras ?? []) camera.enabled = true;
    }, undefined);
    await this.weather.forgetOld();
  }

  async #comesBack(): Promise<boolean> {
    const endMs = machineMs() + READY_WITHIN_MS;
    try {
      await this.#mend();
    } catch {
      // A page that was opened while the server came up: the next look opens it again.
    }
    while (machineMs() < endMs) {
      await sleep(LOOK_EVERY_MS);
      if (!this.robot.isOpen) await this.openRobot().catch(() => this.robot.close());
      if (!this.pilot.isOpen) await this.openPilot().catch(() => this.pilot.close());
      if ((await this.robot.read('robot-failsafe', 'data-failsafe')) === 'stopped') {
        await this.robot.tell('robot-clear', 'held');
      }
      if ((await this.robot.read('robot-board', 'data-at')) !== 'ready') {
        await this.robot.page
          .getByTestId('board-web-serial')
          .click({ timeout: 500 })
          .catch(() => {});
        continue;
      }
      if (await isArmed(this.pilot)) {
        const path = await this.pilot.read('pilot-path', 'data-path');
        if (this.relay.isOnlyWay && path !== 'relayed') continue;
        // After many losses the browser shows pictures late for a while, and who sees late is slowed down.
        if (Number(await this.pilot.read('pilot-cap', 'data-cap')) >= SPEED_CAP_AT_LEAST) return true;
        continue;
      }
      const because = await this.pilot.read('pilot-why', 'data-because');
      // Whoever comes while another still seems to drive asks for it, as people do.
      if (because === 'lease') await this.pilot.tell('pilot-ask', 'click');
      if (because === 'you') await arm(this.pilot);
    }
    return false;
  }

  forget(): void {
    this.#sightings.length = 0;
    this.marks = noMarks();
    this.#boards = this.#boards.slice(-1);
    const uno = this.#boards[0]?.uno;
    uno?.history.splice(0, Math.max(0, uno.history.length - 2));
    uno?.lapses.splice(0);
  }

  /** What is known of this span of time. */
  evidence(span: Span, calmToMs: number, machineStalls: readonly Span[]): Evidence {
    const boards = this.#boards.map(({ uno, endedAtMs }) => ({ history: uno.history, endedAtMs }));
    const calm = { fromMs: span.fromMs, toMs: calmToMs };
    return { ...gather(this.#sightings, boards, span), ...this.marks, machineStalls, calm };
  }

  /** How much time the chip has lost to a busy machine since the last `forget`. */
  get boardBehindMs(): number {
    return this.#boards.flatMap(({ uno }) => uno.lapses).reduce((sum, { behindMs }) => sum + behindMs, 0);
  }

  async report(): Promise<string> {
    const states = {
      board: await this.robot.read('robot-board', 'data-at'),
      failsafe: await this.robot.read('robot-failsafe', 'data-failsafe'),
      told: await this.robot.text('robot-told'),
      delay: await this.pilot.text('pilot-delay'),
      pilot: await this.pilot.read('pilot-state', 'data-at'),
      because: await this.pilot.read('pilot-why', 'data-because'),
      fault: await this.pilot.read('fault', 'data-code'),
      server: this.server.isUp,
    };
    return [JSON.stringify(states), await this.robot.report(), await this.pilot.report()].join('\n');
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.robot.end(), this.pilot.end(), this.second.end()]);
    await this.usb.close();
    await this.weather.close();
    this.#life.abort();
  }
}

function noMarks(): Growing<Marks> {
  return { robotDead: [], handOff: [], stoppedAtMs: [], hungAtMs: [], secondDrove: [] };
}
