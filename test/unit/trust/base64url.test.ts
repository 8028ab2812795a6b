/** Holds base64url to what Node writes and to any text at all. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBase64url, toBase64url } from '../../../src/trust/base64url.ts';
import { anyText } from './keys.ts';

test('writes what Node writes, and reads it back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = Buffer.from(bytes).toString('base64url');
      expect(toBase64url(bytes)).toBe(text);
      expect(fromBase64url(text)).toEqual({ ok: true, value: bytes });
      expect(fromBase64url(text, bytes.length)).toEqual({ ok: true, value: bytes });
      expect(fromBase64url(text, bytes.length + 1)).toEqual({ ok: false, reason: 'length' });
    }),
  );
});

test.each([
  ['the letters of plain base64', '+/+/', 'letter'],
  ['padding', 'Zg==', 'letter'],
  ['a space', 'Zm9v ', 'letter'],
  ['a line end', 'Zm9v\n', 'letter'],
  ['a letter outside of ASCII', 'Zm9ÿ', 'letter'],
  ['a length that no bytes have', 'Zm9vY', 'length'],
  ['spare bits that are not zero', 'Zh', 'spare bits'],
])('refuses %s', (_, text, reason) => {
  expect(fromBase64url(text)).toEqual({ ok: false, reason });
});

test('of any text, what is read is written the same', () => {
  const nearly = fc.stringMatching(/^[A-Za-z0-9_-]{0,40}=?$/);
  fc.assert(
    fc.property(fc.oneof(nearly, fc.string(), anyText), fc.option(fc.nat(40), { nil: undefined }), (text, length) => {
      const read = fromBase64url(text, length);
      if (!read.ok) return;
      expect(toBase64url(read.value)).toBe(text);
      if (length !== undefined) expect(read.value.length).toBe(length);
    }),
  );
});
