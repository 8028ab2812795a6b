/** Time that a test owns; knows nothing of what waits for it. */
import type { Clock } from '../src/core/clock.ts';

export class FakeClock implements Clock {
  #now = 0;
  #waiting: { at: number; run: () => void; signal: AbortSignal; everyMs?: number }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void, signal: AbortSignal): void {
    this.#waiting.push({ at: this.#now + ms, run, signal });
  }

  every(ms: number, run: () => void, signal: AbortSignal): void {
    this.#waiting.push({ at: this.#now + ms, run, signal, everyMs: ms });
  }

  /** Moves time on, running what falls due in order. */
  pass(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      this.#waiting = this.#waiting.filter(({ signal }) => !signal.aborted);
      const next = this.#waiting.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#now = Math.max(this.#now, next.at);
      if (next.everyMs) next.at += next.everyMs;
      else this.#waiting.splice(this.#waiting.indexOf(next), 1);
      next.run();
    }
    this.#now = end;
  }
}
