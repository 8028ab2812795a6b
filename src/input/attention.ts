/** Whether somebody can be looking at this page; knows not what depends on it. */
import { type ReadonlySignal, signal } from '@preact/signals-core';

/** False while the page is hidden: another tab, a locked screen, another app. */
export function pageVisible(life: AbortSignal): ReadonlySignal<boolean> {
  const visible = signal(document.visibilityState === 'visible');
  document.addEventListener('visibilitychange', () => (visible.value = document.visibilityState === 'visible'), {
    signal: life,
  });
  return visible;
}

/** Safari's, from 16.4 on; the DOM library does not know it. */
type AudioSession = EventTarget & { readonly state: 'inactive' | 'active' | 'interrupted' };

/**
 * False also while another window, or the browser's own bars, have the keyboard, while a call rings or is on (as far as the
 * browser tells), and from the moment the browser freezes the page until it goes on.
 */
export function pageAttentive(life: AbortSignal): ReadonlySignal<boolean> {
  const { audioSession } = navigator as { readonly audioSession?: AudioSession };
  let isFrozen = false;
  const isAttentive = () =>
    !isFrozen && audioSession?.state !== 'interrupted' && document.visibilityState === 'visible' && document.hasFocus();
  const attentive = signal(isAttentive());
  const look = () => {
    attentive.value = isAttentive();
  };
  const freeze = (frozen: boolean) => () => {
    isFrozen = frozen;
    look();
  };
  document.addEventListener('visibilitychange', look, { signal: life });
  document.addEventListener('freeze', freeze(true), { signal: life });
  document.addEventListener('resume', freeze(false), { signal: life });
  audioSession?.addEventListener('statechange', look, { signal: life });
  for (const type of ['focus', 'pageshow']) addEventListener(type, look, { signal: life });
  // A blurred window still has focus while its handlers run.
  for (const type of ['blur', 'pagehide']) addEventListener(type, () => (attentive.value = false), { signal: life });
  return attentive;
}
