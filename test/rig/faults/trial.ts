/** One seeded trial on the stage: drives, breaks what the schedule says, mends it, and has it judged; knows no results file. */
import { setTimeout as sleep } from 'node:timers/promises';
import { calmAtMs, type Fault, inWords, scheduleOf } from '../../faults/fault-list.ts';
import type { FaultStage } from './fault-stage.ts';
import { inflict, REAL_KINDS } from './inflict.ts';
import { type Heartbeat, machineMs } from './machine-clock.ts';
import { type Breach, type Evidence, type Judgement, judge, type SeenPins } from './oracle.ts';

/** After the last fault: what was held back, replayed or asleep has come out by then. */
const AFTERWARDS_MS = 900;
const AT_LEAST_MS = 2_500;
const AT_REST_MS = 400;
const BEFORE_BREACH_MS = 450;
const AFTER_BREACH_MS = 50;
/** A machine that holds programs up for longer than this takes most of the patience of 150 ms away from weather of 40±15 ms. */
const STALLED_OVER_MS = 60;
const STALLED_BEFORE_MS = 400;
const LAST_QUICK_SEED = 2_000;

export type Trial = Judgement & {
  readonly seed: number;
  readonly faults: readonly string[];
  /** When it stopped in calm weather for no reason, and when for no other than that the machine stalled. */
  readonly falseStops: readonly number[];
  readonly stalledStops: readonly number[];
  /** What would be a breach, had the machine not stalled just then. */
  readonly machineBreaches: number;
  /** From mended to armed. */
  readonly readyInMs: number;
  /** Pages that did not come back by themselves before it. */
  readonly reloads: number;
  /** How long this machine let a program wait at most, meanwhile. */
  readonly machineStallMs: number;
  /** How much time the simulated chip lost to a busy machine: its own watchdogs were late by as much. */
  readonly boardBehindMs: number;
  /** Of each who wanted to drive too, whether they did. */
  readonly secondDrove: readonly boolean[];
  readonly evidence: Evidence;
};

export const scheduleFor = (seed: number) => scheduleOf(seed, REAL_KINDS);

/** Seeds whose faults are over soon: the first of each kind on each side, twice, then others in order. */
export function quickSeeds(count: number, calmWithinMs: number): readonly number[] {
  const quick = Array.from({ length: LAST_QUICK_SEED }, (_, i) => i + 1).filter(
    (seed) => calmAtMs(scheduleFor(seed)) <= calmWithinMs,
  );
  const taken = new Map<string, number>();
  const rare = quick.filter((seed) => {
    const names = scheduleFor(seed).faults.map((fault) => `${fault.kind} ${'side' in fault ? fault.side : ''}`);
    if (names.every((name) => (taken.get(name) ?? 0) >= 2)) return false;
    for (const name of names) taken.set(name, (taken.get(name) ?? 0) + 1);
    return true;
  });
  return [...new Set([...rare, ...quick])].slice(0, count).sort((one, other) => one - other);
}

export async function runTrial(stage: FaultStage, seed: number, heartbeat: Heartbeat): Promise<Trial> {
  const schedule = scheduleFor(seed);
  const reloadsBefore = stage.reloads;
  const { delayMs, jitterMs, loss } = schedule.path;
  await stage.weather.setOrdinary({ delayMs, jitterMs, lossPercent: 100 * loss });
  stage.relay.isOnlyWay = schedule.faults.some(({ kind }) => kind === 'relay-killed');
  const readyInMs = await stage.makeReady();
  const fromMs = await stage.drive(schedule.pushes);
  await Promise.all(schedule.faults.map((fault) => play(stage, fault, fromMs)));
  const toMs = fromMs + Math.max(AT_LEAST_MS, calmAtMs(schedule) + AFTERWARDS_MS);
  await sleep(Math.max(0, toMs - machineMs()));
  await stage.push([]);
  await sleep(AT_REST_MS);

  const endMs = machineMs();
  const calmToMs = fromMs + (schedule.faults[0]?.atMs ?? 0);
  // What the pages said last is still on its way.
  await sleep(50);
  const machineStalls = heartbeat.gapsOver(STALLED_OVER_MS, fromMs, endMs);
  const evidence = stage.evidence({ fromMs, toMs: endMs }, calmToMs, machineStalls);
  const { secondDrove } = stage.marks;
  const judgement = judge(evidence);
  const strictly = judge({ ...evidence, machineStalls: [] });
  const stalled = (atMs: number) => heartbeat.longestGapMs(atMs - STALLED_BEFORE_MS, atMs) > STALLED_OVER_MS;
  return {
    seed,
    faults: schedule.faults.map(inWords),
    readyInMs,
    reloads: stage.reloads - reloadsBefore,
    machineStallMs: heartbeat.longestGapMs(fromMs, endMs),
    boardBehindMs: stage.boardBehindMs,
    secondDrove,
    evidence,
    ...judgement,
    machineBreaches: strictly.breaches.length - judgement.breaches.length,
    falseStops: judgement.falseStopsAtMs.filter((atMs) => !stalled(atMs)),
    stalledStops: judgement.falseStopsAtMs.filter(stalled),
  };
}

async function play(stage: FaultStage, fault: Fault, fromMs: number): Promise<void> {
  await sleep(Math.max(0, fromMs + fault.atMs - machineMs()));
  const beganAtMs = machineMs();
  const mend = await inflict(stage, fault);
  await sleep(Math.max(0, beganAtMs + fault.forMs - machineMs()));
  await mend();
}

/** One trial in a few lines, for the one who reads a run. */
export function inLines(trial: Trial): string {
  const { seed, breaches, stopsInMs, deadStopsInMs, falseStops, stalledStops, framesFresh, framesHeard, movedMs } =
    trial;
  const ms = (values: readonly number[]) => values.map(Math.round).join(', ') || 'none';
  return [
    `seed ${seed}: ${breaches.length === 0 ? 'held' : 'BROKEN'}; ready in ${Math.round(trial.readyInMs)} ms, moved ${Math.round(movedMs)} ms, ${framesFresh} of ${framesHeard} frames fresh, stops ${ms(stopsInMs)} (page dead: ${ms(deadStopsInMs)}), ${falseStops.length} false and ${stalledStops.length} of the machine and ${trial.governedStopsAtMs.length} for a late picture, ${trial.machineBreaches} late by the machine, ${trial.reloads} reloads,${trial.secondDrove.map((drove) => ` second ${drove ? 'drove' : 'never drove'},`).join('')} machine stalled ${Math.round(trial.machineStallMs)} ms, board behind ${Math.round(trial.boardBehindMs)} ms`,
    ...trial.faults.map((fault) => `  ${fault}`),
    ...[...falseStops, ...stalledStops].map((atMs) => `  FALSE STOP\n${traceOf(trial.evidence, { atMs, forMs: 100 })}`),
    ...breaches.map((breach) => `  ${breach.rule.toUpperCase()}: ${breach.says}\n${traceOf(trial.evidence, breach)}`),
  ].join('\n');
}

const turns = (one: SeenPins | undefined, other: SeenPins | undefined) =>
  Math.sign(one?.left ?? 0) !== Math.sign(other?.left ?? 0) ||
  Math.sign(one?.right ?? 0) !== Math.sign(other?.right ?? 0);

/** Milliseconds of the trial: what reached the robot and what its wheels did, around a breach. */
function traceOf({ span, frames, pins, robotDead }: Evidence, { atMs, forMs }: Pick<Breach, 'atMs' | 'forMs'>): string {
  const near = (when: number) => when > atMs - BEFORE_BREACH_MS && when < atMs + forMs + AFTER_BREACH_MS;
  const ms = (when: number) => Math.round(when - span.fromMs);
  const seen = [
    // Ramps are long: only where they begin, end and turn.
    ...pins
      .filter(
        (pin, i) =>
          i === 0 || turns(pins[i - 1], pin) || turns(pin, pins[i + 1]) || pin.atMs - (pins[i - 1]?.atMs ?? 0) > 15,
      )
      .map((pin) => ({ atMs: pin.atMs, says: `wheels ${pin.left} ${pin.right}` })),
    ...frames.map(({ atMs, sentAtMs, x, y, enabled, stop, pictureAgeMs }) => {
      const age = sentAtMs === undefined ? '?' : Math.round(atMs - sentAtMs);
      return {
        atMs,
        says: `frame ${x.toFixed(2)} ${y.toFixed(2)}${enabled ? '' : ' off'}${stop ? ' STOP' : ''} (${age} old, its picture ${pictureAgeMs})`,
      };
    }),
    ...robotDead.flatMap(({ fromMs, toMs }) => [
      { atMs: fromMs, says: 'robot page dead' },
      { atMs: toMs, says: 'robot page alive' },
    ]),
  ].filter(({ atMs }) => near(atMs));
  return seen
    .sort((one, other) => one.atMs - other.atMs)
    .map(({ atMs, says }) => `    ${ms(atMs)}: ${says}`)
    .join('\n');
}
