/** The very image that is flashed, in the chip's simulator, on a trial's time; knows no cable. */
import { AvrBoard } from '../../src/board/simulated/avr-board.ts';
import type { Firmware } from './sim-board.ts';

export class AvrFirmware implements Firmware {
  heard: (bytes: Uint8Array<ArrayBuffer>) => void = () => {};
  readonly #board: AvrBoard;
  #ranUntilMs = 0;

  constructor(image: Uint8Array) {
    this.#board = new AvrBoard(image, (byte) => this.heard(Uint8Array.of(byte)));
    this.#board.batteryVolts = 7.9;
  }

  get power(): { readonly left: number; readonly right: number } {
    return this.#board.power;
  }

  send(bytes: Uint8Array, nowMs: number): void {
    this.tick(nowMs);
    this.#board.send(bytes);
  }

  tick(nowMs: number): void {
    const ms = nowMs - this.#ranUntilMs;
    if (ms <= 0) return;
    this.#board.run(ms);
    this.#ranUntilMs = nowMs;
  }

  reset(nowMs: number): void {
    this.#board.reset();
    this.#ranUntilMs = nowMs;
  }
}
