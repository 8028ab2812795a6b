/** What the robot makes of a gamepad: sticks and triggers in, wheel power and camera tilt out; knows no board. */
import { BUTTON, type GamepadState } from '../core/gamepad-state.ts';
import type { Motion } from '../core/motion.ts';
import type { DriveSettings } from './drive-settings.ts';
import { shaped } from './shaping.ts';

/** Left and right wheel power before any limit; forward positive. */
type Wheels = readonly [number, number];

/** Where the camera looks with nothing pushed, and how far it tilts either way, in degrees. */
const LEVEL = 90;
const TILT = 45;
const TILT_CHANNEL = 0;
/** While the left bumper is held. */
const SLOW = 0.5;
/** How much of the steering a car loses on the way to full speed. */
const CAR_CALMING = 0.4;

/**
 * Wheel power is within ±`topSpeed` × `speedCap` (0…1, the governor's word), halved while the left bumper is held; a
 * neutral gamepad gives exactly zero. Servo 0 is always told its absolute angle, 45…135 whole degrees, up positive.
 */
export function mix(gamepad: GamepadState, settings: DriveSettings, speedCap: number): Motion {
  const slow = pressed(gamepad, BUTTON.leftBumper) ? SLOW : 1;
  const limit = share(speedCap) * share(settings.topSpeed) * slow;
  let [left, right] = fitted(wheels(gamepad, settings));
  left *= limit * (1 - share(-settings.trim)) * (settings.reverseLeft ? -1 : 1);
  right *= limit * (1 - share(settings.trim)) * (settings.reverseRight ? -1 : 1);
  if (settings.swapped) [left, right] = [right, left];
  // Adding 0 turns −0 into 0.
  return { left: left + 0, right: right + 0, servos: { [TILT_CHANNEL]: tilt(gamepad, settings) } };
}

function wheels(gamepad: GamepadState, settings: DriveSettings): Wheels {
  const shape = (value: number) => shaped(value, settings.deadZone, settings.expo);
  const [leftX, leftY, rightX, rightY] = gamepad.axes;
  switch (settings.preset) {
    case 'arcade':
      return turned(-shape(leftY), shape(leftX) + shape(rightX));
    case 'car':
      return steered(-shape(leftY), shape(leftX) + shape(rightX));
    case 'tank':
      return [-shape(leftY), -shape(rightY)];
    case 'racing':
      return turned(shape(gamepad.triggers[1]) - shape(gamepad.triggers[0]), shape(leftX));
    default:
      return settings.preset satisfies never;
  }
}

/** Turns on the spot when it does not roll. */
function turned(throttle: number, turn: number): Wheels {
  const bounded = unit(turn);
  return [throttle + bounded, throttle - bounded];
}

/** Turns only while it rolls, less sharply when fast, and backwards like a car. */
function steered(throttle: number, steering: number): Wheels {
  const turn = unit(steering) * throttle * (1 - CAR_CALMING * Math.abs(throttle));
  return [throttle + turn, throttle - turn];
}

/** Slows both alike until neither is beyond full, so that the curve stays what it was. */
function fitted([left, right]: Wheels): Wheels {
  const most = Math.max(1, Math.abs(left), Math.abs(right));
  return [left / most, right / most];
}

function tilt(gamepad: GamepadState, settings: DriveSettings): number {
  const up = pressed(gamepad, BUTTON.up) ? 1 : 0;
  const down = pressed(gamepad, BUTTON.down) ? 1 : 0;
  // A tank's right stick is a wheel.
  const stick = settings.preset === 'tank' ? 0 : -shaped(gamepad.axes[3], settings.deadZone, settings.expo);
  return Math.round(LEVEL + TILT * unit(up - down + stick));
}

function pressed(gamepad: GamepadState, button: number): boolean {
  return (gamepad.buttons & (1 << button)) !== 0;
}

function unit(value: number): number {
  return Math.min(1, Math.max(-1, value));
}

/** 0…1; what is no number is 0. */
function share(value: number): number {
  return value > 0 ? Math.min(1, value) : 0;
}
