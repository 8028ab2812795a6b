/** A key, its id and its claims, written from docs/WIRE.md alone; knows no line of the app. */
import { webcrypto } from 'node:crypto';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' };
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
const ID_LETTERS = 25;

/** Returns the id and what signs for it. */
export async function makeClaimant() {
  const { privateKey, publicKey } = await webcrypto.subtle.generateKey(CURVE, false, ['sign', 'verify']);
  const raw = Buffer.from(await webcrypto.subtle.exportKey('raw', publicKey));
  const hash = Buffer.from(await webcrypto.subtle.digest('SHA-256', raw));
  const bits = [...hash].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const id = Array.from(
    { length: ID_LETTERS },
    (_, i) => BASE32[Number.parseInt(bits.slice(i * 5, i * 5 + 5), 2)],
  ).join('');
  return {
    id,
    async claim(purpose, host, challenge) {
      const signed = Buffer.from(`telepresent claim 1\n${purpose}\n${host}\n${id}\n${challenge}`);
      const signature = await webcrypto.subtle.sign(SIGNING, privateKey, signed);
      return `${raw.toString('base64url')}.${challenge}.${Buffer.from(signature).toString('base64url')}`;
    },
  };
}
