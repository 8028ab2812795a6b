/** Intel HEX in: any text is read or refused, never thrown at. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeIntelHex } from '../../../src/board/simulated/intel-hex.ts';

const END = ':00000001FF';

function record(type: number, address: number, payload: readonly number[]): string {
  const bytes = [payload.length, address >> 8, address & 0xff, type, ...payload];
  const sum = -bytes.reduce((total, byte) => total + byte, 0) & 0xff;
  return `:${[...bytes, sum].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join('')}`;
}

test('reads back what was written, wherever it lies', () => {
  const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 16 }), { maxLength: 20 });
  fc.assert(
    fc.property(chunks, fc.constantFrom('\n', '\r\n'), (payloads, newline) => {
      const expected = new Uint8Array(1024).fill(0xff);
      const lines = payloads.map((payload, i) => {
        expected.set(payload, i * 32);
        return record(0, i * 32, [...payload]);
      });
      const decoded = decodeIntelHex([...lines, END, ''].join(newline), 1024);
      expect(decoded).toEqual({ ok: true, value: expected });
    }),
  );
});

test('adds the segment and the upper address to what follows', () => {
  const segment = decodeIntelHex([record(2, 0, [0x00, 0x10]), record(0, 2, [7]), END].join('\n'), 1024);
  expect(segment.ok && segment.value[0x102]).toBe(7);
  const upper = decodeIntelHex([record(4, 0, [0x00, 0x01]), record(0, 2, [7]), END].join('\n'), 0x10010);
  expect(upper.ok && upper.value[0x10002]).toBe(7);
});

test.each([
  ['nothing', ''],
  ['no end record', record(0, 0, [1, 2])],
  ['a wrong checksum', `:0100000001FF\n${END}`],
  ['a length that lies', `:0200000001FD\n${END}`],
  ['half a record', `:01000\n${END}`],
  ['data past the end', `${record(0, 1020, [1, 2, 3, 4, 5])}\n${END}`],
  ['an upper address past the end', `${record(4, 0, [0xff, 0xff])}\n${record(0, 0, [1])}\n${END}`],
  ['an upper address that is too short', `${record(4, 0, [1])}\n${END}`],
  ['an unknown record', `${record(6, 0, [])}\n${END}`],
  ['another format', '<!doctype html>'],
])('refuses %s', (_, text) => {
  expect(decodeIntelHex(text, 1024).ok).toBe(false);
});

test('never throws, whatever the text', () => {
  const hexish = fc.string({ unit: fc.constantFrom(...':0123456789abcdefABCDEF\n\r x') });
  fc.assert(
    fc.property(fc.oneof(fc.string(), hexish), (text) => {
      expect(typeof decodeIntelHex(text, 256).ok).toBe('boolean');
    }),
  );
});
