/** Monotonic time, injected everywhere so that a test or a simulation owns it; knows nothing of what waits. */

export interface Clock {
  /** Milliseconds since an arbitrary start; never runs backwards. */
  now(): number;
  /** Runs once after `ms`, unless `signal` aborts first. */
  after(ms: number, run: () => void, signal: AbortSignal): void;
  /** Runs every `ms` until `signal` aborts. A late tick is not made up for. */
  every(ms: number, run: () => void, signal: AbortSignal): void;
}

/** The page's own clock. A hidden page's timers slow to one a second: use the worker clock for what must not. */
export function pageClock(): Clock {
  return {
    now: () => performance.now(),
    after(ms, run, signal) {
      if (signal.aborted) return;
      const timer = setTimeout(run, ms);
      signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
    },
    every(ms, run, signal) {
      if (signal.aborted) return;
      const timer = setInterval(run, ms);
      signal.addEventListener('abort', () => clearInterval(timer), { once: true });
    },
  };
}
