/** Two ends of a link inside one program, whose path a test can slow or cut; knows neither WebRTC nor PeerJS. */
import { signal } from '@preact/signals-core';
import type { Clock } from '../src/core/clock.ts';
import type { End } from '../src/core/fault.ts';
import type { Channel, Link, Vitals } from '../src/net/link.ts';

export type MemoryPath = {
  readonly ends: readonly [Link, Link];
  delayMs: number;
  /** Nothing passes, in the direction away from this end. */
  readonly cut: [boolean, boolean];
  /** As when a page crashed: both ends notice nothing but silence. */
  freeze(): void;
};

export function memoryLink(clock: Clock, names: readonly [string, string] = ['pilot', 'robot']): MemoryPath {
  const life = new AbortController();
  const settle: ((end: End) => void)[] = [];
  const path = { delayMs: 0, cut: [false, false] as [boolean, boolean] };

  const channelPair = () => {
    const got: [
      ((message: Uint8Array<ArrayBuffer>) => void) | undefined,
      ((message: Uint8Array<ArrayBuffer>) => void) | undefined,
    ] = [undefined, undefined];
    const early: [Uint8Array<ArrayBuffer>[], Uint8Array<ArrayBuffer>[]] = [[], []];
    const channel = (side: 0 | 1): Channel => ({
      send(message) {
        if (life.signal.aborted) return false;
        if (path.cut[side]) return true;
        const other = side === 0 ? 1 : 0;
        clock.after(
          path.delayMs,
          () => {
            const to = got[other];
            if (to) to(message);
            else early[other].push(message);
          },
          life.signal,
        );
        return true;
      },
      receive(receiver, until) {
        got[side] = receiver;
        for (const message of early[side].splice(0)) receiver(message);
        until.addEventListener('abort', () => {
          if (got[side] === receiver) got[side] = undefined;
        });
      },
    });
    return [channel(0), channel(1)] as const;
  };

  const messages = channelPair();
  const control = channelPair();
  const tracks = [signal<readonly MediaStreamTrack[]>([]), signal<readonly MediaStreamTrack[]>([])] as const;
  const end = (side: 0 | 1): Link => ({
    peerId: names[side === 0 ? 1 : 0],
    fingerprints: { local: 'aa', remote: 'bb' },
    messages: messages[side],
    control: control[side],
    remoteTracks: tracks[side],
    vitals: signal<Vitals>({
      path: 'direct',
      roundTripMs: 0,
      framesPerSecond: undefined,
      bitrateKbps: undefined,
      lost: undefined,
    }),
    show(track, until) {
      const other = tracks[side === 0 ? 1 : 0];
      other.value = [...other.value, track];
      until.addEventListener('abort', () => (other.value = other.value.filter((each) => each !== track)));
    },
    closed: new Promise<End>((resolve) => settle.push(resolve)),
    close() {
      if (life.signal.aborted) return;
      life.abort();
      for (const each of settle) each({ why: 'asked' });
    },
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
