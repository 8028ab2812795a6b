/** What the robot's camera sees of the flat, drawn column by column into pixels; knows no canvas and no track. */
import { drawCaption } from './caption.ts';
import { ColumnItems } from './column-items.ts';
import { BALL, BLOCKS, type Block, type Figure, POSTS, PROPS, type Surface } from './flat.ts';
import { paintFloor } from './floor-map.ts';
import { drawFloorAndCeiling } from './floor-picture.ts';
import type { Texture } from './paint.ts';
import { type Lens, lightAt } from './spans.ts';
import { paintFigures, paintSurfaces, type SurfaceTexture } from './surfaces.ts';
import type { World } from './world.ts';

/** Metres above the floor: a phone on a short mast. */
const CAMERA_HEIGHT = 0.52;
const FIELD_OF_VIEW = (78 * Math.PI) / 180;
/** Even with the servo straight the phone leans forward a little, so that the way ahead is in the picture. */
const LEAN_DEGREES = -4;
const MOST_TILT_DEGREES = 32;
const NEAR = 0.04;
const TOO_FAR = 1e9;

/** How much light falls on a side, by the way it faces: the windows look east and west. */
const FACING = { west: 0.98, east: 0.86, south: 0.93, north: 0.9 } as const;
const TOP_LIGHT = 1;
const UNDER_LIGHT = 0.55;

type Face = { readonly texture: SurfaceTexture; readonly light: number };
type Solid = {
  readonly block: Block;
  readonly fullHeight: boolean;
  readonly west: Face;
  readonly east: Face;
  readonly south: Face;
  readonly north: Face;
  readonly top: SurfaceTexture;
};
type Standing = {
  readonly texture: Texture;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly z: readonly [number, number];
};

export class CameraPicture {
  /** RGBA, row by row from the top. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  readonly #frame: Uint32Array<ArrayBuffer>;
  readonly #floor = paintFloor();
  readonly #surfaces = paintSurfaces();
  readonly #figures = paintFigures();
  readonly #solids = BLOCKS.map((block) => solid(block, this.#surfaces));
  readonly #items = new ColumnItems();

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.#frame = new Uint32Array(width * height);
    this.pixels = new Uint8ClampedArray(this.#frame.buffer);
  }

  draw(world: World, lamp: boolean): void {
    const lens = this.#aim(world, lamp);
    drawFloorAndCeiling(this.#frame, lens, this.#floor);
    const inView = this.#solids
      .map((each) => ({ each, reach: reach(lens, corners(each.block)) }))
      .filter(({ reach }) => reach);
    const figures = this.#standing(world).flatMap((each) => this.#turned(lens, each));
    for (let column = 0; column < this.width; column++) {
      const slope = (column + 0.5 - this.width / 2) / lens.focal;
      const rayX = lens.alongX + lens.alongY * slope;
      const rayY = lens.alongY - lens.alongX * slope;
      this.#items.clear();
      let wallAt = TOO_FAR;
      for (const { each, reach } of inView) {
        if (!reach || column < reach[0] || column > reach[1]) continue;
        const entry = this.#meetBlock(lens, each, rayX, rayY);
        if (each.fullHeight && entry < wallAt) wallAt = entry;
      }
      for (const post of POSTS) this.#meetPost(lens, post, rayX, rayY);
      for (const { texture, depth, left, right, z } of figures) {
        if (column < left || column >= right) continue;
        const across = ((column + 0.5 - left) / (right - left)) * texture.width;
        this.#items.add(depth, 'side', texture, 'face', across, 0, z[0], z[1], lightAt(lens, depth));
      }
      this.#items.draw(this.#frame, lens, column, wallAt);
    }
    drawCaption(this.#frame, this.width, world.timeMs);
  }

  #aim(world: World, lamp: boolean): Lens {
    const focal = this.width / 2 / Math.tan(FIELD_OF_VIEW / 2);
    const tilt = Math.max(-MOST_TILT_DEGREES, Math.min(MOST_TILT_DEGREES, world.tiltDegrees - 90 + LEAN_DEGREES));
    // The picture slides instead of turning: upright edges stay upright, and a column stays a column.
    const horizon = this.height / 2 + focal * Math.tan((tilt * Math.PI) / 180);
    const { x, y, heading } = world;
    const { width, height } = this;
    return {
      x,
      y,
      z: CAMERA_HEIGHT,
      alongX: Math.cos(heading),
      alongY: Math.sin(heading),
      focal,
      horizon,
      width,
      height,
      lamp,
    };
  }

  #standing(world: World): Standing[] {
    const still = PROPS.map(({ figure, ...rest }) => ({ ...rest, texture: this.#figures[figure satisfies Figure] }));
    const { x, y } = world.ball;
    return [...still, { texture: this.#figures.ball, x, y, width: BALL.radius * 2, z: [0, BALL.radius * 2] }];
  }

  #turned(lens: Lens, { texture, x, y, width, z }: Standing) {
    const depth = (x - lens.x) * lens.alongX + (y - lens.y) * lens.alongY;
    if (depth < NEAR * 2) return [];
    const across = (x - lens.x) * lens.alongY - (y - lens.y) * lens.alongX;
    const middle = lens.width / 2 + (across / depth) * lens.focal;
    const halfWidth = ((width / 2) * lens.focal) / depth;
    return [{ texture, depth, left: middle - halfWidth, right: middle + halfWidth, z }];
  }

  /** @returns the depth where the ray goes in, or far beyond everything. */
  #meetBlock(lens: Lens, { block, west, east, south, north, top }: Solid, rayX: number, rayY: number): number {
    const toWest = (block.x[0] - lens.x) / rayX;
    const toEast = (block.x[1] - lens.x) / rayX;
    const toSouth = (block.y[0] - lens.y) / rayY;
    const toNorth = (block.y[1] - lens.y) / rayY;
    const entryX = Math.min(toWest, toEast);
    const entryY = Math.min(toSouth, toNorth);
    const entry = Math.max(entryX, entryY);
    const exit = Math.min(Math.max(toWest, toEast), Math.max(toSouth, toNorth));
    if (!(entry < exit) || exit < NEAR) return TOO_FAR;

    const [bottom, over] = block.z;
    const from = Math.max(entry, NEAR);
    if (over < lens.z) this.#items.add(exit, 'slab', top, 'face', 0, from, over, over, lightAt(lens, from) * TOP_LIGHT);
    if (bottom > lens.z)
      this.#items.add(exit, 'slab', top, 'face', 0, from, bottom, bottom, lightAt(lens, from) * UNDER_LIGHT);
    if (entry < NEAR) return TOO_FAR;

    const hitsX = entryX > entryY;
    const face = hitsX ? (rayX > 0 ? west : east) : rayY > 0 ? south : north;
    const along = hitsX
      ? (lens.y + rayY * entry - block.y[0]) / (block.y[1] - block.y[0])
      : (lens.x + rayX * entry - block.x[0]) / (block.x[1] - block.x[0]);
    const mirrored = hitsX ? rayX > 0 : rayY < 0;
    const across = (mirrored ? 1 - along : along) * face.texture.width;
    this.#items.add(
      entry,
      'side',
      face.texture,
      face.texture.span,
      across,
      0,
      bottom,
      over,
      lightAt(lens, entry) * face.light,
    );
    return entry;
  }

  #meetPost(lens: Lens, post: (typeof POSTS)[number], rayX: number, rayY: number): void {
    const dx = lens.x - post.x;
    const dy = lens.y - post.y;
    const a = rayX * rayX + rayY * rayY;
    const b = dx * rayX + dy * rayY;
    const root = b * b - a * (dx * dx + dy * dy - post.radius * post.radius);
    if (root <= 0) return;
    const entry = (-b - Math.sqrt(root)) / a;
    if (entry < NEAR) return;
    const texture = this.#surfaces[post.sides];
    const light = lightAt(lens, entry);
    if (post.z[1] < lens.z) {
      const exit = (-b + Math.sqrt(root)) / a;
      this.#items.add(exit, 'slab', texture, 'face', 0, entry, post.z[1], post.z[1], light * 0.7);
    }
    const facing = (dy + rayY * entry) / post.radius;
    this.#items.add(entry, 'side', texture, 'face', 0, 0, post.z[0], post.z[1], light * (0.85 + 0.13 * facing));
  }
}

function solid(block: Block, surfaces: Readonly<Record<Surface, SurfaceTexture>>): Solid {
  const face = (way: 'west' | 'east' | 'south' | 'north'): Face => ({
    texture: surfaces[block[way] ?? block.sides],
    light: FACING[way],
  });
  return {
    block,
    fullHeight: block.z[0] === 0 && block.z[1] >= 2.5,
    west: face('west'),
    east: face('east'),
    south: face('south'),
    north: face('north'),
    top: surfaces[block.top ?? block.sides],
  };
}

function corners({ x, y }: Block): readonly (readonly [number, number])[] {
  return [
    [x[0], y[0]],
    [x[0], y[1]],
    [x[1], y[0]],
    [x[1], y[1]],
  ];
}

/** The columns between which the points lie; all when some are behind the camera, undefined when all are. */
function reach(lens: Lens, points: readonly (readonly [number, number])[]): readonly [number, number] | undefined {
  let [first, last, behind] = [TOO_FAR, -TOO_FAR, 0];
  for (const [x, y] of points) {
    const depth = (x - lens.x) * lens.alongX + (y - lens.y) * lens.alongY;
    if (depth < NEAR) behind++;
    const across = (x - lens.x) * lens.alongY - (y - lens.y) * lens.alongX;
    const column = lens.width / 2 + (across / depth) * lens.focal;
    first = Math.min(first, column);
    last = Math.max(last, column);
  }
  if (behind === points.length) return undefined;
  return behind > 0 ? [0, lens.width] : [Math.floor(first), Math.ceil(last)];
}
