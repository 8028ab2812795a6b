/** Keeps one challenge at hand for a page that has to join again in a hurry; knows not what is claimed with it. */
import type { Clock } from '../core/clock.ts';

/** A challenge is good for 5 minutes, and travels there and back. */
const GOOD_FOR_MS = 270_000;
const RENEWED_EVERY_MS = 240_000;

export type SpareChallenge = {
  /** Each once; undefined when there is none that is still good. */
  take(): string | undefined;
  /** Asks for one if none is kept, as when the broker has just let this page in. */
  fill(): void;
};

/**
 * On a network that has just changed a question by HTTP may wait seconds for a connection of the old one, which browsers keep and
 * take first, while a WebSocket opens its own: so the question is asked before it is needed. `ask` may reject.
 */
export function keepSpareChallenge(given: {
  readonly ask: () => Promise<string>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): SpareChallenge {
  const { clock, signal } = given;
  let kept: { readonly challenge: string; readonly sinceMs: number } | undefined;
  let wanted = false;
  let asking = false;
  const ask = async () => {
    if (asking) return;
    asking = true;
    const sinceMs = clock.now();
    try {
      kept = { challenge: await given.ask(), sinceMs };
    } catch {
      // Without one the next join asks first.
    }
    asking = false;
  };
  clock.every(RENEWED_EVERY_MS, () => void (wanted && ask()), signal);
  return {
    take() {
      const taken = kept;
      kept = undefined;
      wanted = false;
      return taken && clock.now() - taken.sinceMs < GOOD_FOR_MS ? taken.challenge : undefined;
    },
    fill() {
      wanted = true;
      if (!kept) void ask();
    },
  };
}
