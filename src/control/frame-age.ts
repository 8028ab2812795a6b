/** How old a frame is when it arrives, told without trusting that two clocks agree; knows neither clock. */

/** Length of one stretch of frames whose quickest is remembered. */
const STRETCH_MS = 3_000;
/** How many are remembered. */
const STRETCHES = 10;
/** Two clocks drift apart by no more: each by 200 ppm, and a system that slews its clock by 500 ppm for a while. */
const DRIFT = 500e-6;
/** Sample times travel as whole milliseconds. */
const ROUNDED_MS = 1;
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
  /** The quickest frame since the beginning, in ms past the reference, and when it came. */
  readonly quickest: { readonly lateMs: number; readonly atMs: number } | undefined;
};

/** Each link starts with it: what was learnt on another path, or before a page slept, says nothing here. */
export function noFrameAge(): FrameAge {
  return { referenceMs: undefined, stretches: [], quickest: undefined };
}

/**
 * `ageMs`, never negative, is what frames are judged by: how much later than the quickest frame of the last 30 s this one came, plus half
 * of the least round trip of that time, which is about what the quickest frame took.
 *
 * `errorMs` bounds the estimate either way: half of the least round trip, since the quickest frame took something between
 * nothing and all of it, and what clocks can drift apart over the time remembered. Infinity until a round trip was measured.
 * It rests on one frame of the last 30 s having waited no longer than the round trip's own packets did. It is for who reads
 * the age, and drops nothing: on a long path it is as large for honest young frames, and they would all be refused.
 *
 * A path that gets worse shows in the round trip too, and after 30 s only the new path counts. But all frames may come later by a
 * constant while the round trip stays: either the sender's clock stood still while its device slept, or they wait in a queue
 * that the round trip does not pass. Nothing at this end tells the two apart, and to take the second for the first would be to
 * drive by old frames. So no frame is ever called younger than how much later it came than the quickest frame of the
 * whole link (allowing for drift): such frames stay old for good, the robot reports them as stale, and the pilot opens a fresh link,
 * where the question is asked anew with an empty queue and under a new epoch.
 *
 * A sender's clock that leaps ahead, or a receiver's that stood still, makes new frames the quickest at once. A receiver that
 * slept must not go on with what it knew: frames that waited for it would look young.
 *
 * `sampledAtMs` is u32 of the sender's clock, `arrivedAtMs` of the receiver's; `roundTripMs` is undefined until measured.
 */
export function frameAge(
  age: FrameAge,
  sampledAtMs: number,
  arrivedAtMs: number,
  roundTripMs: number | undefined,
): { readonly next: FrameAge; readonly ageMs: number; readonly errorMs: number } {
  const referenceMs = age.referenceMs ?? arrivedAtMs - sampledAtMs;
  const lateMs = wrapped(arrivedAtMs - sampledAtMs - referenceMs);
  const stretches = remember(age.stretches, Math.floor(arrivedAtMs / STRETCH_MS), lateMs, roundTripMs);
  let leastMs = lateMs;
  let tripMs = Number.POSITIVE_INFINITY;
  for (const stretch of stretches) {
    leastMs = Math.min(leastMs, stretch.leastMs);
    tripMs = Math.min(tripMs, stretch.roundTripMs ?? Number.POSITIVE_INFINITY);
  }
  const quickest = quicker(age.quickest, lateMs, arrivedAtMs);
  const isKnown = stretches === age.stretches && quickest === age.quickest;
  const rememberedMs = arrivedAtMs - (stretches[0]?.index ?? 0) * STRETCH_MS;
  return {
    next: isKnown ? age : { referenceMs, stretches, quickest },
    ageMs: Math.max(
      lateMs - leastMs + (Number.isFinite(tripMs) ? tripMs / 2 : 0),
      lateMs - drifted(quickest, arrivedAtMs),
    ),
    errorMs: tripMs / 2 + DRIFT * rememberedMs + ROUNDED_MS,
  };
}

type Quickest = NonNullable<FrameAge['quickest']>;

/** The same one while none was quicker. */
function quicker(quickest: Quickest | undefined, lateMs: number, atMs: number): Quickest {
  return quickest && drifted(quickest, atMs) <= lateMs ? quickest : { lateMs, atMs };
}

/** How late the quickest frame would be today, had the clocks drifted apart as far as they may. */
function drifted({ lateMs, atMs }: Quickest, nowMs: number): number {
  return lateMs + DRIFT * (nowMs - atMs);
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
