/** The results file of a long run, kept whole after each trial so that a run that is cut short keeps what it had; knows no stage. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Trial } from './trial.ts';

export const RESULTS_FILE = fileURLToPath(new URL('results.json', import.meta.url));
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export type Run = {
  readonly trials: number;
  readonly runaways: number;
  /** Robot's page alive. */
  readonly worstStopInMs: number;
  readonly p99StopInMs: number;
  /** Robot's page closed, killed or frozen, or the machine stalled. */
  readonly worstDeadStopInMs: number;
  readonly staleExecuted: number;
  readonly afterStop: number;
  readonly falseStops: number;
  /** The same where the picture was over half a second old: there is no speed left then, by design. */
  readonly governedStops: number;
  /** Stops for nothing while this machine held programs up, which no product can help. */
  readonly stalledStops: number;
  /** What would have been breaches, had this machine not stalled just then. */
  readonly machineBreaches: number;
  /** On average, how long wheels turned in a trial: where nothing moves, nothing is proved. */
  readonly movedMs: number;
  readonly seeds: { readonly from: number; readonly to: number };
  /** Those that broke a rule. */
  readonly broken: readonly {
    readonly seed: number;
    readonly says: readonly string[];
    readonly machineStallMs: number;
    readonly boardBehindMs: number;
  }[];
  /** Others who wanted to drive too, and those of them who did. */
  readonly seconds: number;
  readonly secondsWhoDrove: number;
  /** Trials before which a page was loaded anew because it had not come back by itself. */
  readonly reloads: number;
  readonly worstMachineStallMs: number;
  readonly worstBoardBehindMs: number;
  readonly date: string;
  readonly commit: string;
};

export class Results {
  readonly #earlier: readonly Run[];
  readonly #date = new Date().toISOString();
  readonly #commit = commitNow();
  readonly #file: string | undefined;
  readonly #trials: Omit<Trial, 'evidence'>[] = [];

  /** Without a file nothing is kept. */
  constructor(file?: string) {
    this.#file = file;
    this.#earlier = file && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  }

  add({ evidence: _, ...trial }: Trial): void {
    this.#trials.push(trial);
    if (this.#file === undefined) return;
    writeFileSync(this.#file, `${JSON.stringify([...this.#earlier, this.run], null, 2)}\n`);
  }

  get run(): Run {
    const all = this.#trials;
    const count = (...rules: readonly string[]) =>
      all.reduce((sum, { breaches }) => sum + breaches.filter(({ rule }) => rules.includes(rule)).length, 0);
    const stops = all.flatMap(({ stopsInMs }) => stopsInMs);
    const seeds = all.map(({ seed }) => seed);
    return {
      trials: all.length,
      runaways: count('runaway', 'hung'),
      worstStopInMs: Math.round(Math.max(0, ...stops)),
      p99StopInMs: Math.round(quantile(stops, 0.99)),
      worstDeadStopInMs: Math.round(Math.max(0, ...all.flatMap(({ deadStopsInMs }) => deadStopsInMs))),
      staleExecuted: count('stale'),
      afterStop: count('after-stop'),
      falseStops: all.reduce((sum, { falseStops }) => sum + falseStops.length, 0),
      governedStops: all.reduce((sum, { governedStopsAtMs }) => sum + governedStopsAtMs.length, 0),
      stalledStops: all.reduce((sum, { stalledStops }) => sum + stalledStops.length, 0),
      machineBreaches: all.reduce((sum, { machineBreaches }) => sum + machineBreaches, 0),
      movedMs: Math.round(all.reduce((sum, { movedMs }) => sum + movedMs, 0) / Math.max(1, all.length)),
      seeds: { from: Math.min(...seeds), to: Math.max(...seeds) },
      broken: all
        .filter(({ breaches }) => breaches.length > 0)
        .map(({ seed, breaches, machineStallMs, boardBehindMs }) => ({
          seed,
          says: breaches.map(({ rule, says }) => `${rule}: ${says}`),
          machineStallMs: Math.round(machineStallMs),
          boardBehindMs: Math.round(boardBehindMs),
        })),
      seconds: all.flatMap(({ secondDrove }) => secondDrove).length,
      secondsWhoDrove: all.flatMap(({ secondDrove }) => secondDrove).filter(Boolean).length,
      reloads: all.reduce((sum, { reloads }) => sum + reloads, 0),
      worstMachineStallMs: Math.round(Math.max(0, ...all.map(({ machineStallMs }) => machineStallMs))),
      worstBoardBehindMs: Math.round(Math.max(0, ...all.map(({ boardBehindMs }) => boardBehindMs))),
      date: this.#date,
      commit: this.#commit,
    };
  }
}

/** 0 of nothing. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** With a `+` where files differ from it. */
function commitNow(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
  try {
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--', 'src', 'firmware') ? '+' : ''}`;
  } catch {
    return 'unknown';
  }
}
