/** The simulated robot in a real browser: its board by the contract of all transports, its wheels, its picture. */
import { type SimulatedRobot, simulatedRobot } from '../../../src/board/simulated/simulated.ts';
import type { Transport } from '../../../src/board/transport.ts';
import { Fault } from '../../../src/core/fault.ts';
import { withChecksum } from '../../contract/pretend-board.ts';
import { transportContract } from '../../contract/transport-contract.ts';
import { afterEach, assert, describe, eventually, it } from '../bdd.ts';

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

let life = new AbortController();
afterEach(() => {
  life.abort();
  life = new AbortController();
});

/** A board that is asked again and again, as the robot's page does, and all it ever said. */
async function opened(robot: SimulatedRobot) {
  const transport = await robot.kind.choose(life.signal);
  life.signal.addEventListener('abort', () => void transport.close(), { once: true });
  const said = { text: '' };
  void listen(transport, said);
  const writer = transport.writable.getWriter();
  const say = (line: string) => writer.write(ENCODER.encode(withChecksum(line)));
  /** Every 20 ms until `enough`. */
  const drive = async (line: string, what: string, enough: () => boolean) => {
    const saying = setInterval(() => void say(line).catch(() => {}), 20);
    try {
      await eventually(what, enough);
    } finally {
      clearInterval(saying);
    }
  };
  return { transport, said, say, drive };
}

async function listen(transport: Transport, said: { text: string }): Promise<void> {
  const reader = transport.readable.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    said.text += DECODER.decode(value, { stream: true });
  }
}

/** Looks at the track as a pilot's page does, through a video element. */
async function watch(track: MediaStreamTrack) {
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = new MediaStream([track]);
  await video.play();
  const canvas = document.createElement('canvas');
  canvas.width = 64;
  canvas.height = 36;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  assert.exists(context);
  const look = () => {
    context.drawImage(video, 0, 0, 64, 36);
    // Without the top, where the clock runs.
    return context.getImageData(0, 4, 64, 32).data;
  };
  return { video, look };
}

function difference(a: Uint8ClampedArray, b: Uint8ClampedArray): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length;
}

describe('the simulated robot', () => {
  transportContract(
    'simulated transport',
    async () => {
      const transport = await simulatedRobot().kind.choose(new AbortController().signal);
      return { transport, done: () => transport.close() };
    },
    {
      test: it,
      expect: (actual) => ({
        toBe: (expected) => assert.strictEqual(actual, expected),
        toEqual: (expected) => assert.deepEqual(actual, expected),
      }),
    },
  );

  it('boots, says who it is, drives, and stands soon after the line goes quiet', async () => {
    const robot = simulatedRobot();
    const { said, say, drive } = await opened(robot);
    await eventually('the boot line', () => /^r\*72$/m.test(said.text));
    await say('f');
    await eventually('the hello', () => /^fTELEPRESENT1:\S+\*[0-9A-F]{2}$/m.test(said.text));

    await say('c0,0');
    await eventually('a pose', () => robot.pose.value !== undefined);
    const before = robot.pose.value;
    await drive('c200,200', 'half a metre north', () => (robot.pose.value?.y ?? 0) > (before?.y ?? 0) + 0.5);
    assert.isAbove(robot.pose.value?.left ?? 0, 5);

    const quietAt = performance.now();
    await eventually('standing', () => robot.pose.value?.speed === 0 && robot.pose.value.left === 0);
    // 700 ms of the board's own time, which a busy machine makes longer; the exact figure is a unit test's.
    assert.isBelow(performance.now() - quietAt, 1000);
    assert.match(said.text, /^k1\*/m);
  });

  it('turns on the spot', async () => {
    const robot = simulatedRobot();
    const { say, drive } = await opened(robot);
    await eventually('a pose', () => robot.pose.value !== undefined);
    const heading = robot.pose.value?.heading ?? 0;
    await say('c0,0');
    await drive('c-150,150', 'a turn to the left', () => (robot.pose.value?.heading ?? 0) > heading + 0.5);
  });

  it('shows a picture that changes as it drives, again and again', async () => {
    const robot = simulatedRobot();
    const { say, drive } = await opened(robot);
    const track = await robot.picture(life.signal);
    const { video, look } = await watch(track);
    assert.strictEqual(video.videoWidth, 640);

    const before = look();
    await say('c0,0');
    let frames = 0;
    const count = () => {
      frames++;
      video.requestVideoFrameCallback(count);
    };
    video.requestVideoFrameCallback(count);
    const startedAt = performance.now();
    await drive('c200,-200', 'another view', () => difference(look(), before) > 20);
    await eventually('a second of pictures', () => performance.now() - startedAt > 1000);
    // How many is a figure for a bench; a stalled camera shows one or two.
    assert.isAbove(frames, 3);
  });

  it('draws the picture on the page where the browser cannot do without', async () => {
    const { MediaStreamTrackGenerator } = globalThis as { MediaStreamTrackGenerator?: unknown };
    const offer = (value: unknown) =>
      Object.defineProperty(globalThis, 'MediaStreamTrackGenerator', { value, configurable: true, writable: true });
    offer(undefined);
    try {
      const robot = simulatedRobot();
      const { say, drive } = await opened(robot);
      const { video, look } = await watch(await robot.picture(life.signal));
      assert.strictEqual(video.videoWidth, 640);
      const before = look();
      await say('c0,0');
      await drive('c-200,200', 'another view', () => difference(look(), before) > 20);
    } finally {
      offer(MediaStreamTrackGenerator);
    }
  });

  it('goes on showing the room when the board is off, and a new board finds the robot where it stood', async () => {
    const robot = simulatedRobot();
    const first = await opened(robot);
    const { video } = await watch(await robot.picture(life.signal));
    await first.say('c0,0');
    await first.drive('c200,200', 'some way', () => (robot.pose.value?.y ?? 0) > 1.1);
    await first.transport.close();
    assert.isTrue(robot.pose.peek() === undefined);
    const shownAt = video.currentTime;
    await eventually('the picture goes on', () => video.currentTime > shownAt + 0.2);

    await opened(robot);
    await eventually('a pose', () => robot.pose.value !== undefined);
    assert.isAbove(robot.pose.value?.y ?? 0, 1.1);
  });

  it('is gone once neither board nor picture is wanted', async () => {
    const robot = simulatedRobot();
    const { transport } = await opened(robot);
    const wanted = new AbortController();
    const track = await robot.picture(wanted.signal);
    await eventually('a pose', () => robot.pose.value !== undefined);
    await transport.close();
    wanted.abort();
    assert.strictEqual(track.readyState, 'ended');
    assert.isTrue(robot.pose.peek() === undefined);
    assert.deepEqual(await transport.closed, { why: 'asked' });

    await opened(robot);
    await eventually('a pose', () => robot.pose.value !== undefined);
    assert.closeTo(robot.pose.value?.y ?? 0, 0.85, 0.001);
  });

  it('ends the board that was on when another is switched on', async () => {
    const robot = simulatedRobot();
    const first = await robot.kind.choose(life.signal);
    const { said } = await opened(robot);
    assert.deepEqual(await first.closed, { why: 'asked' });
    await eventually('the boot line', () => said.text.includes('r*72'));
  });

  it('says what is wrong with the firmware', async () => {
    const codeOf = (url: string) =>
      simulatedRobot(url)
        .kind.choose(life.signal)
        .then(
          () => 'none',
          (fault) => (fault instanceof Fault ? fault.code : String(fault)),
        );
    assert.strictEqual(await codeOf('/firmware/none.hex'), 'not-found');
    assert.strictEqual(await codeOf('/package.json'), 'wrong-protocol');
  });

  it('opens nothing that is no longer wanted', async () => {
    const robot = simulatedRobot();
    const refusal = await robot.kind.choose(AbortSignal.abort()).catch((fault) => fault);
    assert.instanceOf(refusal, Fault);
    assert.strictEqual(refusal.code, 'cancelled');
    const noPicture = await robot.picture(AbortSignal.abort()).catch((fault) => fault);
    assert.strictEqual(noPicture.code, 'cancelled');
  });
});
