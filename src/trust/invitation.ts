/** One-time secrets, by link or typed, and the keys made of them; knows not who was invited. */
import { fromBase32, toBase32 } from './base32.ts';
import { toBase64url } from './base64url.ts';

const SECRET_BYTES = 16;
const CODE_BYTES = 10;
const CODE_ROUNDS = 200_000;
/** Crockford's base32: no I, L, O or U, which look like others. */
const CODE_LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const BASE32_LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

export type PairingKey = {
  /** Names the secret without telling it: 16 letters of base32. */
  readonly id: string;
  /** 32 bytes, for HMAC-SHA-256. */
  readonly mac: Uint8Array<ArrayBuffer>;
};

/** 128 random bits in 26 letters of base32. */
export function newSecret(): string {
  return toBase32(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
}

export function isSecret(text: string): boolean {
  return text.length === 26 && fromBase32(text).ok;
}

/** 80 random bits in 16 characters. */
export function newCode(): string {
  const letters = toBase32(crypto.getRandomValues(new Uint8Array(CODE_BYTES)));
  return [...letters].map((letter) => CODE_LETTERS[BASE32_LETTERS.indexOf(letter)]).join('');
}

/** A code as somebody typed it: spaces and dashes are skipped, and what looks alike is taken for what was meant. */
export function readCode(text: string): string | undefined {
  const code = text
    .replace(/[\s\p{Dash_Punctuation}]/gu, '')
    .toUpperCase()
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  return code.length === 16 && [...code].every((letter) => CODE_LETTERS.includes(letter)) ? code : undefined;
}

/** @throws {RangeError} when `isSecret` says no: the key of nothing would be everybody's */
export async function keyOfSecret(secret: string): Promise<PairingKey> {
  const bytes = fromBase32(secret);
  if (!bytes.ok || bytes.value.length !== SECRET_BYTES) throw new RangeError('not a secret');
  return keyOf(await sha256(joined('telepresent secret 1\n', bytes.value)));
}

/** Slow on purpose: the broker sees `lookup`, and must not find the code from it. 32 bytes in base64url. */
export async function keyOfCode(code: string): Promise<PairingKey & { readonly lookup: string }> {
  const typed = await crypto.subtle.importKey('raw', utf8(code), 'PBKDF2', false, ['deriveBits']);
  const derived = await crypto.subtle.deriveBits(
    { name: 'PBKDF2', hash: 'SHA-256', salt: utf8('telepresent code 1'), iterations: CODE_ROUNDS },
    typed,
    512,
  );
  return { ...(await keyOf(new Uint8Array(derived, 0, 32).slice())), lookup: toBase64url(new Uint8Array(derived, 32)) };
}

async function keyOf(mac: Uint8Array<ArrayBuffer>): Promise<PairingKey> {
  const hash = await sha256(joined('telepresent invitation 1\n', mac));
  return { id: toBase32(hash.subarray(0, 10)), mac };
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function joined(label: string, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array([...utf8(label), ...bytes]);
}
