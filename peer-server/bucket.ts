/** An allowance that refills with time, up to a burst; knows not what it is spent on. */

export type Allowance = {
  readonly burst: number;
  readonly perSecond: number;
};

export class Bucket {
  readonly #allowance: Allowance;
  #left: number;
  #refilledAtMs: number;

  constructor(allowance: Allowance, nowMs: number) {
    this.#allowance = allowance;
    this.#left = allowance.burst;
    this.#refilledAtMs = nowMs;
  }

  /** Whether there was enough. What is refused is spent as well, so that a flood ends only when it stops. */
  spend(amount: number, nowMs: number): boolean {
    const { burst, perSecond } = this.#allowance;
    const refilled = this.#left + ((nowMs - this.#refilledAtMs) / 1000) * perSecond;
    this.#left = Math.max(Math.min(burst, refilled) - amount, -burst);
    this.#refilledAtMs = nowMs;
    return this.#left >= 0;
  }
}
