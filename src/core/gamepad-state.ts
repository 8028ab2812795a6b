/** The whole state of a gamepad as it travels; knows neither where it comes from nor what a robot makes of it. */

/** The W3C "standard" mapping, whole (https://www.w3.org/TR/gamepad/#remapping): the robot interprets it. */
export type GamepadState = {
  /** Left x, left y, right x, right y; each −1…1, right and down positive, as the Gamepad API has it. */
  readonly axes: readonly [number, number, number, number];
  /** Bit i is button i of the standard mapping, 0…16. */
  readonly buttons: number;
  /** Left and right analogue triggers (buttons 6 and 7), 0…1. */
  readonly triggers: readonly [number, number];
};

/** Buttons of the standard mapping that Telepresent gives a meaning. */
export const BUTTON = {
  a: 0,
  b: 1,
  x: 2,
  y: 3,
  leftBumper: 4,
  rightBumper: 5,
  select: 8,
  start: 9,
  up: 12,
  down: 13,
  left: 14,
  right: 15,
} as const;

export const NEUTRAL: GamepadState = Object.freeze({
  axes: [0, 0, 0, 0] as const,
  buttons: 0,
  triggers: [0, 0] as const,
});

/** What still counts as a hand off the stick: worn pads rest up to about a tenth away from the middle. */
const REST = 0.12;

/** Whether no stick or trigger is pushed. Buttons do not count: they never drive. */
export function isNeutral(state: GamepadState): boolean {
  return state.axes.every((axis) => Math.abs(axis) <= REST) && state.triggers.every((trigger) => trigger <= REST);
}

/** Whether both say the same, to the last digit. */
export function sameState(a: GamepadState, b: GamepadState): boolean {
  return (
    a.buttons === b.buttons &&
    a.axes.every((axis, i) => axis === b.axes[i]) &&
    a.triggers.every((trigger, i) => trigger === b.triggers[i])
  );
}
