/** The path between the two pages as it is just now: ordinary, worse for a while, or another one; knows no page. */
import {
  type ImpairedPath,
  type Impairment,
  openImpairedPath,
  type PathDirection,
  UNIMPAIRED,
} from '../impaired-path.ts';

/** Part of what is wrong on the path, until it is taken away. */
type Weather = { readonly direction: PathDirection; readonly change: Partial<Impairment> };

export class PathWeather {
  readonly #signal: AbortSignal;
  readonly #now = new Set<Weather>();
  #path: ImpairedPath;
  #left: ImpairedPath[] = [];
  #ordinary: Partial<Impairment> = {};

  private constructor(path: ImpairedPath, signal: AbortSignal) {
    this.#path = path;
    this.#signal = signal;
  }

  static async open(signal: AbortSignal): Promise<PathWeather> {
    return new PathWeather(await openImpairedPath(signal), signal);
  }

  /** The robot's end, then the pilot's. */
  get ends(): ImpairedPath['ends'] {
    return this.#path.ends;
  }

  /** What it is like when nothing is wrong. */
  async setOrdinary(change: Partial<Impairment>): Promise<void> {
    this.#ordinary = change;
    await this.#apply();
  }

  /** Resolves with what takes it away again. */
  async add(direction: PathDirection, change: Partial<Impairment>): Promise<() => Promise<void>> {
    const weather = { direction, change };
    this.#now.add(weather);
    await this.#apply();
    return async () => {
      this.#now.delete(weather);
      await this.#apply();
    };
  }

  /** The robot's device leaves its network for another: the old path is dead, and the new one is worse or better. */
  async change(delayMs: number): Promise<void> {
    const old = this.#path;
    this.#path = await openImpairedPath(this.#signal, { beside: old });
    this.#ordinary = { ...this.#ordinary, delayMs };
    await this.#apply();
    await old.set('both', { blackout: true });
    this.#left.push(old);
  }

  async clear(): Promise<void> {
    this.#now.clear();
    await this.#apply();
  }

  /** Paths that were left are dead, and their addresses go. */
  async forgetOld(): Promise<void> {
    for (const path of this.#left.splice(0)) await path.close();
  }

  async close(): Promise<void> {
    await this.forgetOld();
    await this.#path.close();
  }

  async #apply(): Promise<void> {
    for (const direction of ['toRobot', 'toPilot'] as const) {
      const now = [...this.#now].filter((one) => one.direction === direction || one.direction === 'both');
      const changes = now.map(({ change }) => change);
      await this.#path.set(direction, Object.assign({}, UNIMPAIRED, this.#ordinary, ...changes));
    }
  }
}
