/** Reads a firmware image in the Intel HEX format; knows neither where it came from nor what runs it. */
import type { Decoded } from '../../core/fault.ts';

/** Record types of the Intel HEX format (Intel, "Hexadecimal Object File Format Specification", rev. A, 1988). */
const RECORD = {
  data: 0,
  endOfFile: 1,
  segmentAddress: 2,
  segmentStart: 3,
  linearAddress: 4,
  linearStart: 5,
} as const;

/** What unwritten flash reads as. */
const ERASED = 0xff;

/**
 * The image as a flash of `sizeInBytes` holds it, unwritten bytes 0xff. Refuses text without an end record, records
 * with a wrong length or checksum, and data past the end of the flash.
 */
export function decodeIntelHex(text: string, sizeInBytes: number): Decoded<Uint8Array<ArrayBuffer>> {
  const image = new Uint8Array(sizeInBytes).fill(ERASED);
  let base = 0;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const refuse = (why: string) => ({ ok: false, reason: `line ${index + 1}: ${why}` }) as const;

    if (!/^:([0-9a-f]{2}){5,260}\s*$/i.test(line)) return refuse('not a record');
    const record = Uint8Array.from(line.trim().slice(1).match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    const [length = 0, addressHigh = 0, addressLow = 0, type = 0] = record;
    if (record.length !== length + 5) return refuse('wrong length');
    if (record.reduce((sum, byte) => (sum + byte) & 0xff, 0) !== 0) return refuse('wrong checksum');
    const payload = record.subarray(4, 4 + length);

    switch (type) {
      case RECORD.data: {
        const address = base + ((addressHigh << 8) | addressLow);
        if (address + length > sizeInBytes) return refuse('past the end of the flash');
        image.set(payload, address);
        break;
      }
      case RECORD.endOfFile:
        return { ok: true, value: image };
      case RECORD.segmentAddress:
      case RECORD.linearAddress:
        if (length !== 2) return refuse('wrong length');
        base = ((payload[0] ?? 0) * 256 + (payload[1] ?? 0)) * (type === RECORD.linearAddress ? 65536 : 16);
        break;
      case RECORD.segmentStart:
      case RECORD.linearStart:
        break;
      default:
        return refuse('unknown record type');
    }
  }
  return { ok: false, reason: 'no end record' };
}
