/** The flat's floor seen from above, painted once, in halves for the distance; knows no camera. */
import { BLOCKS, CORRIDOR_FROM, POSTS, PROPS, RUGS, type Rug, SIZE } from './flat.ts';
import { type Colour, grain, lit, mixed, rgb } from './paint.ts';

export const TEXELS_PER_METRE = 128;
/** Side of the square map, a power of two so that a mask keeps every look-up inside. */
export const MAP_SIDE = 1024;

const BOARD = { width: 0.12, length: 1.1, seam: 0.008 } as const;
const TILE = 0.4;
const SHADOW_METRES = 0.16;

/** Level 0 holds `MAP_SIDE`² texels, row by row from the south-west; each next level half as many a side. */
export function paintFloor(): readonly Uint32Array[] {
  const whole = new Uint32Array(MAP_SIDE * MAP_SIDE);
  for (let row = 0; row < SIZE.y * TEXELS_PER_METRE; row++) {
    for (let column = 0; column < MAP_SIDE; column++) {
      whole[row * MAP_SIDE + column] = floorAt((column + 0.5) / TEXELS_PER_METRE, (row + 0.5) / TEXELS_PER_METRE);
    }
  }
  castShadows(whole);

  const levels = [whole];
  for (let side = MAP_SIDE; side > 64; side /= 2) levels.push(half(levels.at(-1) ?? whole, side));
  return levels;
}

function floorAt(x: number, y: number): Colour {
  let rug: Colour | undefined;
  for (const each of RUGS) rug ??= rugAt(each, x, y);
  const ground = rug ?? (y > CORRIDOR_FROM - 0.08 ? tiles(x, y) : boards(x, y));
  return inSun(x, y) ? mixed(ground, rgb(0xffe9b4), 0.36) : ground;
}

/** Boards run north, so that the lines lead through the door. */
function boards(x: number, y: number): Colour {
  const row = Math.floor(x / BOARD.width);
  const along = y + grain(row, 7) * BOARD.length;
  const board = Math.floor(along / BOARD.length);
  const seam = x - row * BOARD.width < BOARD.seam || along - board * BOARD.length < BOARD.seam;
  if (seam) return rgb(0x4a3220);
  const tone = 205 + 51 * grain(row, board);
  const streak = 12 * grain(Math.floor(x * 90), Math.floor(y * 3) + board);
  return lit(rgb(0x8d6645), Math.min(256, tone - streak));
}

function tiles(x: number, y: number): Colour {
  const column = Math.floor(x / TILE);
  const row = Math.floor(y / TILE);
  if (x - column * TILE < 0.012 || y - row * TILE < 0.012) return rgb(0x98815c);
  return lit(rgb((column + row) % 2 ? 0xcdb68c : 0xbfa577), 244 + 12 * grain(column, row));
}

function rugAt({ x: [west, east], y: [south, north], look }: Rug, x: number, y: number): Colour | undefined {
  if (x < west || x > east || y < south || y > north) return undefined;
  const weave = 236 + 20 * grain(Math.floor(x * 100), Math.floor(y * 100));
  if (look === 'round') {
    const rings = Math.hypot(x - (west + east) / 2, y - (south + north) / 2) / ((east - west) / 2);
    if (rings > 1) return undefined;
    return lit(rgb(rings > 0.94 ? 0xe2d4b4 : rings > 0.5 && rings < 0.56 ? 0xe2d4b4 : 0xa35d45), weave);
  }
  const edge = Math.min(x - west, east - x, y - south, north - y);
  if (look === 'runner') return lit(rgb(edge < 0.05 ? 0x6d3b2e : edge < 0.08 ? 0xd8b06a : 0x91503f), weave);
  const inner = edge > 0.3 ? 0x6f92a0 : 0x567c8d;
  return lit(rgb(edge > 0.1 && edge < 0.135 ? 0xe0d6bf : inner), weave);
}

/** Light from the living room's window: two panes, slanting north. */
function inSun(x: number, y: number): boolean {
  const slanted = y - 0.35 * (x - 0.6);
  return x > 0.75 && x < 1.95 && slanted > 2.05 && slanted < 3.3 && Math.abs(slanted - 2.68) > 0.05;
}

function castShadows(map: Uint32Array): void {
  for (const { x, y, z } of BLOCKS) {
    if (z[0] < 0.1) shade(map, x, y, 0.55, (px, py) => Math.hypot(px - clamp(px, x), py - clamp(py, y)));
    else if (z[0] < 0.8) shade(map, x, y, 0.35, (px, py) => Math.hypot(px - clamp(px, x), py - clamp(py, y)) * 1.5);
  }
  for (const { x, y, radius } of [...POSTS, ...PROPS]) {
    if (!radius) continue;
    shade(map, [x - radius, x + radius], [y - radius, y + radius], 0.5, (px, py) =>
      Math.max(0, Math.hypot(px - x, py - y) - radius),
    );
  }
}

type Span = readonly [number, number];

/** Darkens by up to `depth`, fading over `SHADOW_METRES` of distance. */
function shade(
  map: Uint32Array,
  xs: Span,
  ys: Span,
  depth: number,
  distanceTo: (x: number, y: number) => number,
): void {
  const texel = (metres: number) => Math.max(0, Math.min(MAP_SIDE, Math.round(metres * TEXELS_PER_METRE)));
  for (let row = texel(ys[0] - SHADOW_METRES); row < texel(ys[1] + SHADOW_METRES); row++) {
    for (let column = texel(xs[0] - SHADOW_METRES); column < texel(xs[1] + SHADOW_METRES); column++) {
      const distance = distanceTo((column + 0.5) / TEXELS_PER_METRE, (row + 0.5) / TEXELS_PER_METRE);
      const near = Math.max(0, 1 - distance / SHADOW_METRES);
      const at = row * MAP_SIDE + column;
      map[at] = lit(map[at] ?? 0, Math.round(256 * (1 - depth * near * near)));
    }
  }
}

function clamp(value: number, [least, most]: Span): number {
  return Math.max(least, Math.min(most, value));
}

function half(map: Uint32Array, side: number): Uint32Array<ArrayBuffer> {
  const smaller = new Uint32Array((side / 2) ** 2);
  for (let row = 0; row < side; row += 2) {
    for (let column = 0; column < side; column += 2) {
      const at = row * side + column;
      const south = mixed(map[at] ?? 0, map[at + 1] ?? 0, 0.5);
      const north = mixed(map[at + side] ?? 0, map[at + side + 1] ?? 0, 0.5);
      smaller[(row / 2) * (side / 2) + column / 2] = mixed(south, north, 0.5);
    }
  }
  return smaller;
}
