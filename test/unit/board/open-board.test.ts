/** A board from the first question to the last stop, against a pretended one, in time that the test owns. */
import { describe, expect, test } from 'vitest';
import { openBoard } from '../../../src/board/open-board.ts';
import { NEUTRAL } from '../../../src/core/gamepad-state.ts';
import { STILL } from '../../../src/core/motion.ts';
import { memoryTransport } from '../../contract/memory-transport.ts';
import { PretendBoard } from '../../contract/pretend-board.ts';
import { FakeClock } from '../../fake-clock.ts';

const FORWARD = { left: 1, right: 1 };
/** The self-test, and the window of a drive after it. */
const TRIED = ['h100', 'c0,0', 'h190'];
/** Lets every promise that is due settle. */
const settle = () => new Promise((resolve) => setTimeout(resolve));

function plugged(hello?: string | null, mtu?: number) {
  const far = new PretendBoard(hello);
  const transport = memoryTransport(far, mtu);
  const clock = new FakeClock();
  const life = new AbortController();
  const open = () => openBoard({ transport, clock, signal: life.signal });
  return { far, transport, clock, life, open };
}

async function ready(hello?: string, mtu?: number) {
  const bench = plugged(hello, mtu);
  const board = bench.open();
  await settle();
  expect(board.state.value.at).toBe('ready');
  bench.far.heard.length = 0;
  return { ...bench, board };
}

/** Stops by itself only after 500 ms. */
async function slow(hello: string) {
  const bench = plugged(hello);
  const board = bench.open();
  await settle();
  if (hello.startsWith('fTELEPRESENT')) bench.far.say('k1');
  await settle();
  expect(board.state.value.at).toBe('ready');
  bench.far.heard.length = 0;
  return { ...bench, board };
}

describe('waking', () => {
  test('asks who is there, greets, and is ready', async () => {
    const { far, open } = plugged();
    const board = open();
    expect(board.state.value).toEqual({ at: 'waking', label: 'Memory board' });
    await settle();
    expect(board.state.value).toEqual({ at: 'ready', label: 'Memory board', name: 'Telepresent' });
    expect(far.heard).toEqual(['f', ...TRIED, 'v1000']);
  });

  test('asks every 400 ms until the bootloader lets it through, and no more after that', async () => {
    const { far, clock, open } = plugged('fTELEPRESENT1:c:h:a:e');
    far.deaf = true;
    const board = open();
    clock.pass(1100);
    await settle();
    expect(board.state.value.at).toBe('waking');
    far.deaf = false;
    clock.pass(100);
    await settle();
    expect(board.state.value.at).toBe('ready');
    const before = far.received.length;
    clock.pass(60_000);
    await settle();
    expect(far.received.length).toBe(before);
  });

  test('asks at once when the boot banner comes', async () => {
    const { far, clock, open } = plugged();
    far.deaf = true;
    const board = open();
    clock.pass(10);
    await settle();
    far.deaf = false;
    far.say('r');
    await settle();
    expect(board.state.value.at).toBe('ready');
  });

  test('ends with timeout after 4 s of silence, and closes the transport', async () => {
    const { transport, clock, open } = plugged(null);
    const board = open();
    clock.pass(3999);
    expect(board.state.value.at).toBe('waking');
    clock.pass(1);
    expect(board.state.value).toMatchObject({ at: 'gone', end: { why: 'lost', fault: { code: 'timeout' } } });
    expect((await transport.closed).why).toBe('asked');
  });

  test.each([
    ['wrong-version', 'fTELEPRESENT2:c:h'],
    ['wrong-protocol', 'fGRBL:x'],
  ])('ends with %s when told so twice: one hello may have lost a byte on the way', async (code, hello) => {
    const { clock, open } = plugged(hello);
    const board = open();
    await settle();
    expect(board.state.value.at).toBe('waking');
    clock.pass(400);
    await settle();
    expect(board.state.value).toMatchObject({ at: 'gone', end: { why: 'lost', fault: { code, subject: 'board' } } });
  });

  test.each(['fTELEPRESENT', 'fTELEPRESENT11:c', 'fTELPRESENT1:c'])('%s, then its true name: welcome', async (torn) => {
    const { far, open } = plugged(null);
    const board = open();
    far.say(torn);
    far.say('fTELEPRESENT1:c');
    far.say('k1');
    await settle();
    expect(board.state.value.at).toBe('ready');
  });

  test('a hello whose end was torn off is none, whatever it still promises', async () => {
    const { far, clock, open } = plugged(null);
    const board = open();
    for (let i = 0; i < 3; i++) far.sayBytes(new TextEncoder().encode('fTELEPRESENT1:c\n'));
    await settle();
    expect(board.state.value.at).toBe('waking');
    expect(far.heard).toEqual(['f']);
    clock.pass(4000);
    expect(board.state.value).toMatchObject({ at: 'gone', end: { fault: { code: 'wrong-protocol' } } });
  });

  test('ends with wrong-protocol when somebody talks who never says who he is', async () => {
    const { far, clock, open } = plugged(null);
    const board = open();
    far.sayBytes(new TextEncoder().encode("Grbl 1.1h ['$' for help]\r\n"));
    await settle();
    clock.pass(4000);
    expect(board.state.value).toMatchObject({ at: 'gone', end: { fault: { code: 'wrong-protocol' } } });
  });

  test('what a reset tore in two before the hello is not counted', async () => {
    const { far, open } = plugged(null);
    const board = open();
    far.sayBytes(new TextEncoder().encode('fTELEPRE'));
    far.say('r');
    far.say('fTELEPRESENT1:c');
    far.say('k1');
    await settle();
    expect(board.state.value.at).toBe('ready');
    expect(board.counts.malformed).toBe(0);
  });

  test('a board that talks sense but never says who it is: timeout', async () => {
    const { far, clock, open } = plugged(null);
    const board = open();
    far.say('r');
    far.say('k0');
    await settle();
    clock.pass(4000);
    expect(board.state.value).toMatchObject({ at: 'gone', end: { fault: { code: 'timeout' } } });
  });

  test('a board that only resets, again and again, is given up', async () => {
    const { far, clock, open } = plugged(null);
    const board = open();
    for (let i = 0; i < 8; i++) {
      far.say('r');
      await settle();
      clock.pass(500);
    }
    expect(board.state.value).toMatchObject({ at: 'gone', end: { fault: { code: 'timeout' } } });
  });

  test('what comes after the end changes nothing, not even in the same breath', async () => {
    const { far, open } = plugged(null);
    const board = open();
    far.sayBytes(new TextEncoder().encode('fGRBL:\nfGRBL:\nr\nfDIY:v:\n'));
    await settle();
    expect(board.state.value).toMatchObject({ at: 'gone', end: { fault: { code: 'wrong-protocol' } } });
  });

  test('nothing drives before the board has said who it is', async () => {
    const { far, open } = plugged(null);
    const board = open();
    board.drive(FORWARD, NEUTRAL);
    board.stop();
    await settle();
    expect(far.heard).toEqual(['f']);
  });
});

describe('self-test', () => {
  /** A board whose silence nobody tells of yet. */
  async function tried(mtu?: number) {
    const bench = plugged(undefined, mtu);
    bench.far.stopsOnSilence = false;
    const board = bench.open();
    await settle();
    expect(bench.far.heard).toEqual(['f', 'h100', 'c0,0']);
    expect(board.state.value.at).toBe('waking');
    bench.far.heard.length = 0;
    const wait = async (ms: number) => {
      for (let passed = 0; passed < ms; passed += 50) {
        bench.clock.pass(50);
        await settle();
      }
    };
    return { ...bench, board, wait };
  }

  test('ready only when the board has stopped by itself; nothing else is said meanwhile', async () => {
    const { board, far, wait } = await tried(20);
    board.drive(FORWARD, NEUTRAL);
    board.stop();
    await wait(100);
    expect(far.heard).toEqual([]);
    far.say('k1');
    await settle();
    expect(board.state.value.at).toBe('ready');
    expect(far.heard).toEqual(['h190', 'v1000']);
    expect(board.rests.value).toBe(0);
  });

  test('other news does not pass it', async () => {
    const { board, far } = await tried();
    for (const line of ['k2', 'x5', 'v7.90']) far.say(line);
    await settle();
    expect(board.state.value.at).toBe('waking');
  });

  test('a board that answers and does not stop by itself is unsafe, and its last word is the e-stop', async () => {
    const { board, far, wait, transport } = await tried();
    await wait(2950);
    expect(board.state.value.at).toBe('waking');
    await wait(50);
    expect(board.state.value).toMatchObject({ at: 'gone', end: { fault: { code: 'unsafe', subject: 'board' } } });
    expect(far.heard).toEqual(['h100', 'c0,0', 'h100', 'c0,0', 'f', 'h100', 'c0,0', 'f', 'e1']);
    expect((await transport.closed).why).toBe('asked');
  });

  test('a line that has gone mute while it was tried is late, not unsafe, whatever the board tells of its own accord', async () => {
    const { board, far, wait } = await tried();
    far.deaf = true;
    for (let tick = 0; tick < 20; tick++) {
      far.say('v7.90');
      await wait(100);
    }
    expect(board.state.value).toMatchObject({ at: 'gone', end: { fault: { code: 'timeout' } } });
  });

  test('a line that was mute through three tries and then answers is tried once more', async () => {
    const { board, far, wait } = await tried();
    far.deaf = true;
    await wait(1450);
    far.deaf = false;
    far.stopsOnSilence = true;
    await wait(550);
    expect(far.heard).toEqual(['f', ...TRIED, 'v1000']);
    expect(board.state.value.at).toBe('ready');
  });

  test('a line that goes mute again after its answer proves nothing', async () => {
    const { board, far, wait } = await tried();
    await wait(1500);
    far.deaf = true;
    await wait(1500);
    expect(board.state.value).toMatchObject({ at: 'gone', end: { fault: { code: 'timeout' } } });
  });

  test('a line that tears what is said condemns the cable, not the board', async () => {
    const { board, far, wait } = await tried();
    far.say('x1');
    await wait(1500);
    expect(board.state.value).toMatchObject({ at: 'gone', end: { fault: { code: 'lost' } } });
    expect(far.latched).toBe(false);
  });

  test('the second try may pass', async () => {
    const { board, far, wait } = await tried();
    far.stopsOnSilence = true;
    await wait(500);
    expect(board.state.value.at).toBe('ready');
  });

  test('a thread that stood still for seconds condemns nobody', async () => {
    const far = new PretendBoard();
    far.stopsOnSilence = false;
    let nowMs = 0;
    const ticks: (() => void)[] = [];
    const clock = { now: () => nowMs, after: () => {}, every: (_: number, run: () => void) => void ticks.push(run) };
    const board = openBoard({ transport: memoryTransport(far), clock, signal: new AbortController().signal });
    await settle();
    nowMs = 5000;
    const look = ticks.at(-1);
    for (let missed = 0; missed < 100; missed++) look?.();
    expect(board.state.value.at).toBe('waking');
    far.say('k1');
    await settle();
    expect(board.state.value.at).toBe('ready');
  });

  test('a write that is on its way for nearly 2 s is waited for', async () => {
    const { far, transport, clock, open } = plugged();
    far.deaf = true;
    const opened = open();
    await settle();
    transport.stall(true);
    far.say('fTELEPRESENT1:c:h:e');
    await settle();
    for (let ms = 0; ms < 1900; ms += 50) clock.pass(50);
    far.deaf = false;
    transport.stall(false);
    await settle();
    expect(opened.state.value.at).toBe('ready');
    expect(far.heard).toEqual([...TRIED]);
  });

  test('a line that takes nothing for 2 s is lost', async () => {
    const { far, transport, clock, open } = plugged();
    const board = open();
    transport.stall(true);
    far.say('fTELEPRESENT1:c:h:e');
    await settle();
    for (let ms = 0; ms < 2100; ms += 50) clock.pass(50);
    expect(board.state.value).toMatchObject({ at: 'gone', end: { fault: { code: 'lost' } } });
  });

  test.each(['r', 'k0'])('a reset in the middle, told by %s, starts over', async (line) => {
    const { board, far } = await tried();
    far.stopsOnSilence = true;
    far.say(line);
    await settle();
    expect(far.heard).toEqual(['f', ...TRIED, 'v1000']);
    expect(board.state.value.at).toBe('ready');
  });

  test('a board that resets whenever it is tried is given up', async () => {
    const { board, far, wait } = await tried();
    for (let i = 0; i < 10; i++) {
      far.say('r');
      await wait(400);
    }
    far.deaf = true;
    far.say('r');
    await wait(400);
    expect(board.state.value).toMatchObject({ at: 'gone', end: { fault: { code: 'timeout' } } });
  });

  test('an e-stop in the middle waits for the end, and the board is ready and latched', async () => {
    const { board, far } = await tried();
    board.latch();
    far.say('k1');
    await settle();
    expect(far.heard).toEqual(['h190', 'e1', 'v1000']);
    expect(far.latched).toBe(true);
  });

  test('a board that kept a latch of before keeps it until it is cleared, and is tried then', async () => {
    const { far, open } = plugged();
    far.latched = true;
    const board = open();
    await settle();
    expect(board.state.value.at).toBe('ready');
    expect(board.keptStop.value).toBe(true);
    expect(far.latched).toBe(true);
    board.drive(FORWARD, NEUTRAL);
    board.latch();
    await settle();
    expect(far.heard).toEqual(['f', 'h100', 'c0,0', 'v1000', 'e1']);
    board.unlatch();
    expect(board.state.value.at).toBe('waking');
    await settle();
    expect(board.state.value.at).toBe('ready');
    expect(board.keptStop.value).toBe(false);
    expect(far.heard.slice(5)).toEqual(['e0', ...TRIED, 'v1000']);
    expect(far.latched).toBe(false);
  });

  test('a stop pressed while a board of an old latch is tried does not condemn it', async () => {
    const { board, far, wait } = await tried();
    far.latched = true;
    far.stopsOnSilence = true;
    board.latch();
    await wait(500);
    expect(far.heard).toEqual(['e0', ...TRIED, 'e1', 'v1000']);
    expect(board.state.value.at).toBe('ready');
    expect(far.latched).toBe(true);
  });

  test('a reset forgets a latch of before: the board is tried at once', async () => {
    const { far, open } = plugged();
    far.latched = true;
    const board = open();
    await settle();
    expect(board.keptStop.value).toBe(true);
    far.latched = false;
    far.say('r');
    await settle();
    expect(board.keptStop.value).toBe(false);
    expect(board.state.value.at).toBe('ready');
    expect(far.heard).not.toContain('e0');
  });

  test('a latch that this page knows of is cleared for the test, and there again after it', async () => {
    const { far, open } = plugged();
    far.latched = true;
    const board = open();
    board.latch();
    await settle();
    expect(board.state.value.at).toBe('ready');
    expect(board.keptStop.value).toBe(false);
    expect(far.heard).toEqual(['f', 'e0', ...TRIED, 'e1', 'v1000']);
    expect(far.latched).toBe(true);
  });

  test('an OpenBot has none', async () => {
    const { far } = await ready('fDIY:v:');
    expect(far.heard).toEqual([]);
  });
});

describe('e-stop', () => {
  test('goes before the motion that waits, and again every 250 ms until the board says that it stopped', async () => {
    const { board, far, transport, clock } = await ready('fTELEPRESENT1:c:h:a:e');
    transport.stall(true);
    board.drive(FORWARD, NEUTRAL);
    board.drive(FORWARD, NEUTRAL);
    board.latch();
    far.deaf = true;
    transport.stall(false);
    await settle();
    far.deaf = false;
    clock.pass(250);
    await settle();
    expect(far.heard).toEqual(['e1']);
    clock.pass(60_000);
    await settle();
    expect(far.heard).toEqual(['e1']);
  });

  test('a clearing that was lost is said again when the board refuses to drive', async () => {
    const { board, far } = await ready();
    board.latch();
    await settle();
    far.deaf = true;
    board.unlatch();
    await settle();
    far.deaf = false;
    board.drive(STILL, NEUTRAL);
    await settle();
    expect(far.heard).toEqual(['e1', 'c0,0', 'e0']);
    expect(far.latched).toBe(false);
  });

  test('a board that latched by itself is not cleared by driving, whether it said so or not', async () => {
    const { board, far } = await ready();
    far.latched = true;
    await settle();
    board.drive(STILL, NEUTRAL);
    await settle();
    expect(far.heard).toEqual(['c0,0']);
    expect(board.rests.value).toBe(1);
  });

  test('a board found latched while nobody here latched it says so, and is tried again when it is cleared', async () => {
    const { board, far } = await ready();
    far.latched = true;
    board.drive(STILL, NEUTRAL);
    await settle();
    expect(board.keptStop.value).toBe(true);
    board.drive(STILL, NEUTRAL);
    await settle();
    expect(far.heard).toEqual(['c0,0']);
    board.unlatch();
    await settle();
    expect(far.heard).toEqual(['c0,0', 'e0', ...TRIED, 'v1000']);
    expect(board.state.value.at).toBe('ready');
    expect(board.keptStop.value).toBe(false);
  });

  test('a clearing that the board has shown to work clears no later latch', async () => {
    const { board, far } = await ready();
    board.latch();
    await settle();
    board.unlatch();
    board.drive(STILL, NEUTRAL);
    far.say('k1');
    await settle();
    far.heard.length = 0;
    far.latched = true;
    board.drive(STILL, NEUTRAL);
    await settle();
    expect(far.heard).toEqual(['c0,0']);
    expect(board.keptStop.value).toBe(true);
  });
});

describe('driving', () => {
  test('motion becomes wheel lines with a checksum', async () => {
    const { board, far } = await ready();
    board.drive(STILL, NEUTRAL);
    await settle();
    board.drive({ left: 0.5, right: -1, servos: { 0: 90.4 } }, NEUTRAL);
    await settle();
    expect(far.heard).toEqual(['c0,0', 'c128,-255', 'a0,90']);
  });

  test('an OpenBot hears a heartbeat with each motion, and none with a stop', async () => {
    const { board, far } = await ready('fDIY:v:i:');
    expect(board.state.value).toMatchObject({ name: 'OpenBot DIY' });
    board.drive({ left: 1, right: 0.2, servos: { 0: 90 } }, NEUTRAL);
    await settle();
    board.stop();
    await settle();
    expect(far.heard).toEqual(['h500', 'c255,51', 'c0,0']);
  });

  test('on a slow line the newest motion wins, in packets of the transport', async () => {
    const { board, far, transport } = await ready(undefined, 20);
    far.largestWrite = 0;
    transport.stall(true);
    for (let i = 1; i <= 50; i++) board.drive({ left: i / 255, right: 0, servos: { 0: i } }, NEUTRAL);
    transport.stall(false);
    await settle();
    expect(far.heard).toEqual(['c1,0', 'a0,1', 'c50,0', 'a0,50']);
    expect(far.largestWrite).toBeLessThanOrEqual(20);
  });

  test('stop goes before the motion that waits, once, and then the line is quiet', async () => {
    const { board, far, transport, clock } = await ready('fTELEPRESENT1:c:h:a:e');
    transport.stall(true);
    board.drive(FORWARD, NEUTRAL);
    board.drive(FORWARD, NEUTRAL);
    board.stop();
    transport.stall(false);
    await settle();
    expect(far.heard).toEqual(['c255,255', 'c0,0']);
    clock.pass(60_000);
    await settle();
    expect(far.heard).toEqual(['c255,255', 'c0,0']);
  });

  test.each(['fDIY:', 'fTELEPRESENT1:c'])(
    '%s is silent for long: its stop is said three times, and then the line is quiet',
    async (hello) => {
      const { board, far, clock } = await slow(hello);
      board.drive(FORWARD, NEUTRAL);
      await settle();
      far.heard.length = 0;
      board.stop();
      await settle();
      expect(far.heard).toEqual(['c0,0']);
      clock.pass(30);
      await settle();
      expect(far.heard).toEqual(['c0,0', 'c0,0']);
      clock.pass(60_000);
      await settle();
      expect(far.heard).toEqual(['c0,0', 'c0,0', 'c0,0']);
    },
  );

  test.each(['drive', 'unplug', 'reset'])('…but not after a %s', async (what) => {
    const { board, far, clock, transport } = await slow('fDIY:');
    board.stop();
    if (what === 'drive') board.drive(FORWARD, NEUTRAL);
    if (what === 'unplug') transport.unplug();
    if (what === 'reset') far.say('r');
    await settle();
    far.heard.length = 0;
    clock.pass(1_000);
    await settle();
    expect(far.heard).toEqual([]);
  });

  test('a line that takes nothing for 2 s while driving is lost', async () => {
    const { board, transport, clock } = await ready();
    transport.stall(true);
    board.drive(STILL, NEUTRAL);
    for (let i = 0; i < 20; i++) {
      clock.pass(100);
      board.drive(FORWARD, NEUTRAL);
    }
    expect(board.state.value.at).toBe('ready');
    clock.pass(100);
    board.drive(FORWARD, NEUTRAL);
    expect(board.state.value).toMatchObject({ at: 'gone', end: { why: 'lost', fault: { code: 'lost' } } });
    expect((await transport.closed).why).toBe('asked');
  });

  test('while latched nothing drives; clearing goes to the board', async () => {
    const { board, far } = await ready();
    board.latch();
    board.drive(FORWARD, NEUTRAL);
    await settle();
    board.unlatch();
    board.drive(STILL, NEUTRAL);
    await settle();
    expect(far.heard).toEqual(['e1', 'e0', 'c0,0']);
  });

  test('an OpenBot has no e-stop: it is stopped, and not driven while latched', async () => {
    const { board, far, clock } = await ready('fRTR_TT:');
    board.latch();
    board.drive(FORWARD, NEUTRAL);
    await settle();
    clock.pass(30);
    await settle();
    clock.pass(60_000);
    await settle();
    expect(far.heard).toEqual(['c0,0', 'c0,0', 'c0,0']);
  });

  test('a reset in the middle of a drive: asks again, and latches again', async () => {
    const { board, far } = await ready();
    board.latch();
    await settle();
    const seen: string[] = [];
    board.state.subscribe(({ at }) => seen.push(at));
    far.say('r');
    await settle();
    expect(seen).toEqual(['ready', 'waking', 'ready']);
    expect(far.heard).toEqual(['e1', 'f', 'e0', ...TRIED, 'e1', 'v1000']);
    expect(far.latched).toBe(true);
  });
});

describe('listening', () => {
  test('battery is kept, refusals and nonsense are counted', async () => {
    const { board, far } = await ready();
    far.say('v7.90');
    far.say('x5');
    far.say('k1');
    far.sayBytes(new TextEncoder().encode('v7.90\nv7.10*00\n'));
    far.sayBytes(new Uint8Array(300).fill(0x41));
    far.sayBytes(new TextEncoder().encode('\n'));
    await settle();
    expect(board.batteryMv.value).toBe(7900);
    expect(board.counts.refused).toBe(1);
    expect(board.counts.malformed).toBe(3);
  });

  test('a battery that is not told for 3 s is not known, and asked for again', async () => {
    const { board, far, clock } = await ready();
    clock.pass(2_000);
    far.say('v7.90');
    await settle();
    clock.pass(2_999);
    await settle();
    expect(board.batteryMv.value).toBe(7900);
    expect(far.heard).toEqual([]);
    clock.pass(1);
    await settle();
    expect(board.batteryMv.value).toBeUndefined();
    expect(far.heard).toEqual(['v1000']);
    clock.pass(3_000);
    await settle();
    expect(far.heard).toEqual(['v1000', 'v1000']);
    await board.close();
    clock.pass(60_000);
    await settle();
    expect(far.heard).toEqual(['v1000', 'v1000', 'c0,0']);
  });

  test('a line may come in any pieces', async () => {
    const { board, far } = await ready('fDIY:v:');
    for (const piece of ['v', '8', '.12', '\r', '\nv', '9.0']) far.sayBytes(new TextEncoder().encode(piece));
    await settle();
    expect(board.batteryMv.value).toBe(8120);
  });
});

describe('the end', () => {
  test('unplugged: gone as lost, and what follows is dropped', async () => {
    const { board, transport } = await ready();
    transport.unplug();
    await settle();
    expect(board.state.value).toMatchObject({ at: 'gone', end: { why: 'lost', fault: { code: 'lost' } } });
    board.drive(FORWARD, NEUTRAL);
    board.stop();
    await board.close();
  });

  test('closed: stops the motors first', async () => {
    const { board, far, transport } = await ready();
    await Promise.all([board.close(), board.close()]);
    expect(far.heard).toEqual(['c0,0']);
    expect(board.state.value).toMatchObject({ at: 'gone', end: { why: 'asked' } });
    expect((await transport.closed).why).toBe('asked');
  });

  test('its signal closes it', async () => {
    const { far, board, transport, life } = await ready();
    life.abort();
    expect(board.state.value.at).toBe('gone');
    await transport.closed;
    expect(far.heard).toEqual(['c0,0']);
  });

  test('a line that no longer moves does not hold the close up', async () => {
    const { board, transport, clock } = await ready();
    transport.stall(true);
    board.drive(FORWARD, NEUTRAL);
    const closed = board.close();
    clock.pass(250);
    await closed;
    expect((await transport.closed).why).toBe('asked');
  });
});

describe('at rest', () => {
  test.each(['k1', 'k2', 'x5', 'x6'])('%s says that the motors rest', async (line) => {
    const { far, board } = await ready();
    board.drive(FORWARD, NEUTRAL);
    far.say(line);
    await settle();
    expect(board.rests.value).toBe(1);
  });

  test.each(['x1', 'x3', 'v7.90'])('%s does not', async (line) => {
    const { far, board } = await ready();
    board.drive(STILL, NEUTRAL);
    far.say(line);
    await settle();
    expect(board.rests.value).toBe(0);
  });

  test('what the page itself brought about does not count: its own silence, its own latch, the self-test', async () => {
    const { far, board, clock } = await ready();
    expect(board.rests.value).toBe(0);
    board.drive(FORWARD, NEUTRAL);
    clock.pass(190);
    far.say('x5');
    await settle();
    expect(board.rests.value).toBe(1);
    clock.pass(1);
    far.say('k1');
    await settle();
    expect(board.rests.value).toBe(1);
    board.drive(FORWARD, NEUTRAL);
    board.latch();
    await settle();
    expect(far.latched).toBe(true);
    expect(board.rests.value).toBe(1);
  });

  test('the window of a drive is said again to a board that stopped by silence, for it may have missed it', async () => {
    const { far, board } = await ready();
    board.drive(FORWARD, NEUTRAL);
    far.say('k1');
    await settle();
    expect(far.heard).toEqual(['c255,255', 'h190']);
  });
});
