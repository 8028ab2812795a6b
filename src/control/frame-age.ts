/** How old a frame is when it arrives, told without trusting that two clocks agree; knows neither clock. */

/** Length of one stretch of frames whose quickest is remembered. */
const STRETCH_MS = 3_000;
/** How many are remembered: clocks that drift apart by 200 ppm are 6 ms apart after 30 s. */
const STRETCHES = 10;
const U32 = 2 ** 32;

type Stretch = {
  readonly index: number;
  /** Least arrival − sample of the stretch, in ms past the reference. */
  readonly leastMs: number;
  /** Least round trip of the stretch. */
  readonly roundTripMs: number | undefined;
};

export type FrameAge = {
  /** Arrival − sample of the first frame: the distance of the two clocks and something more. */
  readonly referenceMs: number | undefined;
  /** Newest last. Silence makes none: what is known of the path is kept until frames teach better. */
  readonly stretches: readonly Stretch[];
};

export function noFrameAge(): FrameAge {
  return { referenceMs: undefined, stretches: [] };
}

/**
 * Age in ms, never negative: how much later than the quickest frame of the last 30 s this one came, plus half of the least
 * round trip of that time, which is what the quickest frame took.
 * `sampledAtMs` is u32 of the sender's clock, `arrivedAtMs` of the receiver's; `roundTripMs` is undefined until measured.
 */
export function frameAge(
  age: FrameAge,
  sampledAtMs: number,
  arrivedAtMs: number,
  roundTripMs: number | undefined,
): { readonly next: FrameAge; readonly ageMs: number } {
  const referenceMs = age.referenceMs ?? arrivedAtMs - sampledAtMs;
  const lateMs = wrapped(arrivedAtMs - sampledAtMs - referenceMs);
  const stretches = remember(age.stretches, Math.floor(arrivedAtMs / STRETCH_MS), lateMs, roundTripMs);
  let leastMs = lateMs;
  let tripMs = Number.POSITIVE_INFINITY;
  for (const stretch of stretches) {
    leastMs = Math.min(leastMs, stretch.leastMs);
    tripMs = Math.min(tripMs, stretch.roundTripMs ?? Number.POSITIVE_INFINITY);
  }
  const next = stretches === age.stretches ? age : { referenceMs, stretches };
  return { next, ageMs: lateMs - leastMs + (Number.isFinite(tripMs) ? tripMs / 2 : 0) };
}

/** The same list when nothing new was learnt. */
function remember(
  stretches: readonly Stretch[],
  index: number,
  lateMs: number,
  roundTripMs: number | undefined,
): readonly Stretch[] {
  const last = stretches.at(-1);
  if (last?.index !== index) return [...stretches, { index, leastMs: lateMs, roundTripMs }].slice(-STRETCHES);
  const better = least(last.roundTripMs, roundTripMs);
  if (lateMs >= last.leastMs && better === last.roundTripMs) return stretches;
  return [...stretches.slice(0, -1), { index, leastMs: Math.min(last.leastMs, lateMs), roundTripMs: better }];
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined) return b;
  return b === undefined ? a : Math.min(a, b);
}

/** The short way round the u32 circle, −2³¹…2³¹. */
function wrapped(ms: number): number {
  return ms - U32 * Math.round(ms / U32);
}
