/** Holds base32 to RFC 4648 and to any text at all. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBase32, toBase32 } from '../../../src/trust/base32.ts';
import { anyText } from './keys.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

// RFC 4648, section 10.
test.each([
  ['', ''],
  ['f', 'my'],
  ['fo', 'mzxq'],
  ['foo', 'mzxw6'],
  ['foob', 'mzxw6yq'],
  ['fooba', 'mzxw6ytb'],
  ['foobar', 'mzxw6ytboi'],
])('%j is %j', (plain, text) => {
  expect(toBase32(bytesOf(plain))).toBe(text);
  expect(fromBase32(text)).toEqual({ ok: true, value: bytesOf(plain) });
});

test.each([
  ['a capital', 'MY'],
  ['padding', 'my======'],
  ['a digit that is none of them', 'm1'],
  ['a space', 'my '],
  ['a letter outside of ASCII', 'mÿ'],
])('refuses %s', (_, text) => {
  expect(fromBase32(text)).toEqual({ ok: false, reason: 'letter' });
});

test.each([
  ['a length that no bytes have', 'm'],
  ['a second length that no bytes have', 'mzx'],
  ['a third length that no bytes have', 'mzxw6y'],
  ['spare bits that are not zero', 'mz'],
])('refuses %s', (_, text) => {
  expect(fromBase32(text)).toEqual({ ok: false, reason: 'length' });
});

test('any bytes come back as they went', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(fromBase32(toBase32(bytes))).toEqual({ ok: true, value: bytes });
    }),
  );
});

test('of any text, what is read is written the same', () => {
  const nearly = fc.stringMatching(/^[a-z2-7]{0,40}$/);
  fc.assert(
    fc.property(fc.oneof(nearly, fc.string(), anyText), (text) => {
      const read = fromBase32(text);
      if (read.ok) expect(toBase32(read.value)).toBe(text);
    }),
  );
});
