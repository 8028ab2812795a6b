/** Chance that one 32-bit seed decides, so that it comes again exactly; knows not what it is for. */

export type Chance = {
  /** 0 up to, not including, 1. */
  number(): number;
  /** From `least` up to, not including, `most`. */
  between(least: number, most: number): number;
  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number;
  /** Whether something of this probability happened. */
  happens(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** Another source, which this one's later draws do not change; `name` tells several apart. */
  branch(name: string): Chance;
};

/** Mulberry32: 32 bits of state, good enough for schedules and quick. */
export function seeded(seed: number): Chance {
  let state = seed >>> 0;
  const number = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number) => least + number() * (most - least);
  return {
    number,
    between,
    whole: (least, most) => Math.floor(between(least, most + 1)),
    happens: (probability) => number() < probability,
    pick: (from) => from[Math.floor(number() * from.length)]!,
    branch: (name) => seeded(hashed(name, seed)),
  };
}

/** FNV-1a, begun with the seed, and mixed once more so that neighbours part. */
function hashed(name: string, seed: number): number {
  let hash = (0x811c9dc5 ^ Math.imul(seed, 0x9e3779b1)) >>> 0;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0;
  return Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0;
}
