/** WebCrypto's answers without its threads, so that a trial's time stands still while it computes; knows no protocol. */
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import type { Chance } from '../faults/seeded.ts';

type Key =
  | { readonly kind: 'private' | 'public'; readonly key: KeyObject }
  | { readonly kind: 'secret'; readonly bytes: Buffer };

const bytesOf = (data: BufferSource): Buffer =>
  ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
const answer = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer;
const given = (key: CryptoKey) => key as unknown as Key;
const SIGNATURE = 'ieee-p1363' as const;

/** Keys of other pages come again and again. */
const known = new Map<string, Key>();

function publicKey(raw: Buffer): Key {
  const name = raw.toString('base64url');
  const before = known.get(name);
  if (before) return before;
  if (raw.length !== 65) throw new Error('no point');
  const [x, y] = [raw.subarray(1, 33).toString('base64url'), raw.subarray(33).toString('base64url')];
  const key: Key = { kind: 'public', key: createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x, y } }) };
  known.set(name, key);
  return key;
}

const subtle = {
  async digest(_algorithm: unknown, data: BufferSource) {
    return answer(createHash('sha256').update(bytesOf(data)).digest());
  },
  async importKey(_format: string, data: BufferSource, algorithm: string | { readonly name: string }) {
    const name = typeof algorithm === 'string' ? algorithm : algorithm.name;
    return name === 'ECDSA' ? publicKey(bytesOf(data)) : { kind: 'secret', bytes: bytesOf(data) };
  },
  async exportKey(_format: string, key: CryptoKey) {
    const one = given(key);
    if (one.kind === 'secret') return answer(one.bytes);
    const { x = '', y = '' } = one.key.export({ format: 'jwk' });
    return answer(Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]));
  },
  async sign(_algorithm: unknown, key: CryptoKey, data: BufferSource) {
    const one = given(key);
    if (one.kind === 'secret') return answer(createHmac('sha256', one.bytes).update(bytesOf(data)).digest());
    return answer(sign('sha256', bytesOf(data), { key: one.key, dsaEncoding: SIGNATURE }));
  },
  async verify(_algorithm: unknown, key: CryptoKey, signature: BufferSource, data: BufferSource) {
    const one = given(key);
    const tag = bytesOf(signature);
    if (one.kind === 'secret') return createHmac('sha256', one.bytes).update(bytesOf(data)).digest().equals(tag);
    return verify('sha256', bytesOf(data), { key: one.key, dsaEncoding: SIGNATURE }, tag);
  },
  /** One round instead of 200 000: no trial types a code. */
  async deriveBits(_algorithm: unknown, key: CryptoKey, bits: number) {
    const one = given(key);
    if (one.kind !== 'secret') throw new Error('not a secret');
    return answer(
      createHash('sha512')
        .update(one.bytes)
        .digest()
        .subarray(0, bits / 8),
    );
  },
  async generateKey() {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return {
      privateKey: { kind: 'private', key: pair.privateKey },
      publicKey: { kind: 'public', key: pair.publicKey },
    };
  },
};

/** A device's keys, the same in every run: `n` tells devices apart. */
export function keysOf(n: number): CryptoKeyPair {
  // RFC 5915: a P-256 key whose number is the hash of its name; OpenSSL finds the point.
  const number = createHash('sha256').update(`telepresent simulated device ${n}`).digest();
  const der = Buffer.concat([
    Buffer.from('30310201010420', 'hex'),
    number,
    Buffer.from('a00a06082a8648ce3d030107', 'hex'),
  ]);
  const privateKey = createPrivateKey({ format: 'der', type: 'sec1', key: der });
  const pair = {
    privateKey: { kind: 'private', key: privateKey },
    publicKey: { kind: 'public', key: createPublicKey(privateKey) },
  };
  return pair as unknown as CryptoKeyPair;
}

/** From here on this thread's `crypto` computes at once, and its chance is the trial's. */
export function installInstantCrypto(): { chance: Chance | undefined } {
  const source: { chance: Chance | undefined } = { chance: undefined };
  Object.defineProperty(globalThis, 'crypto', {
    configurable: true,
    value: {
      subtle,
      getRandomValues<T extends Uint8Array>(bytes: T): T {
        if (!source.chance) throw new Error('chance outside a trial');
        for (let i = 0; i < bytes.length; i++) bytes[i] = source.chance.whole(0, 255);
        return bytes;
      },
    },
  });
  return source;
}
