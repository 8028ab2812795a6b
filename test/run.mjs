/** Proves the project from a fresh clone: `npm test`, `rig`, `check` and `bench` end here; knows no single test. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { countTests, inWords, sum } from './runner/counts.mjs';
import { fetchBrowser, findBrowser } from './runner/find-browser.mjs';
import { installPackages } from './runner/install.mjs';
import { npm, ROOT, run, runPackage } from './runner/programs.mjs';

const USAGE = `npm test                    all that needs only a browser
npm test -- unit            one part: unit, sim, browser or e2e
npm run sim [-- --help]     both pages and the firmware in simulated time, under seeded faults
npm run rig [-- faults]     real serial, Bluetooth and networks, or one part; needs the Debian packages of .ci/packages
npm run check               types, lint, dead code, build and size
npm run bench [-- <name>]   figures, as a table and as JSON in test/bench/results`;

const vitest =
  (config, filters = [], environment = {}) =>
  (reportFile) =>
    runPackage(
      'vitest',
      [
        'run',
        ...filters,
        ...(config ? ['--config', config] : []),
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${reportFile}`,
      ],
      environment,
    );

/** In the order they run: the quickest to fail first. */
const PARTS = {
  unit: () => countTests('unit, property, architecture, firmware and server tests', vitest()),
  sim: () => countTests('simulated trials', (file) => sim(['--report', file])),
  browser: () => countTests('browser tests', (file) => runPackage('@web/test-runner', [], { REPORT_FILE: file })),
  e2e: async () => {
    await build();
    return countTests('end-to-end tests', vitest('test/e2e/vitest.config.ts'));
  },
};

const sim = (args) => run(process.execPath, [join(ROOT, 'test/sim/sim.mjs'), ...args]);

async function build() {
  console.log('\n── build');
  if ((await npm('run', 'build')) !== 0) throw new Error('The build failed, so nothing that needs it was run.');
}

/** Sets CHROME_PATH for everything started from here. */
async function haveBrowser() {
  let browser = await findBrowser();
  if (!browser) {
    await fetchBrowser();
    browser = await findBrowser();
  }
  if (!browser) throw new Error('There is no Chrome, Chromium or Edge. Install one, or name it in CHROME_PATH.');
  process.env.CHROME_PATH = browser;
  console.log(`Browser: ${browser}`);
}

/** Prints the last line and returns the exit code. */
function close(counts) {
  const { passed, failed, skipped } = sum(counts);
  console.log(skipped ? `\n${skipped} skipped` : '');
  console.log(inWords({ passed, failed, skipped: 0 }));
  return failed === 0 ? 0 : 1;
}

async function test(names) {
  const wanted = names.length ? names : Object.keys(PARTS);
  const unknown = wanted.find((name) => !(name in PARTS));
  if (unknown) return misunderstood(unknown);
  if (wanted.some((name) => name !== 'unit' && name !== 'sim')) await haveBrowser();
  const counts = [];
  for (const name of wanted) counts.push(await PARTS[name]().catch(asFailure));
  return close(counts);
}

/** `faults --trials 1000 --from 1`: one file of the rig, and for that one how many seeds from which on. */
async function rig(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { trials: { type: 'string' }, from: { type: 'string' }, seeds: { type: 'string' } },
  });
  const environment = {
    ...(values.trials && { FAULT_TRIALS: values.trials }),
    ...(values.from && { FAULT_FROM: values.from }),
    ...(values.seeds && { FAULT_SEEDS: values.seeds }),
  };
  const missing = missingPackages();
  if (missing.length) {
    console.error(`The rig needs Debian packages that are not here. Install them, then run it again:
  apt-get install -y --no-install-recommends ${missing.join(' ')}`);
    return close([{ passed: 0, failed: 1, skipped: 0 }]);
  }
  await haveBrowser();
  await build();
  const filters = positionals.map((name) => `test/rig/${name}`);
  return close([await countTests('rig', vitest('test/rig/vitest.config.ts', filters, environment))]);
}

/** Of .ci/packages, but for the browser, which may be another; all of them on a system that is not Debian's kind. */
function missingPackages() {
  const names = readFileSync(join(ROOT, '.ci/packages'), 'utf8')
    .split('\n')
    .filter((name) => name && name !== 'chromium');
  return names.filter((name) => {
    const { stdout } = spawnSync('dpkg-query', ['--status', name], { encoding: 'utf8' });
    return !stdout?.includes('Status: install ok installed');
  });
}

async function check() {
  const steps = {
    types: () => runPackage('typescript', ['--noEmit']),
    'lint and format': () => runPackage('@biomejs/biome', ['check', '--error-on-warnings']),
    'dead code': () => runPackage('knip', []),
    build: () => npm('run', 'build'),
    size: () => runPackage('size-limit', []),
    'firmware image': verifyFirmware,
  };
  const results = [];
  for (const [name, start] of Object.entries(steps)) {
    console.log(`\n── ${name}`);
    const startedAtMs = performance.now();
    const passed = (await start()) === 0;
    results.push({ name, passed, seconds: (performance.now() - startedAtMs) / 1000 });
  }
  console.log('');
  for (const { name, passed, seconds } of results) {
    console.log(`${passed ? 'passed' : 'FAILED'}  ${name} (${seconds.toFixed(1)} s)`);
  }
  return close(results.map(({ passed }) => ({ passed: Number(passed), failed: Number(!passed), skipped: 0 })));
}

/** Whether the committed image is what the source gives. A machine without the compiler can't say. */
async function verifyFirmware() {
  const missing = missingPackages().filter((name) =>
    ['make', 'gcc-avr', 'avr-libc', 'arduino-core-avr'].includes(name),
  );
  if (missing.length === 0) return run('make', ['-C', 'firmware', 'verify', 'variants']);
  console.log(`Not looked at: that needs the Debian packages ${missing.join(' ')}.`);
  return 0;
}

async function bench([name, ...args]) {
  const folder = join(ROOT, 'test/bench');
  const names = readdirSync(folder).flatMap((file) => /^(?!figures)(.+)\.mjs$/.exec(file)?.[1] ?? []);
  if (name && !existsSync(join(folder, `${name}.mjs`))) {
    console.error(`There is no bench "${name}". There are: ${names.join(', ')}.`);
    return 2;
  }
  await haveBrowser();
  await build();
  let code = 0;
  for (const one of name ? [name] : names) {
    console.log(`\n── bench ${one}`);
    if ((await run(process.execPath, [join(folder, `${one}.mjs`), ...args])) !== 0) code = 1;
  }
  return code;
}

function misunderstood(word) {
  console.error(`There is no "${word}" here. There is:\n${USAGE}`);
  return 2;
}

function asFailure(error) {
  console.error(error.message);
  return { passed: 0, failed: 1, skipped: 0 };
}

const COMMANDS = { test, rig, check, bench, sim };
const [word = 'test', ...rest] = process.argv.slice(2);
const [command, args] = word in COMMANDS ? [COMMANDS[word], rest] : word in PARTS ? [test, [word, ...rest]] : [];

if (command) {
  try {
    await installPackages();
    process.exitCode = await command(args);
  } catch (error) {
    process.exitCode = close([asFailure(error)]);
  }
} else if (word === 'help' || word === '--help') {
  console.log(USAGE);
} else {
  process.exitCode = misunderstood(word);
}
