/** Two soft notes for whoever stands near the robot or drives it; knows not what they announce. */

export type Tune = 'joined' | 'asked' | 'lost' | 'back';

/** Rising: someone is here, or the link is. Falling: someone waits for an answer, or the link is gone. Hertz. */
const TUNES: Readonly<Record<Tune, readonly [number, number]>> = {
  joined: [659, 880],
  asked: [880, 659],
  lost: [523, 349],
  back: [349, 523],
};
const NOTE_SECONDS = 0.32;
const NEXT_NOTE_SECONDS = 0.18;
const LOUDNESS = 0.35;
/** Longer than the two notes with their fading. */
const REST_AFTER_MS = 1500;
/** A browser that lets a page sound starts within this time. */
const STARTS_WITHIN_MS = 500;

/** Puts the two notes into `context`, from now on. Returns when they end, in seconds of its clock. */
export function playTune(context: BaseAudioContext, tune: Tune): number {
  let atSeconds = context.currentTime;
  for (const hertz of TUNES[tune]) {
    const note = new OscillatorNode(context, { type: 'triangle', frequency: hertz });
    const shape = new GainNode(context, { gain: 0 });
    // Steps in loudness click; ramps do not.
    shape.gain.setValueAtTime(0, atSeconds);
    shape.gain.linearRampToValueAtTime(LOUDNESS, atSeconds + 0.015);
    shape.gain.exponentialRampToValueAtTime(0.001, atSeconds + NOTE_SECONDS);
    note.connect(shape).connect(context.destination);
    note.start(atSeconds);
    note.stop(atSeconds + NOTE_SECONDS);
    atSeconds += NEXT_NOTE_SECONDS;
  }
  return atSeconds - NEXT_NOTE_SECONDS + NOTE_SECONDS;
}

/**
 * Sounds until `signal` aborts. `onBlocked` hears whether the browser keeps the page silent, each time that becomes known:
 * at the start, and again after a tap or a key, which is what browsers wait for.
 */
export class Chime {
  #context: AudioContext | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly onBlocked: (blocked: boolean) => void,
    private readonly signal: AbortSignal,
  ) {
    try {
      this.#context = new AudioContext();
    } catch {
      // No sound device, or no sound at all in this browser.
      onBlocked(true);
      return;
    }
    const unlock = () => void this.#wake();
    // Capture: whatever was tapped may keep the event to itself.
    window.addEventListener('pointerup', unlock, { signal, capture: true });
    window.addEventListener('keydown', unlock, { signal, capture: true });
    signal.addEventListener('abort', () => void this.#end(), { once: true });
    void this.#wake();
  }

  async play(tune: Tune): Promise<void> {
    if (!(await this.#wake()) || this.#context === undefined) return;
    playTune(this.#context, tune);
  }

  /** Resolves with whether the page may sound now. */
  async #wake(): Promise<boolean> {
    const context = this.#context;
    if (context === undefined || this.signal.aborted) return false;
    // While it waits for a tap, resume() neither resolves nor rejects.
    const started = await Promise.race([
      context.resume().then(
        () => true,
        () => false,
      ),
      new Promise<false>((resolve) => setTimeout(resolve, STARTS_WITHIN_MS, false)),
    ]);
    if (this.signal.aborted) return false;
    this.onBlocked(!started);
    clearTimeout(this.#rest);
    // A running context keeps a phone's sound hardware awake.
    if (started) this.#rest = setTimeout(() => void context.suspend().catch(() => undefined), REST_AFTER_MS);
    return started;
  }

  async #end(): Promise<void> {
    clearTimeout(this.#rest);
    // Closing twice rejects, and is as good.
    await this.#context?.close().catch(() => undefined);
  }
}
