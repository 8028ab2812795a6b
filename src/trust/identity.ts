/** What a device is: a P-256 key, and a short name made of it; knows not where keys are kept. */
import { toBase32 } from './base32.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;
const ID_LETTERS = 25;

export type Identity = {
  /** 25 letters of base32: the first 125 bits of SHA-256(public key). */
  readonly id: string;
  /** A raw uncompressed point: 65 bytes, the first is 4. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
  /** 64 bytes: r, then s (IEEE P1363). */
  sign(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
};

/** The private key never leaves the browser that made it. */
export function makeKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
}

export async function identityOf({ privateKey, publicKey }: CryptoKeyPair): Promise<Identity> {
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
  return {
    id: await idOf(raw),
    publicKey: raw,
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign(SIGNING, privateKey, bytes)),
  };
}

export async function idOf(publicKey: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', publicKey));
  return toBase32(hash).slice(0, ID_LETTERS);
}

export function isId(text: string): boolean {
  return /^[a-z2-7]{25}$/.test(text);
}

/** Never throws: a key that is none verifies nothing. */
export async function verifies(
  publicKey: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  // Browsers differ in whether they take a compressed point.
  if (publicKey.length !== 65 || publicKey[0] !== 4) return false;
  try {
    const key = await crypto.subtle.importKey('raw', publicKey, ALGORITHM, false, ['verify']);
    return await crypto.subtle.verify(SIGNING, key, signature, bytes);
  } catch {
    // Not on the curve.
    return false;
  }
}
