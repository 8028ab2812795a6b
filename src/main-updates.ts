/** Keeps the app for the time without a network, and lets newer versions in where nobody drives; knows no drive. */
import { registerSW } from 'virtual:pwa-register';
import { routeOf } from './main-address.ts';

/** A new worker takes over within moments, or not at all. */
const TAKES_OVER_WITHIN_MS = 3_000;

export function offerUpdates(page: HTMLElement & { updateReady: boolean }): void {
  // Browsers refuse a service worker on a certificate they do not know: the app then works, but only with a network.
  const update = registerSW({
    onNeedRefresh: () => (page.updateReady = true),
    onNeedReload() {
      reloadAtHome();
      addEventListener('hashchange', reloadAtHome);
    },
  });
  page.addEventListener('update', () => void update());
}

/** Reloads, with the newest version if one waits: what runs here is too old, or too new, for the other side. */
export async function reloadNewest(): Promise<void> {
  // Absent without a secure context.
  const waiting = (await navigator.serviceWorker?.getRegistration())?.waiting;
  if (waiting) {
    await new Promise((resolve) => {
      navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true });
      setTimeout(resolve, TAKES_OVER_WITHIN_MS);
      waiting.postMessage({ type: 'SKIP_WAITING' });
    });
  }
  location.reload();
}

/** The yes may come from another tab, and this page may have gone on from home to drive: then it waits for home. */
function reloadAtHome(): void {
  if (routeOf(location.hash).page === 'home') location.reload();
}
