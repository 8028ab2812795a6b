/** One page's thread and its clock: tasks in turn, timers by a clock of its own, asleep while blocked or frozen; knows no session. */
import type { Clock } from '../../src/core/clock.ts';
import type { Chance } from '../faults/seeded.ts';
import type { VirtualTime } from './virtual-time.ts';

type Task = { readonly run: () => void; readonly from: 'timer' | 'packet' | 'page' };

/** Of packets a page that was busy for seconds finds no more than these waiting. */
const MOST_PACKETS = 300;
/** Of a frozen page nobody empties the sockets. */
const MOST_PACKETS_FROZEN = 60;
/** So many ticks of one timer pile up at most. */
const MOST_TICKS = 40;
/** One task after the other takes a moment. */
const TASK_MS = 0.02;

/** `dead`: closed or crashed. `frozen`: neither code nor network. `blocked`: no code, while workers and network go on. */
export type Condition = 'awake' | 'blocked' | 'frozen' | 'dead';

export class PageThread {
  readonly clock: Clock;
  condition: Condition = 'awake';
  /** When it last could do nothing, in true time. */
  asleepUntilMs = Number.NEGATIVE_INFINITY;
  readonly #time: VirtualTime;
  readonly #chance: Chance;
  readonly #rate: number;
  readonly #bornAtMs: number;
  readonly #firstMs: number;
  #waiting: Task[] = [];
  #packets = 0;
  /** Whether tasks may have left promises to settle. */
  #ran: () => void;
  #sleeps = 0;

  constructor(time: VirtualTime, chance: Chance, ppm: number, firstMs: number, ran: () => void) {
    this.#time = time;
    this.#chance = chance;
    this.#rate = 1 + ppm / 1e6;
    this.#bornAtMs = time.nowMs;
    this.#firstMs = firstMs;
    this.#ran = ran;
    this.clock = {
      now: () => this.now(),
      after: (ms, run, signal) => {
        if (signal.aborted) return;
        time.after(ms / this.#rate + this.#late(), () => this.#timer(run, signal));
      },
      every: (ms, run, signal) => {
        if (!signal.aborted) this.#tickLater(ms / this.#rate, run, signal, time.nowMs + ms / this.#rate);
      },
    };
  }

  now(): number {
    return this.#firstMs + (this.#time.nowMs - this.#bornAtMs) * this.#rate;
  }

  get awake(): boolean {
    return this.condition === 'awake';
  }

  /** Whether its process answers the network. */
  get onNetwork(): boolean {
    return this.condition === 'awake' || this.condition === 'blocked';
  }

  /** Something for this page to do, which is never lost. */
  task(run: () => void): void {
    this.#enqueue({ run, from: 'page' });
  }

  /** Something came for it, which a crowded socket may drop. */
  packet(run: () => void): void {
    this.#enqueue({ run, from: 'packet' });
  }

  /** Nothing runs until it wakes. A longer sleep outlasts a shorter one. */
  sleep(as: 'blocked' | 'frozen', forMs: number): void {
    if (this.condition === 'dead') return;
    if (this.condition !== 'frozen') this.condition = as;
    this.#sleeps++;
    this.#time.after(forMs, () => {
      if (--this.#sleeps === 0 && this.condition !== 'dead') this.#wake();
    });
  }

  die(): void {
    this.condition = 'dead';
    this.#waiting = [];
  }

  #wake(): void {
    this.condition = 'awake';
    this.asleepUntilMs = this.#time.nowMs;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#packets = 0;
    // What a worker said and what the network brought wait in queues of their own.
    const order = this.#chance.whole(0, 2);
    if (order > 0)
      waiting.sort(
        (one, other) => (order === 1 ? 1 : -1) * (Number(one.from === 'timer') - Number(other.from === 'timer')),
      );
    for (const [i, task] of waiting.entries()) this.#time.after(i * TASK_MS, () => this.#enqueue(task));
  }

  #enqueue(task: Task): void {
    switch (this.condition) {
      case 'dead':
        return;
      case 'awake':
        task.run();
        this.#ran();
        return;
      case 'blocked':
      case 'frozen':
        if (task.from === 'packet') {
          this.#packets++;
          if (this.#packets > (this.condition === 'frozen' ? MOST_PACKETS_FROZEN : MOST_PACKETS)) return;
        }
        this.#waiting.push(task);
        return;
      default:
        this.condition satisfies never;
    }
  }

  #timer(run: () => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#enqueue({ from: 'timer', run: () => signal.aborted || run() });
  }

  #tickLater(everyMs: number, run: () => void, signal: AbortSignal, dueMs: number): void {
    let waiting = 0;
    const tick = () => {
      waiting--;
      run();
    };
    const later = (dueMs: number) => {
      this.#time.at(dueMs + this.#late(), () => {
        if (signal.aborted || this.condition === 'dead') return;
        // A worker's ticks pile up before a busy page; a frozen worker makes up for none.
        if (waiting < (this.condition === 'frozen' ? 1 : MOST_TICKS)) {
          waiting++;
          this.#timer(tick, signal);
        }
        later(Math.max(dueMs + everyMs, this.#time.nowMs));
      });
    };
    later(dueMs);
  }

  #late(): number {
    return this.#chance.number();
  }
}
