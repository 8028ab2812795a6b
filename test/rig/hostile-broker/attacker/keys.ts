/** The wire of docs/WIRE.md in an attacker's own hand, so that it can also be spoken wrongly; knows no connection. */

export type End = {
  readonly version: number;
  /** base64url, as in the messages. */
  readonly key: string;
  readonly nonce: string;
  /** `aa:bb…` */
  readonly fingerprint: string;
};
export type Said = { readonly pilot: End; readonly robot: End; readonly invitation?: string };

export type Keys = { readonly key: string; readonly id: string; sign(bytes: Uint8Array<ArrayBuffer>): Promise<string> };

const P256 = { name: 'ECDSA', namedCurve: 'P-256' };
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const utf8 = (text: string) => new TextEncoder().encode(text);

export async function makeKeys(): Promise<Keys> {
  const pair = await crypto.subtle.generateKey(P256, false, ['sign', 'verify']);
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  return {
    key: base64url(raw),
    id: base32(await sha256(raw)).slice(0, 25),
    async sign(bytes) {
      return base64url(
        new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, bytes)),
      );
    },
  };
}

export const randomBytes = (count: number) => crypto.getRandomValues(new Uint8Array(count));
export const randomText = (count: number) => base64url(randomBytes(count));

export async function transcript(side: 'robot' | 'pilot', said: Said): Promise<Uint8Array<ArrayBuffer>> {
  const part = ({ version, key, nonce, fingerprint }: End) => [
    new Uint8Array([version & 0xff, version >> 8]),
    fromBase64url(key),
    fromBase64url(nonce),
    new Uint8Array(fingerprint.split(':').map((byte) => Number.parseInt(byte, 16))),
  ];
  return joined([
    utf8(`telepresent handshake 1\n${side}\n`),
    ...part(said.pilot),
    ...part(said.robot),
    utf8(said.invitation ?? ''),
  ]);
}

export async function macOf(key: Uint8Array<ArrayBuffer>, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hmac = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return base64url(new Uint8Array(await crypto.subtle.sign('HMAC', hmac, bytes)));
}

/** Of the 26 characters in a link. */
export async function invitationOfSecret(secret: string): Promise<{ id: string; mac: Uint8Array<ArrayBuffer> }> {
  const mac = await sha256(joined([utf8('telepresent secret 1\n'), fromBase32(secret)]));
  const id = base32((await sha256(joined([utf8('telepresent invitation 1\n'), mac]))).slice(0, 10));
  return { id, mac };
}

/** 26 characters of nobody's link. */
export const randomSecret = () => base32(randomBytes(16));

export function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
}

function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

function fromBase32(text: string): Uint8Array<ArrayBuffer> {
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
