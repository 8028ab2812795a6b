/** What walls, furniture and figures look like, painted once by formula; knows no plan and no camera. */
import { type Figure, SIZE, type Surface } from './flat.ts';
import { box, type Colour, collage, ellipse, grain, lit, mixed, paint, polygon, rgb, type Texture } from './paint.ts';

/** `wall`: the picture's height is the room's, wherever the block starts; `face`: it fills the face. */
export type SurfaceTexture = Texture & { readonly span: 'wall' | 'face' };

const TRIM = 0xeadfc7;
const BASEBOARD_METRES = 0.1;

export function paintSurfaces(): Readonly<Record<Surface, SurfaceTexture>> {
  return {
    'tan wall': wall(0xc6ae88, 0xa68d6b),
    'yellow wall': wall(0xe9d4a2, 0xcbb07a),
    'green wall': wall(0xa9b7a3, 0x879781),
    trim: plain(TRIM),
    window: face(windowPane()),
    curtain: face(paint(24, 4, (x) => lit(rgb(0x9c8aa0), 200 + 56 * Math.sin(x * 22)))),
    books: face(books()),
    seascape: face(seascape()),
    portrait: face(portrait()),
    'front door': face(frontDoor()),
    wardrobe: face(wardrobe()),
    screen: face(
      paint(32, 16, (x, y) =>
        mixed(rgb(0x2c2a2b), rgb(0x4a5560), x > 0.04 && x < 0.96 && y > 0.07 && y < 0.92 ? Math.max(0, x - y) : 0),
      ),
    ),
    'dark wood': wood(0x5e432d),
    'light wood': wood(0xa47d52),
    sofa: cloth(0x86664a),
    'sofa seat': cloth(0xbb9772),
    'yellow cushion': cloth(0xcaa655),
    'blue cushion': cloth(0x6b8fa3),
    linen: cloth(0xe6ddcd),
    blanket: cloth(0x7f9a94),
    clay: face(paint(8, 16, (_, y) => rgb(y < 0.2 ? 0xd09a70 : 0xbf8459))),
    steel: plain(0x5b5550),
    cardboard: face(paint(16, 16, (x, y) => rgb(Math.abs(x - 0.5) < 0.08 ? 0xd8c193 : y < 0.06 ? 0xa07b49 : 0xbb955e))),
  };
}

/** See-through around the figure. */
export function paintFigures(): Readonly<Record<Figure, Texture>> {
  return { cat: cat(), ball: ball(), plant: plant(), lamp: lamp(), coat: coat() };
}

function face(texture: Texture): SurfaceTexture {
  return { ...texture, span: 'face' };
}

function plain(hex: number): SurfaceTexture {
  return face(paint(1, 1, () => rgb(hex)));
}

function wall(light: number, dark: number): SurfaceTexture {
  const baseboard = 1 - BASEBOARD_METRES / SIZE.ceiling;
  const colourAt = (y: number): Colour => {
    if (y > baseboard) return y < baseboard + 0.004 ? rgb(0xb9aa8c) : rgb(TRIM);
    if (y > baseboard - 0.006) return rgb(dark);
    return mixed(rgb(light), rgb(dark), Math.abs(y - 0.45) * 0.9);
  };
  return { ...paint(1, 256, (_, y) => colourAt(y)), span: 'wall' };
}

function wood(hex: number): SurfaceTexture {
  const streaks = (x: number, y: number) => grain(Math.floor(y * 40), Math.floor(x * 3 + grain(Math.floor(y * 40), 3)));
  return face(paint(32, 40, (x, y) => lit(rgb(hex), 238 + 18 * streaks(x, y))));
}

function cloth(hex: number): SurfaceTexture {
  return face(paint(16, 16, (x, y) => lit(rgb(hex), (y < 0.08 ? 225 : 240) + 15 * grain(x * 16, y * 16))));
}

function windowPane(): Texture {
  const frame = (x: number, y: number) => [x, 1 - x, Math.abs(x - 0.5), y, 1 - y].some((edge) => edge < 0.035);
  return paint(96, 96, (x, y) => {
    if (frame(x, y)) return rgb(0xf4ecd9);
    const hills = 0.72 + 0.06 * Math.sin(x * 7) + 0.03 * Math.sin(x * 19);
    if (y > hills) return mixed(rgb(0xa9b58b), rgb(0x8a9c78), (y - hills) * 3);
    return mixed(rgb(0xbcd0d6), rgb(0xfdf3d3), y * 1.2);
  });
}

function books(): Texture {
  const colours = [0xd8c19a, 0x61788a, 0x6f8660, 0xb98552, 0xe2d4b4, 0x8a6f86, 0xa35d45, 0x4f6b74];
  const shelves = 4;
  const slots = 17;
  return paint(128, 160, (x, y) => {
    if (x < 0.035 || x > 0.965 || y < 0.03) return rgb(0x5e432d);
    const shelf = Math.floor(y * shelves);
    const down = y * shelves - shelf;
    if (down > 0.9) return rgb(0x7a5a3c);
    const slot = Math.floor(x * slots);
    const tall = 0.45 + 0.35 * grain(slot, shelf + 40);
    const gap = grain(slot, shelf + 90) < 0.13;
    if (gap || 0.9 - down > tall) return lit(rgb(0x3a2819), 180 + 76 * down);
    const edge = x * slots - slot;
    const band = Math.abs(0.9 - down - tall * 0.75) < 0.03;
    const hex = colours[Math.floor(grain(slot, shelf) * colours.length)] ?? TRIM;
    return lit(rgb(hex), edge < 0.12 ? 170 : band ? 205 : 256);
  });
}

function framed(inside: (x: number, y: number) => Colour): (x: number, y: number) => Colour {
  return (x, y) => {
    const edge = Math.min(x, 1 - x, y, 1 - y);
    return edge < 0.05 ? rgb(0x5e432d) : edge < 0.1 ? rgb(0xf3ead6) : inside(x, y);
  };
}

function seascape(): Texture {
  const sun = ellipse(0.74, 0.33, 0.07, 0.09);
  return paint(
    96,
    64,
    framed((x, y) => {
      if (y > 0.62 + 0.16 * Math.sin(x * 6.5 + 1) + 0.05 * Math.sin(x * 15)) return rgb(0x7d97a4);
      return sun(x, y) ? rgb(0xd8b06a) : mixed(rgb(0xf1e7cf), rgb(0xe7d2a9), y);
    }),
  );
}

function portrait(): Texture {
  const layers = [
    [ellipse(0.5, 1, 0.36, 0.34), 0x6f8660],
    [box(0.43, 0.5, 0.57, 0.75), 0xc99a77],
    [ellipse(0.5, 0.42, 0.17, 0.2), 0xd8ab88],
    [ellipse(0.5, 0.29, 0.19, 0.12), 0x5b3b2a],
  ] as const;
  return paint(64, 64, framed(collage(rgb(0xcfd6cb), layers)));
}

function frontDoor(): Texture {
  const layers = [
    [box(0.06, 0.02, 0.94, 1), 0x5f7a66],
    [box(0.16, 0.1, 0.45, 0.48), 0x557060],
    [box(0.55, 0.1, 0.84, 0.48), 0x557060],
    [box(0.16, 0.56, 0.45, 0.92), 0x557060],
    [box(0.55, 0.56, 0.84, 0.92), 0x557060],
    [ellipse(0.87, 0.52, 0.03, 0.014), 0xe0b75c],
  ] as const;
  return paint(64, 128, collage(rgb(TRIM), layers));
}

function wardrobe(): Texture {
  const knob = (x: number, y: number) => Math.abs(Math.abs(x - 0.5) - 0.05) < 0.012 && Math.abs(y - 0.5) < 0.04;
  return paint(64, 48, (x, y) => {
    if (knob(x, y)) return rgb(0xd9c08a);
    const seam = Math.abs(x - 0.5) < 0.012 || Math.min(x, 1 - x, y, 1 - y) < 0.025;
    return lit(rgb(0x80603f), seam ? 150 : 226 + 30 * grain(Math.floor(x * 64), Math.floor(y * 5)));
  });
}

function cat(): Texture {
  const fur = 0x2f2823;
  const layers = [
    [ellipse(0.86, 0.86, 0.09, 0.09), fur],
    [ellipse(0.8, 0.93, 0.2, 0.05), fur],
    [polygon(0.2, 1, 0.25, 0.6, 0.4, 0.36, 0.62, 0.36, 0.76, 0.6, 0.8, 1), fur],
    [polygon(0.22, 0.3, 0.25, 0, 0.45, 0.14), fur],
    [polygon(0.58, 0.14, 0.76, 0, 0.79, 0.3), fur],
    [ellipse(0.5, 0.25, 0.28, 0.16), fur],
    [ellipse(0.5, 0.73, 0.17, 0.2), 0xded5c6],
    [ellipse(0.38, 0.23, 0.06, 0.035), 0xd6b878],
    [ellipse(0.62, 0.23, 0.06, 0.035), 0xd6b878],
    [ellipse(0.38, 0.23, 0.018, 0.03), 0x14100d],
    [ellipse(0.62, 0.23, 0.018, 0.03), 0x14100d],
    [polygon(0.46, 0.3, 0.54, 0.3, 0.5, 0.33), 0xb58a80],
    [ellipse(0.4, 0.975, 0.11, 0.03), 0x3b332d],
    [ellipse(0.6, 0.975, 0.11, 0.03), 0x3b332d],
  ] as const;
  return paint(72, 96, collage(0, layers));
}

function ball(): Texture {
  return paint(48, 48, (x, y) => {
    const across = x * 2 - 1;
    const down = y * 2 - 1;
    const depth = 1 - across * across - down * down;
    if (depth < 0) return 0;
    const light = 130 + 126 * Math.max(0, Math.sqrt(depth) * 0.6 - across * 0.35 - down * 0.5);
    const stripe = Math.abs(down + 0.25 - across * across * 0.25) < 0.07;
    return lit(rgb(stripe ? 0xf3ead6 : 0x86b0c2), Math.min(256, light));
  });
}

function plant(): Texture {
  const leaf = (tipX: number, tipY: number, bend: number) =>
    polygon(
      0.5,
      0.78,
      (0.5 + tipX) / 2 - 0.09 + bend,
      (0.7 + tipY) / 2,
      tipX,
      tipY,
      (0.5 + tipX) / 2 + 0.09 + bend,
      (0.82 + tipY) / 2,
    );
  const layers = [
    [leaf(0.12, 0.3, -0.02), 0x567a55],
    [leaf(0.88, 0.28, 0.02), 0x567a55],
    [leaf(0.28, 0.08, -0.04), 0x628a5e],
    [leaf(0.74, 0.1, 0.04), 0x628a5e],
    [leaf(0.5, 0, 0), 0x4f7350],
    [polygon(0.33, 0.7, 0.67, 0.7, 0.62, 1, 0.38, 1), 0xc58d62],
  ] as const;
  return paint(72, 72, collage(0, layers));
}

function lamp(): Texture {
  const layers = [
    [box(0.47, 0.4, 0.53, 0.95), 0x4a3726],
    [ellipse(0.5, 0.97, 0.3, 0.05), 0x4a3726],
    [polygon(0.26, 0.02, 0.74, 0.02, 0.95, 0.46, 0.05, 0.46), 0xfbeab8],
  ] as const;
  return paint(32, 56, collage(0, layers));
}

function coat(): Texture {
  const layers = [
    [box(0.46, 0, 0.54, 0.08), 0x6b4a30],
    [polygon(0.36, 0.05, 0.64, 0.05, 0.82, 0.25, 0.94, 1, 0.06, 1, 0.18, 0.25), 0x56707f],
    [box(0.49, 0.1, 0.51, 1), 0x465d6a],
  ] as const;
  return paint(32, 96, collage(0, layers));
}
