/** The robot's frame on the `control` channel: the echo that measures delay, and what the motors were told. */
import type { Decoded } from '../core/fault.ts';

/** Why the wheels may or may not turn, as the robot sees it. */
export type FailsafeState = 'disarmed' | 'driving' | 'silent' | 'stale' | 'blind' | 'stopped';

export type ReportFrame = {
  /** Newest control frame heard, u16; undefined before the first. */
  readonly echoSequence: number | undefined;
  /** How long the robot held it before this report, u16 ms, saturating. */
  readonly heldMs: number;
  /** Wheel power last told to the board, −1…1. */
  readonly left: number;
  readonly right: number;
  readonly failsafe: FailsafeState;
  readonly boardReady: boolean;
  /** 0…1, the governor's word. */
  readonly speedCap: number;
  /** u16 mV; undefined where the board does not say. */
  readonly batteryMv: number | undefined;
};

export declare function encodeReport(frame: ReportFrame): Uint8Array<ArrayBuffer>;
export declare function decodeReport(bytes: Uint8Array): Decoded<ReportFrame>;
