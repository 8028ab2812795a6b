/** The worker that keeps the simulation in step with real time; knows the page only by its messages. */
import { CameraPicture } from './camera-picture.ts';
import { Simulation, SLICE_MS } from './simulation.ts';
import { type FromSimulation, PICTURE, type ToSimulation } from './simulation-messages.ts';

/** Time a slow machine could not keep up with is dropped, or it would never come back from behind. */
const MOST_OWED_MS = 24;
/** As much as the USB chip of an Uno takes in before it makes the computer wait. */
const RECEIVE_BUFFER_BYTES = 128;
const POSE_EVERY_MS = 33;
const PICTURE_EVERY_MS = 1000 / PICTURE.perSecond;

/** Somebody who watches the camera. */
type Film = { show(camera: CameraPicture, timeMs: number): void; cut(): void };

const page = globalThis as unknown as DedicatedWorkerGlobalScope;

function run(): void {
  const simulation = new Simulation();
  const films = new Map<number, Film & { shown?(pixels: ArrayBuffer): void }>();
  const heard: number[] = [];
  let camera: CameraPicture | undefined;
  let untaken = 0;
  let owedMs = 0;
  let passedAt = performance.now();
  let posedAt = 0;
  let picturedAt = 0;

  const pass = () => {
    const now = performance.now();
    owedMs = Math.min(MOST_OWED_MS, owedMs + now - passedAt);
    passedAt = now;
    for (; owedMs >= SLICE_MS; owedMs -= SLICE_MS) simulation.slice();
    if (heard.length > 0) tell({ type: 'bytes', bytes: Uint8Array.from(heard.splice(0)) });
    for (; untaken > 0 && simulation.waiting <= RECEIVE_BUFFER_BYTES; untaken--) tell({ type: 'taken' });
    if (now - posedAt < POSE_EVERY_MS) return;
    posedAt = now;
    tell({ type: 'pose', pose: simulation.pose });
  };

  const picture = () => {
    const now = performance.now();
    if (films.size === 0 || now - picturedAt < PICTURE_EVERY_MS) return;
    // On the beat where possible: a frame late now makes the next one no later.
    picturedAt = Math.max(picturedAt + PICTURE_EVERY_MS, now - PICTURE_EVERY_MS);
    camera ??= new CameraPicture(PICTURE.width, PICTURE.height);
    camera.draw(simulation.world, simulation.lamp);
    for (const film of films.values()) film.show(camera, now);
  };

  const turn = () => {
    pass();
    picture();
    setTimeout(turn, SLICE_MS);
  };

  page.onmessage = ({ data }: MessageEvent<ToSimulation>) => {
    switch (data.type) {
      case 'plug':
        heard.length = 0;
        untaken = 0;
        simulation.plug(data.image, (byte) => heard.push(byte));
        break;
      case 'unplug':
        simulation.unplug();
        break;
      case 'bytes':
        simulation.send(data.bytes);
        untaken++;
        pass();
        break;
      case 'film':
        films.set(data.film, data.frames ? frameFilm(data.frames) : pixelFilm(data.film));
        break;
      case 'cut':
        films.get(data.film)?.cut();
        films.delete(data.film);
        break;
      case 'shown':
        films.get(data.film)?.shown?.(data.pixels);
        break;
      default:
        data satisfies never;
    }
  };
  turn();
}

function tell(message: FromSimulation, transfer: Transferable[] = []): void {
  page.postMessage(message, transfer);
}

/** Frames straight into the page's track, without the page. */
function frameFilm(frames: WritableStream<VideoFrame>): Film {
  const writer = frames.getWriter();
  let writing = false;
  return {
    show({ pixels, width, height }, timeMs) {
      if (writing) return;
      writing = true;
      const timestamp = Math.round(timeMs * 1000);
      const frame = new VideoFrame(pixels, { format: 'RGBX', codedWidth: width, codedHeight: height, timestamp });
      writer.write(frame).then(
        () => {
          writing = false;
        },
        // The track was stopped: `writing` stays, so nothing more is drawn into it.
        () => frame.close(),
      );
    },
    cut() {
      // A track that was stopped has broken its stream already.
      void writer.close().catch(() => {});
    },
  };
}

/** Pixels for a page that has to draw them itself: one picture on its way at most. */
function pixelFilm(film: number): Film & { shown(pixels: ArrayBuffer): void } {
  let spare: ArrayBuffer | undefined = new ArrayBuffer(PICTURE.width * PICTURE.height * 4);
  return {
    show(camera) {
      if (!spare) return;
      new Uint8ClampedArray(spare).set(camera.pixels);
      tell({ type: 'picture', film, pixels: spare }, [spare]);
      spare = undefined;
    },
    shown(pixels) {
      spare = pixels;
    },
    cut() {},
  };
}

run();
