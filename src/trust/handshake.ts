/** How the two ends of a link prove who they are to each other; knows neither links nor messages. */
import type { Decoded } from '../core/fault.ts';
import { fromBase64url, toBase64url } from './base64url.ts';
import { type Identity, verifies } from './identity.ts';

export type Side = 'robot' | 'pilot';

export type HandshakeEnd = {
  /** Of the protocol, u16. */
  readonly version: number;
  /** 65 bytes. */
  readonly key: Uint8Array<ArrayBuffer>;
  /** 32 bytes. */
  readonly nonce: Uint8Array<ArrayBuffer>;
  /** Of the DTLS certificate really used, sha-256: 32 pairs of hex digits with colons. */
  readonly fingerprint: string;
};

export type Transcript = {
  readonly pilot: HandshakeEnd;
  readonly robot: HandshakeEnd;
  /** The id of a pairing key: 16 letters. */
  readonly invitation?: string;
};

/** In base64url. */
export type Proof = { readonly signature: string; readonly mac?: string };

const HMAC = { name: 'HMAC', hash: 'SHA-256' } as const;

export function newNonce(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(32));
}

/** What `side` signs. Reasons: 'length', 'fingerprint', 'reflection' (both ends have one key). */
export function transcriptBytes(side: Side, transcript: Transcript): Decoded<Uint8Array<ArrayBuffer>> {
  const { pilot, robot, invitation } = transcript;
  if (invitation !== undefined && !/^[a-z2-7]{16}$/.test(invitation)) return { ok: false, reason: 'length' };
  if (toBase64url(pilot.key) === toBase64url(robot.key)) return { ok: false, reason: 'reflection' };
  const parts: Uint8Array[] = [new TextEncoder().encode(`telepresent handshake 1\n${side}\n`)];
  for (const { version, key, nonce, fingerprint } of [pilot, robot]) {
    if (key.length !== 65 || nonce.length !== 32 || version !== (version & 0xffff))
      return { ok: false, reason: 'length' };
    const certificate = fingerprintBytes(fingerprint);
    if (!certificate) return { ok: false, reason: 'fingerprint' };
    parts.push(new Uint8Array([version & 0xff, version >> 8]), key, nonce, certificate);
  }
  parts.push(new TextEncoder().encode(invitation ?? ''));
  return { ok: true, value: new Uint8Array(parts.flatMap((part) => [...part])) };
}

/** With `mac`, the key of the invitation, also that this end knows its secret. */
export async function prove(
  identity: Identity,
  side: Side,
  transcript: Transcript,
  mac?: Uint8Array<ArrayBuffer>,
): Promise<Decoded<Proof>> {
  const bytes = transcriptBytes(side, transcript);
  if (!bytes.ok) return bytes;
  const signature = toBase64url(await identity.sign(bytes.value));
  if (mac === undefined) return { ok: true, value: { signature } };
  const tag = await crypto.subtle.sign(HMAC, await macKey(mac, 'sign'), bytes.value);
  return { ok: true, value: { signature, mac: toBase64url(new Uint8Array(tag)) } };
}

/** `side` is who proves. Reasons: those of the transcript, 'no-mac', 'mac', 'signature'. */
export async function check(
  side: Side,
  transcript: Transcript,
  proof: Proof,
  mac?: Uint8Array<ArrayBuffer>,
): Promise<Decoded<true>> {
  const bytes = transcriptBytes(side, transcript);
  if (!bytes.ok) return bytes;
  const signature = fromBase64url(proof.signature, 64);
  if (!signature.ok || !(await verifies(transcript[side].key, signature.value, bytes.value))) {
    return { ok: false, reason: 'signature' };
  }
  if (mac === undefined) return { ok: true, value: true };
  if (proof.mac === undefined) return { ok: false, reason: 'no-mac' };
  const tag = fromBase64url(proof.mac, 32);
  const known = tag.ok && (await crypto.subtle.verify(HMAC, await macKey(mac, 'verify'), tag.value, bytes.value));
  return known ? { ok: true, value: true } : { ok: false, reason: 'mac' };
}

function macKey(mac: Uint8Array<ArrayBuffer>, use: 'sign' | 'verify'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', mac, HMAC, false, [use]);
}

function fingerprintBytes(text: string): Uint8Array | undefined {
  if (!/^([0-9a-f]{2}:){31}[0-9a-f]{2}$/i.test(text)) return undefined;
  return Uint8Array.from(text.split(':'), (pair) => Number.parseInt(pair, 16));
}
