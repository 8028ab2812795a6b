/** The sha-256 fingerprints of the certificates that a connection promises and really uses; knows no trust. */
import { Fault } from '../core/fault.ts';
import type { Link } from './link.ts';

const FINGERPRINT = /^a=fingerprint:sha-256 ((?:[0-9a-f]{2}:){31}[0-9a-f]{2})\s*$/i;

/**
 * Once the connection is up: what the other side promised, held against what it then showed.
 * @throws {Fault} impostor when the two differ, unsupported where this browser does not tell
 */
export async function fingerprintsOf(
  connection: RTCPeerConnection,
  certificate: RTCCertificate,
  other: 'robot' | 'pilot',
  promised: string,
): Promise<Link['fingerprints']> {
  await described(connection);
  const local = describedFingerprint(connection.currentLocalDescription?.sdp);
  const own = ownFingerprint(certificate) ?? local;
  if (!local || local !== own) throw new Fault('unsupported', 'page', 'no one sha-256 fingerprint of its own');
  const remote = describedFingerprint(connection.currentRemoteDescription?.sdp);
  const presented = (await presentedFingerprint(connection)) ?? remote;
  if (remote !== promised || presented !== promised) {
    throw new Fault('impostor', other, 'its certificate is not the one that its first description promised');
  }
  return { local, remote: promised };
}

/** Chromium may open a channel a moment before the page is told that both descriptions are settled. */
function described(connection: RTCPeerConnection): Promise<void> {
  const settled = () => connection.currentLocalDescription !== null && connection.currentRemoteDescription !== null;
  return new Promise((resolve) => {
    if (settled()) return resolve();
    const look = () => {
      if (!settled()) return;
      connection.removeEventListener('signalingstatechange', look);
      resolve();
    };
    connection.addEventListener('signalingstatechange', look);
  });
}

/**
 * What a description promises (RFC 8122), in lower case; undefined unless it is exactly one and by sha-256 alone: the browser
 * then holds the other side to that one.
 */
export function describedFingerprint(sdp: string | undefined): string | undefined {
  const found = new Set<string>();
  for (const line of sdp?.split(/[\r\n]/) ?? []) {
    // Anything that some browser might take for one counts, well written or not.
    if (!/fingerprint/i.test(line)) continue;
    const [, value] = FINGERPRINT.exec(line) ?? [];
    if (!value) return undefined;
    found.add(value.toLowerCase());
  }
  const [only] = found;
  return found.size === 1 ? only : undefined;
}

/** Not in Firefox. */
function ownFingerprint(certificate: RTCCertificate): string | undefined {
  return certificate
    .getFingerprints?.()
    .find(({ algorithm }) => algorithm === 'sha-256')
    ?.value?.toLowerCase();
}

/** Of the certificate that the other side showed. Not in Firefox. */
async function presentedFingerprint(connection: RTCPeerConnection): Promise<string | undefined> {
  const presented = connection.sctp?.transport.getRemoteCertificates?.()[0];
  if (!presented) return undefined;
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', presented));
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}
