/** Silence is what an attentive listener did not hear. */
import { describe, expect, it } from 'vitest';
import { listened, noSilence } from '../../../src/control/silence.ts';

describe('silence', () => {
  it('grows with each look while nothing is heard', () => {
    let silence = noSilence(0);
    for (let nowMs = 50; nowMs <= 700; nowMs += 50) silence = listened(silence, undefined, nowMs, 100);
    expect(silence.ms).toBe(700);
  });

  it('begins anew with what was heard', () => {
    let silence = listened(noSilence(0), undefined, 50, 100);
    silence = listened(silence, 80, 100, 100);
    expect(silence.ms).toBe(20);
    silence = listened(silence, 80, 150, 100);
    expect(silence.ms).toBe(70);
  });

  it('counts little of the time in which this end slept itself', () => {
    const silence = listened(listened(noSilence(0), 40, 50, 100), 40, 5_000, 100);
    expect(silence.ms).toBe(110);
  });
});
