import { expect, test } from 'vitest';
import { captureFault } from '../../../src/media/capture.ts';

test.each([
  ['NotAllowedError', 'Permission denied', 'denied'],
  ['NotAllowedError', 'Permission dismissed', 'cancelled'],
  ['NotFoundError', 'Requested device not found', 'not-found'],
  ['OverconstrainedError', '', 'not-found'],
  ['NotReadableError', 'Could not start video source', 'in-use'],
  ['AbortError', 'Starting videoinput failed', 'in-use'],
  ['SecurityError', '', 'insecure'],
  ['SomethingNewError', '', 'unsupported'],
] as const)('%s "%s" is %s', (name, message, code) => {
  expect(captureFault('camera', new DOMException(message, name))).toMatchObject({ code, subject: 'camera' });
});

test.each([undefined, null, 'no', { name: 'NotAllowedError' }])(
  '%s, which is no exception, is still a fault',
  (thrown) => {
    expect(captureFault('microphone', thrown)).toMatchObject({ code: 'unsupported', subject: 'microphone' });
  },
);
