/** The committed firmware image and lines for it, for the tests of this room. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FLASH_BYTES } from '../../../src/board/simulated/atmega328p.ts';
import { AvrBoard } from '../../../src/board/simulated/avr-board.ts';
import { decodeIntelHex } from '../../../src/board/simulated/intel-hex.ts';
import { checksum } from '../../../src/protocol/board-lines.ts';

const IMAGE = new URL('../../../public/firmware/telepresent-uno.hex', import.meta.url);

export function firmwareImage(): Uint8Array {
  const image = decodeIntelHex(readFileSync(fileURLToPath(IMAGE), 'utf8'), FLASH_BYTES);
  if (!image.ok) throw new Error(image.reason);
  return image.value;
}

/** A line as it goes over the wire, checksum and LF added. */
export function line(body: string): Uint8Array {
  const bytes = new TextEncoder().encode(body);
  const sum = checksum(bytes).toString(16).toUpperCase().padStart(2, '0');
  return new TextEncoder().encode(`${body}*${sum}\n`);
}

/** A board on the bench, and the lines it said. */
export class Bench {
  readonly board: AvrBoard;
  #text = '';

  constructor(image: Uint8Array = firmwareImage()) {
    this.board = new AvrBoard(image, (byte) => {
      this.#text += String.fromCharCode(byte);
    });
  }

  /** Whole lines since the last call, without their LF. */
  heard(): string[] {
    const lines = this.#text.split('\n');
    this.#text = lines.pop() ?? '';
    return lines;
  }

  say(body: string): void {
    this.board.send(line(body));
  }

  /** Says `body` every 20 ms, as the robot's page does. */
  keepSaying(body: string, ms: number): void {
    for (let passed = 0; passed < ms; passed += 20) {
      this.say(body);
      this.board.run(20);
    }
  }
}
