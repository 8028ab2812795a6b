/** Bytes as text for addresses and JSON (RFC 4648, section 5, without padding); knows not what they mean. */
import type { Decoded } from '../core/fault.ts';

export function toBase64url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Only what `toBase64url` writes; with `length`, only that many bytes. */
export function fromBase64url(text: string, length?: number): Decoded<Uint8Array<ArrayBuffer>> {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return { ok: false, reason: 'letter' };
  if (text.length % 4 === 1) return { ok: false, reason: 'length' };
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  if (length !== undefined && bytes.length !== length) return { ok: false, reason: 'length' };
  return toBase64url(bytes) === text ? { ok: true, value: bytes } : { ok: false, reason: 'spare bits' };
}
