/** The first description from the other side, read before this side believes it; knows no broker. */
import type { Decoded } from '../core/fault.ts';
import { describedFingerprint } from './fingerprints.ts';

/**
 * The fingerprint promised in `{sdp: {type, sdp}}`, as PeerJS carries it. A browser keeps one of several fingerprints and
 * forgets the others, so the words themselves are read. Tracks have no place in it: who brings some has not proved anything yet.
 */
export function readFirstDescription(payload: unknown): Decoded<string> {
  const sdp = (payload as { sdp?: { sdp?: unknown } | null } | null | undefined)?.sdp?.sdp;
  if (typeof sdp !== 'string') return { ok: false, reason: 'no description' };
  const sections = sdp.split(/[\r\n]/).filter((line) => /^\s*m=/i.test(line));
  if (sections.length !== 1 || !sections[0]!.startsWith('m=application ')) {
    return { ok: false, reason: `sections other than one for channels: ${sections.length}` };
  }
  const fingerprint = describedFingerprint(sdp);
  if (!fingerprint) return { ok: false, reason: 'not exactly one fingerprint, by sha-256' };
  return { ok: true, value: fingerprint };
}
