/** The board's wire (docs/WIRE.md): orders into lines, lines into news; knows neither transports nor motors. */
import type { Decoded } from '../core/fault.ts';
import type { GamepadState } from '../core/gamepad-state.ts';

/** Most bytes between two LFs, checksum and CR included. */
export const LINE_LIMIT = 62;

export type BoardOrder =
  /** Wheel power, −255…255. */
  | { readonly kind: 'wheels'; readonly left: number; readonly right: number }
  | { readonly kind: 'gamepad'; readonly gamepad: GamepadState }
  /** Degrees, 0…180. */
  | { readonly kind: 'servo'; readonly channel: number; readonly degrees: number }
  | { readonly kind: 'heartbeat'; readonly ms: number }
  | { readonly kind: 'latch' }
  | { readonly kind: 'unlatch' }
  | { readonly kind: 'who' }
  /** Send the battery voltage so often; 0: never. */
  | { readonly kind: 'battery'; readonly everyMs: number }
  /** At most 1000 ms. */
  | { readonly kind: 'buzz'; readonly ms: number };

export type BoardNews =
  | { readonly kind: 'boot' }
  /** `version` is 0 for a board that does not speak Telepresent's dialect. */
  | { readonly kind: 'hello'; readonly name: string; readonly version: number; readonly features: readonly string[] }
  | { readonly kind: 'battery'; readonly mv: number }
  | { readonly kind: 'range'; readonly cm: number }
  | { readonly kind: 'bumper'; readonly id: string }
  /** As the board measures it; OpenBot: turns a minute. */
  | { readonly kind: 'speeds'; readonly left: number; readonly right: number }
  | { readonly kind: 'stopped'; readonly by: 'silence' | 'e-stop' | 'boot' }
  /** `reason` is the digits after `x`. */
  | { readonly kind: 'refused'; readonly reason: string };

/** The low eight bits of the sum of all bytes: nothing printable that gets lost, alone or in twos, leaves it as it was. */
export function checksum(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0);
}

/** `body` is ASCII; its checksum and LF follow. */
export function encodeLine(body: string): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder();
  const sum = checksum(text.encode(body)).toString(16).toUpperCase().padStart(2, '0');
  return text.encode(`${body}*${sum}\n`);
}

/** Values beyond their range are brought into it: the board would refuse them. */
export function encodeOrder(order: BoardOrder): Uint8Array<ArrayBuffer> {
  return encodeLine(bodyOf(order));
}

function bodyOf(order: BoardOrder): string {
  switch (order.kind) {
    case 'wheels':
      return `c${whole(order.left, -255, 255)},${whole(order.right, -255, 255)}`;
    case 'gamepad': {
      const { axes, buttons, triggers } = order.gamepad;
      const pushed = whole(buttons, 0, 0x1ffff).toString(16).toUpperCase();
      const [left, right] = triggers.map((trigger) => whole(trigger * 255, 0, 255));
      return `g${axes.map((axis) => whole(axis * 127, -127, 127)).join()},${pushed},${left},${right}`;
    }
    case 'servo':
      return `a${whole(order.channel, 0, 255)},${whole(order.degrees, 0, 180)}`;
    case 'heartbeat':
      return `h${whole(order.ms, 0, 500)}`;
    case 'latch':
      return 'e1';
    case 'unlatch':
      return 'e0';
    case 'who':
      return 'f';
    case 'battery':
      return `v${whole(order.everyMs, 0, 65535)}`;
    case 'buzz':
      return `z${whole(order.ms, 0, 1000)}`;
    default:
      return order satisfies never;
  }
}

/** NaN is 0: what cannot be told must not move. */
function whole(value: number, least: number, most: number): number {
  return Math.round(Math.min(most, Math.max(least, value || 0))) || 0;
}

const STOPPED_BY: Readonly<Record<string, 'silence' | 'e-stop' | 'boot'>> = { 0: 'boot', 1: 'silence', 2: 'e-stop' };

/**
 * One line from a board, without its LF. A checksum that is there must be right; `checksumDue` refuses a line without.
 */
export function decodeNews(line: Uint8Array, checksumDue = false): Decoded<BoardNews> {
  if (line.length > LINE_LIMIT) return refuse('too long');
  const end = line.at(-1) === CR ? line.length - 1 : line.length;
  const star = line.lastIndexOf(STAR, end - 1);
  if (star < 0 && checksumDue) return refuse('no checksum');
  if (star >= 0) {
    const told = latin(line.subarray(star + 1, end));
    if (!/^[0-9A-F]{2}$/.test(told)) return refuse('malformed checksum');
    if (Number.parseInt(told, 16) !== checksum(line.subarray(0, star))) return refuse('wrong checksum');
  }
  const text = latin(line.subarray(0, star < 0 ? end : star));
  const news = meaning(text.slice(0, 1), text.slice(1));
  if (!news) return refuse('no line of this wire');
  // Every line of such a board carries one, and features that were torn off its hello would be taken for missing.
  if (star < 0 && news.kind === 'hello' && news.name === 'TELEPRESENT') return refuse('no checksum');
  return { ok: true, value: news };
}

const CR = 0x0d;
const STAR = 0x2a;
const refuse = (reason: string): { ok: false; reason: string } => ({ ok: false, reason });
const latin = (bytes: Uint8Array) => String.fromCharCode(...bytes);

function meaning(letter: string, body: string): BoardNews | undefined {
  switch (letter) {
    case 'r':
      return body === '' ? { kind: 'boot' } : undefined;
    case 'f':
      return hello(body);
    case 'v': {
      const mv = /^\d{1,2}(\.\d{1,3})?$/.test(body) ? Math.round(Number(body) * 1000) : Number.NaN;
      return mv <= 65535 ? { kind: 'battery', mv } : undefined;
    }
    case 's':
      return /^\d{1,5}$/.test(body) ? { kind: 'range', cm: Number(body) } : undefined;
    case 'b':
      return /^[a-z?]{1,4}$/.test(body) ? { kind: 'bumper', id: body } : undefined;
    case 'w': {
      const [, left, right] = /^(-?\d{1,5}(?:\.\d{1,3})?),(-?\d{1,5}(?:\.\d{1,3})?)$/.exec(body) ?? [];
      return right ? { kind: 'speeds', left: Number(left), right: Number(right) } : undefined;
    }
    case 'k': {
      const by = /^\d$/.test(body) ? STOPPED_BY[body] : undefined;
      return by && { kind: 'stopped', by };
    }
    case 'x':
      return /^\d{1,2}$/.test(body) ? { kind: 'refused', reason: body } : undefined;
    default:
      return undefined;
  }
}

/** `TELEPRESENT1:c:h:…`, or OpenBot's `DIY:v:i:`, whose list ends in a colon. */
function hello(body: string): BoardNews | undefined {
  const [name = '', ...features] = body.split(':');
  if (!/^[A-Z][A-Z0-9_]{0,31}$/.test(name)) return undefined;
  const ours = /^TELEPRESENT(\d{1,4})$/.exec(name);
  return {
    kind: 'hello',
    name: ours ? 'TELEPRESENT' : name,
    version: Number(ours?.[1] ?? 0),
    features: features.filter((feature) => feature !== ''),
  };
}

/** Cuts a stream of bytes at each LF. Never holds more than one line; a longer one is dropped up to its LF and counted. */
export class LineSplitter {
  readonly #line = new Uint8Array(LINE_LIMIT);
  #length = 0;
  #overlong = 0;

  /** Lines that were too long, so far. */
  get overlong(): number {
    return this.#overlong;
  }

  /** The lines that `bytes` completed, without LF and CR; empty ones are left out. */
  push(bytes: Uint8Array): Uint8Array<ArrayBuffer>[] {
    const lines: Uint8Array<ArrayBuffer>[] = [];
    for (const byte of bytes) {
      if (byte === LF) {
        if (this.#length > LINE_LIMIT) this.#overlong++;
        else this.#take(lines);
        this.#length = 0;
      } else if (this.#length < LINE_LIMIT) {
        this.#line[this.#length++] = byte;
      } else {
        this.#length = LINE_LIMIT + 1;
      }
    }
    return lines;
  }

  #take(lines: Uint8Array<ArrayBuffer>[]): void {
    const length = this.#line[this.#length - 1] === CR ? this.#length - 1 : this.#length;
    if (length > 0) lines.push(this.#line.slice(0, length));
  }
}

const LF = 0x0a;
