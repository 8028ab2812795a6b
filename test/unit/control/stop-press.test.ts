/** Tells a press that goes on from a new one, and calls new what it cannot tell. */
import { describe, expect, it } from 'vitest';
import { noPress, saidStop } from '../../../src/control/stop-press.ts';

/** Whether each, said after so many milliseconds more, was the same press as before. */
function told(as: 'flag' | 'word', gapsMs: readonly number[]): boolean[] {
  let press = noPress();
  let nowMs = 0;
  return gapsMs.map((gapMs) => {
    nowMs += gapMs;
    const { next, again } = saidStop(press, as, nowMs);
    press = next;
    return again;
  });
}

describe('a press of STOP', () => {
  it('is new when nothing was said before', () => {
    expect(told('flag', [0])).toEqual([false]);
    expect(told('word', [0])).toEqual([false]);
  });

  it('goes on with flags that follow within half a second, and with words at their pace', () => {
    expect(told('flag', [0, 20, 20, 500])).toEqual([false, true, true, true]);
    expect(told('word', [0, 300, 250, 450])).toEqual([false, true, true, true]);
  });

  it('is a new one after a longer break', () => {
    expect(told('flag', [0, 501])).toEqual([false, false]);
    expect(told('word', [0, 451])).toEqual([false, false]);
  });

  it('is seen between two words, wherever in their pace it falls', () => {
    for (let pressedMs = 0; pressedMs <= 300; pressedMs += 10) {
      expect(told('word', [0, 300, pressedMs, 300 - pressedMs]).slice(2)).toContain(false);
    }
  });

  it('does not take a word for the going on of flags', () => {
    const { next } = saidStop(noPress(), 'flag', 0);
    expect(saidStop(next, 'word', 300).again).toBe(false);
  });

  it('is new when time itself is lost', () => {
    const { next } = saidStop(noPress(), 'flag', 0);
    expect(saidStop(next, 'flag', Number.NaN).again).toBe(false);
  });
});
