/** What this device remembers, by typed key; the only file that knows idb-keyval. */
import type { TransportId } from '../core/transport-id.ts';
import type { DriveSettings } from '../control/drive-settings.ts';

export type Remembered = {
  readonly robotId: string;
  readonly robotName: string;
  readonly pilotName: string;
  readonly boardKind: TransportId;
  readonly drive: DriveSettings;
  readonly camera: string;
  readonly microphone: string;
  readonly robots: readonly { readonly id: string; readonly name: string; readonly seenAtMs: number }[];
};

export interface Settings {
  /** Undefined when never set, unreadable, or not of the right shape. Never throws. */
  get<K extends keyof Remembered>(key: K): Promise<Remembered[K] | undefined>;
  /** Never throws: a browser that refuses to store keeps it for this visit. */
  set<K extends keyof Remembered>(key: K, value: Remembered[K]): Promise<void>;
}
export declare function openSettings(): Settings;
