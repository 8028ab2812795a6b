/** What a board is told; knows neither sticks nor wires. */

/** After shaping, mixing and every limit. */
export type Motion = {
  /** Wheel power, −1…1, forward positive. */
  readonly left: number;
  readonly right: number;
  /** Servo angles in degrees, 0…180, by channel; absent channels keep their place. Channel 0 tilts the camera. */
  readonly servos?: Readonly<Record<number, number>>;
};

export const STILL: Motion = Object.freeze({ left: 0, right: 0 });
