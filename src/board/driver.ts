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
  /** Whether the board stops by itself when the line goes quiet. False is said aloud before arming. */
  readonly stopsOnSilence: boolean;
  /** The lines for this motion. A writer may split them anywhere: the board waits for the LF. */
  encode(motion: Motion, gamepad: GamepadState): Uint8Array<ArrayBuffer>;
  /** What to send once the board has said who it is, such as how often to report the battery. */
  readonly greeting: Uint8Array<ArrayBuffer>;
  /** What to send to stop, each time, until heard. */
  readonly stop: Uint8Array<ArrayBuffer>;
  /** What to send to latch the board's own e-stop, and to clear it. Empty where the dialect has none. */
  readonly emergencyStop: Uint8Array<ArrayBuffer>;
  readonly clearStop: Uint8Array<ArrayBuffer>;
  /** One line, without its LF. */
  decode(line: Uint8Array): Decoded<BoardNews>;
}

export type { BoardNews };

export type BoardState =
  | { readonly at: 'none' }
  | { readonly at: 'waking'; readonly label: string }
  | { readonly at: 'ready'; readonly label: string; readonly name: string; readonly stopsOnSilence: boolean }
  | { readonly at: 'returning'; readonly label: string; readonly fault: Fault }
  | { readonly at: 'gone'; readonly label: string; readonly end: End };

/** Motors, whatever turns them. `drive` and `stop` neither wait nor throw: the newest wins, trouble shows in `state`. */
export interface Board {
  readonly state: ReadonlySignal<BoardState>;
  readonly batteryMv: ReadonlySignal<number | undefined>;
  /** Lines from the board that made no sense, and lines it refused. */
  readonly counts: { readonly malformed: number; readonly refused: number };
  /** Counts how often the board said that its motors rest: it stopped by itself, or refused to move unarmed or latched. */
  readonly rests: ReadonlySignal<number>;
  drive(motion: Motion, gamepad: GamepadState): void;
  /** Motors to zero; said once, then the line goes quiet, so the board's own watchdog stands behind it. */
  stop(): void;
  /** Latches the board's own e-stop, and clears it. */
  latch(): void;
  unlatch(): void;
  close(): Promise<void>;
}
