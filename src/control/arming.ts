/** Why the pilot's page may not drive, as far as the pilot's end can tell; the robot has the last word. */
import { BLIND_OVER_MS } from './failsafe.ts';

/** Most telling first. */
export type NotArmed =
  | 'watcher'
  | 'lease'
  | 'stopped'
  | 'board'
  | 'battery'
  | 'asleep'
  | 'picture'
  | 'hidden'
  | 'sticks'
  | 'late'
  | 'you';

/** Where the governor leaves no speed at all. */
const LATE_OVER_MS = 500;

/** Undefined: nothing stands in the way. While driving is `wanted` the sticks may be pushed; before, they must rest. */
export function notArmedBecause(known: {
  /** Whether this page was let in to see and hear only. */
  readonly watcher: boolean;
  /** Whether somebody else drives. */
  readonly otherDrives: boolean;
  readonly stopped: boolean;
  readonly boardReady: boolean;
  readonly batteryLow: boolean;
  /** Whether the robot's page is visible. */
  readonly robotAwake: boolean;
  /** Undefined: no picture yet. */
  readonly pictureAgeMs: number | undefined;
  /** Whether this page is hidden or without focus. */
  readonly hidden: boolean;
  readonly neutral: boolean;
  /** Undefined until measured, which forbids nothing: the robot measures too. */
  readonly roundTripMs: number | undefined;
  readonly wanted: boolean;
}): NotArmed | undefined {
  if (known.watcher) return 'watcher';
  if (known.otherDrives) return 'lease';
  if (known.stopped) return 'stopped';
  if (!known.boardReady) return 'board';
  if (known.batteryLow) return 'battery';
  if (!known.robotAwake) return 'asleep';
  if (!(known.pictureAgeMs !== undefined && known.pictureAgeMs <= BLIND_OVER_MS)) return 'picture';
  if (known.hidden) return 'hidden';
  if (!known.wanted && !known.neutral) return 'sticks';
  if (known.roundTripMs !== undefined && known.roundTripMs > LATE_OVER_MS) return 'late';
  return known.wanted ? undefined : 'you';
}
