/** `npm run sim`: runs seeds in all cores, replays one, drives a quiet hour, plants bugs that must be caught; knows no rule of the oracle. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RESULTS = join(ROOT, 'test/sim/results');
const SEEDS_AT_A_TIME = 20;
/** The very image instead of its core. */
const CHIP_EVERY = 100;
/** A planted bug that nothing shows within so many trials is one that nothing would. */
const TRIALS_FOR_A_BUG = 400;
const SHOW_EVERY_MS = 10_000;
const MOST_SHOWN = 20;

const USAGE = `npm run sim                                  1,000 trials and every planted bug
npm run sim -- --trials N --from SEED        as many from this seed; --keep adds them to test/sim/results/sim.json
npm run sim -- --seed SEED                   one again, with all that happened
npm run sim -- --quiet-hour                  60 minutes of driving at 10 % loss, 40±15 ms
npm run sim -- --bugs                        the planted bugs only`;

/** In a worker: trials of the seeds it is sent, one after the other. */
async function work() {
  const { openSim } = await import(workerData.bundle);
  const sim = await openSim(ROOT);
  parentPort.on('message', async ({ seeds, kinds }) => {
    for (const seed of seeds) {
      try {
        parentPort.postMessage({ verdict: await sim.trial({ seed, kinds, chip: !kinds && seed % CHIP_EVERY === 0 }) });
      } catch (error) {
        parentPort.postMessage({ broken: { seed, says: error.stack } });
      }
    }
    parentPort.postMessage({ idle: true });
  });
}

/** Sends each verdict to `take` until it says that it is enough. Resolves when all is done. */
function inWorkers({ bundle, seeds, kinds, workers, take }) {
  return new Promise((resolve, reject) => {
    let running = 0;
    let enough = false;
    for (let i = 0; i < workers; i++) {
      const worker = new Worker(new URL(import.meta.url), { workerData: { bundle } });
      running++;
      const feed = () => {
        const some = [];
        while (!enough && some.length < SEEDS_AT_A_TIME) {
          const { value, done } = seeds.next();
          if (done) break;
          some.push(value);
        }
        if (some.length > 0) return worker.postMessage({ seeds: some, kinds });
        void worker.terminate();
        if (--running === 0) resolve();
      };
      worker.on('message', ({ verdict, broken, idle }) => {
        if (broken) reject(new Error(`seed ${broken.seed}: ${broken.says}`));
        else if (idle) feed();
        else if (!enough && take(verdict)) {
          enough = true;
        }
      });
      worker.on('error', reject);
      feed();
    }
  });
}

function* seedsFrom(first, count) {
  for (let i = 0; i < count; i++) yield (first + i) >>> 0;
}

/** How many stops took so many milliseconds. */
class Times {
  #counts = new Uint32Array(20_000);
  #all = 0;
  worst = 0;
  add(ms) {
    this.#counts[Math.min(this.#counts.length - 1, Math.max(0, Math.round(ms)))]++;
    this.#all++;
    this.worst = Math.max(this.worst, ms);
  }
  share(part) {
    let seen = 0;
    const at = this.#counts.findIndex((count) => {
      seen += count;
      return seen >= this.#all * part;
    });
    return this.#all === 0 ? 0 : at;
  }
}

async function longRun(bundle, { from, trials, workers }) {
  const startedAtMs = performance.now();
  const stops = new Times();
  const deadStops = new Times();
  const again = new Times();
  const total = { trials: 0, runaways: 0, staleExecuted: 0, falseStops: 0, stuck: 0, failed: 0, virtualMs: 0 };
  const violations = {};
  let shown = 0;
  let toldAtMs = startedAtMs;
  const rate = () => (total.trials * 1000) / (performance.now() - startedAtMs);
  await inWorkers({
    bundle,
    seeds: seedsFrom(from, trials),
    workers,
    take(verdict) {
      total.trials++;
      total.virtualMs += verdict.virtualMs;
      total.staleExecuted += verdict.staleExecuted;
      total.falseStops += verdict.falseStops;
      total.stuck += Number(verdict.stuck);
      total.runaways += Number(verdict.violations.length > 0);
      for (const ms of verdict.stopsInMs) stops.add(ms);
      for (const ms of verdict.deadStopsInMs) deadStops.add(ms);
      if (verdict.droveAgainInMs !== undefined) again.add(verdict.droveAgainInMs);
      for (const { kind } of verdict.violations) violations[kind] = (violations[kind] ?? 0) + 1;
      const fails = verdict.violations.length > 0 || verdict.stuck || verdict.falseStops > 0;
      if (fails) {
        total.failed++;
        if (shown++ < MOST_SHOWN) console.log(inWords(verdict));
      }
      if (performance.now() - toldAtMs > SHOW_EVERY_MS) {
        toldAtMs = performance.now();
        console.log(`${total.trials} trials, ${total.failed} failed, ${rate().toFixed(1)} a second`);
      }
    },
  });
  return {
    ...total,
    violations,
    worstStopInMs: round(stops.worst),
    p99StopInMs: stops.share(0.99),
    worstStopOfTheDeadInMs: round(deadStops.worst),
    droveAgainInMs: { p50: again.share(0.5), p95: again.share(0.95), worst: round(again.worst) },
    seeds: [from, (from + trials - 1) >>> 0],
    trialsASecond: round(rate()),
  };
}

const round = (value) => Math.round(value * 10) / 10;

function inWords({ seed, kinds, violations, stuck, falseStops }) {
  const what = [
    ...violations.slice(0, 2).map(({ kind, atMs, says }) => `${kind} at ${Math.round(atMs)} ms: ${says}`),
    ...(stuck ? ['nobody drives again'] : []),
    ...(falseStops > 0 ? [`${falseStops} false stops`] : []),
  ];
  return `FAILED  --seed ${seed} (${kinds.join(', ')})  ${what.join('; ')}`;
}

/** Each must be caught by what it is known to break, else the suite itself is no good. */
async function plantedBugs(folder, { workers }) {
  const { BUGS } = await import('./planted-bugs.mjs');
  const { buildSim } = await import('./build-sim.mjs');
  let caught = 0;
  for (const [i, bug] of BUGS.entries()) {
    const bundle = await buildSim(folder, `bug-${i}`, bug.changes);
    let by;
    let trials = 0;
    await inWorkers({
      bundle,
      seeds: seedsFrom(1, TRIALS_FOR_A_BUG),
      kinds: bug.kinds,
      workers,
      take(verdict) {
        trials++;
        const violation = verdict.violations.find(({ kind }) => bug.shows.includes(kind));
        if (violation) by ??= { seed: verdict.seed, violation };
        return by !== undefined;
      },
    });
    if (by) caught++;
    console.log(
      by
        ? `caught  ${bug.name}: ${by.violation.kind} under seed ${by.seed}, trial ${trials}`
        : `MISSED  ${bug.name}: nothing in ${trials} trials`,
    );
  }
  return { caught, missed: BUGS.length - caught };
}

async function replay(bundle, seed) {
  const { openSim } = await import(bundle);
  const sim = await openSim(ROOT);
  const note = (atMs, says) => console.log(`${atMs.toFixed(1).padStart(9)}  ${says}`);
  const verdict = await sim.trial({ seed, note, chip: seed % CHIP_EVERY === 0 });
  const { stopsInMs, deadStopsInMs, droveAgainInMs, virtualMs } = verdict;
  const worst = (all) => (all.length > 0 ? `${round(Math.max(...all))} ms` : 'none');
  console.log(`worst stop ${worst(stopsInMs)}, with the page or the board gone ${worst(deadStopsInMs)}`);
  console.log(`driven again after ${round(droveAgainInMs ?? Number.NaN)} ms, ${round(virtualMs / 1000)} s in all`);
  const fails = verdict.violations.length > 0 || verdict.stuck || verdict.falseStops > 0;
  console.log(fails ? inWords(verdict) : 'passed');
  return fails;
}

async function quietHour(bundle) {
  const { openSim } = await import(bundle);
  const sim = await openSim(ROOT);
  const verdict = await sim.quietHour((says) => console.log(says));
  console.log(
    `${verdict.falseStops} false stops in ${verdict.minutes} minutes, worst stop ${round(verdict.worstStopInMs)} ms`,
  );
  return verdict;
}

async function main() {
  const { values } = parseArgs({
    options: {
      trials: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      workers: { type: 'string', default: String(availableParallelism()) },
      report: { type: 'string' },
      keep: { type: 'boolean', default: false },
      bugs: { type: 'boolean', default: false },
      'quiet-hour': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const { buildSim } = await import('./build-sim.mjs');
  const folder = mkdtempSync(join(tmpdir(), 'telepresent-sim-'));
  const workers = Number(values.workers);
  let failed = 0;
  let passed = 0;
  try {
    const bundle = await buildSim(folder);
    const whole = !values.bugs && values.seed === undefined && !values['quiet-hour'];
    if (values.seed !== undefined) {
      if (await replay(bundle, Number(values.seed) >>> 0)) failed++;
      else passed++;
    }
    if (values['quiet-hour']) {
      const hour = await quietHour(bundle);
      if (hour.falseStops > 0 || hour.violations > 0) failed++;
      else passed++;
      if (values.keep) keep('quiet-hour', hour);
    }
    if (whole) {
      const result = await longRun(bundle, { from: Number(values.from) >>> 0, trials: Number(values.trials), workers });
      console.log(result);
      failed += result.failed;
      passed += result.trials - result.failed;
      if (values.keep) keep('sim', result);
    }
    if (values.bugs || (whole && !values.keep)) {
      const { caught, missed } = await plantedBugs(folder, { workers });
      passed += caught;
      failed += missed;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (values.report) writeFileSync(values.report, JSON.stringify({ passed, failed, skipped: 0 }));
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/** After the runs that are there. */
function keep(name, result) {
  mkdirSync(RESULTS, { recursive: true });
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
  const file = join(RESULTS, `${name}.json`);
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  const now = { ...result, date: new Date().toISOString(), commit };
  writeFileSync(file, `${JSON.stringify([...before, now], null, 2)}\n`);
  console.log(`kept in ${file}`);
}

if (isMainThread) await main();
else await work();
