import { expect, test } from 'vitest';
import { sourcesOf } from '../../../src/media/devices.ts';

const device = (kind: MediaDeviceKind, deviceId: string, label: string) =>
  ({ kind, deviceId, label, groupId: '' }) as MediaDeviceInfo;

test('offers the devices of one kind, by name', () => {
  const devices = [
    device('audioinput', 'a', 'Desk microphone'),
    device('videoinput', 'b', 'Front camera'),
    device('videoinput', 'c', 'Back camera'),
    device('audiooutput', 'd', 'Speaker'),
  ];
  expect(sourcesOf(devices, 'videoinput')).toEqual([
    { id: 'b', label: 'Front camera' },
    { id: 'c', label: 'Back camera' },
  ]);
  expect(sourcesOf(devices, 'audioinput')).toEqual([{ id: 'a', label: 'Desk microphone' }]);
});

test('gives nameless devices a name, and those without an id the default one', () => {
  expect(sourcesOf([device('videoinput', '', '')], 'videoinput')).toEqual([{ id: 'default', label: 'Camera 1' }]);
  expect(sourcesOf([device('audioinput', '', '')], 'audioinput')).toEqual([{ id: 'default', label: 'Microphone 1' }]);
});
