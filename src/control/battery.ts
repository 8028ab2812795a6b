/** Whether a battery is too low to drive on; knows no battery by name. */

/** Motors pull a battery's voltage down while they start: only what lasts counts. */
const LOW_FOR_MS = 2_000;
/** Resting, a battery seems to recover: driving again takes this much more. */
const RECOVERED_BY_MV = 300;

export type BatteryWatch = { readonly low: boolean; readonly belowSinceMs: number | undefined };

export function noBatteryWatch(): BatteryWatch {
  return { low: false, belowSinceMs: undefined };
}

/**
 * After one look. `mv` is undefined while the board does not say: then it is as low as it was. `leastMv` is 0 where nobody
 * asked for a limit: never low.
 */
export function watchBattery(
  watch: BatteryWatch,
  mv: number | undefined,
  leastMv: number,
  nowMs: number,
): BatteryWatch {
  if (leastMv <= 0) return noBatteryWatch();
  if (mv === undefined) return watch.low ? watch : noBatteryWatch();
  if (watch.low) return mv >= leastMv + RECOVERED_BY_MV ? noBatteryWatch() : watch;
  if (mv >= leastMv) return noBatteryWatch();
  const belowSinceMs = watch.belowSinceMs ?? nowMs;
  return { low: nowMs - belowSinceMs >= LOW_FOR_MS, belowSinceMs };
}
