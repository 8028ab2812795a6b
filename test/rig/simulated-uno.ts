/** One simulated Uno on a pty, as a test holds it: plugged in, watched at its pins, pulled out. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { built, FIRMWARE } from './build-rig.ts';

export type Pins = {
  /** Milliseconds of the chip's own time. */
  readonly atMs: number;
  /** Milliseconds of this machine's monotonic clock, as `process.hrtime` and Chromium's metrics have it. */
  readonly wallMs: number;
  /** Duty, −255…255. */
  readonly left: number;
  readonly right: number;
  /** Degrees; −1 without pulses. */
  readonly servo0: number;
  readonly servo1: number;
  readonly lamp: boolean;
  readonly buzzer: boolean;
};

/** When the machine gave the chip no time, so that the chip's clock lost some, and how much. */
export type Lapse = { readonly wallMs: number; readonly behindMs: number };

export class SimulatedUno {
  /** Every change since the start, oldest first. */
  readonly history: Pins[] = [];
  readonly lapses: Lapse[] = [];
  readonly #process: ChildProcess;
  readonly #watching = new Set<() => void>();
  #exited = false;

  private constructor(process: ChildProcess) {
    this.#process = process;
    process.once('exit', () => {
      this.#exited = true;
    });
  }

  /** `node`: the link that becomes its port; `dtrFile`: each byte appended to it resets the chip. */
  static async plugIn(node: string, dtrFile: string): Promise<SimulatedUno> {
    const child = spawn(built('simulated-uno'), ['live', FIRMWARE, node, dtrFile], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const uno = new SimulatedUno(child);
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => uno.#hear(line));
    await uno.pins(() => true, 'the first sight of its pins');
    return uno;
  }

  get now(): Pins {
    const last = this.history.at(-1);
    if (!last) throw new Error('the chip has not started');
    return last;
  }

  /** Resolves with the first pins, from now on, that are as wanted. */
  pins(wanted: (pins: Pins) => boolean, what: string, patienceMs = 8000): Promise<Pins> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const last = this.history.at(-1);
        if (!last || !wanted(last)) return;
        this.#watching.delete(look);
        clearTimeout(late);
        resolve(last);
      };
      const late = setTimeout(() => {
        this.#watching.delete(look);
        reject(new Error(`${what}: not within ${patienceMs} ms; the pins are ${JSON.stringify(this.history.at(-1))}`));
      }, patienceMs);
      this.#watching.add(look);
      look();
    });
  }

  async unplug(): Promise<void> {
    if (this.#exited) return;
    const exit = once(this.#process, 'exit');
    this.#process.kill();
    await exit;
  }

  #hear(line: string): void {
    if (line.includes('"behindMs"')) this.lapses.push(JSON.parse(line));
    if (!line.startsWith('{"atMs"')) return;
    this.history.push(JSON.parse(line));
    for (const look of this.#watching) look();
  }
}

export const still = ({ left, right }: Pins) => left === 0 && right === 0;
