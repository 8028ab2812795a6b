/** Upright runs of pixels in one column of the drawn picture; knows no plan. */
import { SIZE } from './flat.ts';
import type { Texture } from './paint.ts';

/** The camera of one frame. Metres, and pixels for the picture; `along` is the way it looks, a unit vector. */
export type Lens = {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly alongX: number;
  readonly alongY: number;
  readonly focal: number;
  /** The row at the camera's height. */
  readonly horizon: number;
  readonly width: number;
  readonly height: number;
  readonly lamp: boolean;
};

/** Light at a depth in metres, 0…256. */
export function lightAt({ lamp }: Lens, depth: number): number {
  const daylight = Math.max(0.6, 0.98 - 0.055 * depth);
  return 256 * Math.min(1, lamp ? daylight + 0.3 * Math.max(0, 1 - depth / 3.5) : daylight);
}

/** The row of a height at a depth. */
function rowOf({ horizon, z, focal }: Lens, height: number, depth: number): number {
  return horizon + ((z - height) * focal) / depth;
}

/** The texture over the whole face, `across` texels from its left. See-through texels stay as they are. */
export function drawSpan(
  frame: Uint32Array,
  lens: Lens,
  column: number,
  texture: Texture,
  across: number,
  depth: number,
  bottom: number,
  top: number,
  light: number,
): void {
  const first = rowOf(lens, top, depth);
  const last = rowOf(lens, bottom, depth);
  const perRow = texture.height / (last - first);
  const start = Math.min(texture.width - 1, Math.max(0, across | 0)) * texture.height;
  run(frame, lens, column, texture, first, last, perRow, first, start, light);
}

/** A texture of one column as high as the room. */
export function drawWallSpan(
  frame: Uint32Array,
  lens: Lens,
  column: number,
  texture: Texture,
  depth: number,
  bottom: number,
  top: number,
  light: number,
): void {
  const ceiling = rowOf(lens, SIZE.ceiling, depth);
  const perRow = texture.height / (rowOf(lens, 0, depth) - ceiling);
  run(frame, lens, column, texture, rowOf(lens, top, depth), rowOf(lens, bottom, depth), perRow, ceiling, 0, light);
}

/** The level top or underside of something between two depths, in the colour of its texture's first texel. */
export function drawSlab(
  frame: Uint32Array,
  lens: Lens,
  column: number,
  texture: Texture,
  from: number,
  to: number,
  height: number,
  light: number,
): void {
  const a = rowOf(lens, height, from);
  const b = rowOf(lens, height, to);
  run(frame, lens, column, texture, Math.min(a, b), Math.max(a, b), 0, 0, texture.texels.length >> 1, light);
}

function run(
  frame: Uint32Array,
  { width, height }: Lens,
  column: number,
  { texels, height: texelsHigh }: Texture,
  first: number,
  last: number,
  perRow: number,
  rowOfTexel0: number,
  start: number,
  light: number,
): void {
  const begin = Math.max(0, Math.round(first));
  const end = Math.min(height, Math.round(last));
  const strength = light | 0;
  let texel = (begin + 0.5 - rowOfTexel0) * perRow;
  let at = begin * width + column;
  for (let row = begin; row < end; row++) {
    const colour = texels[start + Math.max(0, Math.min(texelsHigh - 1, texel | 0))] ?? 0;
    if (colour !== 0) {
      const redBlue = (Math.imul(colour & 0xff00ff, strength) >>> 8) & 0xff00ff;
      const green = (Math.imul(colour & 0xff00, strength) >>> 8) & 0xff00;
      frame[at] = 0xff000000 | redBlue | green;
    }
    at += width;
    texel += perRow;
  }
}
