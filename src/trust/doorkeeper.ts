/** How long strangers wait after others failed; knows neither links nor clocks. */

export type Doorkeeper = {
  readonly failures: number;
  /** Of the last failure. */
  readonly atMs: number;
};

const FREE_FAILURES = 3;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 8_000;
const FORGOTTEN_AFTER_MS = 10 * 60_000;

export function noStrangers(): Doorkeeper {
  return { failures: 0, atMs: Number.NEGATIVE_INFINITY };
}

export function failed(doorkeeper: Doorkeeper, nowMs: number): Doorkeeper {
  return { failures: remembered(doorkeeper, nowMs) + 1, atMs: nowMs };
}

/** Whoever was let in makes up for those who were not. */
export function admitted(_doorkeeper: Doorkeeper): Doorkeeper {
  return noStrangers();
}

/** Before the next stranger is answered: nothing for three failures, then 500 ms, doubling up to 8 s. */
export function delayMs(doorkeeper: Doorkeeper, nowMs: number): number {
  const over = remembered(doorkeeper, nowMs) - FREE_FAILURES;
  return over <= 0 ? 0 : Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (over - 1));
}

function remembered({ failures, atMs }: Doorkeeper, nowMs: number): number {
  return nowMs - atMs > FORGOTTEN_AFTER_MS ? 0 : failures;
}
