/** What a page tells its server to show that an id is its own; knows neither requests nor sockets. */
import type { Decoded } from '../core/fault.ts';
import { fromBase64url, toBase64url } from './base64url.ts';
import { type Identity, idOf, verifies } from './identity.ts';

/** To be found under the id, to get relay credentials, to leave a typed code. */
export type Purpose = 'join' | 'ice' | 'code';

/** `host` as the browser says it in its Host header, so that one server's claim is worth nothing at another. */
type Subject = { readonly purpose: Purpose; readonly host: string };

const CHALLENGE = /^[A-Za-z0-9_-]{1,128}$/;

/** `<key>.<challenge>.<signature>`, key and signature in base64url. */
export async function makeClaim(
  identity: Identity,
  { challenge, ...subject }: Subject & { readonly challenge: string },
): Promise<string> {
  const signature = await identity.sign(signedBytes({ ...subject, id: identity.id, challenge }));
  return `${toBase64url(identity.publicKey)}.${challenge}.${toBase64url(signature)}`;
}

/** Whether the challenge is fresh is up to who made it. */
export async function readClaim(
  token: string,
  expected: Subject & { readonly id: string },
): Promise<Decoded<{ readonly challenge: string }>> {
  const [keyText = '', challenge = '', signatureText = '', ...more] = token.split('.', 4);
  if (more.length > 0 || !CHALLENGE.test(challenge)) return { ok: false, reason: 'shape' };
  const key = fromBase64url(keyText, 65);
  const signature = fromBase64url(signatureText, 64);
  if (!key.ok || !signature.ok) return { ok: false, reason: 'shape' };
  if ((await idOf(key.value)) !== expected.id) return { ok: false, reason: 'id' };
  const signed = await verifies(key.value, signature.value, signedBytes({ ...expected, challenge }));
  return signed ? { ok: true, value: { challenge } } : { ok: false, reason: 'signature' };
}

function signedBytes(claim: Subject & { readonly id: string; readonly challenge: string }): Uint8Array<ArrayBuffer> {
  const { purpose, host, id, challenge } = claim;
  return new TextEncoder().encode(`telepresent claim 1\n${purpose}\n${host}\n${id}\n${challenge}`);
}
