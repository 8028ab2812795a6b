/** A transport of nothing but memory, and a way to lose and find it again; knows no board. */

import type { Transport, TransportKind } from '../../src/board/transport.ts';
import { type End, Fault } from '../../src/core/fault.ts';
import type { PretendBoard } from './pretend-board.ts';

export type MemoryTransport = Transport & {
  unplug(): void;
  /** Makes writes wait until it is called with false. */
  stall(stalled: boolean): void;
};

export function memoryTransport(board: PretendBoard, mtu = 64): MemoryTransport {
  let settle: (end: End) => void = () => {};
  const closed = new Promise<End>((resolve) => {
    settle = resolve;
  });
  let ended = false;
  let incoming: ReadableStreamDefaultController<Uint8Array> | undefined;
  let outgoing: WritableStreamDefaultController | undefined;
  let flows: Promise<void> = Promise.resolve();
  let resume = () => {};

  const end = (how: End) => {
    if (ended) return;
    ended = true;
    incoming?.close();
    outgoing?.error(new Error('ended'));
    resume();
    settle(how);
  };

  const transport: MemoryTransport = {
    label: 'Memory board',
    mtu,
    closed,
    readable: new ReadableStream({
      start(controller) {
        incoming = controller;
      },
    }),
    writable: new WritableStream({
      start(controller) {
        outgoing = controller;
      },
      async write(bytes) {
        await flows;
        if (ended) throw new Error('ended');
        board.hear(bytes);
      },
    }),
    async close() {
      end({ why: 'asked' });
    },
    unplug: () => end({ why: 'lost', fault: new Fault('lost', 'board', 'unplugged') }),
    stall(stalled) {
      resume();
      flows = stalled ? new Promise((resolve) => (resume = resolve)) : Promise.resolve();
    },
  };
  board.wire((bytes) => {
    if (!ended) incoming?.enqueue(bytes.slice());
  });
  return transport;
}

export type MemoryKind = TransportKind & {
  /** What the next `choose` or `reopen` gives; undefined: nothing there; a Fault: thrown. */
  next: Transport | Fault | undefined;
  readonly asked: ('choose' | 'reopen')[];
  /** Says that the board of last time is there again. */
  announce(): void;
};

export function memoryKind(first?: Transport): MemoryKind {
  const listeners = new Set<() => void>();
  const take = (how: 'choose' | 'reopen') => {
    kind.asked.push(how);
    const { next } = kind;
    if (next instanceof Fault) throw next;
    kind.next = undefined;
    return next;
  };
  const kind: MemoryKind = {
    id: 'web-serial',
    next: first,
    asked: [],
    availability: async () => 'available',
    async choose() {
      const transport = take('choose');
      if (!transport) throw new Fault('cancelled', 'usb', 'nothing chosen');
      return transport;
    },
    reopen: async () => take('reopen'),
    returned(back, signal) {
      listeners.add(back);
      signal.addEventListener('abort', () => listeners.delete(back), { once: true });
    },
    announce() {
      for (const back of listeners) back();
    },
  };
  return kind;
}
