/** Introduces pages to each other with PeerServer, behind any number of http servers; trusted with nothing. */
import { type IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import express from 'express';
import { ExpressPeerServer, type IClient, type IMessage } from 'peer';
import { type ServerOptions, WebSocketServer } from 'ws';
import { isId } from '../src/trust/identity.ts';
import type { Admit } from './admission.ts';
import { GuardedSocket, type Warden } from './guarded-socket.ts';
import { type AddressOf, type Limit, limitSockets } from './limits.ts';
import type { Logger } from './log.ts';
import { isSameOrigin } from './origin.ts';
import { watchSockets } from './pulse.ts';
import { makeWaiting } from './waiting.ts';

const LONGEST_MESSAGE = 64 * 1024;
const MOST_CLIENTS = 20_000;
/** Hidden pages say PeerJS's own heartbeat as rarely as once a minute. */
const ALIVE_TIMEOUT_MS = 90_000;
/** How long an offer waits for a page that is just reconnecting; then its sender hears that nobody is there. */
const OFFER_WAITS_MS = 2000;
const RELAYED: readonly string[] = ['OFFER', 'ANSWER', 'CANDIDATE', 'LEAVE'];
/** What begins a link: its sender waits for an answer. */
const REPEATED: readonly string[] = ['OFFER', 'CANDIDATE'];
/** PeerServer has no handler for it, and so drops it. */
const DROPPED = '';

/** WebSocket close code of RFC 6455, section 7.4.1. */
const GOING_AWAY = 1001;

export type Ears = {
  readonly log: Logger;
  relayed(): void;
  limited(limit: Limit): void;
};

export type Broker = {
  /** Takes the WebSocket requests of one more server into the same realm. */
  listenTo(server: Server): void;
  /** How many pages are here. */
  count(): number;
  close(): void;
};

/** `path` is where pages find it, as `/broker`. */
export function openBroker(path: string, admit: Admit, addressOf: AddressOf, ears: Ears): Broker {
  const { log } = ears;
  const nowMs = () => performance.now();
  const limits = limitSockets(nowMs);
  const waiting = makeWaiting(nowMs);
  const present = new Map<string, GuardedSocket>();
  const report = (err: unknown) => log.debug({ err }, 'a socket or a message was broken');

  const warden: Warden = {
    limited: ears.limited,
    left(socket) {
      const { id, address } = socket;
      limits.leave(address);
      if (present.get(id) === socket) present.delete(id);
    },
  };

  let sockets: WebSocketServer | undefined;
  const createWebSocketServer = (options: ServerOptions) => {
    sockets = new WebSocketServer({
      noServer: true,
      ...(options.path === undefined ? {} : { path: options.path }),
      maxPayload: LONGEST_MESSAGE,
      WebSocket: GuardedSocket,
      verifyClient: ({ req }: { req: IncomingMessage }, answer: (admitted: boolean, status?: number) => void) => {
        admitRequest(req, admit).then(
          (admitted) => answer(admitted, 401),
          (err) => {
            log.error({ err }, 'a claim could not be read');
            answer(false, 500);
          },
        );
      },
    });
    // Before PeerServer's own, which may send at once.
    sockets.on('connection', (socket: GuardedSocket) => {
      socket.warden = warden;
    });
    return sockets;
  };
  // PeerServer insists on a server, and hands it to nobody but the function above.
  const peers = ExpressPeerServer(new Server(), {
    path: '/',
    allow_discovery: false,
    alive_timeout: ALIVE_TIMEOUT_MS,
    expire_timeout: OFFER_WAITS_MS,
    cleanup_out_msgs: 500,
    concurrent_limit: MOST_CLIENTS,
    createWebSocketServer,
  });
  // Without a listener one message that is not JSON would end the process.
  peers.on('error', report);
  peers.on('connection', (client) => welcome(client, present));
  peers.on('message', (client, message) => {
    if (!mayPass(client, message)) (message as { type: string }).type = DROPPED;
  });
  // It sets itself up when it is mounted. Nobody listens to this app, and so to its lists of ids.
  express().use(path, peers);
  if (!sockets) throw new Error('PeerServer made no WebSocket server when it was mounted');
  const realm = sockets;

  /** Only what pages have to say to each other, and no more for the absent than may wait. */
  const mayPass = (client: IClient, message: IMessage): boolean => {
    const { type, dst } = message;
    const socket = client.getSocket() as GuardedSocket | null;
    if (String(type) === 'HEARTBEAT') {
      // A page cannot see pings, and its own end of a dead connection looks alive for many minutes.
      client.send({ type: 'HEARTBEAT' });
      return true;
    }
    if (String(type) === 'LEAVE' && !dst) {
      // PeerServer would forget the id and keep the socket, whose end would later take the id from its next owner.
      socket?.dismiss();
      return false;
    }
    if (!RELAYED.includes(type) || typeof dst !== 'string' || !isId(dst)) return false;
    if (!present.has(dst) && String(type) !== 'LEAVE' && !waiting.take(client.getId(), socket?.hearingBytes ?? 0)) {
      ears.limited('waiting');
      client.send({ type: 'EXPIRE', src: dst, dst: client.getId() });
      return false;
    }
    if (REPEATED.includes(type))
      present.get(dst)?.remember({ ...message, src: client.getId() }, socket?.hearingBytes ?? 0);
    ears.relayed();
    return true;
  };

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', report);
    if (!realm.shouldHandle(request)) return void socket.destroy();
    const address = addressOf(request);
    const entry = limits.enter(address);
    if (!entry.ok) {
      ears.limited(entry.limit);
      log.warn({ address, limit: entry.limit }, 'an address opens too many sockets');
      return void socket.end('HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', () =>
        socket.destroy(),
      );
    }
    const leave = () => limits.leave(address);
    socket.once('close', leave);
    realm.handleUpgrade(request, socket, head, (opened) => {
      // From here on the WebSocket hears both, and tells its warden.
      socket.off('close', leave).off('error', report);
      (opened as GuardedSocket).address = address;
      realm.emit('connection', opened, request);
    });
  };
  const stopWatching = watchSockets(realm.clients as Set<GuardedSocket>, nowMs);
  return {
    listenTo: (server) => void server.on('upgrade', upgrade),
    count: () => present.size,
    close() {
      stopWatching();
      for (const socket of realm.clients) (socket as GuardedSocket).dismiss(GOING_AWAY);
      realm.close();
    },
  };
}

/** The last page that proves the id has it: the one before is told, also when it does not know yet that it is gone. */
function welcome(client: IClient, present: Map<string, GuardedSocket>): void {
  const id = client.getId();
  const socket = client.getSocket() as GuardedSocket;
  const former = present.get(id);
  present.set(id, socket);
  socket.id = id;
  client.setLastPing(Date.now());
  if (!former) return;
  // PeerServer says OPEN to a new id only, never to one that comes back (peers/peerjs#1289).
  client.send({ type: 'OPEN' });
  // A page that changed its network comes back sooner than anybody knows that its old connection is dead.
  for (const { message } of former.latelySent(performance.now())) client.send(message);
  former.send(JSON.stringify({ type: 'ID-TAKEN', payload: { msg: 'ID is taken' } }));
  former.dismiss();
}

/** PeerServer is then told what was proved, and nothing else of what the page said. */
async function admitRequest(request: IncomingMessage, admit: Admit): Promise<boolean> {
  if (!isSameOrigin(request)) return false;
  const [path = '', query = ''] = (request.url ?? '').split('?', 2);
  const said = new URLSearchParams(query);
  const { host } = request.headers;
  const admission = await admit({ purpose: 'join', host, id: said.get('id'), token: said.get('token') });
  if (admission.verdict !== 'admitted') return false;
  // The same for every visit, so that PeerServer knows an owner who comes back.
  request.url = `${path}?key=peerjs&id=${admission.id}&token=proven`;
  return true;
}
