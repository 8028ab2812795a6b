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

/** False also while another window, or the browser's own bars, have the keyboard. */
export function pageAttentive(life: AbortSignal): ReadonlySignal<boolean> {
  const attentive = signal(document.visibilityState === 'visible' && document.hasFocus());
  const look = () => {
    attentive.value = document.visibilityState === 'visible' && document.hasFocus();
  };
  document.addEventListener('visibilitychange', look, { signal: life });
  for (const type of ['focus', 'pageshow']) addEventListener(type, look, { signal: life });
  // A blurred window still has focus while its handlers run.
  for (const type of ['blur', 'pagehide']) addEventListener(type, () => (attentive.value = false), { signal: life });
  return attentive;
}
