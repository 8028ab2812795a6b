/** How old the picture is that somebody looks at; knows times only, no screen. */

/** A frame that reached the screen. */
export type Painted = {
  readonly atMs: number;
  /** From the camera to the screen; undefined where the browser does not tell. */
  readonly delayMs: number | undefined;
};

/** A capture time is guessed from the sender's clock reports, and a wrong guess must not hide or invent a second. */
const BELIEVABLE_DELAY_MS = 5000;

/** `atMs` and `capturedAtMs` are of the same clock. A capture time that cannot be is left out. */
export function painted(atMs: number, capturedAtMs: number | undefined): Painted {
  const delayMs = capturedAtMs === undefined ? undefined : atMs - capturedAtMs;
  const believable = delayMs !== undefined && delayMs >= 0 && delayMs <= BELIEVABLE_DELAY_MS;
  return { atMs, delayMs: believable ? delayMs : undefined };
}

/** Milliseconds since the world looked like that: time on screen, and the way there where it is known. */
export function pictureAgeMs(last: Painted | undefined, nowMs: number): number | undefined {
  return last && Math.max(0, nowMs - last.atMs) + (last.delayMs ?? 0);
}
