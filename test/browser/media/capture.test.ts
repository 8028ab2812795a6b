import { Fault } from '../../../src/core/fault.ts';
import { openCamera } from '../../../src/media/camera.ts';
import { type Source, watchDevices } from '../../../src/media/devices.ts';
import { openMicrophone } from '../../../src/media/microphone.ts';
import { afterEach, assert, beforeEach, describe, eventually, it } from '../bdd.ts';

async function faultOf(opening: Promise<unknown>): Promise<Fault> {
  try {
    await opening;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('it opened');
}

describe('camera and microphone', () => {
  let life: AbortController;
  beforeEach(() => {
    life = new AbortController();
  });
  afterEach(() => {
    life.abort();
    Reflect.deleteProperty(navigator, 'mediaDevices');
  });

  it('opens any camera, small and quick', async () => {
    const { track } = await openCamera('default', life.signal);
    const { width, height } = track.getSettings();
    assert.deepEqual([width, height], [640, 480]);
    assert.equal(track.contentHint, 'motion');
  });

  it('opens a microphone that hears no echo', async () => {
    const { track } = await openMicrophone('default', life.signal);
    assert.equal(track.kind, 'audio');
    assert.isTrue(track.getSettings().echoCancellation);
  });

  it('lists cameras and microphones by name, and opens the one chosen', async () => {
    let cameras: readonly Source[] = [];
    let microphones: readonly Source[] = [];
    const look = watchDevices((foundCameras, foundMicrophones) => {
      cameras = foundCameras;
      microphones = foundMicrophones;
    }, life.signal);
    await openCamera('default', life.signal);
    look();
    await eventually('a camera with a name', () => cameras.some(({ label }) => label.startsWith('fake')));
    assert.isAbove(microphones.length, 0);
    const [first] = cameras;
    assert.isDefined(first);
    const { track } = await openCamera(first?.id ?? '', life.signal);
    assert.equal(track.label, first?.label);
  });

  it('says that a camera of last time is gone', async () => {
    assert.include(await faultOf(openCamera('no-such-camera', life.signal)), { code: 'not-found', subject: 'camera' });
  });

  it('says that a person refused', async () => {
    const mediaDevices = {
      getUserMedia: () => Promise.reject(new DOMException('Permission denied', 'NotAllowedError')),
    };
    Object.defineProperty(navigator, 'mediaDevices', { value: mediaDevices, configurable: true });
    assert.include(await faultOf(openMicrophone('default', life.signal)), { code: 'denied', subject: 'microphone' });
  });

  it('says that a browser has none of this', async () => {
    Object.defineProperty(navigator, 'mediaDevices', { value: undefined, configurable: true });
    assert.include(await faultOf(openCamera('default', life.signal)), { code: 'unsupported', subject: 'camera' });
    let cameras: readonly Source[] | undefined;
    watchDevices((found) => {
      cameras = found;
    }, life.signal);
    await eventually('an empty list', () => cameras?.length === 0);
  });

  it('stops the camera with its life, and calls that no loss', async () => {
    const { track, lost } = await openCamera('default', life.signal);
    let fault: Fault | undefined;
    void lost.then((found) => {
      fault = found;
    });
    life.abort();
    track.dispatchEvent(new Event('ended'));
    await Promise.resolve();
    assert.equal(track.readyState, 'ended');
    assert.isUndefined(fault);
  });

  it('stops a camera that opened too late', async () => {
    const opening = openCamera('default', life.signal);
    life.abort();
    assert.include(await faultOf(opening), { code: 'cancelled', subject: 'camera' });
  });

  it('tells when the camera is unplugged', async () => {
    const { track, lost } = await openCamera('default', life.signal);
    track.dispatchEvent(new Event('ended'));
    assert.include(await lost, { code: 'lost', subject: 'camera' });
  });
});
