/** Holds device keys to their vectors, to WebCrypto, and to any bytes at all. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import vectors from '../../../src/protocol/vectors/handshake.json' with { type: 'json' };
import { identityOf, idOf, isId, makeKeys, verifies } from '../../../src/trust/identity.ts';
import { bytesOf, fixedIdentity, flipped, hexOf } from './keys.ts';

const { pilot, robot } = vectors.devices;
const bytes = fc.uint8Array({ maxLength: 100 }).map((some) => new Uint8Array(some));

test.each(Object.entries(vectors.devices))('golden: the id of the %s', async (_, device) => {
  const identity = await fixedIdentity(device);
  expect(identity.id).toBe(device.id);
  expect(hexOf(identity.publicKey)).toBe(device.key);
  expect(isId(device.id)).toBe(true);
});

test('a private key cannot be taken out of the browser', async () => {
  const { privateKey } = await makeKeys();
  expect(privateKey.extractable).toBe(false);
  for (const format of ['jwk', 'pkcs8'] as const) {
    await expect(crypto.subtle.exportKey(format, privateKey)).rejects.toThrow();
  }
});

test('two devices are two', async () => {
  const [one, two] = await Promise.all([makeKeys().then(identityOf), makeKeys().then(identityOf)]);
  expect(one.id).not.toBe(two.id);
  expect(await idOf(one.publicKey)).toBe(one.id);
});

test('a signature of 64 bytes holds for its bytes and its key alone', async () => {
  const [me, other] = await Promise.all([fixedIdentity(pilot), fixedIdentity(robot)]);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(), async (some, at) => {
      const said = new Uint8Array(some);
      const signature = await me.sign(said);
      expect(signature.length).toBe(64);
      expect(await verifies(me.publicKey, signature, said)).toBe(true);
      expect(await verifies(other.publicKey, signature, said)).toBe(false);
      expect(await verifies(me.publicKey, signature, flipped(said, at))).toBe(false);
      expect(await verifies(me.publicKey, flipped(signature, at), said)).toBe(false);
    }),
  );
});

test('any bytes for a key, a signature and a text verify nothing, and none throws', async () => {
  const key = fc.oneof(
    bytes,
    fc.uint8Array({ minLength: 64, maxLength: 64 }).map((xy) => new Uint8Array([4, ...xy])),
  );
  const signature = fc.oneof(
    bytes,
    fc.uint8Array({ minLength: 64, maxLength: 64 }).map((rs) => new Uint8Array(rs)),
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(key, fc.constant(bytesOf(pilot.key))), signature, bytes, async (k, s, text) => {
      expect(await verifies(k, s, text)).toBe(false);
    }),
  );
});

test('the same key in its compressed form is none', async () => {
  const me = await fixedIdentity(pilot);
  const text = bytesOf('00');
  const compressed = new Uint8Array([2 + (me.publicKey[64]! & 1), ...me.publicKey.subarray(1, 33)]);
  expect(await verifies(compressed, await me.sign(text), text)).toBe(false);
});

test.each([
  ['nothing', ''],
  ['24 letters', pilot.id.slice(1)],
  ['26 letters', `${pilot.id}a`],
  ['capitals', pilot.id.toUpperCase()],
  ['a digit that base32 has not', `1${pilot.id.slice(1)}`],
  ['a line end', `${pilot.id}\n`],
])('%s is no id', (_, text) => {
  expect(isId(text)).toBe(false);
});
