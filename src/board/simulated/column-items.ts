/** What stands in one column of the drawn picture, farthest first; knows no plan. */
import type { Texture } from './paint.ts';
import { drawSlab, drawSpan, drawWallSpan, type Lens } from './spans.ts';

type Item = {
  depth: number;
  kind: 'side' | 'slab';
  texture: Texture;
  span: 'wall' | 'face';
  /** Texels from the texture's left. */
  across: number;
  /** Where a slab begins; its `depth` is where it ends. */
  from: number;
  bottom: number;
  top: number;
  light: number;
};

/** Metres and texels; the objects are used again, because thousands a frame would feed the collector. */
export class ColumnItems {
  readonly #items: Item[] = [];
  #count = 0;

  clear(): void {
    this.#count = 0;
  }

  add(
    depth: number,
    kind: Item['kind'],
    texture: Texture,
    span: Item['span'],
    across: number,
    from: number,
    bottom: number,
    top: number,
    light: number,
  ): void {
    let item = this.#items[this.#count];
    if (!item) {
      item = { depth, kind, texture, span, across, from, bottom, top, light };
      this.#items.push(item);
    }
    let at = this.#count++;
    for (let before = this.#items[at - 1]; at > 0 && before && before.depth < depth; before = this.#items[at - 1]) {
      this.#items[at--] = before;
    }
    this.#items[at] = item;
    item.depth = depth;
    item.kind = kind;
    item.texture = texture;
    item.span = span;
    item.across = across;
    item.from = from;
    item.bottom = bottom;
    item.top = top;
    item.light = light;
  }

  /** Nothing that begins beyond `wallAt` metres is drawn. */
  draw(frame: Uint32Array, lens: Lens, column: number, wallAt: number): void {
    for (let i = 0; i < this.#count; i++) {
      const item = this.#items[i];
      if (!item || (item.kind === 'slab' ? item.from : item.depth) > wallAt) continue;
      const { depth, texture, across, from, bottom, top, light } = item;
      if (item.kind === 'slab') drawSlab(frame, lens, column, texture, from, depth, top, light);
      else if (item.span === 'wall') drawWallSpan(frame, lens, column, texture, depth, bottom, top, light);
      else drawSpan(frame, lens, column, texture, across, depth, bottom, top, light);
    }
  }
}
