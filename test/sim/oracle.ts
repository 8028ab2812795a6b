/** Judges by what the hands did, what arrived when, and what the pins do; knows nothing of how the product decides. */
import type { Side } from '../faults/fault-list.ts';
import type { PageThread } from './page-thread.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A frame counts for so long after its sample. */
const FRESH_MS = 250;
/**
 * Nobody can tell one direction of a path from the other by echoes: an age is known to half the difference of both, which
 * base delays and jitter of these paths keep below this, clocks' whole milliseconds and drift included.
 */
const AGE_TOLERANCE_MS = 50;
const LIVES_STOP_MS = 300;
const DEAD_STOP_MS = 550;
/** A hand's value is sent on for so long, and a picture driven by for so long; one look's time on top. */
const SAMPLE_COUNTS_MS = 150 + 15;
const PICTURE_COUNTS_MS = 700 + 15;
/** From a frame heard to its line at the board. */
const LINE_TAKES_MS = 40;
/** Motors answer to a line within this. */
const FOLLOWS_MS = 20;
/** After a longer silence the hand is off first, and then neutral comes again. */
const FORGOTTEN_MS = 2_000 + 100;
const REST = 0.12;
/** A page that says STOP says it at least so often; after a longer break it is another press. */
const SAYS_STOP_EVERY_MS = 350;
/** So long into a push the wheels turn, if all is well. */
const TURNS_WITHIN_MS = 500;

/** `firmware-differs`: the chip and its core came to different ends. */
export type ViolationKind = 'runaway' | 'stale' | 'stop-ignored' | 'unarmed' | 'firmware-differs';
export type Violation = { readonly kind: ViolationKind; readonly atMs: number; readonly says: string };

/** What is true of a pilot's hand and eyes at this moment, in true time. */
export type Hand = {
  readonly page: PageThread;
  readonly owner: boolean;
  /** When the device was last really read, and what it showed. */
  readonly sampledAtMs: number;
  readonly x: number;
  readonly y: number;
  readonly attentive: boolean;
  readonly paintedAtMs: number | undefined;
  /** Since when the stick has been where it is. */
  readonly pushedSinceMs: number;
};

export type FrameMeta = {
  readonly hand: Hand;
  readonly sentAtMs: number;
  readonly sampledAtMs: number;
  readonly epoch: number;
  readonly enabled: boolean;
  readonly stop: boolean;
  /** When the press began of which it speaks. */
  readonly pressedAtMs: number | undefined;
  readonly x: number;
  readonly y: number;
  /** A hand that is on, and sees what it does. */
  readonly meant: boolean;
};

type Power = { readonly left: number; readonly right: number };

export class Oracle {
  readonly violations: Violation[] = [];
  /** Each stop: from the last frame that meant motion to zero, and whether page and board lived all that time. */
  readonly stops: { readonly inMs: number; readonly lives: boolean }[] = [];
  falseStops = 0;
  staleExecuted = 0;
  /** Nothing has gone wrong yet. */
  calm = true;
  /** Told of everything worth a line. */
  note: (says: string) => void = () => {};
  readonly #time: VirtualTime;
  readonly #handOf: (page: PageThread) => Hand;
  #robot: PageThread | undefined;
  #holder: { readonly page: PageThread; readonly epoch: number } | undefined;
  #lastFreshAtMs = Number.NEGATIVE_INFINITY;
  #lastFreshSentAtMs = Number.NEGATIVE_INFINITY;
  #lastGo: FrameMeta | undefined;
  #lastGoAtMs = Number.NEGATIVE_INFINITY;
  #recentGo: { readonly atMs: number; readonly meta: FrameMeta }[] = [];
  #stoppedAtMs: number | undefined;
  #armed = false;
  /** A drive was ended for them: whoever keeps their hand on starts nothing. */
  #mustLetGo = false;
  /** A frame of this lease was fresh by any reckoning. */
  #surelyHeard = false;
  /** Of each page: the STOP it says, from its press to the last time it was said. */
  readonly #presses = new Map<PageThread, { readonly atMs: number; saidAtMs: number }>();
  readonly #pressOfWord = new WeakMap<Uint8Array, number>();
  /** Presses that were heard, and those of them that were cleared since: they go on until their page hears so. */
  readonly #heardPresses = new Set<number>();
  readonly #spentPresses = new Set<number>();
  #disarmedAtMs = Number.NEGATIVE_INFINITY;
  #moving = false;
  #robotSinceMs = 0;
  #boardHungUntilMs = Number.NEGATIVE_INFINITY;
  #staleLine: { readonly atMs: number; readonly says: string } | undefined;
  #falseStopOfMs = Number.NaN;
  #turnedInPush = Number.NaN;
  #running = false;

  constructor(time: VirtualTime, handOf: (page: PageThread) => Hand) {
    this.#time = time;
    this.#handOf = handOf;
  }

  get moving(): boolean {
    return this.#moving;
  }

  get stopped(): boolean {
    return this.#stoppedAtMs !== undefined;
  }

  get holder(): PageThread | undefined {
    return this.#holder?.page;
  }

  robotStarted(page: PageThread): void {
    this.#robot = page;
    this.#robotSinceMs = this.#time.nowMs;
    // It counts its leases from 1 again, and remembers no hand.
    this.#holder = undefined;
    this.#mustLetGo = false;
    this.#disarm();
  }

  /** `heard`: nothing on its line loses what it says, so the robot knows, and neutral comes first again. */
  boardBooted(heard: boolean): void {
    if (heard) this.#disarm();
  }

  boardHangs(forMs: number): void {
    this.#boardHungUntilMs = this.#time.nowMs + forMs;
  }

  /** `pressedAtMs`: of a page's, which goes on saying it. */
  stopHeard(pressedAtMs?: number): void {
    if (pressedAtMs !== undefined) {
      if (this.#spentPresses.has(pressedAtMs)) return;
      this.#heardPresses.add(pressedAtMs);
    }
    this.#disarm();
    this.#stoppedAtMs ??= this.#time.nowMs;
  }

  cleared(): void {
    if (!this.stopped) return;
    this.#disarm();
    this.#mustLetGo = true;
    this.#stoppedAtMs = undefined;
    for (const press of this.#heardPresses) this.#spentPresses.add(press);
    this.#heardPresses.clear();
  }

  framed(page: PageThread, bytes: Uint8Array): FrameMeta {
    const { nowMs } = this.#time;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const flags = view.getUint8(1);
    const stop = (flags & 2) !== 0;
    if (!stop) this.#presses.delete(page);
    const x = view.getInt16(12, true) / 32767;
    const y = view.getInt16(14, true) / 32767;
    const hand = this.#handOf(page);
    const sees = hand.paintedAtMs !== undefined && nowMs - hand.paintedAtMs <= PICTURE_COUNTS_MS;
    const isOn = Math.hypot(hand.x, hand.y) > REST && nowMs - hand.sampledAtMs <= SAMPLE_COUNTS_MS;
    return {
      hand,
      sentAtMs: nowMs,
      sampledAtMs: hand.sampledAtMs,
      epoch: view.getUint16(2, true),
      enabled: (flags & 1) !== 0,
      stop,
      pressedAtMs: stop ? this.#saysStop(page) : undefined,
      x,
      y,
      meant: (flags & 1) !== 0 && Math.hypot(x, y) > REST && isOn && sees && hand.attentive,
    };
  }

  heard(page: PageThread, _bytes: Uint8Array, meta: FrameMeta, copy: boolean): void {
    const { nowMs } = this.#time;
    if (meta.stop) this.stopHeard(meta.pressedAtMs);
    if (this.#holder?.page !== page || this.#holder.epoch !== meta.epoch || meta.epoch === 0) return;
    const isNew = meta.sentAtMs > this.#lastFreshSentAtMs;
    if (copy || !isNew || nowMs - meta.sampledAtMs > FRESH_MS + AGE_TOLERANCE_MS) return;
    if (nowMs - this.#lastFreshAtMs > FORGOTTEN_MS) {
      this.#mustLetGo ||= this.#surelyHeard;
      this.#disarm();
    }
    if (nowMs - meta.sampledAtMs <= FRESH_MS - AGE_TOLERANCE_MS) this.#surelyHeard = true;
    this.#lastFreshAtMs = nowMs;
    this.#lastFreshSentAtMs = meta.sentAtMs;
    const rests = Math.hypot(meta.x, meta.y) <= REST;
    if (!meta.enabled) this.#mustLetGo = false;
    if (meta.enabled && rests && !this.stopped && !this.#mustLetGo) this.#armed = true;
    if (!meta.meant) return;
    this.#lastGo = meta;
    this.#lastGoAtMs = nowMs;
    this.#recentGo.push({ atMs: nowMs, meta });
    if (this.#recentGo.length > 12) this.#recentGo.shift();
  }

  /** Words as the robot says them: the newest number given to anybody is the lease. */
  said(from: Side, page: PageThread, bytes: Uint8Array): void {
    const word = wordOf(bytes);
    if (from !== 'robot') {
      if (word.type === 'stop') this.#pressOfWord.set(bytes, this.#saysStop(page));
      return;
    }
    if (word.type !== 'welcome' && word.type !== 'lease') return;
    if (!word.epoch || (this.#holder?.page === page && this.#holder.epoch === word.epoch)) return;
    this.#holder = { page, epoch: word.epoch };
    this.#disarm();
    this.#mustLetGo = false;
    this.#surelyHeard = false;
    this.#lastFreshSentAtMs = Number.NEGATIVE_INFINITY;
    this.note(`lease ${word.epoch}`);
  }

  told(to: Side, page: PageThread, bytes: Uint8Array): void {
    if (to !== 'robot') return;
    const { type } = wordOf(bytes);
    if (type === 'stop') this.stopHeard(this.#pressOfWord.get(bytes));
    if (type === 'clear' && this.#handOf(page).owner) this.cleared();
  }

  /** A whole line reached the board. */
  line(line: string): void {
    const [, body = '', left = 0, right = 0, sum] = /^(c(-?\d+),(-?\d+))\*([0-9A-F]{2})$/.exec(line) ?? [];
    // What lost a byte on the way is no order to the board.
    if (sum === undefined || Number.parseInt(sum, 16) !== checksumOf(body)) return;
    if (Number(left) === 0 && Number(right) === 0) return;
    const { nowMs } = this.#time;
    const isMeant = this.#recentGo.some(
      ({ atMs, meta }) => nowMs - atMs <= LINE_TAKES_MS && agrees(meta, Number(left), Number(right)),
    );
    if (isMeant) return;
    this.#staleLine = {
      atMs: nowMs,
      says: `${line} at the board, the last frame that meant motion was heard ${Math.round(nowMs - this.#lastGoAtMs)} ms ago`,
    };
  }

  looked(power: Power): void {
    const { nowMs } = this.#time;
    const moves = power.left !== 0 || power.right !== 0;
    // A line on its way when the arm ended arrives all the same, with the stop right behind it.
    const wasArmed = this.#armed || nowMs - this.#disarmedAtMs <= LINE_TAKES_MS;
    if (moves && !this.#moving && !wasArmed) this.#violated('unarmed', 'moves, and no neutral frame armed it');
    if (!moves && this.#moving) {
      const inMs = nowMs - this.#lastGoAtMs;
      this.stops.push({ inMs, lives: this.#lived() });
      this.#running = false;
    }
    if (moves !== this.#moving) this.note(moves ? 'wheels turn' : 'wheels stand');
    this.#moving = moves;
    if (!moves) {
      this.#lookForFalseStop();
      return;
    }
    const inMs = nowMs - this.#lastGoAtMs;
    const lives = this.#lived();
    if (inMs > (lives ? LIVES_STOP_MS : DEAD_STOP_MS) && !this.#running) {
      this.#running = true;
      this.#violated(
        'runaway',
        `turns ${Math.round(inMs)} ms after the last fresh frame, the robot ${lives ? 'lives' : 'does not live'}`,
      );
    }
    if (this.#stoppedAtMs !== undefined && nowMs - this.#stoppedAtMs > LIVES_STOP_MS && !this.#running) {
      this.#running = true;
      this.#violated('stop-ignored', `turns ${Math.round(nowMs - this.#stoppedAtMs)} ms after STOP`);
    }
    if (this.#staleLine && nowMs - this.#staleLine.atMs <= FOLLOWS_MS) {
      this.staleExecuted++;
      this.#violated('stale', this.#staleLine.says);
      this.#staleLine = undefined;
    }
    const hand = this.#lastGo?.hand;
    if (hand && this.#lastGoAtMs > hand.pushedSinceMs) this.#turnedInPush = hand.pushedSinceMs;
  }

  /** Call it now and then, also while nothing moves. */
  #lookForFalseStop(): void {
    if (!this.calm || !this.#holder || !this.#lastGo) return;
    const hand = this.#handOf(this.#holder.page);
    const isPushed = Math.hypot(hand.x, hand.y) > 0.35;
    if (!isPushed || hand.pushedSinceMs !== this.#turnedInPush) return;
    if (this.#time.nowMs - hand.pushedSinceMs < TURNS_WITHIN_MS || this.#falseStopOfMs === hand.pushedSinceMs) return;
    this.#falseStopOfMs = hand.pushedSinceMs;
    this.falseStops++;
    this.note('false stop');
  }

  /** Whether the robot's page and the board could do their part ever since the last frame that meant motion. */
  #lived(): boolean {
    const robot = this.#robot;
    const since = this.#lastGoAtMs;
    if (!robot?.awake || robot.asleepUntilMs >= since || this.#robotSinceMs > since) return false;
    return this.#boardHungUntilMs < since;
  }

  /** When the press began that this page says now, or goes on saying. */
  #saysStop(page: PageThread): number {
    const { nowMs } = this.#time;
    const before = this.#presses.get(page);
    const press = before && nowMs - before.saidAtMs <= SAYS_STOP_EVERY_MS ? before : { atMs: nowMs, saidAtMs: nowMs };
    press.saidAtMs = nowMs;
    this.#presses.set(page, press);
    return press.atMs;
  }

  #disarm(): void {
    if (this.#armed) this.#disarmedAtMs = this.#time.nowMs;
    this.#armed = false;
  }

  #violated(kind: ViolationKind, says: string): void {
    this.violations.push({ kind, atMs: this.#time.nowMs, says });
    this.note(`VIOLATION ${kind}: ${says}`);
  }
}

/** Forward is −y, and x turns right: where a wheel's share is clear, its sign must be that. */
function agrees({ x, y }: FrameMeta, left: number, right: number): boolean {
  const wheel = (share: number, power: number) =>
    Math.abs(share) < 0.3 || power === 0 || Math.sign(share) === Math.sign(power);
  return wheel(-y + x, left) && wheel(-y - x, right);
}

/** As docs/WIRE.md has it. */
function checksumOf(body: string): number {
  let sum = 0;
  for (let i = 0; i < body.length; i++) sum = (sum + body.charCodeAt(i)) & 0xff;
  return sum;
}

function wordOf(bytes: Uint8Array): { readonly type?: string; readonly epoch?: number } {
  return JSON.parse(new TextDecoder().decode(bytes)) as { readonly type?: string };
}
