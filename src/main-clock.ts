/** A clock for one session, in a worker that ends soon after the session does; knows no session. */
import type { Clock } from './core/clock.ts';
import { workerClock } from './core/worker-clock.ts';

/** The last words to the other side and to the board take up to half a second, and are timed by this clock. */
const LAST_WORDS_MS = 2_000;

export function sessionClock(): { readonly clock: Clock; readonly end: () => void } {
  const life = new AbortController();
  return { clock: workerClock(life.signal), end: () => void setTimeout(() => life.abort(), LAST_WORDS_MS) };
}
