/** How old the picture is that somebody looks at; knows times only, no screen. */

/** A frame that reached the screen. */
export type Painted = {
  readonly atMs: number;
  /** From the camera to the screen; undefined where the browser does not tell. */
  readonly delayMs: number | undefined;
};

/** A capture time is guessed from the sender's clock reports: a wild guess says "very late", and no more than that. */
const LONGEST_DELAY_MS = 5000;

/** `atMs` and `capturedAtMs` are of the same clock. A capture time in the future cannot be, and is left out. */
export function painted(atMs: number, capturedAtMs: number | undefined): Painted {
  const delayMs = capturedAtMs === undefined ? undefined : atMs - capturedAtMs;
  return { atMs, delayMs: delayMs !== undefined && delayMs >= 0 ? Math.min(delayMs, LONGEST_DELAY_MS) : undefined };
}

/** Milliseconds since the world looked like that: time on screen, and the way there where it is known. */
export function pictureAgeMs(last: Painted | undefined, nowMs: number): number | undefined {
  return last && Math.max(0, nowMs - last.atMs) + (last.delayMs ?? 0);
}
