import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));

let folder: string;
let script: string;

/** The server as it is shipped: built for Node. It is built inside the project, where its packages are found. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telepresent-main-'));
  const outDir = await mkdtemp(join(PROJECT, 'node_modules', '.telepresent-main-'));
  await build({ configFile: join(PROJECT, 'peer-server/vite.config.ts'), logLevel: 'error', build: { outDir } });
  await mkdir(join(folder, 'dist/app'), { recursive: true });
  await writeFile(join(folder, 'dist/app/index.html'), '');
  script = join(outDir, 'run.mjs');
  const root = pathToFileURL(`${folder}/`).href;
  await writeFile(
    script,
    [
      `import { readCommandLine } from '${new URL('../../../peer-server/command-line.mjs', import.meta.url).href}';`,
      "import { run } from './main.js';",
      'const { value } = readCommandLine(process.argv.slice(2));',
      `process.exit(await run(value.options, new URL('${root}')));`,
    ].join('\n'),
  );
});
afterAll(async () => {
  await rm(join(script, '..'), { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
});

function start(...words: string[]) {
  const child = spawn(process.execPath, [script, ...words]);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  return { child, said: () => said, ended: once(child, 'close').then(([code]) => code) };
}

test.each([
  {
    words: ['--cert', '/no.pem', '--key', '/no.pem'],
    code: 1,
    says: /^The certificate \/no\.pem can't be read\. .*\n$/,
  },
])('$words ends with $code and a sentence, never a stack', async ({ words, code, says }) => {
  const { ended, said } = start(...words);
  expect(await ended).toBe(code);
  expect(said()).toMatch(says);
  expect(said()).not.toMatch(/^\s+at /m);
});

test.each(['SIGINT', 'SIGTERM'] as const)('serves, says where, and ends well on %s', async (signal) => {
  const { child, ended, said } = start('--port', '0');
  while (!said().includes('Stop with Ctrl+C.')) {
    const ready = await Promise.race([once(child.stdout, 'data'), ended]);
    if (typeof ready === 'number') throw new Error(`it ended with ${ready}: ${said()}`);
  }
  const here = /http:\/\/localhost:\d+\//.exec(said())![0];
  expect(await (await fetch(new URL('healthz', here))).text()).toBe('ok\n');

  const second = start('--port', new URL(here).port);
  expect(await second.ended).toBe(1);
  expect(second.said()).toMatch(
    /^Port \d+ is taken\. Close what uses it, or choose another: npm start -- --port \d+\n$/,
  );

  child.kill(signal);
  expect(await ended).toBe(0);
});
