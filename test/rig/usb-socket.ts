/** A USB socket that Chromium believes in: simulated Unos go in and out of it; knows no page. */
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { built } from './build-rig.ts';
import { SimulatedUno } from './simulated-uno.ts';

/** Where Chromium and Chrome look for rules on Linux: a headless browser shows no picker, but a rule can grant a port. */
const POLICY_FOLDERS = [
  '/etc/chromium/policies/managed',
  ...(existsSync('/opt/google/chrome') ? ['/etc/opt/chrome/policies/managed'] : []),
];

export class UsbSocket {
  readonly #folder = mkdtempSync(join(tmpdir(), 'telepresent-rig-'));
  readonly #policies: string[] = [];
  #uno: SimulatedUno | undefined;
  /** Also while what is plugged in still starts. */
  #taken = false;

  /** `origin`: the pages that may use every serial port. */
  constructor(origin: string) {
    for (const file of ['ports', 'events', 'dtr']) writeFileSync(this.#file(file), '');
    for (const folder of POLICY_FOLDERS) this.#allow(origin, folder);
  }

  /** For the environment of the browser. */
  get env(): Readonly<Record<string, string>> {
    return {
      LD_LIBRARY_PATH: built(''),
      LD_PRELOAD: built('modem-lines.so'),
      RIG_PORTS: this.#file('ports'),
      RIG_EVENTS: this.#file('events'),
      RIG_DTR: this.#file('dtr'),
    };
  }

  /** The board that is plugged in. */
  get uno(): SimulatedUno {
    if (!this.#uno) throw new Error('nothing is plugged in');
    return this.#uno;
  }

  async plugIn(): Promise<SimulatedUno> {
    if (this.#taken) throw new Error('something is plugged in already');
    this.#taken = true;
    const node = this.#file('ttyACM0');
    this.#uno = await SimulatedUno.plugIn(node, this.#file('dtr'));
    // Chromium wants a device number that /proc/tty/drivers gives to a serial driver; 4, 64 is ttyS0.
    writeFileSync(this.#file('ports'), `ttyACM0 ${node} 4 64 2341 0043 RIG Simulated\\x20Uno\n`);
    appendFileSync(this.#file('events'), 'add ttyACM0\n');
    return this.#uno;
  }

  async unplug(): Promise<void> {
    const uno = this.#uno;
    if (!uno) return;
    this.#uno = undefined;
    this.#taken = false;
    writeFileSync(this.#file('ports'), '');
    await uno.unplug();
    appendFileSync(this.#file('events'), 'remove ttyACM0\n');
  }

  /** The button beside the chip. */
  pressReset(): void {
    appendFileSync(this.#file('dtr'), '^');
  }

  async close(): Promise<void> {
    await this.unplug();
    for (const path of [this.#folder, ...this.#policies]) rmSync(path, { recursive: true, force: true });
  }

  #allow(origin: string, folder: string): void {
    const policy = join(folder, `telepresent-rig-${process.pid}.json`);
    try {
      mkdirSync(folder, { recursive: true });
      writeFileSync(policy, JSON.stringify({ SerialAllowAllPortsForUrls: [origin] }));
    } catch (cause) {
      throw new Error(`The rig writes a rule for the browser into ${folder}. Run it as root.`, { cause });
    }
    this.#policies.push(policy);
  }

  #file(name: string): string {
    return join(this.#folder, name);
  }
}
