/** How long to wait before trying again; knows not what is tried. */

const LEAST_MS = 250;
const MOST_MS = 10_000;

/**
 * Full jitter: anywhere from 250 ms to a limit that starts at 500 ms and doubles with each attempt, up to 10 s, so that
 * many who lost the same thing do not come back together. `attempt` counts from 0; `random` gives 0…1.
 */
export function backoffMs(attempt: number, random: () => number): number {
  const limitMs = Math.min(MOST_MS, 2 * LEAST_MS * 2 ** Math.max(0, attempt));
  return LEAST_MS + random() * (limitMs - LEAST_MS);
}
