/** What this device remembers, by typed key; the only file that knows idb-keyval. */
import { createStore, get, set } from 'idb-keyval';
import type { DriveSettings } from '../control/drive-settings.ts';
import type { TransportId } from '../core/transport-id.ts';
import type { Person } from '../trust/allowlist.ts';
import { isRemembered } from './remembered.ts';

export type Remembered = {
  readonly robotName: string;
  readonly pilotName: string;
  readonly boardKind: TransportId;
  readonly drive: DriveSettings;
  readonly camera: string;
  readonly microphone: string;
  /** Who pressed STOP on this robot, while it is latched; empty: nobody. */
  readonly stoppedBy: string;
  /** Who may come in to this robot. */
  readonly people: readonly Person[];
  /** Who drove or watched this robot when, newest first, wall-clock milliseconds. */
  readonly pastVisits: readonly {
    readonly who: string;
    readonly name: string;
    readonly drove: boolean;
    readonly fromMs: number;
    readonly toMs: number;
  }[];
  /** One-time secrets of guest links that nobody used yet. */
  readonly guestLinks: readonly { readonly secret: string; readonly untilMs: number }[];
  /** Never by a direct path. */
  readonly relayOnly: boolean;
  readonly robots: readonly { readonly id: string; readonly name: string; readonly seenAtMs: number }[];
};

export interface Settings {
  /** Undefined when never set, unreadable, or not of the right shape. Never throws. */
  get<K extends keyof Remembered>(key: K): Promise<Remembered[K] | undefined>;
  /** Never throws: a browser that refuses to store keeps it for this visit. */
  set<K extends keyof Remembered>(key: K, value: Remembered[K]): Promise<void>;
}

export function openSettings(): Settings {
  const store = createStore('telepresent', 'settings');
  /** What the browser refused to store. */
  const unstored = new Map<keyof Remembered, unknown>();
  return {
    async get(key) {
      let value: unknown = unstored.get(key);
      if (value === undefined) {
        try {
          value = await get(key, store);
        } catch {
          // Private windows and policies forbid the database: then nothing was remembered.
          return undefined;
        }
      }
      return isRemembered(key, value) ? value : undefined;
    },
    async set(key, value) {
      try {
        await set(key, value, store);
        unstored.delete(key);
      } catch {
        // Forbidden or full: the visit goes on with what it knows.
        unstored.set(key, value);
      }
    },
  };
}
