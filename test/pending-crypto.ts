/** Knows whether WebCrypto still works on something, so that a test with a clock of its own can wait for it; computes nothing. */

const METHODS = [
  'sign',
  'verify',
  'digest',
  'importKey',
  'exportKey',
  'deriveBits',
  'deriveKey',
  'generateKey',
] as const;

export type PendingCrypto = {
  /** Resolves when nothing is being computed, also nothing that followed from it. */
  settle(): Promise<void>;
  restore(): void;
};

export function watchCrypto(): PendingCrypto {
  const originals = METHODS.map((method) => [method, crypto.subtle[method]] as const);
  let pending = 0;
  for (const [method, original] of originals) {
    Object.defineProperty(crypto.subtle, method, {
      configurable: true,
      value: (...args: unknown[]) => {
        pending++;
        return Reflect.apply(original, crypto.subtle, args).finally(() => pending--);
      },
    });
  }
  const microtasks = async () => {
    for (let i = 0; i < 40; i++) await Promise.resolve();
  };
  return {
    async settle() {
      await microtasks();
      while (pending > 0) {
        await new Promise((resolve) => setImmediate(resolve));
        await microtasks();
      }
    },
    restore() {
      for (const [method] of originals) Reflect.deleteProperty(crypto.subtle, method);
    },
  };
}
