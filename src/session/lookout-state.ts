/** What the home page can know of the robots this device was let in to; knows no element. */
import type { ReadonlySignal } from '@preact/signals-core';

export type Presence =
  | { readonly at: 'looking' }
  /** It proved who it is, and nobody drives it. */
  | { readonly at: 'free' }
  | { readonly at: 'busy'; readonly by: string }
  | { readonly at: 'away' }
  /** It no longer lets this device in. */
  | { readonly at: 'refused' };

export interface Lookout {
  /** By the robot's id. */
  readonly presence: ReadonlySignal<ReadonlyMap<string, Presence>>;
  close(): void;
}
