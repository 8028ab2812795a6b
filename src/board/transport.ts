/** Bytes to and from a board, and the ways to reach one; knows nothing of motors or lines. */
import type { End } from '../core/fault.ts';
import type { TransportId } from '../core/transport-id.ts';

export interface Transport {
  /** What a person calls it: "USB board (Arduino Uno)". */
  readonly label: string;
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  /** The most bytes one write may carry (20 on a bare Bluetooth link). */
  readonly mtu: number;
  /** Settles once, never rejects: `asked` after `close()`, `lost` when unplugged or out of range. */
  readonly closed: Promise<End>;
  close(): Promise<void>;
}

export type { TransportId };
export type Availability = 'available' | 'unsupported' | 'insecure' | 'switched-off';

/** One way to reach a board. The signals end the asking and opening only: an open transport lives until its `close()`. */
export interface TransportKind {
  readonly id: TransportId;
  availability(): Promise<Availability>;
  /** Shows the browser's picker, so call it before the first `await` of a click. @throws {Fault} */
  choose(signal: AbortSignal): Promise<Transport>;
  /** Opens the board of last time without a question, or resolves undefined where the browser wants a click. @throws {Fault} */
  reopen(signal: AbortSignal): Promise<Transport | undefined>;
  /**
   * Calls `back` each time the board of last time could be opened again (plugged in, in range), so that the caller may
   * `reopen()`. Never opens anything itself.
   */
  returned(back: () => void, signal: AbortSignal): void;
}
