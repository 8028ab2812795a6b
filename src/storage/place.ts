/** Makes sure that only one page of this browser is something at a time; knows not what. */

/** A page that reloads lets go of its place within moments. */
const FREE_WITHIN_MS = 3_000;

/** Holds the place until `signal` aborts. Resolves false when another page keeps it. */
export function claimPlace(name: string, signal: AbortSignal): Promise<boolean> {
  // Absent without a secure context, where there is no robot either.
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    const waiting = new AbortController();
    const tooLate = setTimeout(() => waiting.abort(), FREE_WITHIN_MS);
    const held = async () => {
      clearTimeout(tooLate);
      resolve(true);
      if (!signal.aborted) await new Promise((end) => signal.addEventListener('abort', end, { once: true }));
    };
    // Also rejects when the wait was cut short.
    navigator.locks.request(name, { signal: waiting.signal }, held).catch(() => resolve(false));
  });
}
