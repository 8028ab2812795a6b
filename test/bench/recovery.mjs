/** How soon it drives again after a path change, a blackout and a broker restart, against stock PeerJS and ICE restart on the same path. */
import { figure, publish, quantile } from './figures.mjs';
import { driveEagerly, noteRobot, noteStalls } from './recovery/page-scripts.mjs';
import { oneOfOthers, oneOfOurs } from './recovery/repetitions.mjs';
import { now, openCockpit, openStand, wait, whyNoNetworks } from './recovery/stand.mjs';

/** In each round 5 of each event for ours and 2 for the others, which take long. */
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 4);
const OURS_A_ROUND = 5;
const OTHERS_A_ROUND = 2;
const USUAL = { delayMs: 20, jitterMs: 5 };
const BLACKOUT_MS = 5_000;
/** As a phone knows the mobile network while it leaves the one of the house. */
const KNOWN_FOR_MS = 4_000;
const RESTART_TAKES_MS = 500;
/** A broker's absence has shown what it does by then. */
const RESTART_WATCHED_MS = 8_000;
/** A page that its machine does not let run for this long is no measure of anything but the machine: such repetitions are counted. */
const STALLED_MS = 150;

/** `atMs`: what is measured counts from here. `fromMs`: motors that are told to stop from here on were stopped by it. */
const EVENTS = {
  'path change': {
    goalMs: 1_000,
    async happen({ stand }) {
      const atMs = await stand.changePath(KNOWN_FOR_MS);
      return { atMs, fromMs: atMs };
    },
  },
  'path change to a network of that moment': {
    async happen({ stand }) {
      const atMs = await stand.changePath(0);
      return { atMs, fromMs: atMs };
    },
  },
  '5 s blackout': {
    goalMs: 500,
    async happen({ stand }) {
      const fromMs = now();
      await stand.set('both', { blackout: true });
      await wait(BLACKOUT_MS);
      const atMs = now();
      await stand.set('both', { blackout: false });
      return { atMs, fromMs };
    },
  },
  'broker restart': {
    watchedMs: RESTART_WATCHED_MS,
    async happen({ server }) {
      const atMs = now();
      await server.stop('SIGKILL');
      await wait(RESTART_TAKES_MS);
      await server.start();
      return { atMs, fromMs: atMs };
    },
  },
};

const reason = whyNoNetworks();
if (reason) {
  console.error(`Not measured: ${reason}.`);
  process.exit(1);
}
const stand = await openStand(USUAL);
const results = Object.fromEntries(Object.keys(EVENTS).map((event) => [event, { ours: [], others: [] }]));
const ending = new AbortController();
let visits = 0;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    ending.abort();
    void stand.close().then(() => process.exit(1));
  });
}
try {
  const ours = await stand.startServer('ours');
  const stock = await stand.startServer('stock');
  const robot = await stand.openPage('robot', [noteStalls, noteRobot]);
  const pilot = await stand.openPage('pilot', [noteStalls, driveEagerly]);
  const otherRobot = await stand.openPage('robot');
  const otherPilot = await stand.openPage('pilot');
  const leave = (...pages) => Promise.all(pages.map((page) => page.goto('about:blank')));

  for (let round = 0; round < ROUNDS; round++) {
    await openCockpit(robot, pilot, ours.address);
    for (let i = 0; i < OURS_A_ROUND; i++) {
      for (const [name, event] of Object.entries(EVENTS)) {
        const one = await oneOfOurs({ robot, pilot, stand, server: ours }, event, event.watchedMs);
        results[name].ours.push(one);
        console.log(
          `ours, ${name}: ${JSON.stringify(one, (_, value) => (typeof value === 'number' ? Math.round(value) : value))}`,
        );
      }
    }
    await leave(pilot, robot);
    for (let i = 0; i < OTHERS_A_ROUND; i++) {
      for (const [name, event] of Object.entries(EVENTS)) {
        // What one event leaves behind is no burden for the next: Chromium drops what it loads when it sees other networks.
        await wait(3_000);
        await otherRobot.goto(`${stock.address}#robot-${++visits}`);
        await otherPilot.goto(`${stock.address}#pilot-${visits}`);
        await otherRobot.waitForFunction(
          () =>
            Object.values(window.heard ?? {}).length === 3 &&
            Object.values(window.heard).every((list) => list.length > 20),
          null,
          { timeout: 60_000 },
        );
        const one = await oneOfOthers({ robot: otherRobot, stand, server: stock }, event, event.watchedMs);
        results[name].others.push(one);
        const told = Object.entries(one).map(
          ([way, { heard, pause }]) => `${way} ${Math.round(heard)} (pause ${Math.round(pause)})`,
        );
        console.log(`others, ${name}: ${told.join(', ')}`);
        await leave(otherPilot, otherRobot);
      }
    }
  }
} finally {
  if (!ending.signal.aborted) await stand.close();
}

const rows = [];
const judged = [];
const add = (metric, list, baseline) => {
  for (const [p, label] of [
    [0.5, 'median'],
    [0.95, 'p95'],
  ]) {
    rows.push(
      figure(
        'recovery',
        `${metric}, ${label}`,
        quantile(list, p),
        'ms',
        baseline?.length ? quantile(baseline, p) : null,
      ),
    );
  }
};
for (const [name, { ours, others }] of Object.entries(results)) {
  const of = (key) => ours.map((one) => one[key]);
  const ways = Object.keys(others[0] ?? {});
  const heardBy = (way) => others.map((one) => one[way].heard);
  const pausedBy = (way) => others.map((one) => one[way].pause);
  rows.push(figure('recovery', `${name}: repetitions, ours`, ours.length, ''));
  const stalled = ours.filter((one) => one.stalled > STALLED_MS).length;
  rows.push(figure('recovery', `${name}: repetitions of ours in which the machine held up a page`, stalled, ''));
  rows.push(figure('recovery', `${name}: repetitions, each other way`, others.length, ''));
  const { goalMs, watchedMs } = EVENTS[name];
  if (watchedMs !== undefined) {
    const interrupted = ours.filter((one) => one.interrupted).length;
    const byItself = ours.filter((one) => one.interrupted && one.stalled <= STALLED_MS).length;
    rows.push(figure('recovery', `${name}: motors told to stop`, interrupted, 'times'));
    rows.push(figure('recovery', `${name}: motors told to stop while the machine held up no page`, byItself, 'times'));
    add(`${name}: longest pause of fresh frames, ours`, of('pause'), pausedBy('stock PeerJS'));
    for (const way of ways) add(`${name}: longest pause of fresh commands, ${way}`, pausedBy(way));
    judged.push([interrupted === 0, `${name}: interrupted ${interrupted} times of ${ours.length}, goal 0`]);
    continue;
  }
  add(`${name}: a fresh frame is heard, ours`, of('heard'), heardBy('stock PeerJS'));
  add(`${name}: the page lets arm, ours`, of('offered'));
  add(`${name}: motors are told to move, ours`, of('driving'), heardBy('stock PeerJS'));
  add(`${name}: wheels turn, ours`, of('turning'));
  for (const way of ways) add(`${name}: a fresh command is heard, ${way}`, heardBy(way));
  if (goalMs === undefined) continue;
  const p95 = quantile(of('driving'), 0.95);
  rows.push(figure('recovery', `${name}: goal for motors told to move, p95`, goalMs, 'ms', null));
  judged.push([p95 <= goalMs, `${name}: driving again p95 ${Math.round(p95)} ms, goal ${goalMs}`]);
}
publish('recovery', rows);
console.log(
  'Driving again is with a pilot who presses Enter twice as soon as the page allows; a hold takes 0.6 s more.',
);
for (const [met, words] of judged) console.log(`${met ? 'met   ' : 'MISSED'}  ${words}`);
