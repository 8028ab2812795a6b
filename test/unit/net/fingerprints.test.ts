import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describedFingerprint, fingerprintsOf } from '../../../src/net/fingerprints.ts';
import { readFirstDescription } from '../../../src/net/first-description.ts';

const ONE = Array.from({ length: 32 }, () => 'AB').join(':');
const TWO = Array.from({ length: 32 }, () => '01').join(':');
const ours = (value = ONE) => `a=fingerprint:sha-256 ${value}\r\n`;
const channels = 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n';
const offer = (sdp: string) => ({ sdp: { type: 'offer', sdp } });

test.each([
  { what: 'one', sdp: `v=0\r\n${ours()}`, is: ONE.toLowerCase() },
  { what: 'the same twice', sdp: `${ours()}m=video\r\na=fingerprint:SHA-256 ${ONE}\r\n`, is: ONE.toLowerCase() },
  { what: 'with bare line feeds', sdp: `v=0\na=fingerprint:sha-256 ${ONE}\n`, is: ONE.toLowerCase() },
  { what: 'two', sdp: ours() + ours(TWO), is: undefined },
  {
    what: 'two, the second between odd line ends',
    sdp: `${ours()}s=-\ra=fingerprint:sha-256 ${TWO}\r\n`,
    is: undefined,
  },
  { what: 'two, the second badly written', sdp: `${ours()} a=Fingerprint: sha-256 ${TWO}\r\n`, is: undefined },
  { what: 'one and one by sha-1', sdp: `${ours()}a=fingerprint:sha-1 00:11\r\n`, is: undefined },
  { what: 'one by sha-1', sdp: 'a=fingerprint:sha-1 00:11\r\n', is: undefined },
  { what: 'a short one', sdp: 'a=fingerprint:sha-256 AB:CD\r\n', is: undefined },
  { what: 'none', sdp: 'v=0\r\n', is: undefined },
  { what: 'no description', sdp: undefined, is: undefined },
])('a promise counts only when it is exactly one by sha-256: $what', ({ sdp, is }) => {
  expect(describedFingerprint(sdp)).toBe(is);
});

test('an added fingerprint always breaks the promise', () => {
  const hex = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(hex, fc.nat(3), (bytes, at) => {
      const other = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
      fc.pre(other !== ONE.toLowerCase());
      const lines = ['v=0', `a=fingerprint:sha-256 ${ONE}`, channels.trim()];
      lines.splice(at, 0, `a=fingerprint:sha-256 ${other}`);
      expect(describedFingerprint(lines.join('\r\n'))).toBeUndefined();
    }),
  );
});

test('a first description promises one certificate, and nothing but channels', () => {
  expect(readFirstDescription(offer(channels + ours()))).toEqual({ ok: true, value: ONE.toLowerCase() });
});

test.each([
  { what: 'two fingerprints', payload: offer(ours(TWO) + channels + ours()) },
  { what: 'no fingerprint', payload: offer(channels) },
  { what: 'a picture', payload: offer(`${channels}${ours()}m=video 9 UDP/TLS/RTP/SAVPF 96\r\n`) },
  { what: 'sound alone', payload: offer(`${ours()}m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n`) },
  { what: 'sound after a bare line feed', payload: offer(`${channels}${ours()}x\nm=audio 9 UDP/TLS/RTP/SAVPF 111\n`) },
  { what: 'nothing to carry', payload: offer(ours()) },
  { what: 'no words', payload: { sdp: { type: 'offer' } } },
  { what: 'nothing', payload: undefined },
])('a first description with $what is not believed', ({ payload }) => {
  expect(readFirstDescription(payload).ok).toBe(false);
});

test('anything at all can come as a first description', () => {
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.record({ sdp: fc.record({ sdp: fc.anything() }) })), (payload) => {
      expect(readFirstDescription(payload).ok).toBe(false);
    }),
  );
});

/** As much of a connection as tells of certificates. */
function connected({
  local = ours(TWO),
  remote = ours(),
  presented,
}: {
  local?: string;
  remote?: string;
  presented?: string;
}) {
  const sctp = { transport: { getRemoteCertificates: () => [new TextEncoder().encode(presented).buffer] } };
  return {
    currentLocalDescription: { sdp: local },
    currentRemoteDescription: { sdp: remote },
    ...(presented === undefined ? {} : { sctp }),
  } as unknown as RTCPeerConnection;
}
const certificate = (value?: string) =>
  (value ? { getFingerprints: () => [{ algorithm: 'sha-256', value }] } : {}) as RTCCertificate;
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'.match(/../g)!.join(':');

test('the certificate that was shown must be the one that was promised', async () => {
  const shown = connected({ remote: ours(ABC), presented: 'abc' });
  const ends = { local: TWO, remote: ABC };
  await expect(fingerprintsOf(shown, certificate(TWO), 'robot', ABC)).resolves.toEqual(ends);
  // Firefox tells neither its own nor the one that was shown.
  await expect(fingerprintsOf(connected({ remote: ours(ABC) }), certificate(), 'robot', ABC)).resolves.toEqual(ends);
});

test.each([
  { what: 'another one was shown', connection: connected({ remote: ours(ABC), presented: 'abd' }) },
  { what: 'the browser went by another promise', connection: connected({ remote: ours(TWO), presented: 'abc' }) },
  { what: 'the browser knows of two', connection: connected({ remote: ours(ABC) + ours(TWO), presented: 'abc' }) },
])('an impostor is told when $what', async ({ connection }) => {
  const meeting = fingerprintsOf(connection, certificate(TWO), 'pilot', ABC);
  await expect(meeting).rejects.toMatchObject({ code: 'impostor', subject: 'pilot' });
});

test('a browser that does not tell its own is not supported', async () => {
  const mute = connected({ local: 'v=0', remote: ours(ABC) });
  await expect(fingerprintsOf(mute, certificate(), 'robot', ABC)).rejects.toMatchObject({ code: 'unsupported' });
});

test('a channel that opens before the descriptions are settled waits for them, and is not taken for an impostor', async () => {
  const listeners = new Set<() => void>();
  const settled = connected({ remote: ours(ABC) });
  const early = {
    currentLocalDescription: null as unknown,
    currentRemoteDescription: null as unknown,
    addEventListener: (_type: string, heard: () => void) => void listeners.add(heard),
    removeEventListener: (_type: string, heard: () => void) => void listeners.delete(heard),
  };
  const meeting = fingerprintsOf(early as unknown as RTCPeerConnection, certificate(), 'robot', ABC);
  early.currentLocalDescription = settled.currentLocalDescription;
  for (const heard of [...listeners]) heard();
  expect(listeners.size).toBe(1);
  early.currentRemoteDescription = settled.currentRemoteDescription;
  for (const heard of [...listeners]) heard();
  await expect(meeting).resolves.toMatchObject({ remote: ABC });
  expect(listeners.size).toBe(0);
});
