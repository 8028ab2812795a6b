/** The simulated robot as the page meets it: a way to a board, a camera and a place in the flat; knows no line and no motor. */
import { signal as observable, type ReadonlySignal } from '@preact/signals-core';
import { type End, Fault } from '../../core/fault.ts';
import type { Transport, TransportKind } from '../transport.ts';
import { FLASH_BYTES } from './atmega328p.ts';
import { type Film, openFilm } from './film.ts';
import { decodeIntelHex } from './intel-hex.ts';
import type { Pose } from './simulation.ts';
import type { FromSimulation, ToSimulation } from './simulation-messages.ts';

export type SimulatedRobot = {
  /** `choose` and `reopen` both switch a new board on; one that was still on ends as asked. */
  readonly kind: TransportKind;
  /** Undefined while no board is on. */
  readonly pose: ReadonlySignal<Pose | undefined>;
  /** The camera, until `signal` aborts. It sees the robot stand where no board is on. @throws {Fault} */
  picture(signal: AbortSignal): Promise<MediaStreamTrack>;
};

export type { Pose };

/** As many chunks as a board says in some seconds. */
const UNREAD_CHUNKS = 256;

type Running = { readonly worker: Worker; readonly films: Map<number, Film>; plug: Plug | undefined };
type Plug = { readonly transport: Transport; hear(bytes: Uint8Array): void; taken(): void; end(how: End): void };

/** Nothing runs until a board or a picture is asked for, and nothing is left when neither is wanted. */
export function simulatedRobot(imageUrl = '/firmware/telepresent-uno.hex'): SimulatedRobot {
  const pose = observable<Pose | undefined>(undefined);
  let running: Running | undefined;
  let filmsMade = 0;

  const start = (): Running => {
    if (running) return running;
    const worker = new Worker(new URL('./simulation-worker.ts', import.meta.url), { type: 'module' });
    const started: Running = { worker, films: new Map(), plug: undefined };
    worker.onmessage = ({ data }: MessageEvent<FromSimulation>) => hear(started, data);
    worker.onerror = (event) => {
      const fault = new Fault('lost', 'board', `the simulation broke: ${event.message}`);
      stop(started, { why: 'lost', fault });
    };
    running = started;
    return started;
  };

  const stop = (stopped: Running, how: End) => {
    stopped.worker.terminate();
    if (running === stopped) {
      running = undefined;
      pose.value = undefined;
    }
    stopped.plug?.end(how);
    for (const { track } of stopped.films.values()) {
      track.stop();
      // A track says nothing when its own page stops it, and whoever shows this one did not.
      track.dispatchEvent(new Event('ended'));
    }
    stopped.films.clear();
  };

  const stopUnlessWanted = (maybe: Running) => {
    if (!maybe.plug && maybe.films.size === 0) stop(maybe, { why: 'asked' });
  };

  const hear = ({ worker, films, plug }: Running, message: FromSimulation) => {
    switch (message.type) {
      case 'bytes':
        plug?.hear(message.bytes);
        break;
      case 'taken':
        plug?.taken();
        break;
      case 'pose':
        if (plug) pose.value = message.pose;
        break;
      case 'picture': {
        const { film, pixels } = message;
        films.get(film)?.show?.(pixels);
        tell(worker, { type: 'shown', film, pixels }, [pixels]);
        break;
      }
      default:
        message satisfies never;
    }
  };

  const plugIn = async (signal: AbortSignal): Promise<Transport> => {
    const image = await loadImage(imageUrl, signal);
    const at = start();
    const before = at.plug;
    const plug = openPlug(at.worker, () => {
      if (at.plug !== plug) return;
      at.plug = undefined;
      pose.value = undefined;
      tell(at.worker, { type: 'unplug' });
      stopUnlessWanted(at);
    });
    at.plug = plug;
    before?.end({ why: 'asked' });
    tell(at.worker, { type: 'plug', image });
    return plug.transport;
  };

  return {
    pose,
    kind: {
      id: 'simulated',
      availability: async () => ('Worker' in globalThis ? 'available' : 'unsupported'),
      choose: plugIn,
      reopen: plugIn,
      // It cannot be unplugged, so it never comes back.
      returned() {},
    },
    async picture(signal) {
      if (signal.aborted) throw new Fault('cancelled', 'camera', 'not wanted any more');
      const film = openFilm();
      const at = start();
      const id = filmsMade++;
      at.films.set(id, film);
      const { frames } = film;
      tell(at.worker, { type: 'film', film: id, ...(frames && { frames }) }, frames ? [frames] : []);
      const cut = () => {
        film.track.stop();
        at.films.delete(id);
        tell(at.worker, { type: 'cut', film: id });
        stopUnlessWanted(at);
      };
      signal.addEventListener('abort', cut, { once: true });
      return film.track;
    },
  };
}

function tell(worker: Worker, message: ToSimulation, transfer: Transferable[] = []): void {
  worker.postMessage(message, transfer);
}

async function loadImage(url: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const text = await fetch(url, { signal }).then(
    (response) => (response.ok ? response.text() : undefined),
    (cause) => {
      if (signal.aborted) throw new Fault('cancelled', 'board', 'not wanted any more', { cause });
      throw new Fault('unreachable', 'board', 'the firmware could not be loaded', { cause });
    },
  );
  if (signal.aborted) throw new Fault('cancelled', 'board', 'not wanted any more');
  if (text === undefined) throw new Fault('not-found', 'board', `no firmware at ${url}`);
  const image = decodeIntelHex(text, FLASH_BYTES);
  if (!image.ok) throw new Fault('wrong-protocol', 'board', `the firmware is no Intel HEX: ${image.reason}`);
  return image.value;
}

function openPlug(worker: Worker, ended: () => void): Plug {
  let how: End | undefined;
  let settle: (end: End) => void = () => {};
  const closed = new Promise<End>((resolve) => {
    settle = resolve;
  });
  let incoming: ReadableStreamDefaultController<Uint8Array> | undefined;
  let outgoing: WritableStreamDefaultController | undefined;
  let taken = () => {};

  const end = (now: End) => {
    if (how) return;
    how = now;
    try {
      incoming?.close();
    } catch {
      // Whoever read has cancelled it already.
    }
    outgoing?.error(now.why === 'lost' ? now.fault : new Fault('lost', 'board', 'closed'));
    taken();
    settle(now);
    ended();
  };

  const transport: Transport = {
    label: 'Simulated robot',
    mtu: 64,
    closed,
    readable: new ReadableStream<Uint8Array>({
      start(controller) {
        incoming = controller;
      },
    }),
    writable: new WritableStream<Uint8Array>({
      start(controller) {
        outgoing = controller;
      },
      write(bytes) {
        tell(worker, { type: 'bytes', bytes });
        return new Promise((resolve) => {
          taken = resolve;
        });
      },
    }),
    async close() {
      end({ why: 'asked' });
    },
  };
  return {
    transport,
    end,
    taken: () => taken(),
    hear(bytes) {
      // Unread lines are dropped rather than kept for ever: nobody listens to a board that talked to nobody.
      if (!how && (incoming?.desiredSize ?? 0) > -UNREAD_CHUNKS) incoming?.enqueue(bytes);
    },
  };
}
