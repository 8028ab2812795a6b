/** The pilot's frame on the `control` channel: bytes in, meaning out; knows neither pilot nor robot. */
import type { Decoded } from '../core/fault.ts';
import type { GamepadState } from '../core/gamepad-state.ts';

export type ControlFrame = {
  /** Of the lease it claims, u16. */
  readonly epoch: number;
  /** u16, wraps. */
  readonly sequence: number;
  /** Pilot's monotonic clock at the gamepad sample, not at the sending; u32 ms, wraps. */
  readonly sampledAtMs: number;
  /** Age of the last painted picture at that sample, u16 ms; 65535: no picture. */
  readonly pictureAgeMs: number;
  /** The hand is on: armed, seen, held. */
  readonly enabled: boolean;
  /** E-stop, in every frame until acknowledged. */
  readonly stop: boolean;
  readonly gamepad: GamepadState;
};

export const NO_PICTURE = 65535;

export declare function encodeControl(frame: ControlFrame): Uint8Array<ArrayBuffer>;
export declare function decodeControl(bytes: Uint8Array): Decoded<ControlFrame>;
