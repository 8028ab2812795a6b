/** What the pilot's page can know of its session; knows no element. */
import type { ReadonlySignal } from '@preact/signals-core';
import type { NotArmed } from '../control/arming.ts';
import type { End, Fault } from '../core/fault.ts';
import type { InputShown } from '../input/pilot-input.ts';
import type { Vitals } from '../net/link.ts';
import type { BoardTrouble } from '../protocol/messages.ts';
import type { ReportFrame } from '../protocol/report-frame.ts';
import type { Role } from '../trust/allowlist.ts';

export type { NotArmed, Role };

export type PilotState =
  /** `asking`: somebody at the robot is being asked. */
  | { readonly at: 'dialling' | 'greeting' | 'asking'; readonly sinceMs: number }
  | { readonly at: 'watching'; readonly because: NotArmed }
  | { readonly at: 'driving' }
  /** The link broke; a new one is being dialled. */
  | { readonly at: 'lost'; readonly sinceMs: number; readonly attempt: number }
  | { readonly at: 'ended'; readonly end: End };

/** One part of the way between the pilot's hands and the wheels. */
export type Part = 'broker' | 'link' | 'picture' | 'board';

/** A part that is down, since when on the session's clock, and what is being done about it. */
export type Outage = {
  readonly part: Part;
  readonly sinceMs: number;
  /**
   * `heals`: the old path may come back and a fresh link is being opened beside it. `dials`: there is no old path any more.
   * `rejoins`: the broker is asked again; links live on. `waits`: the robot works at it, or somebody there must. A board's trouble:
   * nothing is tried, and somebody at the robot must.
   */
  readonly trying: 'heals' | 'dials' | 'rejoins' | 'waits' | BoardTrouble;
};

/** Somebody who wants to drive. */
export type Asker = { readonly seat: number; readonly name: string };

export interface PilotSession {
  readonly state: ReadonlySignal<PilotState>;
  readonly robotName: ReadonlySignal<string | undefined>;
  readonly simulated: ReadonlySignal<boolean>;
  /** What the robot lets this device do; undefined until it said so. */
  readonly role: ReadonlySignal<Role | undefined>;
  /** Whether this device will be known again after a reload: its key could be stored. */
  readonly lasting: boolean;
  /** What is drawn and heard. */
  readonly picture: ReadonlySignal<MediaStreamTrack | undefined>;
  readonly sound: ReadonlySignal<MediaStreamTrack | undefined>;
  /** Age of the last painted picture, refreshed 10 times a second; undefined: none yet. */
  readonly pictureAgeMs: ReadonlySignal<number | undefined>;
  readonly roundTripMs: ReadonlySignal<number | undefined>;
  readonly report: ReadonlySignal<ReportFrame | undefined>;
  readonly vitals: ReadonlySignal<Vitals | undefined>;
  readonly board: ReadonlySignal<string | undefined>;
  readonly stoppedBy: ReadonlySignal<string | undefined>;
  /** Changes with each press, also while it is latched. */
  readonly stopPress: ReadonlySignal<number>;
  /** The link broke in the middle of a drive, and on a fresh one this page is armed again unless `disarm` is called. */
  readonly resumes: ReadonlySignal<boolean>;
  /** Whether this page may end the stop: its owner's right. */
  readonly mayClear: ReadonlySignal<boolean>;
  /** Whether this page holds the lease. */
  readonly leads: ReadonlySignal<boolean>;
  /** Who drives, when it is somebody else. */
  readonly driver: ReadonlySignal<string | undefined>;
  /** Whether this page has asked to drive and was not given it yet. */
  readonly asks: ReadonlySignal<boolean>;
  /** Who wants to drive, told to who may give: the driver and owners. */
  readonly askers: ReadonlySignal<readonly Asker[]>;
  /** What is down, the most telling first. Empty while all is well. */
  readonly outages: ReadonlySignal<readonly Outage[]>;
  readonly input: ReadonlySignal<InputShown>;
  readonly talking: ReadonlySignal<boolean>;
  readonly microphoneFault: ReadonlySignal<Fault | undefined>;
  readonly malformed: ReadonlySignal<number>;
  /** Why the last try to reach the robot failed, while more tries follow. */
  readonly trouble: ReadonlySignal<Fault | undefined>;

  /** The element's <video>, whose painted frames tell the picture's age. */
  watch(video: HTMLVideoElement, signal: AbortSignal): void;
  /** Resolves the reason when it may not. */
  arm(): NotArmed | undefined;
  disarm(): void;
  stop(): void;
  clearStop(): void;
  /** Wants to drive while somebody else does. */
  ask(): void;
  /** Lets who sits there drive. */
  give(seat: number): void;
  /** Drives from now on, whoever did: an owner's right. */
  take(): void;
  talk(on: boolean): Promise<void>;
  /** Touch sticks report here: side 0 is left, each axis −1…1. */
  touch(side: 0 | 1, x: number, y: number): void;
  redial(): void;
  close(): void;
}
