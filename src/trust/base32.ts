/** Bytes as letters that a person can read aloud (RFC 4648, section 6, lower case, no padding); knows not what they mean. */
import type { Decoded } from '../core/fault.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

export function toBase32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += LETTERS[(held >>> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return bits > 0 ? text + LETTERS[(held << (5 - bits)) & 31] : text;
}

/** Only what `toBase32` writes: spare bits are zero. */
export function fromBase32(text: string): Decoded<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of text) {
    const value = LETTERS.indexOf(letter);
    if (value < 0) return { ok: false, reason: 'letter' };
    held = (held << 5) | value;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = held >>> bits;
    held &= (1 << bits) - 1;
  }
  if (bits >= 5 || held !== 0) return { ok: false, reason: 'length' };
  return { ok: true, value: bytes };
}
