/** Keeps the screen on while something lives; knows not what. */
import { type ReadonlySignal, signal as state } from '@preact/signals-core';

/** `refused`: the browser said no, as phones do when the battery is low. `off`: the page is hidden, or all is over. */
export type WakeLockState = 'held' | 'unsupported' | 'refused' | 'off';

/** Browsers take the lock away with the page's visibility, so it is asked for again whenever the page is seen. */
export function holdWakeLock(signal: AbortSignal): ReadonlySignal<WakeLockState> {
  const held = state<WakeLockState>('off');
  if (!('wakeLock' in navigator)) {
    held.value = 'unsupported';
    return held;
  }
  let lock: WakeLockSentinel | undefined;
  let asking = false;

  const ask = async () => {
    if (asking || signal.aborted || document.visibilityState !== 'visible' || lock?.released === false) return;
    asking = true;
    try {
      const granted = await navigator.wakeLock.request('screen');
      if (signal.aborted) return void granted.release();
      lock = granted;
      held.value = 'held';
      granted.addEventListener('release', () => {
        if (lock === granted) held.value = 'off';
      });
    } catch {
      // Whatever the reason, the person can only be told that the screen may go dark.
      if (!signal.aborted) held.value = document.visibilityState === 'visible' ? 'refused' : 'off';
    } finally {
      asking = false;
    }
  };

  document.addEventListener('visibilitychange', () => void ask(), { signal });
  signal.addEventListener(
    'abort',
    () => {
      held.value = 'off';
      void lock?.release();
    },
    { once: true },
  );
  void ask();
  return held;
}
