/** What each preset makes of sticks and triggers, and what no settings can make it do. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_DRIVE, type DriveSettings, type Preset } from '../../../src/control/drive-settings.ts';
import { mix } from '../../../src/control/mixer.ts';
import { BUTTON, type GamepadState, NEUTRAL } from '../../../src/core/gamepad-state.ts';

const PLAIN: DriveSettings = { ...DEFAULT_DRIVE, deadZone: 0, expo: 0, topSpeed: 1 };
const PRESETS: Preset[] = ['arcade', 'car', 'tank', 'racing'];

type Push = { lx?: number; ly?: number; rx?: number; ry?: number; lt?: number; rt?: number; buttons?: number };
function pad({ lx = 0, ly = 0, rx = 0, ry = 0, lt = 0, rt = 0, buttons = 0 }: Push): GamepadState {
  return { axes: [lx, ly, rx, ry], buttons, triggers: [lt, rt] };
}
const wheels = (preset: Preset, push: Push, over: Partial<DriveSettings> = {}, cap = 1) => {
  const { left, right } = mix(pad(push), { ...PLAIN, preset, ...over }, cap);
  return [left, right].map((power) => Number(power.toFixed(6)));
};
const tilt = (preset: Preset, push: Push) => mix(pad(push), { ...PLAIN, preset }, 1).servos?.[0];

describe('arcade', () => {
  it('drives with one stick or with two', () => {
    expect(wheels('arcade', { ly: -1 })).toEqual([1, 1]);
    expect(wheels('arcade', { ly: 1 })).toEqual([-1, -1]);
    expect(wheels('arcade', { lx: 1 })).toEqual([1, -1]);
    expect(wheels('arcade', { rx: 1 })).toEqual([1, -1]);
    expect(wheels('arcade', { ly: -0.5, rx: -0.25 })).toEqual([0.25, 0.75]);
    expect(wheels('arcade', { lx: 1, rx: 1 })).toEqual([1, -1]);
    expect(wheels('arcade', { lx: 1, rx: -1 })).toEqual([0, 0]);
  });

  it('keeps the curve when both are pushed all the way', () => {
    expect(wheels('arcade', { ly: -1, lx: 1 })).toEqual([1, 0]);
    expect(wheels('arcade', { ly: -1, lx: 0.5 })).toEqual([1, 0.333333]);
  });
});

describe('car', () => {
  it('steers only while it rolls, and backwards like a car', () => {
    expect(wheels('car', { rx: 1 })).toEqual([0, 0]);
    const [left, right] = wheels('car', { ly: -0.5, rx: 1 });
    expect(left).toBeGreaterThan(right!);
    const [backLeft, backRight] = wheels('car', { ly: 0.5, rx: 1 });
    expect([backLeft, backRight]).toEqual([-left!, -right!]);
  });

  it('steers less sharply when fast', () => {
    const curve = (speed: number) => {
      const [left, right] = wheels('car', { ly: -speed, rx: 0.5 });
      return (left! - right!) / (left! + right!);
    };
    expect(curve(0.9)).toBeLessThan(curve(0.3));
  });
});

describe('tank', () => {
  it('gives each stick its wheel', () => {
    expect(wheels('tank', { ly: -1, ry: -1 })).toEqual([1, 1]);
    expect(wheels('tank', { ly: -0.5, ry: 0.25 })).toEqual([0.5, -0.25]);
    expect(wheels('tank', { lx: 1, rx: 1 })).toEqual([0, 0]);
  });
});

describe('racing', () => {
  it('goes by the triggers and steers with the left stick', () => {
    expect(wheels('racing', { rt: 1 })).toEqual([1, 1]);
    expect(wheels('racing', { lt: 0.5 })).toEqual([-0.5, -0.5]);
    expect(wheels('racing', { rt: 1, lt: 1 })).toEqual([0, 0]);
    expect(wheels('racing', { rt: 0.5, lx: 0.25 })).toEqual([0.75, 0.25]);
    expect(wheels('racing', { ly: -1, ry: -1, rx: 1 })).toEqual([0, 0]);
  });
});

describe('settings', () => {
  it('limit, trim, reverse and exchange the wheels', () => {
    expect(wheels('arcade', { ly: -1 }, { topSpeed: 0.5 }, 0.5)).toEqual([0.25, 0.25]);
    expect(wheels('arcade', { ly: -1 }, { trim: 0.2 })).toEqual([1, 0.8]);
    expect(wheels('arcade', { ly: -1 }, { trim: -0.2 })).toEqual([0.8, 1]);
    expect(wheels('arcade', { ly: -1 }, { reverseLeft: true })).toEqual([-1, 1]);
    expect(wheels('arcade', { ly: -1 }, { reverseRight: true })).toEqual([1, -1]);
    expect(wheels('arcade', { ly: -0.5, lx: 0.25 }, { swapped: true })).toEqual([0.25, 0.75]);
    expect(wheels('arcade', { ly: -0.1, lx: -0.1 }, { deadZone: 0.12 })).toEqual([0, 0]);
    expect(wheels('arcade', { ly: -0.56 }, { deadZone: 0.12 })).toEqual([0.5, 0.5]);
    expect(wheels('arcade', { ly: -0.5 }, { expo: 1 })).toEqual([0.125, 0.125]);
  });

  it('is half of it all while the left bumper is held', () => {
    expect(wheels('arcade', { ly: -1, buttons: 1 << BUTTON.leftBumper }, { topSpeed: 0.6 })).toEqual([0.3, 0.3]);
  });
});

describe('camera', () => {
  it('tilts with the direction pad in every preset, 45 degrees either way', () => {
    for (const preset of PRESETS) {
      expect(tilt(preset, {})).toBe(90);
      expect(tilt(preset, { buttons: 1 << BUTTON.up })).toBe(135);
      expect(tilt(preset, { buttons: 1 << BUTTON.down })).toBe(45);
      expect(tilt(preset, { buttons: (1 << BUTTON.up) | (1 << BUTTON.down) })).toBe(90);
    }
  });

  it('tilts with the right stick where that is free', () => {
    for (const preset of ['arcade', 'car', 'racing'] as const) {
      expect(tilt(preset, { ry: -1 })).toBe(135);
      expect(tilt(preset, { ry: 0.5 })).toBe(68);
    }
    expect(tilt('tank', { ry: -1 })).toBe(90);
  });
});

describe('whatever comes', () => {
  const number = fc.oneof(fc.double({ min: -1, max: 1, noNaN: true }), fc.double());
  const pads = fc.record({
    axes: fc.tuple(number, number, number, number),
    buttons: fc.nat({ max: 0x1ffff }),
    triggers: fc.tuple(number, number),
  });
  const settings: fc.Arbitrary<DriveSettings> = fc.record({
    preset: fc.constantFrom(...PRESETS),
    deadZone: fc.double({ min: 0, max: 0.4, noNaN: true }),
    expo: fc.double({ min: 0, max: 1, noNaN: true }),
    trim: fc.double({ min: -0.3, max: 0.3, noNaN: true }),
    topSpeed: fc.double({ min: 0.1, max: 1, noNaN: true }),
    reverseLeft: fc.boolean(),
    reverseRight: fc.boolean(),
    swapped: fc.boolean(),
    lowBatteryMv: fc.constant(0),
  });

  it('stays within top speed times cap, in whole servo degrees, and is always a number', () => {
    fc.assert(
      fc.property(pads, settings, fc.double(), (gamepad, drive, speedCap) => {
        const { left, right, servos } = mix(gamepad, drive, speedCap);
        const most = drive.topSpeed * (speedCap > 0 ? Math.min(1, speedCap) : 0) + 1e-12;
        for (const power of [left, right]) {
          expect(Number.isFinite(power)).toBe(true);
          expect(Math.abs(power)).toBeLessThanOrEqual(most);
        }
        expect(Number.isInteger(servos?.[0])).toBe(true);
        expect(Math.abs(servos![0]! - 90)).toBeLessThanOrEqual(45);
      }),
      { numRuns: 500 },
    );
  });

  it('is exactly zero for a neutral gamepad, and under a cap of zero', () => {
    fc.assert(
      fc.property(pads, settings, fc.nat({ max: 0x1ffff }), (gamepad, drive, buttons) => {
        expect(mix({ ...NEUTRAL, buttons }, drive, 1)).toMatchObject({ left: 0, right: 0 });
        expect(mix(gamepad, drive, 0)).toMatchObject({ left: 0, right: 0 });
      }),
    );
  });
});
