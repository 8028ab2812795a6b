/** The board on its cable: real firmware, a serial line with its own faults, and the pins; knows no robot. */
import type { Transport, TransportKind } from '../../src/board/transport.ts';
import { type End, Fault } from '../../src/core/fault.ts';
import type { Fault as Trouble } from '../faults/fault-list.ts';
import type { Chance } from '../faults/seeded.ts';
import type { PageThread } from './page-thread.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What every firmware offers, whatever runs it. Milliseconds of true time. */
export interface Firmware {
  /** Wheel power −1…1 as the pins have it. */
  readonly power: { readonly left: number; readonly right: number };
  heard: (bytes: Uint8Array<ArrayBuffer>) => void;
  send(bytes: Uint8Array, nowMs: number): void;
  tick(nowMs: number): void;
  reset(nowMs: number): void;
}

/** 115200 baud, ten bits a byte. */
const BYTES_A_MS = 11.52;
const USB_MS = 1;
/** Opening a port pulls the reset of an Uno, whose bootloader then listens for so long. */
const BOOTLOADER_MS = { least: 400, most: 1_200 };
/** `WDTO_250MS`, and its oscillator is no better than ten per cent. */
const HARDWARE_WATCHDOG_MS = { least: 225, most: 275 };
const LOOK_EVERY_MS = 1;
/** A board that is at rest needs no more, for its own watchdog says when it stopped. */
const REST_EVERY_MS = 20;
/** After the last byte its ramps and its watchdog still have something to do. */
const BUSY_FOR_MS = 700;
const STILL = { left: 0, right: 0 };

export class SimBoard {
  readonly kind: TransportKind;
  /** Each millisecond in which something may move. */
  looked: (power: { readonly left: number; readonly right: number }) => void = () => {};
  /** Whole lines to the firmware, as they arrive. */
  told: (line: string) => void = () => {};
  booted: () => void = () => {};
  readonly #time: VirtualTime;
  readonly #chance: Chance;
  readonly #firmware: Firmware;
  readonly #faults = new Set<Trouble>();
  readonly #page: () => PageThread;
  #open:
    | { readonly page: PageThread; readonly hear: (bytes: Uint8Array) => void; readonly end: (how: End) => void }
    | undefined;
  #plugged = true;
  /** Bootloading or hung: hears nothing. */
  #deaf = false;
  /** Pins let go. */
  #off = false;
  #incarnation = 0;
  #lineFreeAtMs = 0;
  #returned = new Set<{ readonly back: () => void; readonly page: PageThread }>();
  #busyUntilMs = 0;
  #looking = false;
  #line = '';

  constructor(given: { time: VirtualTime; chance: Chance; firmware: Firmware; page: () => PageThread }) {
    this.#time = given.time;
    this.#chance = given.chance;
    this.#firmware = given.firmware;
    this.#page = given.page;
    this.#firmware.heard = (bytes) => this.#say(bytes);
    const open = async () => this.#openPort();
    this.kind = {
      id: 'web-serial',
      availability: async () => 'available',
      choose: open,
      reopen: async () => {
        if (!this.#plugged) return undefined;
        return this.#openPort();
      },
      returned: (back, signal) => {
        const waiting = { back, page: this.#page() };
        this.#returned.add(waiting);
        signal.addEventListener('abort', () => this.#returned.delete(waiting), { once: true });
      },
    };
    this.#rest();
  }

  get power(): { readonly left: number; readonly right: number } {
    return this.#off ? STILL : this.#firmware.power;
  }

  /** Whether a fault of its line is on. */
  get garbles(): boolean {
    return this.#faults.size > 0;
  }

  begin(fault: Trouble): void {
    this.#faults.add(fault);
    if (fault.kind === 'board-garbage') this.#babble(fault);
  }

  end(fault: Trouble): void {
    this.#faults.delete(fault);
  }

  /** It has a supply of its own: pulling the cable does not switch it off. */
  unplug(): void {
    this.#plugged = false;
    const open = this.#open;
    this.#open = undefined;
    open?.page.task(() => open.end({ why: 'lost', fault: new Fault('lost', 'usb', 'unplugged') }));
  }

  plugIn(): void {
    this.#plugged = true;
    const page = this.#page();
    // A page that crashed waits for nothing any more.
    for (const waiting of this.#returned) if (waiting.page === page) page.task(waiting.back);
  }

  /** By its button, or by the line that opens. */
  reset(): void {
    const mine = ++this.#incarnation;
    this.#off = true;
    this.#deaf = true;
    this.#time.after(this.#chance.between(BOOTLOADER_MS.least, BOOTLOADER_MS.most), () => {
      if (mine === this.#incarnation) this.#boot();
    });
  }

  /** Its pins stay as they are until the hardware watchdog bites, which goes past the bootloader. */
  hang(): void {
    const mine = ++this.#incarnation;
    this.#deaf = true;
    this.#time.after(this.#chance.between(HARDWARE_WATCHDOG_MS.least, HARDWARE_WATCHDOG_MS.most), () => {
      if (mine === this.#incarnation) this.#boot();
    });
  }

  #boot(): void {
    this.#off = false;
    this.#deaf = false;
    this.#line = '';
    this.#firmware.reset(this.#time.nowMs);
    this.booted();
    this.#look();
  }

  #openPort(): Transport {
    if (!this.#plugged) throw new Fault('lost', 'usb', 'nothing there');
    const page = this.#page();
    const before = this.#open;
    if (before && before.page === page) throw new Fault('in-use', 'usb', 'open already');
    this.reset();
    let settle: (end: End) => void = () => {};
    const closed = new Promise<End>((resolve) => {
      settle = resolve;
    });
    let incoming: ReadableStreamDefaultController<Uint8Array> | undefined;
    let outgoing: WritableStreamDefaultController | undefined;
    let taken = () => {};
    let ended = false;
    const end = (how: End) => {
      if (ended) return;
      ended = true;
      incoming?.close();
      outgoing?.error(new Error('ended'));
      taken();
      if (this.#open === port) this.#open = undefined;
      settle(how);
    };
    const port = {
      page,
      end,
      hear: (bytes: Uint8Array) => {
        if (!ended) incoming?.enqueue(bytes);
      },
    };
    this.#open = port;
    return {
      label: 'USB board',
      mtu: 64,
      closed,
      readable: new ReadableStream({
        start(controller) {
          incoming = controller;
        },
      }),
      writable: new WritableStream({
        start(controller) {
          outgoing = controller;
        },
        write: (bytes: Uint8Array) => {
          if (ended) throw new Error('ended');
          return new Promise<void>((resolve) => {
            taken = resolve;
            const { nowMs } = this.#time;
            this.#lineFreeAtMs = Math.max(nowMs, this.#lineFreeAtMs) + bytes.length / BYTES_A_MS;
            const copy = bytes.slice();
            this.#time.at(this.#lineFreeAtMs + USB_MS, () => {
              if (this.#open === port && page.condition !== 'dead') this.#hear(copy);
            });
            this.#time.at(this.#lineFreeAtMs, () => page.task(resolve));
          });
        },
      }),
      close: async () => end({ why: 'asked' }),
    };
  }

  #hear(bytes: Uint8Array): void {
    const { nowMs } = this.#time;
    this.#busyUntilMs = nowMs + BUSY_FOR_MS;
    if (!this.#looking) this.#look();
    if (this.#deaf) return;
    const kept = this.#thinned(bytes);
    this.#firmware.send(kept, nowMs);
    for (const byte of kept) {
      if (byte !== 0x0a) this.#line += String.fromCharCode(byte);
      else {
        this.told(this.#line);
        this.#line = '';
      }
    }
    this.looked(this.power);
  }

  #say(bytes: Uint8Array): void {
    if (this.#deaf && this.#off) return;
    const port = this.#open;
    if (!port) return;
    const kept = this.#thinned(bytes);
    this.#time.after(USB_MS + bytes.length / BYTES_A_MS, () => port.page.task(() => port.hear(kept)));
  }

  #babble(fault: Trouble): void {
    if (!this.#faults.has(fault)) return;
    const port = this.#open;
    const noise = Uint8Array.from({ length: this.#chance.whole(1, 40) }, () => this.#chance.whole(0, 255));
    if (port) port.page.task(() => port.hear(noise));
    this.#time.after(this.#chance.between(5, 100), () => this.#babble(fault));
  }

  #thinned(bytes: Uint8Array): Uint8Array {
    let kept = bytes;
    for (const fault of this.#faults) {
      if (fault.kind === 'board-loses-bytes') kept = kept.filter(() => !this.#chance.happens(fault.share));
      // Nonsense from it is instead of its own words.
      else if (fault.kind === 'board-garbage') continue;
    }
    return kept === bytes ? bytes.slice() : kept;
  }

  #look(): void {
    this.#looking = true;
    const { nowMs } = this.#time;
    if (!this.#off && !this.#isHung()) this.#firmware.tick(nowMs);
    const { power } = this;
    this.looked(power);
    if (nowMs < this.#busyUntilMs || power.left !== 0 || power.right !== 0) {
      this.#time.after(LOOK_EVERY_MS, () => this.#look());
    } else this.#looking = false;
  }

  #isHung(): boolean {
    return this.#deaf && !this.#off;
  }

  #rest(): void {
    this.#time.after(REST_EVERY_MS, () => {
      if (!this.#looking && !this.#off && !this.#isHung()) this.#firmware.tick(this.#time.nowMs);
      this.#rest();
    });
  }
}
