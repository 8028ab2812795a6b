/** A pilot's device, and the person at it: arms whenever they may, pushes, lets go; knows no fault by name. */
import { signal } from '@preact/signals-core';
import { type GamepadState, NEUTRAL } from '../../src/core/gamepad-state.ts';
import type { RawGamepad } from '../../src/input/gamepad.ts';
import { openPilotInput } from '../../src/input/pilot-input.ts';
import { startPilot } from '../../src/session/pilot-session.ts';
import type { PilotSession } from '../../src/session/pilot-state.ts';
import type { Settings } from '../../src/storage/settings.ts';
import type { Role } from '../../src/trust/allowlist.ts';
import type { Identity } from '../../src/trust/identity.ts';
import type { Push } from '../faults/fault-list.ts';
import type { Chance } from '../faults/seeded.ts';
import type { Hand } from './oracle.ts';
import type { PageThread } from './page-thread.ts';
import type { Introducing, SimBroker } from './sim-broker.ts';
import type { SimTrack } from './sim-link.ts';
import type { VirtualTime } from './virtual-time.ts';

const LOOKS_EVERY_MS = 60;
const RELOADS_AFTER_MS = 1_000;
const GIVES_AFTER_MS = 700;
/** Whoever gave the lease away looks on for a while before asking for it again. */
const CONTENT_FOR_MS = 5_000;
/** Whoever pushes and sees nothing move lets go for a moment. */
const TRIES_FOR_MS = 3_000;
const LETS_GO_FOR_MS = 300;
/** Whoever pushes so far presses the stick against its rim. */
const PRESSES_FROM = 0.9;
/** Short of the rim a hand trembles by a few thousandths, at least so often. */
const TREMBLES_EVERY_MS = 120;
const TREMBLES_BY = 0.004;
/** What is promised of a pad that stands still: so long it may be believed, short of its rim and at it. */
const STALE_COUNTS_MS = 1_500 + 150;
const STALE_AT_RIM_COUNTS_MS = 5_000 + 150;
const RIM = 0.98;
const RELEASED: RawGamepad['buttons'] = Array.from({ length: 17 }, () => ({ pressed: false, value: 0 }));

export type PilotGiven = {
  readonly time: VirtualTime;
  readonly today: () => number;
  readonly chance: Chance;
  readonly name: string;
  readonly role: Role;
  readonly wants: 'drive' | 'watch';
  /** What it does when somebody else drives. */
  readonly claims: 'ask' | 'take';
  readonly identity: Identity;
  readonly robotId: string;
  readonly settings: Settings;
  readonly broker: SimBroker;
  readonly pushes: readonly Push[];
  readonly introducing: (page: PageThread) => Introducing;
  readonly note: (says: string) => void;
};

export class PilotPage {
  page: PageThread;
  session: PilotSession | undefined;
  readonly attentive = signal(true);
  /** Whether the stick may be pushed at all: a trial's end lets everybody go. */
  mayPush = true;
  gone = false;
  /** Loads of this page that ended for good and were mended by a person. */
  reloads = 0;
  readonly given: PilotGiven;
  readonly #open: () => PageThread;
  #state: GamepadState = NEUTRAL;
  #pushedSinceMs = 0;
  #staleSinceMs: number | undefined;
  #pad = { x: 0, y: 0, changedAtMs: 1 };
  #sampled = { atMs: 0, state: NEUTRAL as GamepadState };
  #push = 0;
  #took = false;
  #networkChanged: () => void = () => {};
  #noticedAtMs: number | undefined;
  #driving: { readonly sinceMs: number } | undefined;
  #gaveAtMs: number | undefined;
  /** When it last saw its push move anything, or let go because none did. */
  #seenToMoveAtMs = 0;
  readonly #reactsInMs: number;

  constructor(open: () => PageThread, given: PilotGiven) {
    this.#open = open;
    this.given = given;
    this.page = open();
    this.#reactsInMs = given.chance.happens(0.2) ? given.chance.between(500, 2_500) : given.chance.between(120, 400);
  }

  start(): void {
    const { page, given } = this;
    page.task(() => {
      this.session = startPilot({
        clock: page.clock,
        today: given.today,
        settings: given.settings,
        robotId: given.robotId,
        pilotName: given.name,
        visit: `visit-${given.name}`,
        wants: given.wants,
        identity: given.identity,
        lasting: true,
        ticket: undefined,
        random: () => given.chance.number(),
        joinBroker: async (life) => given.broker.join(page, life, given.introducing(page)),
        openInput: (told) =>
          openPilotInput({
            ...told,
            clock: page.clock,
            gamepads: () => this.#read(page),
            keys: new EventTarget(),
            page: new EventTarget(),
            touchFirst: false,
          }),
        watchVideo: () => () => {
          const track = this.#track();
          return track?.paintedAtMs === undefined ? undefined : given.time.nowMs - track.paintedAtMs;
        },
        openMicrophone: () => Promise.reject(new Error('none here')),
        attentive: () => this.attentive,
        watchNetwork: (changed: () => void) => {
          this.#networkChanged = changed;
        },
        wakeLock: () => undefined,
      });
      this.session.watch(undefined as unknown as HTMLVideoElement, new AbortController().signal);
    });
    this.#look(page);
  }

  close(): void {
    this.page.task(() => this.session?.close());
  }

  reopen(): void {
    this.page = this.#open();
    this.attentive.value = true;
    this.#staleSinceMs = undefined;
    this.gone = false;
    this.#rest();
    this.start();
  }

  networkChanged(): void {
    this.page.task(() => this.#networkChanged());
  }

  set stale(on: boolean) {
    // Two of these faults at a time end together.
    this.#staleSinceMs = on ? (this.#staleSinceMs ?? this.given.time.nowMs) : undefined;
  }

  /** What is true of it, whatever its page believes. */
  get hand(): Hand {
    const off = this.#isOff;
    const [x, y] = off ? [0, 0] : this.#sampled.state.axes;
    return {
      page: this.page,
      owner: this.given.role === 'owner',
      sampledAtMs: off ? this.given.time.nowMs : this.#sampled.atMs,
      x,
      y,
      attentive: this.attentive.peek(),
      paintedAtMs: this.#track()?.paintedAtMs,
      pushedSinceMs: this.#pushedSinceMs,
    };
  }

  /** No hand is behind a pad that stands still, once that can be told. */
  get #isOff(): boolean {
    if (this.#staleSinceMs === undefined) return false;
    const [x, y] = this.#sampled.state.axes;
    const countsMs = Math.hypot(x, y) < RIM ? STALE_COUNTS_MS : STALE_AT_RIM_COUNTS_MS;
    return this.given.time.nowMs - this.#staleSinceMs > countsMs;
  }

  get drives(): boolean {
    return this.page.awake && this.session?.state.peek().at === 'driving';
  }

  #track(): SimTrack | undefined {
    return this.session?.picture.peek() as unknown as SimTrack | undefined;
  }

  /** What the browser lists when this page asks. */
  #read(page: PageThread): readonly (RawGamepad | null)[] {
    const { nowMs } = this.given.time;
    if (this.gone) {
      this.#sampled = { atMs: nowMs, state: NEUTRAL };
      return [null];
    }
    if (this.#staleSinceMs === undefined) {
      const [x, y] = this.#held(nowMs);
      if (x !== this.#pad.x || y !== this.#pad.y) this.#pad = { x, y, changedAtMs: page.now() };
    }
    const { x, y, changedAtMs } = this.#pad;
    this.#sampled = { atMs: nowMs, state: { ...NEUTRAL, axes: [x, y, 0, 0] } };
    return [
      {
        id: 'Pad',
        index: 0,
        connected: true,
        mapping: 'standard',
        timestamp: changedAtMs,
        axes: [x, y, 0, 0],
        buttons: RELEASED,
      },
    ];
  }

  /** Where the hand holds the stick just now. */
  #held(nowMs: number): readonly [number, number] {
    const [x, y] = this.#state.axes;
    if (this.#state === NEUTRAL || (x === 0 && y === 0)) return [0, 0];
    // Each push at the rim meets another spot of it, where nothing trembles.
    if (Math.abs(y) >= PRESSES_FROM) return [x, Math.sign(y) * (1 - 0.001 * (this.#push % 8))];
    const trembles = ((Math.floor(nowMs / TREMBLES_EVERY_MS) * 4) % 5) - 2;
    return [x, y + (trembles / 2) * TREMBLES_BY];
  }

  #rest(): void {
    if (this.#state !== NEUTRAL) this.#pushedSinceMs = this.given.time.nowMs;
    this.#state = NEUTRAL;
  }

  /** The person looks at the page, again and again, as long as it is there. */
  #look(page: PageThread): void {
    const { time } = this.given;
    time.after(LOOKS_EVERY_MS, () => {
      if (this.page !== page || page.condition === 'dead') return;
      if (page.awake) page.task(() => this.#react());
      this.#look(page);
    });
  }

  #react(): void {
    const { session, given } = this;
    const { time } = given;
    if (!session || given.wants === 'watch') return;
    const state = session.state.peek();
    // The page says of a frozen pad that it wants to be let go.
    const drives = state.at === 'driving' && this.mayPush && !session.input.peek().frozen;
    if (drives) {
      this.#noticedAtMs = undefined;
      this.#drive();
      return;
    }
    this.#driving = undefined;
    // A hand does not let go the moment a page says so.
    this.#noticedAtMs ??= time.nowMs;
    if (time.nowMs - this.#noticedAtMs < this.#reactsInMs) return;
    this.#rest();
    this.#noticedAtMs = time.nowMs - this.#reactsInMs;
    if (state.at === 'ended') this.#reload();
    if (state.at !== 'watching' || !this.mayPush) return;
    if (state.because === 'you' || state.because === 'sticks') session.arm();
    const isContent = this.#gaveAtMs !== undefined && time.nowMs - this.#gaveAtMs < CONTENT_FOR_MS;
    if (state.because === 'lease' && !session.asks.peek() && !isContent) {
      // Two who took it from each other again and again would never get anywhere.
      const takes = given.claims === 'take' && given.role === 'owner' && !this.#took;
      this.#took = true;
      if (takes) session.take();
      else session.ask();
    }
  }

  #drive(): void {
    const { time, pushes, chance } = this.given;
    const push = pushes[this.#push % pushes.length]!;
    const { nowMs } = time;
    const report = this.session?.report.peek();
    this.#driving ??= { sinceMs: nowMs };
    if (report && (report.left !== 0 || report.right !== 0)) this.#seenToMoveAtMs = nowMs;
    const inVainMs = nowMs - Math.max(this.#seenToMoveAtMs, this.#driving.sinceMs);
    if (inVainMs > TRIES_FOR_MS) {
      this.#rest();
      if (inVainMs > TRIES_FOR_MS + LETS_GO_FOR_MS) this.#seenToMoveAtMs = nowMs;
      return;
    }
    if (this.#state === NEUTRAL || nowMs - this.#pushedSinceMs >= push.forMs) {
      this.#push++;
      const next = pushes[this.#push % pushes.length]!;
      this.#pushedSinceMs = nowMs;
      this.#state = { ...NEUTRAL, axes: [next.x, next.y, 0, 0] };
    }
    const [asker] = this.session?.askers?.peek() ?? [];
    if (asker && nowMs - this.#driving.sinceMs > GIVES_AFTER_MS && chance.happens(0.2)) {
      this.#gaveAtMs = nowMs;
      this.session?.give(asker.seat);
    }
  }

  #reload(): void {
    const { time, note } = this.given;
    const { page } = this;
    const state = this.session?.state.peek();
    note(`${this.given.name}: ended ${JSON.stringify(state)}`);
    this.session = undefined;
    this.reloads++;
    time.after(RELOADS_AFTER_MS, () => {
      if (this.page !== page || page.condition === 'dead') return;
      page.die();
      this.reopen();
    });
  }
}
