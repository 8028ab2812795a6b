/** The way between two devices, as bad as the faults of the moment make it; knows packets by length only. */
import type { Fault, Schedule, Side } from '../faults/fault-list.ts';
import type { Chance } from '../faults/seeded.ts';
import type { VirtualTime } from './virtual-time.ts';

/** IP, UDP, DTLS and SCTP around what a channel sends. */
const HEADERS_BYTES = 80;
/** What a bottleneck keeps before it drops. */
const QUEUE_MS = 1_500;
const COPY_LATER_MS = 40;

type Direction = { burst: boolean; freeAtMs: number; readonly held: (() => void)[] };

export class Network {
  /** Of the path in use: links of an earlier one are dead. */
  generation = 0;
  readonly #time: VirtualTime;
  readonly #chance: Chance;
  readonly #faults = new Set<Fault>();
  readonly #directions: Record<Side, Direction> = {
    robot: { burst: false, freeAtMs: 0, held: [] },
    pilot: { burst: false, freeAtMs: 0, held: [] },
  };
  readonly #jitterMs: number;
  readonly #loss: number;
  #delayMs: number;

  constructor(time: VirtualTime, chance: Chance, path: Schedule['path']) {
    this.#time = time;
    this.#chance = chance;
    this.#delayMs = path.delayMs;
    this.#jitterMs = path.jitterMs;
    this.#loss = path.loss;
  }

  begin(fault: Fault): void {
    this.#faults.add(fault);
  }

  end(fault: Fault): void {
    this.#faults.delete(fault);
    if (fault.kind === 'outage-replayed' && !this.#has('outage-replayed')) this.#replay();
  }

  change(delayMs: number): void {
    this.generation++;
    this.#delayMs = delayMs;
    for (const direction of Object.values(this.#directions)) direction.held.length = 0;
  }

  /** A packet of the path `generation` towards `toward`. False when it is lost; `arrive` runs once for each copy. */
  send(toward: Side, generation: number, bytes: number, arrive: () => void): boolean {
    const direction = this.#directions[toward];
    if (generation !== this.generation || this.#isLost(toward, direction)) return false;
    if (this.#has('outage-replayed')) {
      direction.held.push(arrive);
      return true;
    }
    let delayMs = this.#delayMs + this.#chance.number() * this.#jitterMs;
    let copies = 1;
    for (const fault of this.#faults) {
      switch (fault.kind) {
        case 'jitter':
          delayMs += this.#chance.number() * fault.upToMs;
          break;
        case 'reordering':
          if (this.#chance.happens(fault.share)) delayMs += fault.byMs;
          break;
        case 'duplicates':
          if (this.#chance.happens(fault.share)) copies++;
          break;
        case 'rate-collapse': {
          const { nowMs } = this.#time;
          const beginMs = Math.max(nowMs, direction.freeAtMs);
          if (beginMs - nowMs > QUEUE_MS) return false;
          direction.freeAtMs = beginMs + ((bytes + HEADERS_BYTES) * 8) / fault.kbps;
          delayMs += direction.freeAtMs - nowMs;
          break;
        }
        default:
      }
    }
    for (let i = 0; i < copies; i++) {
      this.#time.after(delayMs + (i > 0 ? this.#chance.number() * COPY_LATER_MS : 0), arrive);
    }
    return true;
  }

  #has(kind: Fault['kind']): boolean {
    for (const fault of this.#faults) if (fault.kind === kind) return true;
    return false;
  }

  #isLost(toward: Side, direction: Direction): boolean {
    if (this.#loss > 0 && this.#chance.happens(this.#loss)) return true;
    for (const fault of this.#faults) {
      switch (fault.kind) {
        case 'blackout':
          return true;
        case 'one-way-loss':
          if (fault.toward === toward) return true;
          break;
        case 'loss':
          if (this.#chance.happens(fault.share)) return true;
          break;
        case 'bursty-loss': {
          // Gilbert and Elliott's two states, left so often that bursts have their length and their share.
          const leave = 1 / fault.packets;
          const enter = (leave * fault.share) / (1 - fault.share);
          direction.burst = this.#chance.happens(direction.burst ? 1 - leave : enter);
          if (direction.burst) return true;
          break;
        }
        default:
      }
    }
    return false;
  }

  #replay(): void {
    for (const { held } of Object.values(this.#directions)) {
      for (const [i, arrive] of held.splice(0).entries()) this.#time.after(this.#delayMs + i * 0.05, arrive);
    }
  }
}
