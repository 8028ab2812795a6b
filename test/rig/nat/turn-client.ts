/** As much of STUN and TURN as it takes to try a relay's doors (RFC 8489, RFC 8656); knows no network of its own. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Socket as DatagramSocket } from 'node:dgram';
import { isIPv6, type Socket } from 'node:net';

const COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
const METHOD = { allocate: 0x003, send: 0x006, permit: 0x008, bindChannel: 0x009 } as const;
const INDICATION = 0x010;
const DATA_INDICATION = 0x017;
const CLASS_BITS = 0x110;
const FAILED = 0x110;
const ATTRIBUTE = {
  username: 0x0006,
  integrity: 0x0008,
  error: 0x0009,
  channel: 0x000c,
  peer: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  relayed: 0x0016,
  family: 0x0017,
  transport: 0x0019,
} as const;
const UDP = 17;
const UNAUTHENTICATED = 401;
const STALE_NONCE = 438;
const INTEGRITY_BYTES = 24;
const ANSWER_WITHIN_MS = 3_000;

export type Address = { readonly host: string; readonly port: number };
export type Credentials = { readonly username: string; readonly credential: string };
type Attributes = ReadonlyMap<number, Buffer>;
/** `code` is 200 for a success, else the server's own number. */
export type Answer = { readonly code: number; readonly attributes: Attributes };

/** What carries messages to the server and back, whole. */
export type Wire = {
  send(message: Buffer): void;
  listen(got: (message: Buffer) => void): void;
  close(): void;
};

/** As an app's server makes them from the secret it shares with the relay. */
export function makeCredentials(secret: string, lifetimeSeconds = 600, device = 'rig'): Credentials {
  const username = `${Math.floor(Date.now() / 1000) + lifetimeSeconds}:${device}`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}

export function datagramWire(socket: DatagramSocket, { host, port }: Address): Wire {
  return {
    send: (message) => socket.send(message, port, host),
    listen: (got) => void socket.on('message', got),
    close: () => socket.close(),
  };
}

/** Over TCP and TLS messages follow each other, and each says how long it is. */
export function streamWire(socket: Socket): Wire {
  return {
    send: (message) => void socket.write(message),
    listen(got) {
      let waiting: Buffer = Buffer.alloc(0);
      socket.on('data', (chunk) => {
        waiting = Buffer.concat([waiting, chunk]);
        while (waiting.length >= HEADER_BYTES) {
          const bytes = HEADER_BYTES + waiting.readUInt16BE(2);
          if (waiting.length < bytes) return;
          got(waiting.subarray(0, bytes));
          waiting = waiting.subarray(bytes);
        }
      });
      socket.resume();
    },
    close: () => void socket.destroy(),
  };
}

export class TurnClient {
  readonly #wire: Wire;
  readonly #credentials: Credentials;
  readonly #waiting = new Map<string, (message: Buffer) => void>();
  readonly #heard: { readonly from: Address; readonly text: string }[] = [];
  #realm = Buffer.alloc(0);
  #nonce = Buffer.alloc(0);

  constructor(wire: Wire, credentials: Credentials) {
    this.#wire = wire;
    this.#credentials = credentials;
    wire.listen((message) => this.#take(message));
  }

  /** What peers have sent to the relayed address. */
  get heard(): readonly { readonly from: Address; readonly text: string }[] {
    return this.#heard;
  }

  /** Resolves the relayed address too when the server gave one. */
  async allocate(family: 4 | 6 = 4): Promise<Answer & { readonly relayed?: Address }> {
    const answer = await this.#ask(METHOD.allocate, [
      [ATTRIBUTE.transport, Buffer.from([UDP, 0, 0, 0])],
      [ATTRIBUTE.family, Buffer.from([family === 4 ? 1 : 2, 0, 0, 0])],
    ]);
    const relayed = answer.attributes.get(ATTRIBUTE.relayed);
    return relayed ? { ...answer, relayed: decodeAddress(relayed) } : answer;
  }

  permit(peer: Address): Promise<Answer> {
    return this.#ask(METHOD.permit, (transaction) => [[ATTRIBUTE.peer, encodeAddress(peer, transaction)]]);
  }

  bindChannel(channel: number, peer: Address): Promise<Answer> {
    return this.#ask(METHOD.bindChannel, (transaction) => [
      [ATTRIBUTE.channel, Buffer.from([channel >> 8, channel & 0xff, 0, 0])],
      [ATTRIBUTE.peer, encodeAddress(peer, transaction)],
    ]);
  }

  /** Nobody answers this one. */
  send(peer: Address, text: string): void {
    const transaction = randomBytes(12);
    const attributes = [
      [ATTRIBUTE.peer, encodeAddress(peer, transaction)],
      [ATTRIBUTE.data, Buffer.from(text)],
    ] as const;
    this.#wire.send(encode(METHOD.send | INDICATION, transaction, attributes));
  }

  close(): void {
    this.#wire.close();
  }

  async #ask(method: number, attributes: Wanted): Promise<Answer> {
    const first = await this.#askOnce(method, attributes);
    // A server asks who it is, and later whether it is still the same: each time with a nonce to answer with.
    if (first.code !== STALE_NONCE && (first.code !== UNAUTHENTICATED || this.#nonce.length > 0)) return first;
    this.#realm = Buffer.from(first.attributes.get(ATTRIBUTE.realm) ?? this.#realm);
    this.#nonce = Buffer.from(first.attributes.get(ATTRIBUTE.nonce) ?? this.#nonce);
    return this.#askOnce(method, attributes);
  }

  async #askOnce(method: number, wanted: Wanted): Promise<Answer> {
    const transaction = randomBytes(12);
    const attributes = typeof wanted === 'function' ? wanted(transaction) : wanted;
    const answer = new Promise<Buffer>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`the relay did not answer within ${ANSWER_WITHIN_MS} ms`)),
        ANSWER_WITHIN_MS,
      );
      this.#waiting.set(transaction.toString('hex'), (message) => {
        clearTimeout(late);
        resolve(message);
      });
    });
    this.#wire.send(this.#sign(encode(method, transaction, [...attributes, ...this.#identity()])));
    return decodeAnswer(await answer);
  }

  #identity(): readonly Attribute[] {
    if (this.#nonce.length === 0) return [];
    return [
      [ATTRIBUTE.username, Buffer.from(this.#credentials.username)],
      [ATTRIBUTE.realm, this.#realm],
      [ATTRIBUTE.nonce, this.#nonce],
    ];
  }

  /** The signature covers a header that counts it already. */
  #sign(message: Buffer): Buffer {
    if (this.#nonce.length === 0) return message;
    message.writeUInt16BE(message.length - HEADER_BYTES + INTEGRITY_BYTES, 2);
    const { username, credential } = this.#credentials;
    const key = createHash('md5').update(`${username}:${this.#realm}:${credential}`).digest();
    const signature = createHmac('sha1', key).update(message).digest();
    return Buffer.concat([message, encodeAttribute([ATTRIBUTE.integrity, signature])]);
  }

  #take(message: Buffer): void {
    if (message.readUInt16BE(0) === DATA_INDICATION) {
      const attributes = decodeAttributes(message);
      const [peer, data] = [attributes.get(ATTRIBUTE.peer), attributes.get(ATTRIBUTE.data)];
      if (peer && data) this.#heard.push({ from: decodeAddress(peer), text: data.toString() });
      return;
    }
    const transaction = message.toString('hex', 8, HEADER_BYTES);
    this.#waiting.get(transaction)?.(message);
    this.#waiting.delete(transaction);
  }
}

type Attribute = readonly [type: number, value: Buffer];
type Wanted = readonly Attribute[] | ((transaction: Buffer) => readonly Attribute[]);

function encode(type: number, transaction: Buffer, attributes: readonly Attribute[]): Buffer {
  const body = Buffer.concat(attributes.map(encodeAttribute));
  const header = Buffer.alloc(8);
  header.writeUInt16BE(type, 0);
  header.writeUInt16BE(body.length, 2);
  header.writeUInt32BE(COOKIE, 4);
  return Buffer.concat([header, transaction, body]);
}

function encodeAttribute([type, value]: Attribute): Buffer {
  const bytes = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(value.length, 2);
  value.copy(bytes, 4);
  return bytes;
}

function decodeAnswer(message: Buffer): Answer {
  const attributes = decodeAttributes(message);
  const failed = (message.readUInt16BE(0) & CLASS_BITS) === FAILED;
  const error = attributes.get(ATTRIBUTE.error);
  return { code: failed && error ? error.readUInt8(2) * 100 + error.readUInt8(3) : 200, attributes };
}

function decodeAttributes(message: Buffer): Attributes {
  const attributes = new Map<number, Buffer>();
  for (let at = HEADER_BYTES; at + 4 <= message.length; ) {
    const bytes = message.readUInt16BE(at + 2);
    attributes.set(message.readUInt16BE(at), message.subarray(at + 4, at + 4 + bytes));
    at += 4 + Math.ceil(bytes / 4) * 4;
  }
  return attributes;
}

/** Addresses travel XORed, so that no router on the way "translates" them. */
function encodeAddress({ host, port }: Address, transaction: Buffer): Buffer {
  const raw = isIPv6(host) ? bytesOfIpv6(host) : Buffer.from(host.split('.').map(Number));
  const bytes = Buffer.concat([Buffer.from([0, raw.length === 4 ? 1 : 2, 0, 0]), raw]);
  bytes.writeUInt16BE(port ^ (COOKIE >>> 16), 2);
  const mask = Buffer.alloc(4);
  mask.writeUInt32BE(COOKIE);
  Buffer.concat([mask, transaction]).forEach((byte, index) => {
    if (index < raw.length) bytes.writeUInt8(raw.readUInt8(index) ^ byte, 4 + index);
  });
  return bytes;
}

/** Of IPv4 only: nothing here waits for others. */
function decodeAddress(bytes: Buffer): Address {
  const port = bytes.readUInt16BE(2) ^ (COOKIE >>> 16);
  const raw = Buffer.alloc(4);
  raw.writeUInt32BE((bytes.readUInt32BE(4) ^ COOKIE) >>> 0);
  return { host: [...raw].join('.'), port };
}

/** The URL parser knows every way to write one. */
function bytesOfIpv6(host: string): Buffer {
  const [head = '', tail] = new URL(`http://[${host}]`).hostname.slice(1, -1).split('::');
  const words = (part: string) => (part ? part.split(':').map((word) => Number.parseInt(word, 16)) : []);
  const [front, back] = [words(head), words(tail ?? '')];
  const all = [...front, ...Array(8 - front.length - back.length).fill(0), ...back];
  return Buffer.from(all.flatMap((word) => [word >> 8, word & 0xff]));
}
