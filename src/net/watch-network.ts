/** Tells when the network under this page may be another one; knows not what runs over it. */

/** Calls when a network comes back or is exchanged, and when the page was hidden and is looked at again: it may have slept meanwhile. */
export function watchNetwork(changed: () => void, life: AbortSignal): void {
  addEventListener('online', changed, { signal: life });
  // Not in Firefox and Safari.
  const connection: EventTarget | undefined = Reflect.get(navigator, 'connection');
  connection?.addEventListener('change', changed, { signal: life });
  const look = () => {
    if (document.visibilityState === 'visible') changed();
  };
  document.addEventListener('visibilitychange', look, { signal: life });
}
