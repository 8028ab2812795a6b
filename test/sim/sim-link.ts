/** A link between two simulated pages: a reliable channel, a lossy one, pictures and an end; knows neither words nor frames. */
import { signal } from '@preact/signals-core';
import { type End, Fault } from '../../src/core/fault.ts';
import type { Channel, Link, Vitals } from '../../src/net/link.ts';
import type { Side } from '../faults/fault-list.ts';
import type { Chance } from '../faults/seeded.ts';
import type { Network } from './network.ts';
import type { PageThread } from './page-thread.ts';
import type { VirtualTime } from './virtual-time.ts';

/** As in the real link: until an end admits the other it hears short words only, and keeps few of them. */
const STRANGERS_BYTES = 2048;
const STRANGERS_KEPT = 4;
const ALL_KEPT = 16;
const FIRST_RETRANSMISSION_MS = 400;
const SLOWEST_RETRANSMISSION_MS = 3_000;
/** `maxPacketLifeTime` of the real `control` channel. */
const LIFETIME_MS = 100;
/** The frame in flight when a path dies is the one that SCTP sends again after it. */
const LEAKS = 0.03;
const LEAK_AGAIN_MS = 500;
const LEAKS_FOR_MS = 6_000;
const ASK_ALIVE_EVERY_MS = 1_000;
const PICTURE_EVERY_MS = 40;
const PICTURE_BYTES = 1_200;

/** What is seen at the other end: a track, as far as a session knows one. */
export type SimTrack = {
  readonly kind: 'video' | 'audio';
  readonly lives: () => boolean;
  paintedAtMs: number | undefined;
};

export type Wiretap<Meta> = {
  /** A frame leaves the pilot's page; what is returned arrives with it. */
  readonly framed: (page: PageThread, bytes: Uint8Array) => Meta;
  /** It is about to be heard by the robot's page. `copy`: it was heard before. */
  readonly heard: (page: PageThread, bytes: Uint8Array, meta: Meta, copy: boolean) => void;
  readonly said: (from: Side, pilot: PageThread, bytes: Uint8Array) => void;
  readonly told: (to: Side, pilot: PageThread, bytes: Uint8Array) => void;
};

type Given<Meta> = {
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly network: Network;
  readonly pages: Readonly<Record<Side, PageThread>>;
  readonly relayed: boolean;
  readonly tap: Wiretap<Meta>;
};

const other = (side: Side): Side => (side === 'robot' ? 'pilot' : 'robot');
let named = 0;

export class SimLink<Meta> {
  readonly ends: Readonly<Record<Side, Link>>;
  readonly relayed: boolean;
  readonly #given: Given<Meta>;
  readonly #generation: number;
  readonly #diesAfterMs: number;
  readonly #finish: Record<Side, (end: End) => void>;
  readonly #admitted = { robot: signal(false), pilot: signal(false) };
  readonly #open = { robot: true, pilot: true };
  readonly #heardAtMs: Record<Side, number>;
  readonly #reliable = { robot: this.#pipe(), pilot: this.#pipe() };
  readonly #got: Record<'messages' | 'control', Record<Side, ((bytes: Uint8Array<ArrayBuffer>) => void) | undefined>> =
    {
      messages: { robot: undefined, pilot: undefined },
      control: { robot: undefined, pilot: undefined },
    };
  readonly #early: Record<Side, Uint8Array<ArrayBuffer>[]> = { robot: [], pilot: [] };
  readonly #tracks = { robot: signal<readonly SimTrack[]>([]), pilot: signal<readonly SimTrack[]>([]) };
  readonly #vitals = { robot: signal(vitalsOf(undefined)), pilot: signal(vitalsOf(undefined)) };
  /** Both ends have gone, or nobody can notice any more. */
  #over = false;

  constructor(given: Given<Meta>) {
    this.#given = given;
    this.relayed = given.relayed;
    this.#generation = given.network.generation;
    this.#diesAfterMs = given.chance.between(8_000, 20_000);
    this.#heardAtMs = { robot: given.time.nowMs, pilot: given.time.nowMs };
    const finish: Partial<Record<Side, (end: End) => void>> = {};
    const closed = (side: Side) =>
      new Promise<End>((resolve) => {
        finish[side] = (end) => {
          if (!this.#open[side]) return;
          this.#open[side] = false;
          resolve(end);
        };
      });
    const ended = { robot: closed('robot'), pilot: closed('pilot') };
    this.#finish = finish as Record<Side, (end: End) => void>;
    named = (named + 1) & 0xffff;
    const name = named;
    this.ends = { robot: this.#end('robot', ended.robot, name), pilot: this.#end('pilot', ended.pilot, name) };
    this.#askAlive();
    this.#film();
  }

  /** As when the relay it ran through is gone. */
  cut(): void {
    this.#cut = true;
  }
  #cut = false;
  readonly #resting = { pilot: false, robot: false };

  #end(side: Side, closed: Promise<End>, name: number): Link {
    const admitted = this.#admitted[side];
    const fingerprint = (of: Side) =>
      `${(of === 'robot' ? 'aa:' : 'bb:').repeat(31)}${(name & 0xff).toString(16).padStart(2, '0')}`;
    return {
      peerId: `${other(side)}-${name}`,
      fingerprints: { local: fingerprint(side), remote: fingerprint(other(side)) },
      messages: this.#channel(side, 'messages'),
      control: this.#channel(side, 'control'),
      remoteTracks: this.#tracks[side] as unknown as Link['remoteTracks'],
      vitals: this.#vitals[side],
      admit: () => {
        admitted.value = true;
      },
      show: (track, until) => {
        const shown: SimTrack = { ...(track as unknown as SimTrack), paintedAtMs: undefined };
        const tracks = this.#tracks[other(side)];
        this.#word(side, 60, () => {
          tracks.value = [...tracks.value, shown];
        });
        until.addEventListener('abort', () => {
          this.#word(side, 60, () => {
            tracks.value = tracks.value.filter((each) => each !== shown);
          });
        });
      },
      rest: (on) => {
        this.#resting[side] = on;
      },
      closed,
      close: () => {
        if (!this.#open[side]) return;
        // One goodbye and one more try, as long as the real one waits for it.
        const bye = () =>
          this.#send(side, 60, () => this.#task(other(side), () => this.#finish[other(side)]({ why: 'asked' })));
        if (!bye()) this.#given.time.after(200, bye);
        this.#finish[side]({ why: 'asked' });
      },
    };
  }

  #channel(side: Side, kind: 'messages' | 'control'): Channel {
    const got = this.#got[kind];
    return {
      send: (bytes) => {
        if (!this.#open[side]) return false;
        if (kind === 'control') return this.#frame(side, bytes);
        const { tap, pages } = this.#given;
        tap.said(side, pages.pilot, bytes);
        this.#word(side, bytes.length, () => this.#hearWord(other(side), bytes));
        return true;
      },
      receive: (receiver, until) => {
        got[side] = receiver;
        const early = this.#early[side];
        while (kind === 'messages' && got[side] === receiver && early.length > 0) this.#deliver(side, early.shift()!);
        until.addEventListener('abort', () => {
          if (got[side] === receiver) got[side] = undefined;
        });
      },
    };
  }

  #hearWord(side: Side, bytes: Uint8Array<ArrayBuffer>): void {
    const open = this.#admitted[side].peek();
    if (!open && bytes.length > STRANGERS_BYTES) {
      this.#finish[side]({ why: 'lost', fault: new Fault('refused', 'pilot', `${bytes.length} bytes`) });
    } else if (this.#got.messages[side]) this.#deliver(side, bytes);
    else if (this.#early[side].length < (open ? ALL_KEPT : STRANGERS_KEPT)) this.#early[side].push(bytes);
  }

  #deliver(side: Side, bytes: Uint8Array<ArrayBuffer>): void {
    this.#given.tap.told(side, this.#given.pages.pilot, bytes);
    this.#got.messages[side]?.(bytes);
  }

  #frame(from: Side, bytes: Uint8Array<ArrayBuffer>): boolean {
    if (!this.#admitted[from].peek()) return false;
    const { time, chance, pages, tap } = this.#given;
    const to = other(from);
    const meta = from === 'pilot' ? tap.framed(pages.pilot, bytes) : undefined;
    const sentAtMs = time.nowMs;
    let copies = 0;
    const arrive = () =>
      pages[to].packet(() => {
        const got = this.#got.control[to];
        if (!got || !this.#open[to] || !this.#admitted[to].peek()) return;
        if (meta !== undefined) tap.heard(pages.pilot, bytes, meta, copies++ > 0);
        got(bytes);
      });
    const attempt = () => this.#send(from, bytes.length, arrive);
    if (attempt()) return true;
    // A frame that was missed is sent again while it is young; one of the last before a dead path is sent long after.
    const againMs = chance.between(20, 150);
    const leaks = chance.happens(LEAKS);
    const again = () => {
      if (!attempt() && leaks && time.nowMs - sentAtMs < LEAKS_FOR_MS) time.after(LEAK_AGAIN_MS, again);
    };
    if (leaks || againMs < LIFETIME_MS) time.after(againMs, again);
    return true;
  }

  #pipe() {
    return { next: 0, due: 0, arrived: new Map<number, () => void>() };
  }

  /** In order and without loss, however often it takes. */
  #word(from: Side, bytes: number, arrive: () => void): void {
    const to = other(from);
    const pipe = this.#reliable[to];
    const number = pipe.next++;
    const { time } = this.#given;
    let here = false;
    const hear = () => {
      if (here) return;
      here = true;
      pipe.arrived.set(number, arrive);
      for (let next = pipe.arrived.get(pipe.due); next; next = pipe.arrived.get(pipe.due)) {
        pipe.arrived.delete(pipe.due++);
        this.#task(to, next);
      }
    };
    const attempt = (waitMs: number) => {
      if (here || this.#over || this.#given.pages[from].condition === 'dead') return;
      this.#send(from, bytes, hear);
      time.after(waitMs, () => attempt(Math.min(2 * waitMs, SLOWEST_RETRANSMISSION_MS)));
    };
    attempt(FIRST_RETRANSMISSION_MS);
  }

  /** One packet. `arrive` finds the other process there. */
  #send(from: Side, bytes: number, arrive: () => void): boolean {
    const to = other(from);
    const { network, pages, time } = this.#given;
    if (this.#cut || this.#generation !== network.generation) return false;
    return network.send(to, this.#generation, bytes, () => {
      if (pages[to].condition === 'dead' || this.#cut) return;
      this.#heardAtMs[to] = time.nowMs;
      arrive();
    });
  }

  #task(to: Side, run: () => void): void {
    this.#given.pages[to].task(() => {
      if (this.#open[to]) run();
    });
  }

  /** What ICE does: asks, measures, and gives up after long. */
  #askAlive(): void {
    const { time, pages } = this.#given;
    const ask = () => {
      this.#over = (['robot', 'pilot'] as const).every((side) => !this.#open[side] || pages[side].condition === 'dead');
      if (this.#over) return;
      for (const side of ['robot', 'pilot'] as const) {
        if (!this.#open[side] || !pages[side].onNetwork) continue;
        if (time.nowMs - this.#heardAtMs[side] > this.#diesAfterMs) {
          const fault = new Fault('lost', other(side), 'the connection is failed');
          pages[side].task(() => this.#finish[side]({ why: 'lost', fault }));
          continue;
        }
        const askedAtMs = time.nowMs;
        this.#send(side, 20, () => {
          const to = other(side);
          if (!pages[to].onNetwork || !this.#open[to]) return;
          this.#send(to, 20, () => {
            const tripMs = time.nowMs - askedAtMs;
            this.#task(side, () => {
              this.#vitals[side].value = vitalsOf(tripMs);
            });
          });
        });
      }
      time.after(ASK_ALIVE_EVERY_MS, ask);
    };
    time.after(1, ask);
  }

  #film(): void {
    const { time, network, pages, chance } = this.#given;
    const shoot = () => {
      if (this.#over || !this.#open.pilot || !this.#open.robot) return;
      time.after(PICTURE_EVERY_MS, shoot);
      const track = this.#tracks.pilot.peek()[0];
      if (!track?.lives() || !pages.robot.onNetwork || this.#cut || this.#resting.robot) return;
      // The encoder makes smaller pictures on a thin path, so they do not fill the queue of what is more urgent.
      network.send('pilot', this.#generation, chance.happens(0.9) ? 0 : PICTURE_BYTES / 10, () => {
        if (pages.pilot.onNetwork) track.paintedAtMs = time.nowMs;
      });
    };
    time.after(PICTURE_EVERY_MS, shoot);
  }
}

function vitalsOf(roundTripMs: number | undefined): Vitals {
  return { path: 'direct', roundTripMs, framesPerSecond: undefined, bitrateKbps: undefined, lost: undefined };
}
