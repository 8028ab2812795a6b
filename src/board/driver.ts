/** The dialects boards speak and the board they make of a transport, as types; knows no browser power. */
import type { ReadonlySignal } from '@preact/signals-core';
import type { Decoded, End, Fault } from '../core/fault.ts';
import type { GamepadState } from '../core/gamepad-state.ts';
import type { Motion } from '../core/motion.ts';
import type { BoardNews } from '../protocol/board-lines.ts';

/** A dialect, pure: motion in, bytes out; bytes in, news out. */
export interface Dialect {
  readonly id: string;
  /** What a person calls such a board. */
  readonly name: string;
  /** How soon after the last line of a drive it stops by itself, once it is ready. Who never does gets no dialect. */
  readonly silenceMs: number;
  /** How it proves that, before it is ready. Undefined where the dialect has no such news: then nothing is tried. */
  readonly selfTest: SelfTest | undefined;
  /** The lines for this motion. A writer may split them anywhere: the board waits for the LF. */
  encode(motion: Motion, gamepad: GamepadState): Uint8Array<ArrayBuffer>;
  /** What to send once the board has said who it is and is tried, to have its battery reported every second. Empty where it has none. */
  readonly greeting: Uint8Array<ArrayBuffer>;
  /** What to send to stop, each time, until heard. */
  readonly stop: Uint8Array<ArrayBuffer>;
  /** What to send to latch the board's own e-stop, and to clear it. Empty where the dialect has none. */
  readonly emergencyStop: Uint8Array<ArrayBuffer>;
  readonly clearStop: Uint8Array<ArrayBuffer>;
  /** One line, without its LF. */
  decode(line: Uint8Array): Decoded<BoardNews>;
}

/** Arms a board at zero power and lets the line go quiet. Nothing else is said meanwhile, so nothing can move. */
export type SelfTest = {
  /** What to send, and to send again when no news came. A board that kept its latch refuses it. */
  readonly begin: Uint8Array<ArrayBuffer>;
  /** Whether this news is the proof. */
  passedBy(news: BoardNews): boolean;
  /** How long to wait for it after the bytes have left. */
  readonly withinMs: number;
  /** What makes the board's silence last as long as in a drive again. */
  readonly end: Uint8Array<ArrayBuffer>;
};

export type { BoardNews };

export type BoardState =
  | { readonly at: 'none' }
  | { readonly at: 'waking'; readonly label: string }
  | { readonly at: 'ready'; readonly label: string; readonly name: string }
  | { readonly at: 'returning'; readonly label: string; readonly fault: Fault }
  | { readonly at: 'gone'; readonly label: string; readonly end: End };

/** Motors, whatever turns them. `drive` and `stop` neither wait nor throw: the newest wins, trouble shows in `state`. */
export interface Board {
  readonly state: ReadonlySignal<BoardState>;
  readonly batteryMv: ReadonlySignal<number | undefined>;
  /** Lines from the board that made no sense, and lines it refused. */
  readonly counts: { readonly malformed: number; readonly refused: number };
  /**
   * Counts how often the board said that its motors rest (it stopped by itself, or refused to move unarmed or latched)
   * while this page was feeding it: it drove within the board's own silence, 190 ms for Telepresent, and latched nothing.
   * So neither the self-test counts, nor a stop by silence after the page itself fell silent.
   */
  readonly rests: ReadonlySignal<number>;
  /** It keeps an e-stop that this page knows nothing of. It is `ready` and moves nothing, and is tried when `unlatch` has cleared that. */
  readonly keptStop: ReadonlySignal<boolean>;
  drive(motion: Motion, gamepad: GamepadState): void;
  /**
   * Motors to zero; said once, and to a board whose own silence is long twice more within 60 ms, unless it drives again.
   * Then the line goes quiet, so the board's own watchdog stands behind it. Before `ready` it says nothing, for nothing
   * has driven, and its zero would keep a board awake that is being tried.
   */
  stop(): void;
  /**
   * Latches the board's own e-stop, and clears it. A latch goes before what waits to be written, and is said again until
   * the board says that it stopped, and when it returns. Before `ready` it is kept: motors rest, and `ready` comes latched.
   */
  latch(): void;
  unlatch(): void;
  close(): Promise<void>;
}
