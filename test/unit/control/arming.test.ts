/** Why the pilot is told that the wheels are not armed, most telling first. */
import { describe, expect, it } from 'vitest';
import { notArmedBecause } from '../../../src/control/arming.ts';

const READY = {
  watcher: false,
  otherDrives: false,
  stopped: false,
  boardReady: true,
  batteryLow: false,
  robotAwake: true,
  pictureAgeMs: 100,
  hidden: false,
  neutral: true,
  roundTripMs: 80,
  wanted: true,
} as const;

describe('not armed because', () => {
  it('of nothing, when all is well and wanted', () => {
    expect(notArmedBecause(READY)).toBeUndefined();
    expect(notArmedBecause({ ...READY, roundTripMs: undefined })).toBeUndefined();
  });

  it.each([
    ['watcher', { watcher: true, otherDrives: true, stopped: true }],
    ['lease', { otherDrives: true, stopped: true }],
    ['stopped', { stopped: true }],
    ['board', { boardReady: false }],
    ['battery', { batteryLow: true }],
    ['asleep', { robotAwake: false }],
    ['picture', { pictureAgeMs: undefined }],
    ['picture', { pictureAgeMs: 701 }],
    ['picture', { pictureAgeMs: Number.NaN }],
    ['hidden', { hidden: true }],
    ['sticks', { wanted: false, neutral: false }],
    ['late', { roundTripMs: 501 }],
    ['you', { wanted: false }],
  ] as const)('%s: %o', (reason, known) => {
    expect(notArmedBecause({ ...READY, ...known })).toBe(reason);
  });

  it('lets the sticks be pushed once driving is wanted', () => {
    expect(notArmedBecause({ ...READY, neutral: false })).toBeUndefined();
  });

  it('names the most telling of many', () => {
    const worst = { ...READY, wanted: false, neutral: false, hidden: true, pictureAgeMs: undefined, robotAwake: false };
    expect(notArmedBecause(worst)).toBe('asleep');
    expect(notArmedBecause({ ...worst, boardReady: false, stopped: true })).toBe('stopped');
  });
});
