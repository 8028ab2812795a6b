/** Which camera and microphone the robot lends, what is wrong with them, and who is shown them; knows no browser. */
import { effect, type ReadonlySignal, signal } from '@preact/signals-core';
import type { Clock } from '../core/clock.ts';
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

/** A device that ended or would not open is tried again after so long, then after twice as long each time, up to the most. */
const AGAIN_AFTER_MS = { first: 1_000, most: 15_000 };

/** Whatever camera the browser prefers. */
export const ANY_CAMERA = 'default';

/**
 * One sense: at most one device is open at a time, and the newest choice wins. One that ended is tried again, whenever devices
 * come or go and after growing pauses, with its fault shown until it is back.
 */
export function lendSense(given: {
  readonly open: (id: string, signal: AbortSignal) => Promise<Capture>;
  /** What to say when a device can't be opened for an unknown reason. */
  readonly subject: 'camera' | 'microphone';
  readonly remember: (id: string | undefined) => void;
  /** Called after each opening: only then do browsers tell the names of devices. */
  readonly opened: () => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Sense {
  const sources = signal<readonly Source[]>([]);
  const chosen = signal<string | undefined>(undefined);
  const track = signal<MediaStreamTrack | undefined>(undefined);
  const fault = signal<Fault | undefined>(undefined);
  let current = new AbortController();

  /** Set while it waits to be tried again. */
  let tryNow: (() => void) | undefined;

  given.signal.addEventListener('abort', () => current.abort(), { once: true });

  const open = async (id: string, pauseMs: number) => {
    current.abort();
    current = new AbortController();
    const life = current.signal;
    tryNow = undefined;
    const tryAgain = (why: Fault, afterMs: number) => {
      if (life.aborted) return;
      track.value = undefined;
      const helps = mayHelp(why);
      // What went wrong first says more than that it is still not there.
      fault.value = helps ? (fault.peek() ?? why) : why;
      if (!helps) return;
      tryNow = () => void open(id, Math.min(2 * afterMs, AGAIN_AFTER_MS.most));
      given.clock.after(afterMs, () => tryNow?.(), life);
    };
    try {
      const capture = await given.open(id, life);
      if (life.aborted) return;
      track.value = capture.track;
      fault.value = undefined;
      given.opened();
      void capture.lost.then((lost) => tryAgain(lost, AGAIN_AFTER_MS.first));
    } catch (error) {
      tryAgain(asFault(error, 'lost', given.subject), pauseMs);
    }
  };

  return {
    sources,
    chosen,
    track,
    fault,
    list(found) {
      sources.value = found;
      tryNow?.();
    },
    async choose(id) {
      current.abort();
      tryNow = undefined;
      chosen.value = id;
      track.value = undefined;
      fault.value = undefined;
      given.remember(id);
      if (id === undefined || given.signal.aborted) return;
      await open(id, AGAIN_AFTER_MS.first);
    },
  };
}

/** Whether the device may be there later: who said no is not asked again and again. */
function mayHelp({ code }: Fault): boolean {
  return code === 'lost' || code === 'not-found' || code === 'in-use';
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
