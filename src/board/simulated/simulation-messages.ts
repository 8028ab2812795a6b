/** The words between the page and the simulation's worker; knows neither end. */
import type { Pose } from './simulation.ts';

export type ToSimulation =
  /** Switch on a board with this flash image. */
  | { readonly type: 'plug'; readonly image: Uint8Array }
  | { readonly type: 'unplug' }
  /** To the board's receiver; answered by `taken` once there is room for more. */
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  /** Draw the camera's pictures into `frames`; without it they come as `picture`. */
  | { readonly type: 'film'; readonly film: number; readonly frames?: WritableStream<VideoFrame> }
  | { readonly type: 'cut'; readonly film: number }
  /** A `picture` was shown; the next may come. */
  | { readonly type: 'shown'; readonly film: number; readonly pixels: ArrayBuffer };

export type FromSimulation =
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  | { readonly type: 'taken' }
  | { readonly type: 'pose'; readonly pose: Pose }
  /** RGBA, row by row from the top. */
  | { readonly type: 'picture'; readonly film: number; readonly pixels: ArrayBuffer };

/** Of every picture, in pixels. */
export const PICTURE = { width: 640, height: 360, perSecond: 30 } as const;
