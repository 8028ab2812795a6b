/** Holds one-time secrets and typed codes to their golden vectors and to any text at all. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../../src/protocol/vectors/invitation.json' with { type: 'json' };
import { isSecret, keyOfCode, keyOfSecret, newCode, newSecret, readCode } from '../../../src/trust/invitation.ts';
import { anyText, hexOf } from './keys.ts';

const CODE = /^[0-9A-HJKMNP-TV-Z]{16}$/;
const codes = fc.stringMatching(CODE);

describe('secrets', () => {
  it.each(vectors.secrets)('golden: $secret', async ({ secret, mac, id }) => {
    expect(isSecret(secret)).toBe(true);
    const key = await keyOfSecret(secret);
    expect({ id: key.id, mac: hexOf(key.mac) }).toEqual({ id, mac });
  });

  it.each(vectors.notSecrets)('refused: $name', async ({ text }) => {
    expect(isSecret(text)).toBe(false);
    await expect(keyOfSecret(text)).rejects.toThrow(RangeError);
  });

  it('are new each time', () => {
    const some = Array.from({ length: 200 }, newSecret);
    expect(new Set(some).size).toBe(200);
    expect(some.every(isSecret)).toBe(true);
  });

  it('have a key exactly when they are ones, whatever the text', async () => {
    const nearly = fc.stringMatching(/^[a-z2-7]{26}$/);
    await fc.assert(
      fc.asyncProperty(fc.oneof(nearly, fc.string()), async (text) => {
        const made = await keyOfSecret(text).then(
          () => true,
          () => false,
        );
        expect(made).toBe(isSecret(text));
      }),
    );
  });
});

describe('typed codes', () => {
  it.each(vectors.codes)('golden: $code', async ({ code, mac, id, lookup }) => {
    const key = await keyOfCode(code);
    expect({ ...key, mac: hexOf(key.mac) }).toEqual({ mac, id, lookup });
  });

  it.each(vectors.typed)('golden: $text', ({ text, code }) => {
    expect(readCode(text)).toBe(code);
  });

  it.each(vectors.notCodes)('refused: $name', ({ text }) => {
    expect(readCode(text)).toBeUndefined();
  });

  it('are new each time, and of all letters', () => {
    const some = Array.from({ length: 200 }, newCode);
    expect(new Set(some).size).toBe(200);
    for (const code of some) expect(code).toMatch(CODE);
    expect(new Set(some.join('')).size).toBe(32);
  });

  it('are read however a person writes them', () => {
    const gap = fc.constantFrom('', ' ', '-', ' – ', '\n');
    const written = fc.tuple(codes, fc.array(fc.tuple(gap, fc.boolean()), { minLength: 16, maxLength: 16 }));
    fc.assert(
      fc.property(written, ([code, hands]) => {
        const text = hands.map(([space, small], i) => space + (small ? code[i]!.toLowerCase() : code[i])).join('');
        expect(readCode(text)).toBe(code);
        expect(readCode(text.replaceAll('0', 'o').replaceAll('1', 'l'))).toBe(code);
      }),
    );
  });

  it('of any text are one or none, and none throws', () => {
    const nearly = fc.stringMatching(/^[0-9a-zA-Z -]{14,20}$/);
    fc.assert(
      fc.property(fc.oneof(nearly, fc.string(), anyText), (text) => {
        const code = readCode(text);
        if (code === undefined) return;
        expect(code).toMatch(CODE);
        expect(readCode(code)).toBe(code);
      }),
    );
  });
});
