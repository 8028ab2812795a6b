/** The sha-256 fingerprints of the certificates that a connection really uses; knows no trust. */
import { Fault } from '../core/fault.ts';
import type { Link } from './link.ts';

/** Once the connection is up. @throws {Fault} unsupported where the browser does not tell */
export async function fingerprintsOf(
  connection: RTCPeerConnection,
  certificate: RTCCertificate,
): Promise<Link['fingerprints']> {
  const local = ownFingerprint(certificate) ?? describedFingerprint(connection.currentLocalDescription?.sdp);
  const remote =
    (await presentedFingerprint(connection)) ?? describedFingerprint(connection.currentRemoteDescription?.sdp);
  if (!local || !remote) throw new Fault('unsupported', 'page', 'no sha-256 fingerprint of the connection');
  return { local, remote };
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

/**
 * What a description promises (RFC 8122), undefined unless it is exactly one: the browser then holds the other side to
 * that one.
 */
export function describedFingerprint(sdp: string | undefined): string | undefined {
  const found = new Set<string>();
  for (const [, algorithm, value] of sdp?.matchAll(/^a=fingerprint:(\S+) (\S+)\s*$/gim) ?? []) {
    if (algorithm?.toLowerCase() !== 'sha-256' || !value) return undefined;
    found.add(value.toLowerCase());
  }
  const [only] = found;
  return found.size === 1 ? only : undefined;
}
