/** Every parser that sees bytes before the verdict, with millions of nearly right inputs: no throw, no hang, no growth. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { figure, publish } from './figures.mjs';
import { mutated, randomFrom } from './fuzz/mutator.mjs';

const INPUTS = Number(process.env.FUZZ_INPUTS ?? 10_000_000);
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 0x1_0000_0000);
const BATCH = 5_000;
/** Parsers that ask WebCrypto wait for its threads together. */
const TOGETHER = 50;
/** One batch in so many is made by fast-check: right shapes with wrong values where the parser has some, else any text and bytes. */
const STRUCTURED_EVERY = 20;
const HANGS_AFTER_MS = 20_000;
const MOST_GROWTH_BYTES = 4 * 1024 * 1024;

/** The sources are TypeScript. */
async function builtParsers(folder) {
  const { build } = await import('vite');
  await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('../..', import.meta.url)),
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: fileURLToPath(new URL('./fuzz/parsers.ts', import.meta.url)),
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'parsers.mjs' } },
    },
  });
  return pathToFileURL(join(folder, 'parsers.mjs')).href;
}

/** In the worker: one parser after the other, batch by batch. */
async function work({ parsersAt, inputs, seed, alive }) {
  const { openParsers, structuredInputs } = await import(parsersAt);
  const parsers = await openParsers();
  const heartbeat = new Int32Array(alive);
  const weights = parsers.reduce((sum, { weight }) => sum + weight, 0);
  const heapBytes = () => {
    globalThis.gc();
    globalThis.gc();
    return process.memoryUsage().heapUsed;
  };
  const totals = parsers.map(({ name }) => ({
    name,
    inputs: 0,
    accepted: 0,
    ms: 0,
    slowestMs: 0,
    slowestBytes: 0,
    structured: 0,
  }));
  let index = 0;
  let warmBytes = 0;

  const runBatch = async (n, batch) => {
    const parser = parsers[n];
    const total = totals[n];
    const batchSeed = (seed ^ Math.imul(n + 1, 0x9e3779b1) ^ Math.imul(batch + 1, 0x85ebca6b)) >>> 0;
    const wellFormed = batch % STRUCTURED_EVERY === 0;
    const random = randomFrom(batchSeed);
    const made = wellFormed ? structuredInputs(parser.structured, batchSeed, BATCH) : undefined;
    const step = parser.async ? TOGETHER : 1;
    for (let at = 0; at < BATCH; at += step) {
      Atomics.store(heartbeat, 0, ++index);
      const some = Array.from(
        { length: Math.min(step, BATCH - at) },
        (_, i) => made?.[at + i] ?? mutated(parser.seeds, random),
      );
      const read = async () => {
        const startedAtMs = performance.now();
        const accepted = parser.async
          ? (await Promise.all(some.map((bytes) => parser.read(bytes)))).filter(Boolean).length
          : Number(parser.read(some[0]));
        return { accepted, ms: (performance.now() - startedAtMs) / some.length };
      };
      try {
        const { accepted, ms } = await read();
        total.accepted += accepted;
        total.ms += ms * some.length;
        if (ms <= total.slowestMs) continue;
        // A busy machine and its collector are no parser's fault: what is slow is slow each time.
        const again = Math.min(ms, (await read()).ms, (await read()).ms);
        if (again <= total.slowestMs) continue;
        total.slowestMs = again;
        total.slowestBytes = some[0].length;
      } catch (error) {
        const bytes = some.map((input) => Buffer.from(input).toString('base64').slice(0, 2_000));
        const where = `seed ${seed}, batch ${batch}, input ${at}`;
        throw new Error(`${parser.name} threw at ${where}: ${bytes.join(' ')}`, { cause: error });
      }
    }
    total.inputs += BATCH;
    if (wellFormed) total.structured += BATCH;
  };

  // A tenth of it all warms the caches of the engine; what it then holds, it may hold at the end.
  for (const until of [inputs / 10, inputs]) {
    for (const [n, { weight, name }] of parsers.entries()) {
      const due = (until * weight) / weights;
      const startedAtMs = performance.now();
      for (
        let batch = Math.ceil(totals[n].inputs / BATCH) + (until === inputs ? 1 : 0) * 1_000_000;
        totals[n].inputs < due;
        batch++
      ) {
        await runBatch(n, batch);
      }
      parentPort.postMessage({
        progress: `${name}: ${totals[n].inputs} inputs, ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`,
      });
    }
    if (until !== inputs) warmBytes = heapBytes();
  }
  parentPort.postMessage({ totals, warmBytes, endBytes: heapBytes() });
}

/** Resolves with the worker's last word. @throws when an input takes too long, or something throws */
function watched(parsersAt) {
  const alive = new SharedArrayBuffer(4);
  const heartbeat = new Int32Array(alive);
  const worker = new Worker(new URL(import.meta.url), { workerData: { parsersAt, inputs: INPUTS, seed: SEED, alive } });
  return new Promise((resolve, reject) => {
    let heard = -1;
    let heardAtMs = performance.now();
    const watching = setInterval(() => {
      const now = Atomics.load(heartbeat, 0);
      if (now !== heard) {
        heard = now;
        heardAtMs = performance.now();
      } else if (performance.now() - heardAtMs > HANGS_AFTER_MS) {
        void worker.terminate();
        reject(new Error(`it hangs at seed ${SEED}, after ${heard} readings`));
      }
    }, 500);
    worker.on('message', (message) => {
      if (message.progress) console.log(message.progress);
      else resolve(message);
    });
    worker.on('error', reject);
    worker.on('exit', () => clearInterval(watching));
  });
}

async function main() {
  console.log(`${INPUTS} inputs from seed ${SEED} (FUZZ_SEED, FUZZ_INPUTS)`);
  setFlagsFromString('--expose-gc');
  const folder = mkdtempSync(join(tmpdir(), 'telepresent-fuzz-'));
  const startedAtMs = performance.now();
  try {
    const { totals, warmBytes, endBytes } = await watched(await builtParsers(folder));
    const all = totals.reduce((sum, { inputs }) => sum + inputs, 0);
    const structured = totals.reduce((sum, one) => sum + one.structured, 0);
    const slowest = totals.reduce((worst, one) => (one.slowestMs > worst.slowestMs ? one : worst));
    const grownBytes = endBytes - warmBytes;
    publish('fuzz', [
      figure('fuzz', 'seed', SEED, ''),
      figure('fuzz', 'inputs', all, 'inputs'),
      figure('fuzz', 'inputs made by fast-check', structured, 'inputs'),
      figure('fuzz', 'throws', 0, 'inputs'),
      figure('fuzz', 'hangs', 0, 'inputs'),
      figure('fuzz', 'heap after all, against a tenth', endBytes / 1024, 'KiB', warmBytes / 1024),
      figure('fuzz', `slowest input (${slowest.name}, ${slowest.slowestBytes} bytes)`, slowest.slowestMs, 'ms'),
      figure('fuzz', 'time', (performance.now() - startedAtMs) / 1000, 's'),
      ...totals.flatMap(({ name, inputs, accepted, ms, slowestMs }) => [
        figure('fuzz', `${name}: inputs`, inputs, 'inputs'),
        figure('fuzz', `${name}: taken for right`, accepted, 'inputs'),
        figure('fuzz', `${name}: mean`, (ms * 1000) / inputs, 'µs'),
        figure('fuzz', `${name}: slowest`, slowestMs, 'ms'),
      ]),
    ]);
    if (grownBytes > MOST_GROWTH_BYTES) throw new Error(`the heap grew by ${Math.round(grownBytes / 1024)} KiB`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (isMainThread) await main();
else await work(workerData);
