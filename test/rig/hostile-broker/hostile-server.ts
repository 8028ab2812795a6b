/** A server whose owner wishes the pages ill: it serves the real app, sits in every word between them, and checks nothing; knows no WebRTC. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { type WebSocket, WebSocketServer } from 'ws';
import { strictHeaders } from '../../../peer-server/headers.ts';

/** One message of PeerJS's wire between a page and its broker. */
export type Wire = {
  readonly type: string;
  readonly src?: string;
  readonly dst?: string;
  readonly payload?: WirePayload;
};
export type WirePayload = {
  readonly sdp?: { readonly type: string; readonly sdp: string };
  readonly candidate?: { readonly candidate: string };
  readonly type?: string;
  readonly connectionId?: string;
  readonly label?: string;
  readonly reliable?: boolean;
  readonly serialization?: string;
};
/** What is delivered instead of one message; it may take its time. */
export type Meddle = (message: Wire) => readonly Wire[] | Promise<readonly Wire[]>;

/** Lets everything pass. */
export const passive: Meddle = (message) => [message];

export class HostileServer {
  /** Every message that a page sent, oldest first. */
  readonly overheard: Wire[] = [];
  /** What becomes of each message. */
  meddle: Meddle = passive;
  /** Which robot has a typed code; undefined: what the robots said. */
  lieAboutCode: ((lookup: string) => string | undefined) | undefined;
  readonly #pages = new Map<string, WebSocket>();
  readonly #puppets = new Map<string, (message: Wire) => void>();
  readonly #codes = new Map<string, string>();
  readonly #app = express();
  readonly #http = createServer(this.#app);
  readonly #sockets = new WebSocketServer({ noServer: true });

  private constructor() {
    this.#app.use(strictHeaders());
    this.#serveBroker();
    this.#app.get('/addresses.json', (_request, response) => void response.json({ network: [] }));
    this.#app.use(express.static(fileURLToPath(new URL('../../../dist/app', import.meta.url)), { etag: false }));
    this.#http.on('upgrade', (request, socket, head) => {
      const id = new URL(request.url ?? '/', 'http://localhost').searchParams.get('id') ?? '';
      this.#sockets.handleUpgrade(request, socket, head, (opened) => this.#register(id, opened));
    });
  }

  static async start(): Promise<HostileServer> {
    const server = new HostileServer();
    await new Promise<void>((resolve) => server.#http.listen(0, '127.0.0.1', resolve));
    return server;
  }

  /** Without a slash at the end. */
  get origin(): string {
    return `http://localhost:${(this.#http.address() as AddressInfo).port}`;
  }

  /** Ids that are registered now, by pages. */
  get ids(): readonly string[] {
    return [...this.#pages.keys()];
  }

  /** What is sent to this id is heard here until the answer is called. */
  attend(id: string, hear: (message: Wire) => void): () => void {
    this.#puppets.set(id, hear);
    return () => {
      if (this.#puppets.get(id) === hear) this.#puppets.delete(id);
    };
  }

  /** To whoever has the id `dst`, from whoever is named in `src`. */
  deliver(message: Wire): boolean {
    const { dst = '' } = message;
    const puppet = this.#puppets.get(dst);
    if (puppet) {
      puppet(message);
      return true;
    }
    const page = this.#pages.get(dst);
    page?.send(JSON.stringify(message));
    return page !== undefined;
  }

  /** Breaks the line to one page. */
  hangUp(id: string): void {
    this.#pages.get(id)?.terminate();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #serveBroker(): void {
    const codes = '/broker/codes/:lookup';
    this.#app.get('/broker/challenge', (_request, response) => void response.json({ challenge: 'AAAAAAAAAAAAAAAA' }));
    this.#app.get('/broker/ice', (_request, response) => {
      response.json({ iceServers: [], lifetimeSeconds: 3600 });
    });
    this.#app.put(codes, (request, response) => {
      this.#codes.set(request.params.lookup, String(request.query.id));
      response.status(204).end();
    });
    this.#app.delete(codes, (request, response) => {
      this.#codes.delete(request.params.lookup);
      response.status(204).end();
    });
    this.#app.get(codes, (request, response) => {
      const { lookup } = request.params;
      const id = this.lieAboutCode?.(lookup) ?? this.#codes.get(lookup);
      if (id === undefined) response.status(404).end();
      else response.json({ id });
    });
  }

  /** Whoever says so has the id. */
  #register(id: string, socket: WebSocket): void {
    this.#pages.get(id)?.close();
    this.#pages.set(id, socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      if (this.#pages.get(id) === socket) this.#pages.delete(id);
    });
    socket.on('message', (data) => void this.#hear(id, String(data)));
    socket.send(JSON.stringify({ type: 'OPEN' }));
  }

  async #hear(src: string, text: string): Promise<void> {
    const message: Wire = { ...JSON.parse(text), src };
    if (message.type === 'HEARTBEAT') return;
    this.overheard.push(message);
    for (const changed of await this.meddle(message)) {
      if (!this.deliver(changed) && changed.type === 'OFFER' && changed.dst) {
        this.deliver({ type: 'EXPIRE', src: changed.dst, dst: src });
      }
    }
  }
}
