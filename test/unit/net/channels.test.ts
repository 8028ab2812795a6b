import { expect, test } from 'vitest';
import {
  CONTROL_CHANNEL,
  LONGEST_MESSAGE,
  LOSSY,
  RELIABLE,
  type Wire,
  wrapChannel,
} from '../../../src/net/channels.ts';

/** A wire whose far end is the test. */
class LooseWire implements Wire {
  readyState: RTCDataChannelState = 'open';
  bufferedAmount = 0;
  binaryType = 'blob';
  readonly sent: unknown[] = [];
  #heard: (event: MessageEvent) => void = () => {};

  send(message: unknown): void {
    if (this.readyState === 'closed') throw new DOMException('closed', 'InvalidStateError');
    this.sent.push(message);
  }
  addEventListener(_type: 'message', heard: (event: MessageEvent) => void): void {
    this.#heard = heard;
  }
  arrive(data: unknown): void {
    this.#heard({ data } as MessageEvent);
  }
}

const bytes = (...values: number[]) => new Uint8Array(values);
const arrive = (wire: LooseWire, ...values: number[]) => wire.arrive(bytes(...values).buffer);

test('the control channel needs no word between the two ends, and keeps no order', () => {
  expect(CONTROL_CHANNEL).toMatchObject({ negotiated: true, id: 100, ordered: false });
});

test.each([
  { channel: 'lossy', patience: LOSSY },
  { channel: 'reliable', patience: RELIABLE },
])('a $channel channel drops what comes while too much waits, and nothing after', ({ patience }) => {
  const wire = new LooseWire();
  const channel = wrapChannel(wire, patience);
  wire.bufferedAmount = patience.waitingBytes;
  expect(channel.send(bytes(1))).toBe(true);
  wire.bufferedAmount = patience.waitingBytes + 1;
  expect(channel.send(bytes(2))).toBe(false);
  wire.bufferedAmount = 0;
  expect(channel.send(bytes(3))).toBe(true);
  expect(wire.sent).toEqual([bytes(1), bytes(3)]);
});

test('frames give up waiting long before words do', () => {
  expect(LOSSY.waitingBytes).toBeLessThan(RELIABLE.waitingBytes / 10);
});

test('nothing is sent that is too long, or on a channel that is not open', () => {
  const wire = new LooseWire();
  const channel = wrapChannel(wire, RELIABLE);
  expect(channel.send(new Uint8Array(LONGEST_MESSAGE))).toBe(true);
  expect(channel.send(new Uint8Array(LONGEST_MESSAGE + 1))).toBe(false);
  for (const state of ['connecting', 'closing', 'closed'] as const) {
    wire.readyState = state;
    expect(channel.send(bytes(1))).toBe(false);
  }
  expect(wire.sent).toHaveLength(1);
});

test('a wire that breaks in the middle of sending drops the message', () => {
  const wire = new LooseWire();
  wire.send = () => {
    throw new DOMException('full', 'OperationError');
  };
  expect(wrapChannel(wire, LOSSY).send(bytes(1))).toBe(false);
});

test('text, too long messages and blobs are not heard', () => {
  const wire = new LooseWire();
  const heard: Uint8Array[] = [];
  wrapChannel(wire, RELIABLE).receive((message) => heard.push(message), new AbortController().signal);
  expect(wire.binaryType).toBe('arraybuffer');
  wire.arrive('text');
  wire.arrive(new Blob(['blob']));
  wire.arrive(new ArrayBuffer(LONGEST_MESSAGE + 1));
  arrive(wire, 7);
  expect(heard).toEqual([bytes(7)]);
});

test.each([
  { patience: RELIABLE, kept: 'the oldest', first: 0, last: 15 },
  { patience: LOSSY, kept: 'the newest', first: 4, last: 19 },
])('of early messages $kept 16 are kept', ({ patience, first, last }) => {
  const wire = new LooseWire();
  const channel = wrapChannel(wire, patience);
  for (let i = 0; i < 20; i++) arrive(wire, i);
  const heard: number[] = [];
  channel.receive(([value]) => heard.push(value!), new AbortController().signal);
  expect(heard).toHaveLength(16);
  expect([heard[0], heard.at(-1)]).toEqual([first, last]);
});

test('one receiver at a time, and a hand-over in the middle loses nothing', () => {
  const wire = new LooseWire();
  const channel = wrapChannel(wire, RELIABLE);
  for (const value of [1, 2, 3]) arrive(wire, value);
  const greeting = new AbortController();
  const serving = new AbortController();
  const [greeted, served]: [number[], number[]] = [[], []];
  channel.receive(([value]) => {
    greeted.push(value!);
    greeting.abort();
    channel.receive(([later]) => served.push(later!), serving.signal);
  }, greeting.signal);
  arrive(wire, 4);
  serving.abort();
  arrive(wire, 5);
  expect([greeted, served]).toEqual([[1], [2, 3, 4]]);
  channel.receive(([value]) => greeted.push(value!), new AbortController().signal);
  expect(greeted).toEqual([1, 5]);
  channel.receive(() => greeted.push(99), AbortSignal.abort());
  arrive(wire, 6);
  expect(greeted).toEqual([1, 5, 6]);
});

test('what is intercepted reaches nobody else, not even later', () => {
  const wire = new LooseWire();
  const channel = wrapChannel(wire, RELIABLE, { intercept: ([value]) => value === 1 });
  const heard: number[] = [];
  arrive(wire, 1);
  arrive(wire, 2);
  channel.receive(([value]) => heard.push(value!), new AbortController().signal);
  arrive(wire, 1);
  expect(heard).toEqual([2]);
});

test('a screen hears of every length first, of text and of messages beyond any limit too', () => {
  const wire = new LooseWire();
  const lengths: number[] = [];
  const heard: number[] = [];
  const drops = (bytes: number) => {
    lengths.push(bytes);
    return bytes > 2;
  };
  wrapChannel(wire, RELIABLE, { drops }).receive(([value]) => heard.push(value!), new AbortController().signal);
  wire.arrive('four');
  wire.arrive(new ArrayBuffer(LONGEST_MESSAGE + 1));
  arrive(wire, 1, 2, 3);
  arrive(wire, 1, 2);
  expect([lengths, heard]).toEqual([[4, LONGEST_MESSAGE + 1, 3, 2], [1]]);
});

test('a closed screen keeps few messages and lets none out; an open one is as none at all', () => {
  const wire = new LooseWire();
  let open = false;
  const screen = { mostKept: () => (open ? 16 : 4), maySend: () => open };
  const channel = wrapChannel(wire, RELIABLE, screen);
  for (let i = 0; i < 9; i++) arrive(wire, i);
  expect(channel.send(bytes(1))).toBe(false);
  open = true;
  expect(channel.send(bytes(1))).toBe(true);
  arrive(wire, 9);
  const heard: number[] = [];
  channel.receive(([value]) => heard.push(value!), new AbortController().signal);
  expect(heard).toEqual([0, 1, 2, 3, 9]);
});
