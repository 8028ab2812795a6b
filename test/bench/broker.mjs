/** What our checks cost: a stock PeerServer and ours side by side, with thousands of idle pages each, in memory, relay delay and admissions. */
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { figure, publish, quantile } from './figures.mjs';

/** Idle pages at each broker, in rising order. */
const STEPS = (process.env.BENCH_SOCKETS ?? '5000,15000').split(',').map(Number);
const MESSAGES = Number(process.env.BENCH_MESSAGES ?? 4000);
/** One stall of a busy machine must not be a figure: each is the median of as many. */
const TALKS = 5;
const MESSAGES_A_SECOND = 500;
const SERVE = new URL('./broker/serve.mjs', import.meta.url);
const CROWD = new URL('./broker/crowd.mjs', import.meta.url);
const NAMES = ['stock', 'ours'];
/** Pages that talk, in a process apart, so that it has nothing else to do. */
const TALKERS = 300;
/** Pages that join one broker before it is the other's turn. */
const ROUND = 500;
const PAGES_A_PROCESS = 5000;
/** Limits by address forget whoever is quiet for two minutes, and V8 gives back what a rush of admissions took. */
const SETTLING_MS = 130_000;
/** Ours may weigh and delay this many times what stock does. */
const GOAL = 1.2;
const MOST_FILES = Math.max(...STEPS) + TALKERS + 500;

/** Node raises its soft limit to the hard one by itself. */
function checkLimit() {
  const hard = spawnSync('sh', ['-c', 'ulimit -H -n'], { encoding: 'utf8' }).stdout.trim();
  if (hard === 'unlimited' || Number(hard) >= MOST_FILES) return;
  throw new Error(
    `A process may open ${hard} files here, and ${MOST_FILES} are needed. Raise it (ulimit -n), or set BENCH_SOCKETS.`,
  );
}

/** A process that answers one question at a time. */
function start(file, args, execArgv = []) {
  const child = fork(file, args, { execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const answer = async () => {
    const ended = new AbortController();
    const [message] = await Promise.race([
      once(child, 'message', { signal: ended.signal }),
      once(child, 'exit', { signal: ended.signal }).then(([code]) => {
        throw new Error(`${file.pathname} ${args.join(' ')} ended with ${code}`);
      }),
    ]).finally(() => ended.abort());
    return message;
  };
  return {
    answer,
    async ask(ask, details = {}) {
      child.send({ ask, ...details });
      return answer();
    },
    stop: () => child.kill(),
  };
}

/** What `npm start` tells Node is a part of how ours is run. */
const OWN_FLAGS = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  .scripts.start.split(' ')
  .filter((word) => word.startsWith('--'));

async function startBroker(name) {
  const flags = name === 'ours' ? OWN_FLAGS : [];
  const { ask, answer, stop } = start(SERVE, [name], ['--expose-gc', ...flags]);
  const { port } = await answer();
  return { name, ask, stop, at: { name, port, host: `127.0.0.1:${port}` } };
}

function startCrowd() {
  const { ask, stop } = start(CROWD, []);
  return {
    stop,
    async ask(word, details) {
      const { ok, value, reason } = await ask(word, details);
      if (!ok) throw new Error(reason);
      return value;
    },
  };
}

const children = [];
const keep = (child) => {
  children.push(child);
  return child;
};
let admitted = 0;
const nextPages = (count) => {
  admitted += count;
  return admitted - count;
};

/** Fills both brokers up to `pages`, by turns, and returns what each round took. */
async function fill(brokers, crowds, had, pages) {
  const rounds = { stock: [], ours: [] };
  for (let number = had; number < pages; number += ROUND) {
    const index = Math.floor(number / PAGES_A_PROCESS);
    crowds[index] ??= keep(startCrowd());
    const count = Math.min(ROUND, pages - number);
    // Whoever goes first finds the machine a little different: that is each one's turn in turn.
    const inTurn = (number / ROUND) % 2 ? [...brokers].reverse() : brokers;
    for (const { name, ask, at } of inTurn) {
      const before = await ask('cpu');
      const { ms } = await crowds[index].ask('join', { broker: at, count, from: nextPages(count) });
      const after = await ask('cpu');
      rounds[name].push({ perSecond: (count / ms) * 1000, cpuMs: (after.ms - before.ms) / count });
    }
  }
  return rounds;
}

async function countOpen(crowds) {
  const counts = await Promise.all(crowds.map(({ ask }) => ask('count')));
  return Object.fromEntries(NAMES.map((name) => [name, counts.reduce((sum, count) => sum + count[name], 0)]));
}

const weighAll = async (brokers) =>
  Object.fromEntries(await Promise.all(brokers.map(async ({ name, ask }) => [name, await ask('weigh')])));

async function measure(brokers, crowds, talkers, empty, had, pages) {
  const rounds = await fill(brokers, crowds, had, pages);
  await wait(SETTLING_MS);
  const full = await weighAll(brokers);
  const talks = [];
  for (let talk = 0; talk < TALKS; talk++) {
    const said = await talkers.ask('talk', { messages: MESSAGES, perSecond: MESSAGES_A_SECOND });
    for (const name of NAMES) {
      if (said[name].lost) throw new Error(`${name} lost ${said[name].lost} of ${MESSAGES} messages`);
    }
    talks.push(said);
  }
  const open = await countOpen(crowds);
  for (const name of NAMES) if (open[name] !== pages) throw new Error(`${name} kept ${open[name]} of ${pages} pages`);

  const compare = (metric, unit, of) =>
    figure('broker', `${pages} idle pages: ${metric}`, of('ours'), unit, of('stock'));
  const median = (list, of) => quantile(list.map(of), 0.5);
  const delay = (p) => (name) => median(talks, (said) => quantile(said[name].tookMs, p));
  const memory = compare('memory', 'MB', (name) => full[name].rss / 1e6);
  const p99 = compare('relay, p99', 'ms', delay(0.99));
  const goal = ({ metric, baseline, unit }) => figure('broker', `${metric}, goal`, GOAL * baseline, unit, baseline);
  return {
    judged: [memory, p99],
    figures: [
      memory,
      goal(memory),
      compare('memory for each page', 'kB', (name) => (full[name].rss - empty[name].rss) / 1e3 / (pages + TALKERS)),
      compare('relay, median', 'ms', delay(0.5)),
      p99,
      goal(p99),
      compare('admissions', 'a second', (name) => median(rounds[name], ({ perSecond }) => perSecond)),
      compare('processor time for an admission', 'ms', (name) => median(rounds[name], ({ cpuMs }) => cpuMs)),
    ],
  };
}

checkLimit();
try {
  const brokers = [];
  for (const name of NAMES) brokers.push(keep(await startBroker(name)));
  const talkers = keep(startCrowd());
  const crowds = [];
  await wait(2000);
  const empty = await weighAll(brokers);
  for (const { at } of brokers) await talkers.ask('join', { broker: at, count: TALKERS, from: nextPages(TALKERS) });
  // The first words find code that is not compiled yet.
  await talkers.ask('talk', { messages: 2000, perSecond: MESSAGES_A_SECOND });

  const figures = [figure('broker', 'no page: memory', empty.ours.rss / 1e6, 'MB', empty.stock.rss / 1e6)];
  const judged = [];
  let had = 0;
  for (const pages of STEPS) {
    const step = await measure(brokers, crowds, talkers, empty, had, pages);
    figures.push(...step.figures);
    judged.push(...step.judged);
    had = pages;
  }
  publish('broker', figures);
  for (const { metric, ratio } of judged)
    console.log(`${ratio <= GOAL ? 'met   ' : 'MISSED'}  ${metric}: ${ratio} times stock, goal ${GOAL}`);
} finally {
  for (const { stop } of children) stop();
}
