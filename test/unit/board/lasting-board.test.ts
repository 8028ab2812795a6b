/** A board through the loss and the return of its cable, in time that the test owns. */
import { expect, test } from 'vitest';
import { boardDoor } from '../../../src/board/lasting-board.ts';
import { Fault } from '../../../src/core/fault.ts';
import { NEUTRAL } from '../../../src/core/gamepad-state.ts';
import { memoryKind, memoryTransport } from '../../contract/memory-transport.ts';
import { PretendBoard } from '../../contract/pretend-board.ts';
import { FakeClock } from '../../fake-clock.ts';

/** The self-test, and the window of a drive after it. */
const TRIED = ['h100', 'c0,0', 'h190'];
const settle = () => new Promise((resolve) => setTimeout(resolve));

function plug(hello?: string | null) {
  const far = new PretendBoard(hello);
  return { far, transport: memoryTransport(far) };
}

async function driven() {
  const clock = new FakeClock();
  const { far, transport } = plug();
  const kind = memoryKind(transport);
  const life = new AbortController();
  const board = await boardDoor(kind, clock).choose(life.signal);
  await settle();
  expect(board.state.value.at).toBe('ready');
  const seen: string[] = [];
  board.state.subscribe(({ at }) => seen.push(at));
  seen.length = 0;
  far.heard.length = 0;
  return { clock, far, transport, kind, life, board, seen };
}

test('choose opens the picker before anything is awaited', () => {
  const kind = memoryKind(plug().transport);
  void boardDoor(kind, new FakeClock()).choose(new AbortController().signal);
  expect(kind.asked).toEqual(['choose']);
});

test('reopen gives nothing where the browser wants a click', async () => {
  const door = boardDoor(memoryKind(), new FakeClock());
  expect(await door.reopen(new AbortController().signal)).toBeUndefined();
});

test('a cable pulled and put back while driving: returning, waking, ready, and nothing of the old drive', async () => {
  const { board, transport, kind, seen, far } = await driven();
  board.drive({ left: 1, right: 1 }, NEUTRAL);
  transport.unplug();
  await settle();
  expect(board.state.value).toMatchObject({ at: 'returning', label: 'Memory board', fault: { code: 'lost' } });
  board.drive({ left: 1, right: 1 }, NEUTRAL);
  const back = plug();
  kind.next = back.transport;
  kind.announce();
  await settle();
  expect(seen).toEqual(['returning', 'waking', 'ready']);
  expect(back.far.heard).toEqual(['f', ...TRIED, 'v1000']);
  expect(far.heard).not.toContain('c0,0');
  board.drive({ left: 0, right: 0 }, NEUTRAL);
  await settle();
  expect(back.far.heard.at(-1)).toBe('c0,0');
});

test('tries again by itself, ever more slowly, and tells the newest reason', async () => {
  const { board, transport, kind, clock } = await driven();
  transport.unplug();
  await settle();
  kind.next = new Fault('in-use', 'usb', 'somebody took it');
  const triesAtMs: number[] = [];
  for (let ms = 0, tries = 0; ms < 40_000; ms += 100) {
    clock.pass(100);
    await settle();
    const now = kind.asked.length - 1;
    if (now > tries) triesAtMs.push(ms + 100);
    tries = now;
  }
  expect(triesAtMs).toEqual([500, 1500, 3500, 7500, 15_500, 23_500, 31_500, 39_500]);
  expect(board.state.value).toMatchObject({ at: 'returning', fault: { code: 'in-use' } });
});

test('after an announcement that came too early the next tries follow fast', async () => {
  const { transport, kind, clock, board } = await driven();
  transport.unplug();
  await settle();
  for (const ms of [500, 1000, 2000, 4000]) {
    clock.pass(ms);
    await settle();
  }
  kind.next = new Fault('in-use', 'usb', 'not yet allowed');
  kind.announce();
  await settle();
  kind.next = plug().transport;
  clock.pass(500);
  await settle();
  expect(board.state.value.at).toBe('ready');
});

test('a board that comes back dumb is tried again; one of another version is gone', async () => {
  const { transport, kind, clock, board } = await driven();
  transport.unplug();
  await settle();
  kind.next = plug(null).transport;
  kind.announce();
  await settle();
  expect(board.state.value.at).toBe('waking');
  clock.pass(4000);
  await settle();
  expect(board.state.value).toMatchObject({ at: 'returning', fault: { code: 'timeout' } });
  kind.next = plug('fTELEPRESENT9:c').transport;
  kind.announce();
  await settle();
  clock.pass(400);
  await settle();
  expect(board.state.value).toMatchObject({ at: 'gone', end: { fault: { code: 'wrong-version' } } });
});

test('a board that never answered at all is gone', async () => {
  const clock = new FakeClock();
  const board = await boardDoor(memoryKind(plug(null).transport), clock).choose(new AbortController().signal);
  clock.pass(4000);
  expect(board.state.value).toMatchObject({ at: 'gone', end: { fault: { code: 'timeout' } } });
});

test('the latch outlives the cable', async () => {
  const { board, transport, kind } = await driven();
  board.latch();
  transport.unplug();
  await settle();
  const back = plug();
  kind.next = back.transport;
  kind.announce();
  await settle();
  board.drive({ left: 1, right: 1 }, NEUTRAL);
  await settle();
  expect(back.far.heard).toEqual(['f', 'e0', ...TRIED, 'e1', 'v1000']);
  expect(back.far.latched).toBe(true);
});

test('counts add up over the returns', async () => {
  const { board, transport, kind, far } = await driven();
  far.say('x5');
  await settle();
  transport.unplug();
  await settle();
  const back = plug();
  kind.next = back.transport;
  kind.announce();
  await settle();
  back.far.say('x5');
  back.far.say('nonsense');
  await settle();
  expect(board.counts.refused).toBe(2);
  expect(board.counts.malformed).toBe(1);
});

test('rests add up over the returns, and a return is none', async () => {
  const { board, transport, kind, far } = await driven();
  const seen: number[] = [];
  board.rests.subscribe((count) => seen.push(count));
  board.drive({ left: 0, right: 0 }, NEUTRAL);
  far.say('k1');
  far.say('x5');
  await settle();
  transport.unplug();
  await settle();
  const back = plug();
  kind.next = back.transport;
  kind.announce();
  await settle();
  board.drive({ left: 0, right: 0 }, NEUTRAL);
  back.far.say('x6');
  await settle();
  expect(seen).toEqual([0, 1, 2, 3]);
});

test('a stop that was cleared while away is cleared on the board that kept its power', async () => {
  const { board, transport, kind } = await driven();
  board.latch();
  transport.unplug();
  await settle();
  board.unlatch();
  const back = plug();
  kind.next = back.transport;
  kind.announce();
  await settle();
  expect(back.far.heard).toEqual(['f', 'e0', ...TRIED, 'v1000']);
  back.transport.unplug();
  await settle();
  const latchedByOthers = plug();
  latchedByOthers.far.latched = true;
  kind.next = latchedByOthers.transport;
  kind.announce();
  await settle();
  expect(latchedByOthers.far.heard).not.toContain('e0');
  expect(board.keptStop.value).toBe(true);
});

test('a stop that was cleared here and pressed elsewhere since is not cleared by returning', async () => {
  const { board, transport, kind } = await driven();
  board.latch();
  board.unlatch();
  transport.unplug();
  await settle();
  const back = plug();
  back.far.latched = true;
  kind.next = back.transport;
  kind.announce();
  await settle();
  expect(back.far.heard).not.toContain('e0');
  expect(board.keptStop.value).toBe(true);
});

test('a board that came back and does not stop by itself is gone as unsafe', async () => {
  const { board, transport, kind, clock } = await driven();
  transport.unplug();
  await settle();
  const back = plug();
  back.far.stopsOnSilence = false;
  kind.next = back.transport;
  kind.announce();
  await settle();
  for (let ms = 0; ms < 3000; ms += 50) {
    clock.pass(50);
    await settle();
  }
  expect(board.state.value).toMatchObject({ at: 'gone', end: { fault: { code: 'unsafe', subject: 'board' } } });
});

test('a known board that goes mute while it is tried is waited for', async () => {
  const { board, transport, kind, clock } = await driven();
  transport.unplug();
  await settle();
  const back = plug();
  back.far.stopsOnSilence = false;
  kind.next = back.transport;
  kind.announce();
  await settle();
  back.far.deaf = true;
  for (let ms = 0; ms < 2000; ms += 50) {
    clock.pass(50);
    await settle();
  }
  expect(board.state.value).toMatchObject({ at: 'returning', fault: { code: 'timeout' } });
  kind.next = plug().transport;
  kind.announce();
  await settle();
  expect(board.state.value.at).toBe('ready');
});

test('a system that never answers does not end the tries, and what it answers late is closed', async () => {
  const { board, transport, kind, clock } = await driven();
  const reopen = kind.reopen.bind(kind);
  let answer: (late: typeof transport) => void = () => {};
  kind.reopen = () => new Promise((resolve) => (answer = resolve));
  transport.unplug();
  await settle();
  kind.announce();
  await settle();
  clock.pass(15_000);
  await settle();
  kind.reopen = reopen;
  kind.next = plug().transport;
  kind.announce();
  await settle();
  expect(board.state.value.at).toBe('ready');
  const late = plug();
  answer(late.transport);
  await settle();
  expect((await late.transport.closed).why).toBe('asked');
  expect(board.state.value.at).toBe('ready');
});

test('closed while away: gone as asked, and nothing is tried any more', async () => {
  const { board, transport, kind, clock } = await driven();
  transport.unplug();
  await settle();
  await board.close();
  expect(board.state.value).toMatchObject({ at: 'gone', end: { why: 'asked' } });
  clock.pass(60_000);
  kind.announce();
  await settle();
  expect(kind.asked).toEqual(['choose']);
});

test('its signal closes it, motors first', async () => {
  const { board, far, transport, life } = await driven();
  life.abort();
  await transport.closed;
  expect(far.heard.at(-1)).toBe('c0,0');
  await settle();
  expect(board.state.value).toMatchObject({ at: 'gone', end: { why: 'asked' } });
});
