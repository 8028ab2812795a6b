/** Which board is kept while another one is asked for, found, or not. */
import { expect, test } from 'vitest';
import type { Board } from '../../../src/board/driver.ts';
import type { BoardDoor } from '../../../src/board/lasting-board.ts';
import { Fault } from '../../../src/core/fault.ts';
import type { TransportId } from '../../../src/core/transport-id.ts';
import { keepOneBoard } from '../../../src/session/robot-board.ts';
import { FakeClock } from '../../fake-clock.ts';
import { MemoryBoard } from '../../memory-board.ts';

const CANCELLED = new Fault('cancelled', 'usb', 'closed the picker');
const settle = () => new Promise((resolve) => setTimeout(resolve));

/** A door whose picker stays open until the test answers it, and that has one board at a time, as a port does. */
class FakeDoor implements BoardDoor {
  readonly asked: ('choose' | 'reopen')[] = [];
  /** What `reopen` gives, or throws. */
  known: MemoryBoard | Fault | undefined;
  answer: (board: MemoryBoard | Fault) => void = () => {};
  /** It is plugged in again. */
  back: () => void = () => {};

  choose(signal: AbortSignal): Promise<Board> {
    this.asked.push('choose');
    return new Promise((resolve, reject) => {
      this.answer = (board) => (board instanceof Fault ? reject(board) : resolve(living(board, signal)));
    });
  }

  async reopen(signal: AbortSignal): Promise<Board | undefined> {
    this.asked.push('reopen');
    if (this.known instanceof Fault) throw this.known;
    return this.known && living(this.known, signal);
  }

  returned(back: () => void, signal: AbortSignal): void {
    this.back = () => signal.aborted || back();
  }
}

function living(board: MemoryBoard, signal: AbortSignal): MemoryBoard {
  signal.addEventListener('abort', () => void board.close(), { once: true });
  return board;
}

function house() {
  const doors = { simulated: new FakeDoor(), 'web-serial': new FakeDoor(), bluetooth: new FakeDoor() };
  const remembered: TransportId[] = [];
  const clock = new FakeClock();
  const life = new AbortController();
  const keeper = keepOneBoard({
    doors,
    remember: (kind) => remembered.push(kind),
    clock,
    signal: life.signal,
  });
  return { doors, remembered, life, keeper, clock };
}

async function driving(kind: TransportId) {
  const all = house();
  const board = new MemoryBoard();
  void all.keeper.choose(kind, true);
  all.doors[kind].answer(board);
  await settle();
  expect(all.keeper.board.value).toBe(board);
  all.doors[kind].asked.length = 0;
  all.remembered.length = 0;
  return { ...all, board };
}

test('without a board the page shows at once what was asked for, and why there is none', async () => {
  const { doors, keeper, remembered } = house();
  void keeper.choose('bluetooth', false);
  expect(keeper.kind.value).toBe('bluetooth');
  doors.bluetooth.answer(CANCELLED);
  await settle();
  expect(keeper.state.value).toEqual({ at: 'none' });
  expect(keeper.fault.value).toBe(CANCELLED);
  expect(keeper.kind.value).toBe('bluetooth');
  expect(remembered).toEqual([]);
});

test('a cancelled picker of another kind leaves the board as it was', async () => {
  const { doors, keeper, board, remembered } = await driving('web-serial');
  void keeper.choose('bluetooth', false);
  expect(doors.bluetooth.asked).toEqual(['choose']);
  expect(keeper.board.value).toBe(board);
  doors.bluetooth.answer(CANCELLED);
  await settle();
  expect(keeper.board.value).toBe(board);
  expect(keeper.kind.value).toBe('web-serial');
  expect(keeper.fault.value).toBe(CANCELLED);
  expect(board.state.value.at).toBe('ready');
  expect(board.told).toEqual([]);
  expect(remembered).toEqual([]);
});

test('a board of another kind takes the place of the old one, which is stopped and closed', async () => {
  const { doors, keeper, board, remembered } = await driving('web-serial');
  const seen: (Board | undefined)[] = [];
  keeper.board.subscribe((now) => seen.push(now));
  void keeper.choose('bluetooth', false);
  expect(keeper.kind.value).toBe('web-serial');
  const next = new MemoryBoard();
  doors.bluetooth.answer(next);
  await settle();
  expect(keeper.kind.value).toBe('bluetooth');
  expect(board.told).toEqual(['stop']);
  expect(board.state.value.at).toBe('gone');
  expect(next.state.value.at).toBe('ready');
  expect(seen).toEqual([board, undefined, next]);
  expect(remembered).toEqual(['bluetooth']);
});

test('another board of the same kind: the old port is closed, yet the picker opens within the click', async () => {
  const { doors, keeper, board } = await driving('web-serial');
  void keeper.choose('web-serial', true);
  expect(doors['web-serial'].asked).toEqual(['choose']);
  expect(board.told).toEqual(['stop']);
  expect(board.state.value.at).toBe('gone');
  const next = new MemoryBoard();
  doors['web-serial'].answer(next);
  await settle();
  expect(keeper.board.value).toBe(next);
});

test('a cancelled picker of the same kind opens the old port again, and still says what happened', async () => {
  const { doors, keeper } = await driving('web-serial');
  const again = new MemoryBoard();
  doors['web-serial'].known = again;
  void keeper.choose('web-serial', true);
  expect(keeper.board.value).toBeUndefined();
  doors['web-serial'].answer(CANCELLED);
  await settle();
  expect(doors['web-serial'].asked).toEqual(['choose', 'reopen']);
  expect(keeper.board.value).toBe(again);
  expect(keeper.state.value.at).toBe('ready');
  expect(keeper.fault.value).toBe(CANCELLED);
});

test('a board that had failed is not opened again behind the picker', async () => {
  const { doors, keeper, board } = await driving('web-serial');
  const fault = new Fault('wrong-version', 'board', 'too old');
  board.state.value = { at: 'gone', label: 'Memory', end: { why: 'lost', fault } };
  expect(keeper.fault.value).toBe(fault);
  void keeper.choose('bluetooth', false);
  expect(keeper.kind.value).toBe('bluetooth');
  expect(keeper.fault.value).toBeUndefined();
  doors.bluetooth.answer(CANCELLED);
  await settle();
  expect(doors['web-serial'].asked).toEqual([]);
  expect(keeper.fault.value).toBe(CANCELLED);
});

test('the newest choice wins: what an older one finds is closed', async () => {
  const { doors, keeper, board } = await driving('simulated');
  void keeper.choose('bluetooth', false);
  void keeper.choose('web-serial', true);
  const late = new MemoryBoard();
  doors.bluetooth.answer(late);
  await settle();
  expect(late.state.value.at).toBe('gone');
  expect(keeper.board.value).toBe(board);
  const next = new MemoryBoard();
  doors['web-serial'].answer(next);
  await settle();
  expect(keeper.board.value).toBe(next);
  expect(next.state.value.at).toBe('ready');
});

test('a board let go for its own kind comes back too when the choice after it fails', async () => {
  const { doors, keeper } = await driving('web-serial');
  const again = new MemoryBoard();
  doors['web-serial'].known = again;
  void keeper.choose('web-serial', true);
  void keeper.choose('bluetooth', false);
  doors.bluetooth.answer(CANCELLED);
  await settle();
  expect(keeper.board.value).toBe(again);
  expect(keeper.kind.value).toBe('web-serial');
});

test('a granted cable is opened without a question, and another one only after it', async () => {
  const { doors, keeper } = house();
  void keeper.choose('web-serial', false);
  await settle();
  expect(doors['web-serial'].asked).toEqual(['reopen', 'choose']);
  const known = new MemoryBoard();
  doors['web-serial'].known = known;
  void keeper.choose('web-serial', false);
  await settle();
  expect(keeper.board.value).toBe(known);
});

test('the end of the session closes the board, and what is still being asked for', async () => {
  const { doors, keeper, board, life } = await driving('simulated');
  void keeper.choose('bluetooth', false);
  life.abort();
  const late = new MemoryBoard();
  doors.bluetooth.answer(late);
  await settle();
  expect(board.state.value.at).toBe('gone');
  expect(late.state.value.at).toBe('gone');
});

test('a board of last time that is not there comes by itself when it is plugged in, unless another was chosen', async () => {
  const { doors, keeper } = house();
  await keeper.reopen('web-serial');
  expect(keeper.board.value).toBeUndefined();
  const board = new MemoryBoard();
  doors['web-serial'].known = board;
  doors['web-serial'].back();
  await settle();
  expect(keeper.board.value).toBe(board);

  const other = house();
  await other.keeper.reopen('web-serial');
  void other.keeper.choose('bluetooth', true);
  const radio = new MemoryBoard();
  other.doors.bluetooth.answer(radio);
  await settle();
  other.doors['web-serial'].known = new MemoryBoard();
  other.doors['web-serial'].back();
  await settle();
  expect(other.keeper.board.value).toBe(radio);
});

const HELD = new Fault('in-use', 'usb', 'the page before this one holds it');

test('a port that the page before this one still holds is tried again until it opens, and the reason stands meanwhile', async () => {
  const { doors, keeper, clock } = house();
  const faults: (Fault | undefined)[] = [];
  keeper.fault.subscribe((now) => faults.push(now));
  doors['web-serial'].known = HELD;
  await keeper.reopen('web-serial');
  clock.pass(500);
  await settle();
  expect(doors['web-serial'].asked).toEqual(['reopen', 'reopen']);
  const board = new MemoryBoard();
  doors['web-serial'].known = board;
  clock.pass(999);
  await settle();
  expect(keeper.board.value).toBeUndefined();
  clock.pass(1);
  await settle();
  expect(keeper.board.value).toBe(board);
  expect(faults).toEqual([undefined, HELD, undefined]);
  expect(keeper.comes.value).toBe(false);
});

test('whoever looked for another board and found none has the board of last time again when it comes', async () => {
  const { doors, keeper, clock } = house();
  doors['web-serial'].known = HELD;
  await keeper.reopen('web-serial');
  expect(keeper.comes.value).toBe(true);
  void keeper.choose('bluetooth', true);
  doors.bluetooth.answer(CANCELLED);
  await settle();
  expect(keeper.fault.value).toBe(CANCELLED);
  const board = new MemoryBoard();
  doors['web-serial'].known = board;
  clock.pass(8_000);
  await settle();
  expect(keeper.board.value).toBe(board);
});

test('no port is tried again once another board was chosen, nor one that this browser refuses', async () => {
  const { doors, keeper, clock } = house();
  doors['web-serial'].known = HELD;
  await keeper.reopen('web-serial');
  void keeper.choose('bluetooth', true);
  doors.bluetooth.answer(new MemoryBoard());
  clock.pass(60_000);
  await settle();
  expect(doors['web-serial'].asked).toEqual(['reopen']);

  const other = house();
  other.doors['web-serial'].known = new Fault('insecure', 'usb', 'no secure context');
  await other.keeper.reopen('web-serial');
  other.clock.pass(60_000);
  await settle();
  expect(other.doors['web-serial'].asked).toEqual(['reopen']);
});
