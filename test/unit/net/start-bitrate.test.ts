import { expect, test } from 'vitest';
import { withStartBitrate } from '../../../src/net/start-bitrate.ts';

const SDP = [
  'v=0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=rtpmap:111 opus/48000/2',
  'a=fmtp:111 minptime=10;useinbandfec=1',
  'm=video 9 UDP/TLS/RTP/SAVPF 96 97 102 116',
  'a=rtpmap:96 VP8/90000',
  'a=rtcp-fb:96 nack',
  'a=rtpmap:97 rtx/90000',
  'a=fmtp:97 apt=96',
  'a=rtpmap:102 H264/90000',
  'a=fmtp:102 packetization-mode=1;profile-level-id=42e01f',
  'a=rtpmap:116 red/90000',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'a=sctp-port:5000',
  '',
];

test('every video codec, and nothing else, is told the rate to begin with', () => {
  const expected = SDP.flatMap((line) => {
    if (line === 'a=rtpmap:96 VP8/90000') return [line, 'a=fmtp:96 x-google-start-bitrate=1500'];
    if (line.startsWith('a=fmtp:102')) return [`${line};x-google-start-bitrate=1500`];
    return [line];
  });
  const once = withStartBitrate(SDP.join('\r\n'), 1500);
  expect(once.split('\r\n')).toEqual(expected);
  expect(withStartBitrate(once, 1500)).toBe(once);
});

test('a description without video stays as it is', () => {
  const quiet = SDP.filter((_line, at) => at < 4 || at >= 12).join('\r\n');
  expect(withStartBitrate(quiet, 1500)).toBe(quiet);
  expect(withStartBitrate('', 1500)).toBe('');
});
