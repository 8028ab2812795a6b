/** Colours and painted rectangles for the drawn camera; knows nothing of what they show. */

/** Column by column from the left, each from the top: the camera draws upright columns. */
export type Texture = {
  readonly width: number;
  readonly height: number;
  /** As `Colour`. */
  readonly texels: Uint32Array<ArrayBuffer>;
};

/** A pixel as canvases hold it, read as a little-endian number: 0xAABBGGRR. Zero is see-through. */
export type Colour = number;

/** True where a shape covers the point; both 0…1, down positive. */
export type Shape = (x: number, y: number) => boolean;

export function rgb(hex: number): Colour {
  return (0xff000000 | ((hex & 0xff) << 16) | (hex & 0xff00) | (hex >> 16)) >>> 0;
}

/** `light` 0…256: 256 leaves the colour as it is. */
export function lit(colour: Colour, light: number): Colour {
  const redBlue = (Math.imul(colour & 0xff00ff, light) >>> 8) & 0xff00ff;
  const green = (Math.imul(colour & 0xff00, light) >>> 8) & 0xff00;
  return (0xff000000 | redBlue | green) >>> 0;
}

/** `share` 0…1 of `b` in `a`. */
export function mixed(a: Colour, b: Colour, share: number): Colour {
  const channel = (shift: number) => {
    const from = (a >> shift) & 0xff;
    return Math.round(from + (((b >> shift) & 0xff) - from) * share) << shift;
  };
  return (0xff000000 | channel(0) | channel(8) | channel(16)) >>> 0;
}

/** The same 0…1 for the same whole numbers, without a pattern the eye finds. */
export function grain(x: number, y: number): number {
  let bits = Math.imul(x | 0, 0x27d4eb2d) ^ Math.imul(y | 0, 0x165667b1);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  return ((bits ^ (bits >>> 13)) >>> 8) / 0x1000000;
}

/** `colourAt` is asked for the middle of each texel, both 0…1, down positive. */
export function paint(width: number, height: number, colourAt: (x: number, y: number) => Colour): Texture {
  const texels = new Uint32Array(width * height);
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) texels[x * height + y] = colourAt((x + 0.5) / width, (y + 0.5) / height);
  }
  return { width, height, texels };
}

/** Shapes over a ground, the last on top. */
export function collage(
  ground: Colour,
  layers: readonly (readonly [Shape, number])[],
): (x: number, y: number) => Colour {
  return (x, y) => {
    const top = layers.findLast(([covers]) => covers(x, y));
    return top ? rgb(top[1]) : ground;
  };
}

export function ellipse(centreX: number, centreY: number, radiusX: number, radiusY: number): Shape {
  return (x, y) => ((x - centreX) / radiusX) ** 2 + ((y - centreY) / radiusY) ** 2 <= 1;
}

export function box(left: number, top: number, right: number, bottom: number): Shape {
  return (x, y) => x >= left && x < right && y >= top && y < bottom;
}

/** Corners in turn: x, y, x, y… */
export function polygon(...corners: readonly number[]): Shape {
  return (x, y) => {
    let inside = false;
    for (let i = 0, j = corners.length - 2; i < corners.length; j = i, i += 2) {
      const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = [corners[j], corners[j + 1], corners[i], corners[i + 1]];
      if (y0 > y !== y1 > y && x < ((x1 - x0) * (y - y0)) / (y1 - y0) + x0) inside = !inside;
    }
    return inside;
  };
}
