/** Bytes that are nearly right: valid ones with a few things wrong, the same again from the same seed; knows no parser. */

/** Bytes that parsers stumble over: ends, quotes, brackets, signs, escapes, and halves of UTF-8. */
const SHARP = [0, 0x0a, 0x0d, 0x20, 0x22, 0x27, 0x2b, 0x2d, 0x2f, 0x3a, 0x3d, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d, 0x7f];
const BEYOND_ASCII = [0x80, 0xbf, 0xc0, 0xe2, 0xed, 0xef, 0xf0, 0xf4, 0xff];
const WORDS = [
  'null',
  'true',
  '-0',
  '1e999',
  '1e-999',
  '18446744073709551616',
  '"__proto__":',
  '\\ud800',
  '\u202e',
  '[[',
].map((word) => Buffer.from(word));
const LONGEST = 72 * 1024;
const ROOM = Buffer.alloc(2 * LONGEST);

/** mulberry32: 32 bits of state, uniform enough for choosing. @returns {() => number} 0…1, without 1 */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** One input made of the seeds. What is given back is nobody else's. @returns {Uint8Array<ArrayBuffer>} */
export function mutated(seeds, random) {
  const whole = (below) => Math.floor(random() * below);
  const pick = (list) => list[whole(list.length)];
  if (random() < 0.02) return Uint8Array.from({ length: whole(80) }, () => whole(256));
  const seed = pick(seeds);
  ROOM.set(seed);
  let length = seed.length;
  const changes = 1 + whole(random() < 0.5 ? 2 : 8);
  for (let i = 0; i < changes; i++) {
    const at = whole(length + 1);
    switch (whole(12)) {
      case 0:
      case 1:
        if (at < length) ROOM[at] ^= 1 << whole(8);
        break;
      case 2:
        if (at < length) ROOM[at] = whole(256);
        break;
      case 3:
        if (at < length) ROOM[at] = pick(SHARP);
        break;
      case 4:
        if (at < length) ROOM[at] = pick(BEYOND_ASCII);
        break;
      case 5:
        length = at;
        break;
      case 6: {
        const until = Math.min(length, at + 1 + whole(16));
        ROOM.copyWithin(at, until, length);
        length -= until - at;
        break;
      }
      case 7:
        length = insert(at, length, pick(WORDS));
        break;
      case 8: {
        const from = whole(length + 1);
        length = insert(at, length, ROOM.subarray(from, Math.min(length, from + whole(64))));
        break;
      }
      case 9: {
        const other = pick(seeds);
        const from = whole(other.length + 1);
        length = insert(at, length, other.subarray(from, from + whole(other.length - from + 1)));
        break;
      }
      case 10:
        length = insert(at, length, Buffer.of(pick(SHARP)));
        break;
      default:
        // Seldom, because it costs most: one byte or two so often that a limit or a stack is met.
        if (random() < 0.02)
          length = insert(at, length, Buffer.alloc(whole(LONGEST), pick(['[', '{"a":', '"', 'a', '\\u0000', '-'])));
        else if (at < length) ROOM[at] = (ROOM[at] + (random() < 0.5 ? 1 : 255)) & 0xff;
    }
  }
  return Uint8Array.from(ROOM.subarray(0, length));
}

/** @returns {number} the new length */
function insert(at, length, bytes) {
  const added = Math.min(bytes.length, LONGEST - length);
  if (added <= 0) return length;
  const kept = Uint8Array.from(bytes.subarray(0, added));
  ROOM.copyWithin(at + added, at, length);
  ROOM.set(kept, at);
  return length + added;
}
