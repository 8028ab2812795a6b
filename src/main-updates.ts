/** Keeps the app for the time without a network, and offers newer versions on the page it is given; knows no drive. */
import { registerSW } from 'virtual:pwa-register';

export function offerUpdates(page: HTMLElement & { updateReady: boolean }): void {
  // Browsers refuse a service worker on a certificate they do not know: the app then works, but only with a network.
  const update = registerSW({ onNeedRefresh: () => (page.updateReady = true) });
  page.addEventListener('update', () => void update(true));
}
