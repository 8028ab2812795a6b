/** Top speed by the measured loop delay: who sees late drives slowly; knows no motor. */

/**
 * Loop delay in ms, share of the top speed: straight lines between. Above the last: none. A picture that froze ages up to that;
 * the failsafe disarms who sees nothing newer than 700 ms, and says blind.
 */
const CURVE = [
  [150, 1],
  [250, 0.5],
  [400, 0.2],
  [500, 0],
] as const;
/** Before the round trip was measured, and when it is not measured any more. */
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

/** What is known of one turn of the loop, from what the pilot sees to what the robot hears. In ms. */
type Loop = {
  /** Of a frame when it arrives. */
  readonly ageMs: number;
  /** Of the path; undefined: never measured. */
  readonly roundTripMs: number | undefined;
  /** Of the picture by which the hand moved; undefined: it moved by none. */
  readonly pictureAgeMs: number | undefined;
};

/** The delay of a turn in ms: the frame's way and the way back, or the picture's age where that is longer. */
export function loopDelay({ ageMs, roundTripMs = 0, pictureAgeMs = 0 }: Loop): number {
  return Math.max(ageMs + roundTripMs / 2, pictureAgeMs);
}

/**
 * After one measure of the loop delay in ms, once a frame; undefined: it could not be measured. Where `isWhole` is false the
 * round trip is not known now, and the delay is at least so much: there is half the speed at most.
 */
export function governed(governor: Governor, measuredMs: number | undefined, isWhole = true): Governor {
  if (measuredMs === undefined || Number.isNaN(measuredMs)) {
    return { ...governor, cap: Math.min(governor.cap, CAP_UNMEASURED) };
  }
  const delayMs = followed(governor.delayMs, measuredMs);
  return { delayMs, cap: Math.min(capAt(delayMs), isWhole ? 1 : CAP_UNMEASURED) };
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
