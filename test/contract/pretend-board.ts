/** A board as docs/WIRE.md has it, without time or motors (its silence is over at once when tried), to sit at the far end of a transport under test. */
import { checksum, LineSplitter } from '../../src/protocol/board-lines.ts';

export class PretendBoard {
  readonly received: number[] = [];
  /** Bodies of the lines that came whole, checksum taken off. */
  readonly heard: string[] = [];
  /** Lines that did not come whole. */
  garbled = 0;
  largestWrite = 0;
  /** A board in its bootloader, or no board at all. */
  deaf = false;
  /** Whether silence stops it, which it is asked to show before it may drive. */
  stopsOnSilence = true;
  latched = false;
  readonly #lines = new LineSplitter();
  readonly #hello: string | undefined;
  #speak: ((bytes: Uint8Array) => void) | undefined;

  /** `hello`: body of the answer to `f`; null: never answers. */
  constructor(hello: string | null = 'fTELEPRESENT1:c:h:a:e:v:l:z') {
    this.#hello = hello ?? undefined;
  }

  wire(speak: (bytes: Uint8Array) => void): void {
    this.#speak = speak;
  }

  hear(bytes: Uint8Array): void {
    this.received.push(...bytes);
    this.largestWrite = Math.max(this.largestWrite, bytes.length);
    for (const line of this.#lines.push(bytes)) this.#obey(String.fromCharCode(...line));
  }

  /** The line with its checksum and LF. */
  say(body: string): void {
    this.sayBytes(new TextEncoder().encode(withChecksum(body)));
  }

  sayBytes(bytes: Uint8Array): void {
    this.#speak?.(bytes);
  }

  #obey(line: string): void {
    const [body = '', sum] = line.split('*');
    if (this.deaf) return;
    if (withChecksum(body) !== `${body}*${sum}\n`) {
      this.garbled++;
      return;
    }
    this.heard.push(body);
    if (body === 'f' && this.#hello) this.say(this.#hello);
    if (!this.#hello?.startsWith('fTELEPRESENT')) return;
    if (body === 'e0' || body === 'e1') this.latched = body === 'e1';
    if (body === 'e1') this.say('k2');
    else if (body.startsWith('c') && this.latched) this.say('x6');
    else if (body === 'c0,0' && this.heard.at(-2) === 'h100' && this.stopsOnSilence) this.say('k1');
  }
}

export function withChecksum(body: string): string {
  const sum = checksum(new TextEncoder().encode(body)).toString(16).toUpperCase().padStart(2, '0');
  return `${body}*${sum}\n`;
}
