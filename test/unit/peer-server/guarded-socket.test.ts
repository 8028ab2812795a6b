import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { GuardedSocket } from '../../../peer-server/guarded-socket.ts';

let server: WebSocketServer;
beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', WebSocket: GuardedSocket });
  await once(server, 'listening');
});
afterAll(() => void server.close());

async function meet(options = {}) {
  const arrives = once(server, 'connection');
  const page = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, options);
  const [socket] = (await arrives) as [GuardedSocket];
  await once(page, 'open');
  return { page, socket };
}

test('a page that answers is asked again and again, and stays', async () => {
  const { page, socket } = await meet();
  for (let nowMs = 0; nowMs < 60_000; nowMs += 10_000) {
    const answered = once(socket, 'pong');
    socket.checkAlive(nowMs);
    await answered;
    // Heard of since then: nothing to ask.
    socket.checkAlive(nowMs + 5000);
  }
  expect(socket.readyState).toBe(WebSocket.OPEN);
  page.terminate();
});

test('a page that does not answer is gone at the next call, but not before it had the time', async () => {
  const { page, socket } = await meet({ autoPong: false });
  socket.checkAlive(0);
  socket.checkAlive(2500);
  expect(socket.readyState).toBe(WebSocket.OPEN);
  const ended = once(page, 'close');
  socket.checkAlive(5000);
  expect((await ended)[0]).toBe(1006);
});

test('a page that speaks need not answer', async () => {
  const { page, socket } = await meet({ autoPong: false });
  socket.checkAlive(0);
  const heard = once(socket, 'message');
  page.send('{"type":"HEARTBEAT"}');
  await heard;
  socket.checkAlive(5000);
  expect(socket.readyState).toBe(WebSocket.OPEN);
  page.terminate();
});

test.each([
  ['the page goes', ({ page }) => page.terminate()],
  ['it is sent away', ({ socket }) => socket.dismiss()],
] as [string, (pair: Awaited<ReturnType<typeof meet>>) => void][])(
  'whoever counts it hears once that it is gone: %s',
  async (_, end) => {
    const pair = await meet();
    const left: GuardedSocket[] = [];
    pair.socket.warden = { limited() {}, left: (socket) => left.push(socket) };
    const closed = once(pair.socket, 'close');
    end(pair);
    await closed;
    pair.socket.terminate();
    pair.socket.dismiss();
    await new Promise(setImmediate);
    expect(left.map((socket) => socket === pair.socket)).toEqual([true]);
  },
);

test('a page that will not say goodbye is let go all the same', async () => {
  const { page, socket } = await meet();
  page.pause();
  const ended = once(socket, 'close');
  socket.dismiss();
  await ended;
  page.terminate();
});
