/** What an element lets go of when it leaves the page, so that a page may swap views for days. */
import { Signal, signal } from '@preact/signals-core';
import '../../../src/ui/pilot.ts';
import '../../../src/ui/preview.ts';
import '../../../src/ui/robot.ts';
import '../../../src/ui/sound.ts';
import { afterEach, assert, describe, eventually, it } from '../bdd.ts';
import { drawnRoom } from './drawn-room.ts';
import { fakeRobot } from './fake-robot.ts';
import { fakePilot } from './fake-sessions.ts';
import { byId, find, removeAll, show } from './page.ts';

afterEach(removeAll);

const ANNA = { visit: '1', who: 'a', name: 'Anna', role: 'owner', drives: true, asks: false, sinceMs: 0 } as const;

/** Puts signals that tell whether anybody watches in place of the session's own. Returns the names of the watched. */
function spyOn(session: object): () => string[] {
  const watched = new Set<string>();
  for (const [name, was] of Object.entries(session)) {
    if (!(was instanceof Signal)) continue;
    const spy = signal<unknown>(was.peek(), {
      watched: () => void watched.add(name),
      unwatched: () => void watched.delete(name),
    });
    Object.assign(session, { [name]: spy });
  }
  return () => [...watched];
}

const plays = (media: HTMLMediaElement | undefined) => media?.srcObject instanceof MediaStream;

const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

/** Whatever had been asked for before the element left has been drawn by then. */
async function settled(): Promise<void> {
  for (let frames = 0; frames < 3; frames++) await frame();
}

describe('an element that has left the page', () => {
  it('watches nothing of the robot’s session, also when what it shows changed as it left', async () => {
    const robot = fakeRobot();
    const watched = spyOn(robot);
    show(Object.assign(document.createElement('tp-robot'), { session: robot }));
    for (let swaps = 0; swaps < 3; swaps++) {
      robot.asking.value = undefined;
      robot.company.value = [ANNA];
      robot.state.value = { at: 'driven', name: 'Anna', sinceMs: performance.now() };
      await eventually('live', () => find(document, 'tp-robot-live') !== undefined);
      await settled();
      robot.asking.value = { name: 'Ben', sinceMs: performance.now() };
      robot.told.value = { left: 0.1 * swaps, right: 0 };
      robot.company.value = [];
      robot.state.value = { at: 'waiting' };
      await eventually('set-up', () => find(document, 'tp-robot-setup') !== undefined);
      await settled();
    }
    assert.include(watched(), 'state');
    removeAll();
    await settled();
    assert.deepEqual(watched(), []);
  });

  it('watches nothing of the pilot’s session after the link went and came back', async () => {
    const pilot = fakePilot();
    const watched = spyOn(pilot);
    show(Object.assign(document.createElement('tp-pilot'), { session: pilot }));
    for (let times = 0; times < 3; times++) {
      pilot.state.value = { at: 'driving' };
      await eventually('its hands', () => find(document, 'tp-hands-view') !== undefined);
      await settled();
      pilot.state.value = { at: 'lost', sinceMs: performance.now(), attempt: 1 };
      pilot.input.value = { ...pilot.input.value };
      await eventually('lost', () => byId('pilot-state')?.dataset.view === 'lost');
      await settled();
    }
    assert.include(watched(), 'input');
    removeAll();
    await settled();
    assert.deepEqual(watched(), []);
  });

  it('shows what it showed when it comes back', async () => {
    const robot = fakeRobot();
    const page = show(Object.assign(document.createElement('tp-robot'), { session: robot }));
    await eventually('set-up', () => byId<HTMLInputElement>('robot-name')?.value === 'Rover');
    robot.name.value = 'Anything';
    removeAll();
    await settled();
    robot.name.value = 'Rosie';
    show(page);
    await eventually('the new name', () => byId<HTMLInputElement>('robot-name')?.value === 'Rosie');
  });

  it('plays no camera, and plays it again when it comes back', async () => {
    const preview = show(Object.assign(document.createElement('tp-preview'), { track: drawnRoom() }));
    const video = () => find<HTMLVideoElement>(preview.shadowRoot!, 'video');
    await eventually('a picture', () => (video()?.videoWidth ?? 0) > 0);
    removeAll();
    await settled();
    assert.isFalse(plays(video()));
    Object.assign(preview, { track: drawnRoom() });
    await settled();
    assert.isFalse(plays(video()));
    show(preview);
    await eventually('again', () => plays(video()) && (video()?.videoWidth ?? 0) > 0);
  });

  it('plays no sound, and plays it again when it comes back', async () => {
    const context = new AudioContext();
    const [track] = context.createMediaStreamDestination().stream.getAudioTracks();
    const sound = show(Object.assign(document.createElement('tp-sound'), { track }));
    const audio = () => find<HTMLAudioElement>(sound.shadowRoot!, 'audio');
    await eventually('sound', () => plays(audio()));
    removeAll();
    assert.isFalse(plays(audio()));
    show(sound);
    assert.isTrue(plays(audio()));
    await context.close();
  });

  it('leaves the pilot’s picture, and takes it up again when it comes back', async () => {
    const pilot = fakePilot();
    pilot.picture.value = drawnRoom();
    const page = show(Object.assign(document.createElement('tp-pilot'), { session: pilot }));
    const video = () => byId<HTMLVideoElement>('pilot-video');
    await eventually('the picture', () => plays(video()));
    const was = video();
    removeAll();
    assert.isFalse(plays(was));
    show(page);
    await eventually('again', () => plays(video()));
  });
});
