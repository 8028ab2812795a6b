/** The one true time of a trial: what happens when, in order; knows not what happens. */

export type Happening = { readonly atMs: number; readonly order: number; run: (() => void) | undefined };

/** A binary heap, because a trial has tens of thousands of happenings. */
export class VirtualTime {
  nowMs = 0;
  #heap: Happening[] = [];
  #order = 0;

  /** What is in the past happens now. */
  at(atMs: number, run: () => void): Happening {
    const happening = { atMs: Math.max(atMs, this.nowMs), order: this.#order++, run };
    this.#heap.push(happening);
    this.#rise(this.#heap.length - 1);
    return happening;
  }

  after(ms: number, run: () => void): Happening {
    return this.at(this.nowMs + ms, run);
  }

  /** Moves time to the next happening and runs it. False when there is none until `untilMs`, which it then is. */
  step(untilMs: number): boolean {
    const heap = this.#heap;
    const first = heap[0];
    if (first === undefined || first.atMs > untilMs) {
      this.nowMs = untilMs;
      return false;
    }
    const last = heap.pop()!;
    if (last !== first) {
      heap[0] = last;
      this.#sink();
    }
    this.nowMs = first.atMs;
    first.run?.();
    return true;
  }

  #rise(from: number): void {
    const heap = this.#heap;
    const one = heap[from]!;
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above]!;
      if (!isBefore(one, parent)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = one;
  }

  #sink(): void {
    const heap = this.#heap;
    const one = heap[0]!;
    const { length } = heap;
    let at = 0;
    for (let below = 1; below < length; below = 2 * at + 1) {
      if (below + 1 < length && isBefore(heap[below + 1]!, heap[below]!)) below++;
      const child = heap[below]!;
      if (!isBefore(child, one)) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = one;
  }
}

function isBefore(one: Happening, other: Happening): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}
