/** Tells a STOP that is only said again from one that is pressed anew; knows neither who says it nor what it stops. */

/** Frames say it fifty times a second: after a longer break it is another press. */
const FLAG_GOES_ON_MS = 500;
/** Words say it every 300 ms. Sooner than this it was pressed in between, later than this it is another press. */
const WORD_AGAIN_MS = { least: 250, most: 450 };

/** What one sender said last, in ms of the caller's clock. */
export type StopPress = { readonly flagAtMs: number | undefined; readonly wordAtMs: number | undefined };

/** Also for who said something else since: whatever they say next is a press. */
export function noPress(): StopPress {
  return { flagAtMs: undefined, wordAtMs: undefined };
}

/**
 * After STOP was said, by the flag of a frame or as a word. `again`: it is surely the same press that goes on; where that can't be
 * told, it is a new one.
 */
export function saidStop(
  press: StopPress,
  as: 'flag' | 'word',
  nowMs: number,
): { readonly next: StopPress; readonly again: boolean } {
  switch (as) {
    case 'flag': {
      const sinceMs = nowMs - (press.flagAtMs ?? Number.NEGATIVE_INFINITY);
      return { next: { ...press, flagAtMs: nowMs }, again: sinceMs <= FLAG_GOES_ON_MS };
    }
    case 'word': {
      const sinceMs = nowMs - (press.wordAtMs ?? Number.NEGATIVE_INFINITY);
      const again = sinceMs >= WORD_AGAIN_MS.least && sinceMs <= WORD_AGAIN_MS.most;
      return { next: { ...press, wordAtMs: nowMs }, again };
    }
    default:
      return as satisfies never;
  }
}
