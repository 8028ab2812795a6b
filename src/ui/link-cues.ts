/** Sounds when the link goes and when it comes back, for who switched that on; knows neither link nor page. */
import { Chime } from './chime.ts';

/** Silent until `enable`, which wants to be called in a click, and for good once `signal` aborts. */
export class LinkCues {
  #chime: Chime | undefined;
  #life: AbortController | undefined;
  #down = false;

  constructor(private readonly signal: AbortSignal) {
    signal.addEventListener('abort', () => this.enable(false), { once: true });
  }

  get on(): boolean {
    return this.#chime !== undefined;
  }

  /** Switched on, it sounds once, so that the person knows what they will hear. */
  enable(on: boolean): void {
    this.#life?.abort();
    this.#chime = undefined;
    if (!on || this.signal.aborted) return;
    this.#life = new AbortController();
    this.#chime = new Chime(() => undefined, this.#life.signal);
    void this.#chime.play('back');
  }

  /** Whether the link is down now. Sounds where that changed. */
  tell(down: boolean): void {
    if (down === this.#down) return;
    this.#down = down;
    void this.#chime?.play(down ? 'lost' : 'back');
  }
}
