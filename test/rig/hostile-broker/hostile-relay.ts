/** A path between two pages under an attacker's control, as a relay's is: keeps every packet, and sends what it likes; knows no keys. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Meddle, Wire } from './hostile-server.ts';

export type Packet = {
  readonly to: 'robot' | 'pilot';
  readonly bytes: Buffer;
  /** By its first byte (RFC 7983). */
  readonly kind: 'stun' | 'dtls' | 'srtp' | 'other';
  /** Under keys that both ends have agreed on: media, and DTLS records of a later epoch than the handshake's. */
  readonly sealed: boolean;
};

const LOOPBACK = '127.0.0.1';
const CANDIDATE = /^(candidate:\S+ 1 udp \d+ )127\.0\.0\.1 (\d+)( typ host.*)$/i;

export class HostileRelay {
  readonly packets: Packet[] = [];
  /** Changes a packet on its way, or takes it away. */
  onPacket: ((packet: Packet) => Buffer | undefined) | undefined;
  readonly #sockets: { readonly robot: Socket; readonly pilot: Socket };
  /** Where each page's only candidate is. */
  readonly #ports: { robot?: number; pilot?: number } = {};

  private constructor(facingRobot: Socket, facingPilot: Socket) {
    this.#sockets = { robot: facingRobot, pilot: facingPilot };
    facingPilot.on('message', (bytes) => this.#pass('robot', bytes));
    facingRobot.on('message', (bytes) => this.#pass('pilot', bytes));
  }

  static async open(): Promise<HostileRelay> {
    const sockets = [createSocket('udp4'), createSocket('udp4')] as const;
    for (const socket of sockets) {
      socket.bind(0, LOOPBACK);
      await once(socket, 'listening');
    }
    return new HostileRelay(...sockets);
  }

  /** For the server: each page hears of no way to the other but this one. */
  meddle(robotId: string): Meddle {
    return (message) => {
      const { type, dst, payload } = message;
      if (type !== 'CANDIDATE' || !payload?.candidate) return [message];
      const [, head, port, tail] = CANDIDATE.exec(payload.candidate.candidate) ?? [];
      if (head === undefined || tail === undefined) return [];
      // Named by who is spoken to: what the robot says goes to the pilot.
      const speaker = dst === robotId ? 'pilot' : 'robot';
      if (this.#ports[speaker] !== undefined) return [];
      this.#ports[speaker] = Number(port);
      const facing = this.#sockets[speaker === 'robot' ? 'pilot' : 'robot'].address().port;
      const candidate = { ...payload.candidate, candidate: `${head}${LOOPBACK} ${facing}${tail}` };
      return [{ ...message, payload: { ...payload, candidate } } satisfies Wire];
    };
  }

  /** As if it came from the other page. */
  inject(to: 'robot' | 'pilot', bytes: Uint8Array): void {
    const port = this.#ports[to];
    if (port !== undefined) this.#sockets[to].send(bytes, port, LOOPBACK);
  }

  close(): void {
    for (const socket of Object.values(this.#sockets)) socket.close();
  }

  #pass(to: 'robot' | 'pilot', bytes: Buffer): void {
    const kind = kindOf(bytes[0] ?? 255);
    const sealed = kind === 'srtp' || (kind === 'dtls' && bytes.length > 4 && bytes.readUInt16BE(3) > 0);
    const packet = { to, bytes: Buffer.from(bytes), kind, sealed };
    if (this.packets.length < 50_000) this.packets.push(packet);
    const passed = this.onPacket ? this.onPacket(packet) : bytes;
    if (passed) this.inject(to, passed);
  }
}

function kindOf(first: number): Packet['kind'] {
  if (first < 4) return 'stun';
  if (first >= 20 && first < 64) return 'dtls';
  return first >= 128 && first < 192 ? 'srtp' : 'other';
}
