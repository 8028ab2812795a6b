/** A million steps of failsafe, arming, lease, governor and age together: nothing moves without a fresh frame, a lease and an arm. */
import { describe, expect, it } from 'vitest';
import { type Tally, tell } from './drive-story.ts';

const STORIES = 500;
const STEPS = 2_000;

describe('failsafe, lease, governor and age together', () => {
  it('move nothing without a fresh frame of the lease, an arm and a picture, in a million steps', () => {
    const tally: Tally = { steps: 0, moved: 0, refused: 0, late: 0, leases: 0, stops: 0, idle: 0 };
    for (let seed = 1; seed <= STORIES; seed++) tell(seed, STEPS, tally);
    expect(tally.steps).toBeGreaterThanOrEqual(1_000_000);
    // Safe is not the same as broken, and what never happened was not tried.
    expect(tally.moved).toBeGreaterThan(100_000);
    expect(tally.refused).toBeGreaterThan(10_000);
    for (const times of [tally.late, tally.leases, tally.stops]) expect(times).toBeGreaterThan(500);
    expect(tally.idle).toBeGreaterThan(5);
  }, 60_000);
});
