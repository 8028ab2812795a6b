/** How a robot wants to be driven, chosen and kept on the robot; knows no stick. */

export type Preset = 'arcade' | 'car' | 'tank' | 'racing';

export type DriveSettings = {
  readonly preset: Preset;
  /** Share of the stick around the middle that does nothing, 0…0.4. */
  readonly deadZone: number;
  /** 0 is linear, 1 is cubic. */
  readonly expo: number;
  /** −0.3…0.3: positive slows the right wheel, negative the left. */
  readonly trim: number;
  /** 0.1…1. */
  readonly topSpeed: number;
  readonly reverseLeft: boolean;
  readonly reverseRight: boolean;
  /** Left and right cables exchanged. */
  readonly swapped: boolean;
  /** Below this voltage the robot stops, 0…30000 mV; 0: no limit. */
  readonly lowBatteryMv: number;
};

export const DEFAULT_DRIVE: DriveSettings = Object.freeze({
  preset: 'arcade',
  deadZone: 0.12,
  expo: 0.35,
  trim: 0,
  topSpeed: 0.6,
  reverseLeft: false,
  reverseRight: false,
  swapped: false,
  lowBatteryMv: 0,
});
