/** A battery is low when it stays low. */
import { describe, expect, it } from 'vitest';
import { noBatteryWatch, watchBattery } from '../../../src/control/battery.ts';

describe('battery', () => {
  const lowAfter = (looks: readonly (readonly [mv: number | undefined, atMs: number])[], leastMv = 6400) =>
    looks.reduce((watch, [mv, atMs]) => watchBattery(watch, mv, leastMv, atMs), noBatteryWatch()).low;

  it('is low after two seconds below the limit, not in a dip', () => {
    expect(
      lowAfter([
        [6300, 0],
        [6300, 1999],
      ]),
    ).toBe(false);
    expect(
      lowAfter([
        [6300, 0],
        [6300, 2000],
      ]),
    ).toBe(true);
    expect(
      lowAfter([
        [6300, 0],
        [6500, 1000],
        [6300, 1500],
        [6300, 2500],
      ]),
    ).toBe(false);
  });

  it('takes 0.3 V more to be trusted again', () => {
    const low = [
      [6300, 0],
      [6300, 2000],
    ] as const;
    expect(lowAfter([...low, [6650, 2100]])).toBe(true);
    expect(lowAfter([...low, [6700, 2100]])).toBe(false);
  });

  it('is never low without a limit or without a reading', () => {
    expect(
      lowAfter(
        [
          [10, 0],
          [10, 5000],
        ],
        0,
      ),
    ).toBe(false);
    expect(
      lowAfter([
        [undefined, 0],
        [undefined, 5000],
      ]),
    ).toBe(false);
  });
});
