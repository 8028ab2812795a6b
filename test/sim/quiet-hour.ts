/** An hour of driving on a poor but steady path, where nothing may ever stop by itself; knows no fault. */
import type { Push, Schedule } from '../faults/fault-list.ts';
import { seeded } from '../faults/seeded.ts';
import type { Firmware } from './sim-board.ts';
import { Stage } from './trial.ts';

const MINUTES = 60;
const SEED = 60;
const PUSHES = 200;

export type QuietHour = {
  readonly minutes: number;
  readonly falseStops: number;
  readonly violations: number;
  readonly worstStopInMs: number;
  /** Share of the hour in which the page said that it drives. */
  readonly driven: number;
  readonly path: { readonly delayMs: number; readonly jitterMs: number; readonly loss: number };
};

export async function driveQuietHour(firmware: Firmware, note: (says: string) => void): Promise<QuietHour> {
  const chance = seeded(SEED).branch('quiet hour');
  // 40 ± 15 ms.
  const path = { delayMs: 25, jitterMs: 30, loss: 0.1 };
  const pushes = Array.from({ length: PUSHES }, (): Push => {
    return {
      x: chance.between(-0.3, 0.3),
      y: chance.between(0.5, 1) * chance.pick([-1, 1]),
      forMs: chance.between(600, 4_000),
    };
  });
  const schedule: Schedule = { seed: SEED, path, pushes, faults: [] };
  const stage = await Stage.open({
    seed: SEED,
    firmware,
    schedule,
    note: (atMs, says) => interesting(says) && note(`${Math.round(atMs)}  ${says}`),
  });
  const { oracle, time } = stage;
  let looks = 0;
  let driving = 0;
  let falseStops = 0;
  let drove = false;
  try {
    await stage.run(15_000, () => stage.drives);
    const endMs = time.nowMs + MINUTES * 60_000;
    await stage.run(endMs, () => {
      const drives = stage.pilots[0]?.drives ?? false;
      looks++;
      driving += Number(drives);
      if (drove && !drives) {
        falseStops++;
        note(`${Math.round(time.nowMs)}  drives no more: ${stage.states}`);
      }
      drove = drives;
      return false;
    });
  } finally {
    stage.close();
  }
  return {
    minutes: MINUTES,
    falseStops: Math.max(falseStops, oracle.falseStops),
    violations: oracle.violations.length,
    worstStopInMs: Math.max(0, ...oracle.stops.map(({ inMs }) => inMs)),
    driven: driving / looks,
    path,
  };
}

function interesting(says: string): boolean {
  return !says.startsWith('wheels');
}
