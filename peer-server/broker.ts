/** Introduces pages to each other with PeerServer, behind any number of http servers; trusted with nothing. */
import { type IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import { ExpressPeerServer, type IClient } from 'peer';
import { type ServerOptions, WebSocket, WebSocketServer } from 'ws';

/** A session description with every codec and candidate is about 10 kB. */
const LONGEST_MESSAGE = 64 * 1024;
/** Candidates come in a burst when a connection begins; after it a page only sends heartbeats. */
const BURST_MESSAGES = 200;
const MESSAGES_A_SECOND = 20;
/** A page that vanished without closing its socket gives its id back within twice this time. */
const PING_EVERY_MS = 5000;
/** Hidden pages say PeerJS's own heartbeat as rarely as once a minute. */
const ALIVE_TIMEOUT_MS = 90_000;
/** How long an offer waits for a page that is just reconnecting; then its sender hears that nobody is there. */
const OFFER_WAITS_MS = 2000;
/** How long a page may take to answer when the server closes. */
const GOODBYE_MS = 300;

/** WebSocket close codes of RFC 6455, section 7.4.1. */
const POLICY_VIOLATION = 1008;
const GOING_AWAY = 1001;

export type MountedBroker = {
  /** Takes the WebSocket requests of one more server into the same realm. */
  listenTo(server: Server): void;
  close(): void;
};

/** Mounts the broker on `app` at `path`. `report` hears of bad messages and broken sockets. */
export function mountBroker(app: Express, path: string, report: (error: Error) => void): MountedBroker {
  let sockets: WebSocketServer | undefined;
  const createWebSocketServer = (options: ServerOptions) => {
    sockets = new WebSocketServer({
      noServer: true,
      ...(options.path === undefined ? {} : { path: options.path }),
      maxPayload: LONGEST_MESSAGE,
      WebSocket: LimitedSocket,
      verifyClient: ({ req }: { req: IncomingMessage }) => isSameOrigin(req),
    });
    return sockets;
  };
  // PeerServer insists on a server, and hands it to nobody but the function above.
  const peers = ExpressPeerServer(new Server(), {
    path: '/',
    allow_discovery: false,
    corsOptions: { origin: false },
    alive_timeout: ALIVE_TIMEOUT_MS,
    expire_timeout: OFFER_WAITS_MS,
    cleanup_out_msgs: 500,
    createWebSocketServer,
  });
  // Without a listener one message that is not JSON would end the process.
  peers.on('error', report);
  peers.on('connection', welcomeBack);
  app.use(path, peers);
  if (!sockets) throw new Error('PeerServer made no WebSocket server when it was mounted');
  const realm = sockets;

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', report);
    if (!realm.shouldHandle(request)) return socket.destroy();
    realm.handleUpgrade(request, socket, head, (opened) => realm.emit('connection', opened, request));
    return undefined;
  };
  const pinging = setInterval(() => {
    for (const socket of realm.clients) (socket as LimitedSocket).checkAlive();
  }, PING_EVERY_MS);
  return {
    listenTo: (server) => void server.on('upgrade', upgrade),
    close() {
      clearInterval(pinging);
      for (const socket of realm.clients) socket.close(GOING_AWAY);
      setTimeout(() => {
        for (const socket of realm.clients) socket.terminate();
      }, GOODBYE_MS).unref();
      realm.close();
    },
  };
}

/** PeerServer says OPEN to a new id only, never to the same page coming back (peers/peerjs#1289). Pages take it twice. */
function welcomeBack(client: IClient): void {
  client.send({ type: 'OPEN' });
}

/** Browsers always say where a page came from: pages of other sites have no business here. */
function isSameOrigin({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}

/** A socket that is closed when it talks too much or no longer answers. */
class LimitedSocket extends WebSocket {
  #allowed = BURST_MESSAGES;
  #refilledAtMs = performance.now();
  #answered = true;

  override emit(event: string | symbol, ...values: unknown[]): boolean {
    if (event === 'pong') this.#answered = true;
    if (event === 'message' && !this.#spend()) {
      this.close(POLICY_VIOLATION);
      return true;
    }
    return super.emit(event, ...values);
  }

  checkAlive(): void {
    if (!this.#answered) this.terminate();
    else if (this.readyState === WebSocket.OPEN) this.ping();
    this.#answered = false;
  }

  #spend(): boolean {
    const nowMs = performance.now();
    const refill = ((nowMs - this.#refilledAtMs) / 1000) * MESSAGES_A_SECOND;
    this.#allowed = Math.min(BURST_MESSAGES, this.#allowed + refill) - 1;
    this.#refilledAtMs = nowMs;
    return this.#allowed >= 0;
  }
}
