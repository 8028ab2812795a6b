import { expect, test } from 'vitest';
import { orderBy, withoutSpares } from '../../../src/net/codec-order.ts';

const codec = (mimeType: string, sdpFmtpLine = '') => ({ mimeType, sdpFmtpLine, clockRate: 90_000 });
const ALL = [
  codec('video/VP8'),
  codec('video/rtx'),
  codec('video/H264', 'a'),
  codec('video/AV1'),
  codec('video/H264', 'b'),
];

test('codecs that need little power come first, the others keep their order, and none is dropped', () => {
  const ordered = orderBy(ALL, (mimeType) => mimeType === 'video/H264');
  expect(ordered).toEqual([ALL[2], ALL[4], ALL[0], ALL[1], ALL[3]]);
  expect(orderBy(ALL, () => false)).toEqual(ALL);
});

test('of H264 its better packetization stays, of VP9 its eight bits', () => {
  const kept = [
    codec('video/VP8'),
    codec('video/rtx'),
    codec('video/H264', 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f'),
    codec('video/VP9', 'profile-id=0'),
    codec('video/VP9'),
    codec('video/AV1', 'level-idx=5;profile=0;tier=0'),
  ];
  const spare = [
    codec('video/H264', 'level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f'),
    codec('video/H264', 'profile-level-id=42e01f'),
    codec('video/VP9', 'profile-id=2'),
  ];
  expect(withoutSpares([...spare, ...kept])).toEqual(kept);
});
