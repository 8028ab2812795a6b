/** Holds claims to their golden vectors and to any token at all. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../../src/protocol/vectors/claim.json' with { type: 'json' };
import { makeClaim, type Purpose, readClaim } from '../../../src/trust/claim.ts';
import { anyText, fixedIdentity } from './keys.ts';

const challenges = fc.stringMatching(/^[A-Za-z0-9_-]{1,128}$/);
const purposes = fc.constantFrom<Purpose>('join', 'ice', 'code');
const hosts = fc.oneof(
  fc.domain(),
  fc.ipV4(),
  fc.ipV6().map((address) => `[${address}]:8443`),
);
const purposeOf = (text: string) => text as Purpose;
const first = vectors.accepted[0]!;
const asked = { purpose: purposeOf(first.purpose), host: first.host, id: first.id };

describe('claims', () => {
  it.each(vectors.accepted)('golden: $name', async ({ purpose, host, id, challenge, token, signed }) => {
    expect(await readClaim(token, { purpose: purposeOf(purpose), host, id })).toEqual({
      ok: true,
      value: { challenge },
    });
    const [, , signature] = token.split('.');
    const key = await crypto.subtle.importKey(
      'jwk',
      { ...vectors.device.jwk, d: undefined } as unknown as JsonWebKey,
      { name: 'ECDSA', namedCurve: 'P-256' },
      false,
      ['verify'],
    );
    const bytes = new Uint8Array(Buffer.from(signature!, 'base64url'));
    const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
    expect(await crypto.subtle.verify(algorithm, key, bytes, new TextEncoder().encode(signed))).toBe(true);
  });

  it.each(vectors.refused)('refused: $name', async ({ reason, purpose, host, id, token }) => {
    expect(await readClaim(token, { purpose: purposeOf(purpose), host, id })).toEqual({ ok: false, reason });
  });

  it('are taken for what they say, and for nothing else', async () => {
    const identity = await fixedIdentity(vectors.device);
    const subjects = fc.record({ purpose: purposes, host: hosts });
    await fc.assert(
      fc.asyncProperty(subjects, subjects, challenges, async (subject, other, challenge) => {
        const token = await makeClaim(identity, { ...subject, challenge });
        const expected = { ...subject, id: identity.id };
        expect(await readClaim(token, expected)).toEqual({ ok: true, value: { challenge } });
        const same = other.purpose === subject.purpose && other.host === subject.host;
        expect((await readClaim(token, { ...other, id: identity.id })).ok).toBe(same);
      }),
    );
  });

  it('with any one letter changed are refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(first.token.length - 1),
        fc.constantFrom('A', 'z', '0', '_', '.', '='),
        async (at, letter) => {
          fc.pre(first.token[at] !== letter);
          const token = `${first.token.slice(0, at)}${letter}${first.token.slice(at + 1)}`;
          expect((await readClaim(token, asked)).ok).toBe(false);
        },
      ),
    );
  });

  it('of any text are refused, and none throws', async () => {
    const parts = fc.array(fc.stringMatching(/^[A-Za-z0-9_-]{0,90}$/), { maxLength: 5 }).map((some) => some.join('.'));
    await fc.assert(
      fc.asyncProperty(fc.oneof(parts, fc.string(), anyText), async (token) => {
        expect((await readClaim(token, asked)).ok).toBe(false);
      }),
    );
  });
});
