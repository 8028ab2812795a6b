/** What the robot's page can know of its session; knows no element. */
import type { ReadonlySignal } from '@preact/signals-core';
import type { BoardState } from '../board/driver.ts';
import type { DriveSettings } from '../control/drive-settings.ts';
import type { Fault } from '../core/fault.ts';
import type { Motion } from '../core/motion.ts';
import type { TransportId } from '../core/transport-id.ts';
import type { Source } from '../media/devices.ts';
import type { WakeLockState } from '../media/wake-lock.ts';
import type { BrokerState, Vitals } from '../net/link.ts';
import type { FailsafeState } from '../protocol/report-frame.ts';
import type { Person, Role } from '../trust/allowlist.ts';

export type RobotState =
  | { readonly at: 'off' }
  | { readonly at: 'waiting' }
  | { readonly at: 'driven'; readonly name: string; readonly sinceMs: number }
  /** The link broke: waiting for the same person. */
  | { readonly at: 'dropped'; readonly name: string; readonly sinceMs: number }
  | { readonly at: 'failed'; readonly fault: Fault };

/** The links a pilot opens: in another tab of this machine, and on other devices where this page's own address would not lead here. */
export type RobotAddress = { readonly here: string; readonly network: string | undefined };

/** The one way in for whoever was not let in before: by link or typed code, once, while it lasts. */
export type Invitation = RobotAddress & {
  /** 16 characters, as typed: without dashes. Undefined until the broker keeps its hash: then it can't be typed yet. */
  readonly code: string | undefined;
  readonly expiresAtMs: number;
};

/** A link for one guest, who needs nobody's yes at the robot. Wall-clock milliseconds. */
export type GuestLink = RobotAddress & { readonly id: string; readonly untilMs: number };

/** Who waits for a yes at the robot. */
export type Asking = { readonly name: string; readonly sinceMs: number };

/** Somebody who sees and hears now. */
export type Company = {
  /** Of this visit. */
  readonly visit: string;
  /** Of the device, as in `people`. */
  readonly who: string;
  readonly name: string;
  readonly role: Role;
  readonly drives: boolean;
  /** Wants to drive while somebody else does. */
  readonly asks: boolean;
  readonly sinceMs: number;
};

/** Wall-clock milliseconds. `drove`: held the lease; else watched. */
export type PastVisit = {
  readonly who: string;
  readonly name: string;
  readonly drove: boolean;
  readonly fromMs: number;
  readonly toMs: number;
};

export type { Person, Role, Source };
/** `id` of the camera that is drawn from the simulated world. */
export const SIMULATED_CAMERA = 'simulated';

/** What the robot page shows and does. Signals are read-only outside the session; `nowMs` stamps are `performance.now()`. */
export interface RobotSession {
  readonly state: ReadonlySignal<RobotState>;
  /** Undefined until there is a broker to be found at. */
  readonly invitation: ReadonlySignal<Invitation | undefined>;
  readonly asking: ReadonlySignal<Asking | undefined>;
  /** The driver first. */
  readonly company: ReadonlySignal<readonly Company[]>;
  /** Who may come in, newest last. */
  readonly people: ReadonlySignal<readonly Person[]>;
  /** Newest first. */
  readonly pastVisits: ReadonlySignal<readonly PastVisit[]>;
  readonly guestLinks: ReadonlySignal<readonly GuestLink[]>;
  /** Whether this robot will be known again after a reload: its key could be stored. */
  readonly lasting: ReadonlySignal<boolean>;
  /** Hides this device's network address from pilots, and takes the longer way. */
  readonly relayOnly: ReadonlySignal<boolean>;
  /** What is wrong with the relay; undefined: nothing known. */
  readonly relayFault: ReadonlySignal<Fault | undefined>;
  readonly broker: ReadonlySignal<BrokerState>;
  readonly failsafe: ReadonlySignal<FailsafeState>;
  /** Who pressed STOP, while it is latched. */
  readonly stoppedBy: ReadonlySignal<string | undefined>;
  /** Changes with each press, also while it is latched. */
  readonly stopPress: ReadonlySignal<number>;
  readonly told: ReadonlySignal<Motion>;
  readonly speedCap: ReadonlySignal<number>;
  readonly loopDelayMs: ReadonlySignal<number | undefined>;
  /** Of the newest command, and how far off that may be: `errorMs` is infinite until a round trip was measured. */
  readonly frameAge: ReadonlySignal<{ readonly ms: number; readonly errorMs: number } | undefined>;
  readonly vitals: ReadonlySignal<Vitals | undefined>;
  /** Frames and messages that made no sense, or came late or out of turn. */
  readonly refusedFrames: ReadonlySignal<number>;
  readonly name: ReadonlySignal<string>;
  readonly drive: ReadonlySignal<DriveSettings>;
  // The board
  readonly boardKind: ReadonlySignal<TransportId>;
  readonly board: ReadonlySignal<BoardState>;
  readonly boardFault: ReadonlySignal<Fault | undefined>;
  readonly boardCounts: ReadonlySignal<{ readonly malformed: number; readonly refused: number }>;
  readonly batteryMv: ReadonlySignal<number | undefined>;
  /** Where the simulated robot stands; undefined with a real board. Metres, radians, metres a second, wheel radians a second. */
  readonly pose: ReadonlySignal<
    | {
        readonly x: number;
        readonly y: number;
        readonly heading: number;
        readonly speed: number;
        readonly left: number;
        readonly right: number;
      }
    | undefined
  >;
  // The senses
  readonly cameras: ReadonlySignal<readonly Source[]>;
  readonly microphones: ReadonlySignal<readonly Source[]>;
  /** Chosen ids; undefined: off. */
  readonly camera: ReadonlySignal<string | undefined>;
  readonly microphone: ReadonlySignal<string | undefined>;
  readonly picture: ReadonlySignal<MediaStreamTrack | undefined>;
  readonly cameraFault: ReadonlySignal<Fault | undefined>;
  readonly microphoneFault: ReadonlySignal<Fault | undefined>;
  /** The pilot's voice, when switched on. */
  readonly voice: ReadonlySignal<MediaStreamTrack | undefined>;
  readonly wakeLock: ReadonlySignal<WakeLockState>;

  rename(name: string): void;
  tune(drive: DriveSettings): void;
  /** Call in a click: the browser's picker may open. `another` asks even when a known board could be reopened. */
  chooseBoard(kind: TransportId, another?: boolean): Promise<void>;
  chooseCamera(id: string | undefined): Promise<void>;
  chooseMicrophone(id: string | undefined): Promise<void>;
  stop(): void;
  clearStop(): void;
  /** Answers `asking`. `untilMs` (wall clock) is for guests, and taken from nobody else. */
  letIn(as: Role, untilMs?: number): void;
  turnDown(): void;
  /** The old invitation ends at once. */
  renewInvitation(): void;
  /** At most 20 at a time; the oldest goes. */
  makeGuestLink(untilMs: number): Promise<void>;
  dropGuestLink(id: string): void;
  /** Whoever is here on that key goes at once. */
  revoke(who: string): void;
  /** Lets one of `company` drive from now on, whoever did. */
  giveTo(visit: string): void;
  /** Sends one of `company` away; they may come back. */
  dismiss(visit: string): void;
  /** From the next link on. */
  hideAddress(on: boolean): void;
  close(): void;
}
