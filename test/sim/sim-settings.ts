/** What a simulated device remembers from one page to the next; knows no database. */
import type { Remembered, Settings } from '../../src/storage/settings.ts';

export function simSettings(known: Partial<Remembered>): Settings {
  const kept = new Map<keyof Remembered, unknown>(Object.entries(known) as [keyof Remembered, unknown][]);
  return {
    get: async (key) => kept.get(key) as Remembered[typeof key] | undefined,
    set: async (key, value) => void kept.set(key, value),
  };
}
