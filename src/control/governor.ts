/** Top speed by the measured loop delay: who sees late drives slowly; knows no motor. */

/**
 * Loop delay in ms, share of the top speed: straight lines between. Above the last: none. A picture that froze leaves none
 * either, but not from here: the failsafe disarms who sees nothing newer than 700 ms, and says blind.
 */
const CURVE = [
  [150, 1],
  [250, 0.5],
  [400, 0.2],
  [500, 0],
] as const;
/** Before the first measure, and when there is none any more. */
const CAP_UNMEASURED = 0.5;
/** Share of the way to a longer delay taken with each measure: one late frame is not yet a slow path. */
const RISE = 0.3;
/**
 * Share of the way back, so that a jittery path gets a steady cap instead of a fluttering one: delays that flutter by ±20 ms give
 * back no more than half a percent of the speed with each measure.
 */
const FALL = 0.05;
/** This close above the measure the way back is crept, by so many ms a measure. */
const NEAR_MS = 20;
const CREEP_MS = 0.1;

export type Governor = {
  /** The delay acted upon, which follows the worse measures quickly and the better ones slowly. */
  readonly delayMs: number | undefined;
  /** 0…1. */
  readonly cap: number;
};

export function ungoverned(): Governor {
  return { delayMs: undefined, cap: CAP_UNMEASURED };
}

/** After one measure of the loop delay in ms, once a frame; undefined: it could not be measured. */
export function governed(governor: Governor, measuredMs: number | undefined): Governor {
  if (measuredMs === undefined || Number.isNaN(measuredMs)) {
    return { ...governor, cap: Math.min(governor.cap, CAP_UNMEASURED) };
  }
  const delayMs = followed(governor.delayMs, measuredMs);
  return { delayMs, cap: capAt(delayMs) };
}

/** 0…1 for a delay in ms. */
export function capAt(delayMs: number): number {
  let [fromMs, fromCap]: readonly [number, number] = CURVE[0];
  if (delayMs <= fromMs) return fromCap;
  for (const [toMs, toCap] of CURVE) {
    if (delayMs <= toMs) return fromCap + ((delayMs - fromMs) / (toMs - fromMs)) * (toCap - fromCap);
    [fromMs, fromCap] = [toMs, toCap];
  }
  return 0;
}

function followed(beforeMs: number | undefined, measuredMs: number): number {
  if (beforeMs === undefined) return measuredMs;
  const aboveMs = beforeMs - measuredMs;
  if (aboveMs <= 0) return beforeMs - aboveMs * RISE;
  return beforeMs - Math.max(Math.min(aboveMs, CREEP_MS), (aboveMs - NEAR_MS) * FALL);
}
