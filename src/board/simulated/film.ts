/** The simulated camera as a video track of this page; knows no simulation. */
import { Fault } from '../../core/fault.ts';
import { PICTURE } from './simulation-messages.ts';

export type Film = {
  readonly track: MediaStreamTrack;
  /** Where a worker writes frames; absent where the browser has no such track, and pixels come by `show`. */
  readonly frames?: WritableStream<VideoFrame>;
  show?(pixels: ArrayBuffer): void;
};

/** Chromium's own (https://developer.mozilla.org/docs/Web/API/MediaStreamTrackGenerator); no DOM library has it. */
type TrackGenerator = MediaStreamTrack & { readonly writable: WritableStream<VideoFrame> };
type Generators = { readonly MediaStreamTrackGenerator?: new (init: { kind: 'video' }) => TrackGenerator };

/** @throws {Fault} */
export function openFilm(): Film {
  const { MediaStreamTrackGenerator } = globalThis as Generators;
  if (MediaStreamTrackGenerator && 'VideoFrame' in globalThis) {
    const track = new MediaStreamTrackGenerator({ kind: 'video' });
    return { track, frames: track.writable };
  }
  return drawnFilm();
}

function drawnFilm(): Film {
  const canvas = document.createElement('canvas');
  canvas.width = PICTURE.width;
  canvas.height = PICTURE.height;
  const context = canvas.getContext('2d', { alpha: false });
  const track = 'captureStream' in canvas ? canvas.captureStream(PICTURE.perSecond).getVideoTracks()[0] : undefined;
  if (!context || !track) throw new Fault('unsupported', 'camera', 'no way to make a video track of drawn pictures');
  return {
    track,
    show(pixels) {
      context.putImageData(new ImageData(new Uint8ClampedArray(pixels), PICTURE.width, PICTURE.height), 0, 0);
    },
  };
}
