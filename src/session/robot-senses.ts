/** Which camera and microphone the robot lends, what is wrong with them, and who is shown them; knows no browser. */
import { effect, type ReadonlySignal, signal } from '@preact/signals-core';
import { asFault, type Fault } from '../core/fault.ts';
import type { Capture } from '../media/capture.ts';
import type { Source } from '../media/devices.ts';
import type { Link } from '../net/link.ts';
import { SIMULATED_CAMERA } from './robot-state.ts';

export type Sense = {
  readonly sources: ReadonlySignal<readonly Source[]>;
  /** Undefined: off. */
  readonly chosen: ReadonlySignal<string | undefined>;
  readonly track: ReadonlySignal<MediaStreamTrack | undefined>;
  readonly fault: ReadonlySignal<Fault | undefined>;
  choose(id: string | undefined): Promise<void>;
  list(sources: readonly Source[]): void;
};

/** Whatever camera the browser prefers. */
export const ANY_CAMERA = 'default';

/** One sense: at most one device is open at a time, and the newest choice wins. */
export function lendSense(given: {
  readonly open: (id: string, signal: AbortSignal) => Promise<Capture>;
  /** What to say when a device can't be opened for an unknown reason. */
  readonly subject: 'camera' | 'microphone';
  readonly remember: (id: string | undefined) => void;
  /** Called after each opening: only then do browsers tell the names of devices. */
  readonly opened: () => void;
  readonly signal: AbortSignal;
}): Sense {
  const sources = signal<readonly Source[]>([]);
  const chosen = signal<string | undefined>(undefined);
  const track = signal<MediaStreamTrack | undefined>(undefined);
  const fault = signal<Fault | undefined>(undefined);
  let current = new AbortController();

  given.signal.addEventListener('abort', () => current.abort(), { once: true });

  return {
    sources,
    chosen,
    track,
    fault,
    list(found) {
      sources.value = found;
    },
    async choose(id) {
      current.abort();
      current = new AbortController();
      const life = current.signal;
      chosen.value = id;
      track.value = undefined;
      fault.value = undefined;
      given.remember(id);
      if (id === undefined || given.signal.aborted) return;
      try {
        const capture = await given.open(id, life);
        if (life.aborted) return;
        track.value = capture.track;
        given.opened();
        void capture.lost.then((lost) => {
          if (life.aborted) return;
          track.value = undefined;
          fault.value = lost;
        });
      } catch (error) {
        if (life.aborted) return;
        fault.value = asFault(error, 'lost', given.subject);
      }
    },
  };
}

/** The camera to begin with: the one of last time, else the drawn one where the robot is simulated, else any. */
export function firstCamera(remembered: string | undefined, simulated: boolean): string {
  return remembered ?? (simulated ? SIMULATED_CAMERA : ANY_CAMERA);
}

/** Sends whatever the signal holds, a new track in place of the old. */
export function showWhile(link: Link, track: ReadonlySignal<MediaStreamTrack | undefined>, life: AbortSignal): void {
  let showing = new AbortController();
  const unwatch = effect(() => {
    showing.abort();
    showing = new AbortController();
    if (track.value && !life.aborted) link.show(track.value, showing.signal);
  });
  life.addEventListener(
    'abort',
    () => {
      unwatch();
      showing.abort();
    },
    { once: true },
  );
}
