/** An allowance that refills with time, up to a burst; knows not what it is spent on. */

export type Allowance = {
  readonly burst: number;
  readonly perSecond: number;
};

export class Bucket {
  readonly #allowance: Allowance;
  /** All that it has to know: thousands of idle sockets have two of these each. In whole ms, which V8 keeps in place. */
  #fullAtMs: number;

  constructor(allowance: Allowance, nowMs: number) {
    this.#allowance = allowance;
    this.#fullAtMs = Math.floor(nowMs);
  }

  /** Whether there was enough. What is refused is spent as well, so that a flood ends only when it stops. */
  spend(amount: number, nowMs: number): boolean {
    const { burst, perSecond } = this.#allowance;
    const now = Math.floor(nowMs);
    const burstMs = (burst / perSecond) * 1000;
    const fullInMs = Math.max(this.#fullAtMs - now, 0) + (amount / perSecond) * 1000;
    this.#fullAtMs = now + Math.min(fullInMs, 2 * burstMs);
    return fullInMs <= burstMs;
  }

  /** Then it is as good as a new one. */
  isFull(nowMs: number): boolean {
    return this.#fullAtMs <= nowMs;
  }
}
