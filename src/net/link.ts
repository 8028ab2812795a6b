/** One connection to one other device, as a type: channels and tracks live and die together; knows no broker. */
import type { ReadonlySignal } from '@preact/signals-core';
import type { End, Fault } from '../core/fault.ts';

export interface Channel {
  /** False when it was dropped: closed, or (lossy) the path has died and too much waits. */
  send(message: Uint8Array<ArrayBuffer>): boolean;
  /** One receiver at a time hears what arrives from now on; what came before any receiver is kept, up to 16 messages. */
  receive(got: (message: Uint8Array<ArrayBuffer>) => void, signal: AbortSignal): void;
}

/** How the bytes travel, and how well. Undefined until known. */
export type Vitals = {
  readonly path: 'direct' | 'relayed' | undefined;
  /** ICE's own round trip. */
  readonly roundTripMs: number | undefined;
  readonly framesPerSecond: number | undefined;
  readonly bitrateKbps: number | undefined;
  /** Share of video packets lost, 0…1. */
  readonly lost: number | undefined;
};

export interface Link {
  /** What the broker calls the other end: of a page, not of a person. */
  readonly peerId: string;
  /** sha-256, of the certificates really used, lower case hex with colons. */
  readonly fingerprints: { readonly local: string; readonly remote: string };
  /** Reliable, ordered, small words. */
  readonly messages: Channel;
  /** Lossy, newest wins. */
  readonly control: Channel;
  readonly remoteTracks: ReadonlySignal<readonly MediaStreamTrack[]>;
  /** Refreshed every second while the link lives. */
  readonly vitals: ReadonlySignal<Vitals>;
  /**
   * The other end has proved who it is. Until this is called nothing but messages of at most 2 kB passes: no track either way, no
   * renegotiation, and what arrives on `control` is dropped.
   */
  admit(): void;
  /** Sends a track, in a MediaStream of its own, until `signal` aborts. Once admitted. */
  show(track: MediaStreamTrack, signal: AbortSignal): void;
  /**
   * Sends no pictures while the other end is silent, so that none of them waits in line, and goes on with a whole one: after a
   * break the other end would have to ask for it first.
   */
  rest(on: boolean): void;
  /** Settles once, never rejects: `asked` when this side or the other closed it on purpose, `lost` otherwise. */
  readonly closed: Promise<End>;
  close(): void;
}

export type BrokerState =
  | { readonly at: 'joining' }
  | { readonly at: 'joined' }
  /** `in-use` when another page took this id over, `refused` when the broker does not believe this one, else `unreachable` or `timeout`. */
  | { readonly at: 'away'; readonly retryInMs: number; readonly fault?: Fault };

/** Introduces devices. Trusted with nothing. A session may hold several links while the broker is away. */
export interface Broker {
  readonly state: ReadonlySignal<BrokerState>;
  /** What is wrong with the relay, as the newest connection found it; undefined: nothing known. */
  readonly relay: ReadonlySignal<Fault | undefined>;
  /** A stranger takes one of three places until what `ring` returns settles. It must not reject. */
  answer(ring: (link: Link) => Promise<void>, signal: AbortSignal): void;
  /**
   * Resolves once both channels are open. Who is not answered in time joins anew. @throws {Fault} absent | unreachable | timeout | cancelled; with the subject `relay` when
   * the relay is what is wrong, `impostor` when the descriptions promise more than one certificate or none by sha-256
   */
  dial(peerId: string, signal: AbortSignal, answerWithinMs?: number): Promise<Link>;
  /** Joins anew, at once: the connection to the broker may have died without a sign. Links live on. At most once a second. */
  rejoin(): void;
}
