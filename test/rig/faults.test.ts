/** Real pages, a real board and a bad network, broken in every way of the list: nothing runs away, nothing stale is obeyed. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildRig } from './build-rig.ts';
import { FaultStage } from './faults/fault-stage.ts';
import { type Heartbeat, startHeartbeat } from './faults/machine-clock.ts';
import { RESULTS_FILE, Results } from './faults/results.ts';
import { inLines, quickSeeds, runTrial } from './faults/trial.ts';

/**
 * A long run is asked for in the environment, and only that one keeps a file: FAULT_TRIALS=1000 FAULT_FROM=1. Some seeds
 * alone: FAULT_SEEDS=17,4.
 */
const asked = Number(process.env.FAULT_TRIALS ?? 0);
const from = Number(process.env.FAULT_FROM ?? 1);
const named = process.env.FAULT_SEEDS?.split(',').map(Number);
const seeds = named ?? (asked ? Array.from({ length: asked }, (_, i) => from + i) : quickSeeds(60, 2_600));
const TRIAL_MS = 60_000;

let stage: FaultStage | undefined;
let heartbeat: Heartbeat;

beforeAll(() => {
  buildRig();
  heartbeat = startHeartbeat();
});
afterAll(async () => {
  heartbeat.end();
  await stage?.close();
});

test('whatever breaks, motors are at zero in time, nothing stale is obeyed, and STOP stays', {
  timeout: seeds.length * TRIAL_MS,
}, async () => {
  const results = new Results(asked > 0 ? RESULTS_FILE : undefined);
  for (const seed of seeds) {
    stage ??= await FaultStage.open();
    const trial = await runTrial(stage, seed, heartbeat);
    results.add(trial);
    console.log(inLines(trial));
  }
  const { run } = results;
  console.log(JSON.stringify(run, null, 2));
  expect(run.broken).toEqual([]);
  expect(run.falseStops).toBe(0);
  expect(run.movedMs, 'milliseconds of driving in a trial').toBeGreaterThan(300);
});
