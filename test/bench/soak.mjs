/** Driving for a long time with faults every few seconds: whether memory, connections, sockets and timers stay flat on both pages and the server. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { driveEagerly } from './recovery/page-scripts.mjs';
import { now, openCockpit, openStand, tell, wait, whyNoNetworks } from './recovery/stand.mjs';
import { countPage } from './soak/count-page.mjs';
import { growth } from './soak/slope.mjs';

const USUAL = Object.freeze({ delayMs: 20, jitterMs: 5, lossPercent: 0, blackout: false });
const SAMPLE_EVERY_MS = 30_000;
/** A sample is taken while nothing is wrong and it drives, for some seconds: what a fault left behind has been cleared away by then. */
const QUIET_WITHIN_MS = 40_000;
const QUIET_FOR_MS = 3_000;
const MOST_GROWTH_AN_HOUR = 0.05;
/** The one that drives and one beside it, at most. */
const MOST_CONNECTIONS = 2;

const minutes = Number(/^--minutes[= ](.+)$/.exec(process.argv.slice(2).join(' '))?.[1] ?? 10);
const seed = Number(process.env.SOAK_SEED ?? Date.now() % 0x1_0000_0000);
if (!(minutes > 0)) {
  console.error('npm run bench -- soak [--minutes <number>]');
  process.exit(2);
}
const reason = whyNoNetworks();
if (reason) {
  console.error(`Not measured: ${reason}.`);
  process.exit(1);
}

/** mulberry32, 0 to below 1. */
function randomFrom(start) {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
const random = randomFrom(seed);
const between = (least, most) => least + random() * (most - least);
const oneOf = (list) => list[Math.floor(random() * list.length)];

const stand = await openStand(USUAL);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => void stand.close().then(() => process.exit(1)));
}

async function impaired(direction, change, forMs) {
  await stand.set(direction, change);
  await wait(forMs);
  await stand.set('both', USUAL);
}

const DIRECTIONS = ['both', 'toRobot', 'toPilot'];
/** By how often they come. */
const FAULTS = [
  ['blackout', 5, () => impaired(oneOf(DIRECTIONS), { blackout: true }, between(300, 8_000))],
  ['loss', 3, () => impaired(oneOf(DIRECTIONS), { lossPercent: between(5, 40) }, between(2_000, 8_000))],
  ['jitter', 1, () => impaired('both', { jitterMs: 150, delayMs: 150 }, between(2_000, 6_000))],
  ['path change', 1, () => stand.changePath(0)],
  [
    'broker restart',
    1,
    async ({ server }) => {
      await server.stop('SIGKILL');
      await wait(between(0, 3_000));
      await server.start();
    },
  ],
  ['pilot reload', 1, ({ pilot }) => pilot.reload()],
];
const drawn = FAULTS.flatMap(([name, weight, happen]) => Array.from({ length: weight }, () => ({ name, happen })));

async function inspect(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  await session.send('Performance.enable');
  return async () => {
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const { metrics } = await session.send('Performance.getMetrics');
    const metric = (wanted) => metrics.find(({ name }) => name === wanted)?.value ?? 0;
    const living = await page.evaluate(() => window.countLiving());
    return { heap: usedSize, nodes: metric('Nodes'), listeners: metric('JSEventListeners'), ...living };
  };
}

/** Until it drives and has done so for some seconds; false when that takes too long. */
async function quiet(pilot) {
  const until = now() + QUIET_WITHIN_MS;
  let since;
  while (now() < until) {
    const drives = await pilot.evaluate(() => window.eager?.at === 'driving').catch(() => false);
    since = drives ? (since ?? now()) : undefined;
    if (since !== undefined && now() - since > QUIET_FOR_MS) return true;
    await wait(100);
  }
  return false;
}

const series = [];
const counts = {};
let stuck = 0;
const startedAtMs = now();
try {
  const server = await stand.startServer('ours');
  const robot = await stand.openPage('robot', [countPage]);
  const pilot = await stand.openPage('pilot', [countPage, driveEagerly]);
  await openCockpit(robot, pilot, server.address);
  const look = { robot: await inspect(robot), pilot: await inspect(pilot), server: () => server.weigh() };
  const sample = async () => {
    const taken = {};
    for (const [who, ask] of Object.entries(look)) taken[who] = await ask();
    series.push({ atMs: Math.round(now() - startedAtMs), ...taken });
    const told = Object.entries(taken).map(([who, all]) => {
      const shown = Object.entries(all).map(([what, n]) => `${what} ${n > 1e5 ? `${(n / 1e6).toFixed(2)} MB` : n}`);
      return `${who}: ${shown.join(', ')}`;
    });
    console.log(`${Math.round((now() - startedAtMs) / 1000)} s\n  ${told.join('\n  ')}`);
  };
  let sampledAtMs = Number.NEGATIVE_INFINITY;
  while (now() - startedAtMs < minutes * 60_000) {
    if (now() - sampledAtMs > SAMPLE_EVERY_MS) {
      if (await quiet(pilot)) {
        await sample();
        sampledAtMs = now();
      } else {
        stuck++;
        console.log(`${Math.round((now() - startedAtMs) / 1000)} s: it does not drive`);
        for (const page of [robot, pilot]) console.log(`  ${await tell(page)}`);
      }
    }
    const { name, happen } = oneOf(drawn);
    // A page that was reloaded has forgotten what it had hoarded: the part that is judged is lived through in one go.
    if (name === 'pilot reload' && now() - startedAtMs > (minutes * 60_000) / 3) continue;
    counts[name] = (counts[name] ?? 0) + 1;
    console.log(`${Math.round((now() - startedAtMs) / 1000)} s: ${name}`);
    await happen({ server, pilot });
    await wait(between(1_000, 5_000));
  }
  if (await quiet(pilot)) await sample();
} finally {
  await stand.close();
}

const rows = [];
for (const [who, first] of Object.entries(series[0] ?? {})) {
  if (typeof first !== 'object') continue;
  for (const what of Object.keys(first)) {
    const values = series.map((one) => ({ atMs: one.atMs, value: one[who][what] }));
    const { mean, perHour, error } = growth(values);
    const most = Math.max(...values.map(({ value }) => value));
    // What the noise alone could make is no growth, and a short run can't tell small growth from noise.
    const flat = what === 'connections' ? most <= MOST_CONNECTIONS : perHour - 2 * error < MOST_GROWTH_AN_HOUR;
    rows.push({
      what: `${who}: ${what}`,
      first: first[what],
      last: values.at(-1).value,
      most,
      mean: Math.round(mean),
      growthPerHourPercent: round(100 * perHour),
      errorPercent: round(100 * error),
      flat,
    });
  }
}
function round(number) {
  return Math.round(number * 10) / 10;
}
console.table(rows);
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const flat = rows.every((row) => row.flat);
const folder = new URL('./results/', import.meta.url);
mkdirSync(folder, { recursive: true });
const lines = (list) => `[\n${list.map((one) => `    ${JSON.stringify(one)}`).join(',\n')}\n  ]`;
const told = { minutes, seed, date: new Date().toISOString(), commit, faults: counts, timesStuck: stuck, flat };
const head = JSON.stringify(told, null, 2).slice(0, -2);
writeFileSync(new URL('soak.json', folder), `${head},\n  "rows": ${lines(rows)},\n  "series": ${lines(series)}\n}\n`);
console.log('Written to test/bench/results/soak.json');
console.log(`${flat ? 'met   ' : 'MISSED'}  flat over ${minutes} minutes with ${JSON.stringify(counts)}`);
console.log(
  `${stuck === 0 ? 'met   ' : 'MISSED'}  it drove again within ${QUIET_WITHIN_MS / 1000} s each time; not so: ${stuck}`,
);
if (!flat || stuck > 0) process.exitCode = 1;
