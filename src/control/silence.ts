/** How long the other end has been quiet, as far as this end was awake to hear it; knows no channel. */

export type Silence = { readonly lookedAtMs: number; readonly heardAtMs: number | undefined; readonly ms: number };

/** Begins with nothing heard. */
export function noSilence(nowMs: number): Silence {
  return { lookedAtMs: nowMs, heardAtMs: undefined, ms: 0 };
}

/**
 * Looks again. A page that was itself busy or asleep has not listened, and finds what came meanwhile only after this
 * look: no more than `atMostMs` of any one absence counts.
 */
export function listened(silence: Silence, heardAtMs: number | undefined, nowMs: number, atMostMs: number): Silence {
  const heard = heardAtMs !== undefined && heardAtMs !== silence.heardAtMs;
  const ms = heard ? nowMs - heardAtMs : silence.ms + (nowMs - silence.lookedAtMs);
  const most = heard ? atMostMs : silence.ms + atMostMs;
  return { lookedAtMs: nowMs, heardAtMs, ms: Math.min(ms, most) };
}
