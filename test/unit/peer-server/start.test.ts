import { spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const PEER_SERVER = fileURLToPath(new URL('../../../peer-server', import.meta.url));
/** All that is there before anything is built. */
const SCRIPTS = ['start.mjs', 'command-line.mjs'];
const LOCK = {
  packages: { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0', optional: true } },
};
const INSTALLED = { packages: { 'node_modules/a': { version: '1.0.0' } } };
const SERVER = 'export async function run({ port }) { console.log("serving", port); return 0; }\n';

/** Says what it was asked, and does as much of it as the start looks at. */
const NPM = `#!/bin/sh
echo "npm $*" >> calls
test -e broken && exit 1
if [ "$1" = ci ]; then mkdir -p node_modules && cp installed.json node_modules/.package-lock.json; fi
if [ "$1" = run ]; then mkdir -p dist/app dist/server && echo > dist/app/index.html && cp server.js dist/server/main.js; fi
`;

let folder: string;
const write = async (path: string, text: string) => {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
};
const calls = async () =>
  (await readFile(join(folder, 'calls'), 'utf8').catch(() => '')).trim().split('\n').filter(Boolean);

/** A small project, cloned but never started. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telepresent-start-'));
  await write('package.json', '{ "type": "module" }');
  await write('package-lock.json', JSON.stringify(LOCK));
  await write('installed.json', JSON.stringify(INSTALLED));
  await write('server.js', SERVER);
  await write('src/main.ts', '');
  await write('bin/npm', NPM);
  await chmod(join(folder, 'bin/npm'), 0o755);
  await mkdir(join(folder, 'peer-server'));
  for (const script of SCRIPTS) await copyFile(join(PEER_SERVER, script), join(folder, 'peer-server', script));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function start(...words: string[]) {
  const env = { ...process.env, PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}` };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['peer-server/start.mjs', ...words], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  return { status, said: stdout + stderr };
}

test('a fresh clone is installed, built and served by one command; the second time it is only served', async () => {
  const first = start('--port', '8090');
  expect(first).toEqual({
    status: 0,
    said: 'Installing packages. This takes a minute, the first time only.\nBuilding the app.\nserving 8090\n',
  });
  expect(await calls()).toEqual(['npm ci --include=dev', 'npm run build']);
  expect(start()).toEqual({ status: 0, said: 'serving 8080\n' });
  expect(await calls()).toHaveLength(2);
});

test('another version of a package is installed, and what changed is built', async () => {
  start();
  await write('package-lock.json', JSON.stringify(LOCK).replace('1.0.0', '1.0.1'));
  await write('installed.json', JSON.stringify(INSTALLED).replace('1.0.0', '1.0.1'));
  const later = new Date(Date.now() + 1000);
  await utimes(join(folder, 'package-lock.json'), later, later);
  start();
  expect((await calls()).slice(2)).toEqual(['npm ci --include=dev', 'npm run build']);
});

test('a newer source is built again', async () => {
  start();
  const later = new Date(Date.now() + 1000);
  await utimes(join(folder, 'src/main.ts'), later, later);
  expect(start().said).toBe('Building the app.\nserving 8080\n');
});

test.each([
  {
    missing: 'node_modules',
    says: "The packages couldn't be installed. Check the network, then run npm start again.\n",
  },
  { missing: 'dist', says: "The app couldn't be built. What is above says why.\n" },
])('what fails without $missing is said, and nothing is served', async ({ missing, says }) => {
  start();
  await rm(join(folder, missing), { recursive: true });
  await write('broken', '');
  const { status, said } = start();
  expect([status, said.endsWith(says), said.includes('serving')]).toEqual([1, true, false]);
});

test.each([
  { words: ['--help'], status: 0, says: /^Telepresent: see through.*\n\nUsage: npm start -- \[options\]/ },
  { words: ['--port', '8090', '-h'], status: 0, says: /^Telepresent: / },
  { words: ['--prot', '8090'], status: 1, says: /^There is no option --prot\. See npm start -- --help\.\n$/ },
  { words: ['--port', 'eighty'], status: 1, says: /^--port needs a number from 0 to 65534\. / },
])('$words is answered at once: nothing is installed, nothing is built', async ({ words, status, says }) => {
  const answer = start(...words);
  expect(answer.status).toBe(status);
  expect(answer.said).toMatch(says);
  expect(await calls()).toEqual([]);
  start();
  expect(start(...words)).toEqual(answer);
});
