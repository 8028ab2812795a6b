import { expect, test } from 'vitest';
import { describedFingerprint } from '../../../src/net/fingerprints.ts';

const ONE = 'AB:CD:EF';

test.each([
  { sdp: `v=0\r\na=fingerprint:sha-256 ${ONE}\r\n`, is: 'ab:cd:ef' },
  { sdp: `a=fingerprint:sha-256 ${ONE}\r\nm=video\r\na=fingerprint:SHA-256 ${ONE.toLowerCase()}\r\n`, is: 'ab:cd:ef' },
  { sdp: `a=fingerprint:sha-256 ${ONE}\r\na=fingerprint:sha-256 00:11\r\n`, is: undefined },
  { sdp: `a=fingerprint:sha-256 ${ONE}\r\na=fingerprint:sha-1 00:11\r\n`, is: undefined },
  { sdp: 'v=0\r\n', is: undefined },
  { sdp: undefined, is: undefined },
])('a promise counts only when it is exactly one', ({ sdp, is }) => {
  expect(describedFingerprint(sdp)).toBe(is);
});
