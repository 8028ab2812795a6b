import { expect, test } from 'vitest';
import { orderBy } from '../../../src/net/codec-order.ts';

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
