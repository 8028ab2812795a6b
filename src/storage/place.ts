/** Makes sure that only one page of this browser is something at a time; knows not what. */

/** A page that reloads lets go of its place within moments. */
const FREE_WITHIN_MS = 3_000;

/**
 * Resolves when the place is this page's, which holds it until `signal` aborts. Calls `taken` when another page keeps it,
 * and goes on waiting.
 */
export async function claimPlace(name: string, taken: () => void, signal: AbortSignal): Promise<void> {
  // Absent without a secure context, where there is no robot either.
  if (!navigator.locks) return;
  const tooLate = setTimeout(taken, FREE_WITHIN_MS);
  try {
    await new Promise<void>((resolve, reject) => {
      const held = () => {
        resolve();
        return new Promise<void>((end) => signal.addEventListener('abort', () => end(), { once: true }));
      };
      navigator.locks.request(name, { signal }, held).catch(reject);
    });
  } finally {
    clearTimeout(tooLate);
  }
}
