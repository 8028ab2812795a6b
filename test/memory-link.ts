/** Two ends of a link inside one program, whose path a test can slow or cut; knows neither WebRTC nor PeerJS. */
import { computed, signal } from '@preact/signals-core';
import type { Clock } from '../src/core/clock.ts';
import { type End, Fault } from '../src/core/fault.ts';
import type { Channel, Link, Vitals } from '../src/net/link.ts';

export type MemoryPath = {
  readonly ends: readonly [Link, Link];
  delayMs: number;
  /** What stands before the first end's control frames besides, as in a full buffer. */
  queueMs: number;
  /** Nothing passes, in the direction away from this end. */
  readonly cut: [boolean, boolean];
  /** As when a page crashed: both ends notice nothing but silence. */
  freeze(): void;
};

/** Until an end admits the other it hears short words only, and keeps few of them. */
const STRANGERS_BYTES = 2048;
const STRANGERS_KEPT = 4;

export function memoryLink(clock: Clock, names: readonly [string, string] = ['pilot', 'robot']): MemoryPath {
  const life = new AbortController();
  const settle: ((end: End) => void)[] = [];
  const vitals = signal<Vitals>({
    path: 'direct',
    roundTripMs: 0,
    framesPerSecond: undefined,
    bitrateKbps: undefined,
    lost: undefined,
  });
  const path = {
    get delayMs() {
      return (vitals.peek().roundTripMs ?? 0) / 2;
    },
    set delayMs(ms) {
      vitals.value = { ...vitals.peek(), roundTripMs: 2 * ms };
    },
    cut: [false, false] as [boolean, boolean],
    queueMs: 0,
  };
  const admitted = [signal(false), signal(false)] as const;
  const finish = (ending: End) => {
    if (life.signal.aborted) return;
    life.abort();
    for (const each of settle) each(ending);
  };

  const channelPair = (kind: 'messages' | 'control') => {
    const got: [
      ((message: Uint8Array<ArrayBuffer>) => void) | undefined,
      ((message: Uint8Array<ArrayBuffer>) => void) | undefined,
    ] = [undefined, undefined];
    const early: [Uint8Array<ArrayBuffer>[], Uint8Array<ArrayBuffer>[]] = [[], []];
    const channel = (side: 0 | 1): Channel => ({
      send(message) {
        if (life.signal.aborted || (kind === 'control' && !admitted[side].peek())) return false;
        if (path.cut[side]) return true;
        const other = side === 0 ? 1 : 0;
        const arrive = () => {
          const open = admitted[other].peek();
          if (!open && kind === 'control') return;
          if (!open && message.length > STRANGERS_BYTES) {
            return finish({ why: 'lost', fault: new Fault('refused', 'pilot', `${message.length} bytes`) });
          }
          const to = got[other];
          if (to) to(message);
          else if (open || early[other].length < STRANGERS_KEPT) early[other].push(message);
        };
        clock.after(path.delayMs + (kind === 'control' && side === 0 ? path.queueMs : 0), arrive, life.signal);
        return true;
      },
      receive(receiver, until) {
        got[side] = receiver;
        while (got[side] === receiver && early[side].length > 0) receiver(early[side].shift()!);
        until.addEventListener('abort', () => {
          if (got[side] === receiver) got[side] = undefined;
        });
      },
    });
    return [channel(0), channel(1)] as const;
  };

  const messages = channelPair('messages');
  const control = channelPair('control');
  /** What each end shows. It is seen once both have admitted each other. */
  const shown = [signal<readonly MediaStreamTrack[]>([]), signal<readonly MediaStreamTrack[]>([])] as const;
  const seenBy = (side: 0 | 1) =>
    computed(() => (admitted[0].value && admitted[1].value ? shown[side === 0 ? 1 : 0].value : []));
  const end = (side: 0 | 1): Link => ({
    peerId: names[side === 0 ? 1 : 0],
    fingerprints: { local: fingerprint(side), remote: fingerprint(side === 0 ? 1 : 0) },
    messages: messages[side],
    control: control[side],
    remoteTracks: seenBy(side),
    vitals,
    admit() {
      admitted[side].value = true;
    },
    show(track, until) {
      const own = shown[side];
      own.value = [...own.value, track];
      until.addEventListener('abort', () => (own.value = own.value.filter((each) => each !== track)));
    },
    rest: () => {},
    closed: new Promise<End>((resolve) => settle.push(resolve)),
    close: () => finish({ why: 'asked' }),
  });
  const ends = [end(0), end(1)] as const;
  return Object.assign(path, {
    ends,
    freeze() {
      path.cut[0] = true;
      path.cut[1] = true;
    },
  });
}

function fingerprint(side: 0 | 1): string {
  return Array.from({ length: 32 }, () => (side === 0 ? 'aa' : 'bb')).join(':');
}
