/** A board made of the firmware's own core, compiled for this machine; knows no wire, no pins and no time of its own. */
import { readFile } from 'node:fs/promises';

/** What firmware/wasm/board-core-wasm.cpp exports; times in milliseconds of a clock that may wrap at 2³². */
type Core = {
  readonly memory: WebAssembly.Memory;
  boot(nowMs: number): void;
  hear(byte: number, nowMs: number): void;
  tick(nowMs: number): void;
  left(): number;
  right(): number;
  armed(): number;
  latched(): number;
  lamp(): number;
  buzzer(): number;
  servo(channel: number): number;
};

const FULL_POWER = 255;

/** Times in whole or broken milliseconds, never backward between two resets. */
export class WasmBoard {
  /** Takes each line the board says as it is said, its LF included. */
  heard: (line: Uint8Array<ArrayBuffer>) => void = () => {};
  batteryMv = 7900;
  readonly #core: Core;

  /** Booted at 0 ms, unheard: call `reset` to hear it boot. `module` is what `load` gives; boards share no state. */
  constructor(module: WebAssembly.Module) {
    const { exports } = new WebAssembly.Instance(module, {
      board: {
        say: (at: number, length: number) => this.heard(new Uint8Array(this.#core.memory.buffer, at, length).slice()),
        batteryMv: () => this.batteryMv,
      },
    });
    this.#core = exports as Core;
    this.#core.boot(0);
  }

  /** Compiles the core once, for any number of boards. A bundle that lies elsewhere says where the file is. */
  static async load(file = new URL('./board-core.wasm', import.meta.url)): Promise<WebAssembly.Module> {
    return WebAssembly.compile(await readFile(file));
  }

  /** −1…1, zero whenever the board is disarmed. */
  get power(): { readonly left: number; readonly right: number } {
    return { left: this.#core.left() / FULL_POWER, right: this.#core.right() / FULL_POWER };
  }

  get armed(): boolean {
    return this.#core.armed() !== 0;
  }

  get latched(): boolean {
    return this.#core.latched() !== 0;
  }

  get lamp(): boolean {
    return this.#core.lamp() !== 0;
  }

  get buzzer(): boolean {
    return this.#core.buzzer() !== 0;
  }

  /** 0…180 each; undefined before the first word about it. */
  get servoDegrees(): readonly (number | undefined)[] {
    return [0, 1].map((channel) => {
      const degrees = this.#core.servo(channel);
      return degrees < 0 ? undefined : degrees;
    });
  }

  /** Bytes from the wire, which may end in the middle of a line. */
  send(bytes: Uint8Array, nowMs: number): void {
    const wholeMs = whole(nowMs);
    for (const byte of bytes) this.#core.hear(byte, wholeMs);
  }

  /**
   * Lets time pass: watchdog, ramps, buzzer, battery. The sketch calls this about once a millisecond, and so must
   * who wants what the pins do in between: a later call finds the same stop, but finds it later. In so long a gap
   * a ramp moves by 250 ms at most.
   */
  tick(nowMs: number): void {
    this.#core.tick(whole(nowMs));
  }

  /** The reset button: everything off and forgotten, disarmed, unlatched, and said so. */
  reset(nowMs: number): void {
    this.#core.boot(whole(nowMs));
  }
}

/** As `millis()` has it: whole milliseconds that began. */
function whole(nowMs: number): number {
  return Math.floor(nowMs) >>> 0;
}
