/** Devices with the fixed keys of the vectors, and any bytes and text; knows no test. */
import fc from 'fast-check';
import { type Identity, identityOf } from '../../../src/trust/identity.ts';

type FixedDevice = {
  readonly jwk: {
    readonly kty: string;
    readonly crv: string;
    readonly x: string;
    readonly y: string;
    readonly d: string;
  };
  readonly key: string;
  readonly id: string;
};

export const bytesOf = (hex: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(hex, 'hex'));
export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Another one bit of it, the lowest of that byte. */
export function flipped(bytes: Uint8Array<ArrayBuffer>, at: number): Uint8Array<ArrayBuffer> {
  const other = bytes.slice();
  other[at % other.length]! ^= 1;
  return other;
}

export async function fixedIdentity({ jwk }: FixedDevice): Promise<Identity> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const { d: _, ...open } = jwk;
  return identityOf({
    privateKey: await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['sign']),
    publicKey: await crypto.subtle.importKey('jwk', open, algorithm, true, ['verify']),
  });
}

/** Also halves of surrogate pairs. */
export const anyText = fc.array(fc.nat(0xffff), { maxLength: 100 }).map((units) => String.fromCharCode(...units));
