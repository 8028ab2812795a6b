/** Floor and ceiling of the drawn picture, row by row; knows nothing that stands between them. */
import { SIZE } from './flat.ts';
import { MAP_SIDE, TEXELS_PER_METRE } from './floor-map.ts';
import { lit, rgb } from './paint.ts';
import { type Lens, lightAt } from './spans.ts';

const CEILING = rgb(0xe4d6bb);
/** Farther than any wall, so that the rows at the horizon end somewhere. */
const FARTHEST = 12;

/** `floor`: as `paintFloor` makes it. */
export function drawFloorAndCeiling(frame: Uint32Array, lens: Lens, floor: readonly Uint32Array[]): void {
  for (let row = 0; row < lens.height; row++) {
    const below = row + 0.5 - lens.horizon;
    if (below > 0) drawFloorRow(frame, lens, row, Math.min(FARTHEST, (lens.z * lens.focal) / below), floor);
    else {
      const depth = Math.min(FARTHEST, ((SIZE.ceiling - lens.z) * lens.focal) / Math.max(0.001, -below));
      frame.fill(lit(CEILING, Math.round(lightAt(lens, depth) * 0.97)), row * lens.width, (row + 1) * lens.width);
    }
  }
}

function drawFloorRow(frame: Uint32Array, lens: Lens, row: number, depth: number, floor: readonly Uint32Array[]): void {
  const perPixel = depth / lens.focal;
  const level = Math.max(0, Math.min(floor.length - 1, Math.floor(Math.log2(perPixel * TEXELS_PER_METRE * 1.6))));
  const map = floor[level];
  if (!map) return;
  const side = MAP_SIDE >> level;
  const mask = side - 1;
  const scale = TEXELS_PER_METRE / 2 ** level;
  const light = lightAt(lens, depth) | 0;
  const left = (-lens.width / 2 + 0.5) * perPixel;
  let x = (lens.x + lens.alongX * depth + lens.alongY * left) * scale;
  let y = (lens.y + lens.alongY * depth - lens.alongX * left) * scale;
  const stepX = lens.alongY * perPixel * scale;
  const stepY = -lens.alongX * perPixel * scale;
  const end = (row + 1) * lens.width;
  for (let at = row * lens.width; at < end; at++) {
    const colour = map[(y & mask) * side + (x & mask)] ?? 0;
    const redBlue = (Math.imul(colour & 0xff00ff, light) >>> 8) & 0xff00ff;
    const green = (Math.imul(colour & 0xff00, light) >>> 8) & 0xff00;
    frame[at] = 0xff000000 | redBlue | green;
    x += stepX;
    y += stepY;
  }
}
