/** The server as it is shipped, built for Node, in processes of their own; knows no test. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));

export type BuiltServer = {
  /** `env` stands beside this process's own. */
  start(words: readonly string[], env?: Readonly<Record<string, string>>): Started;
  remove(): Promise<void>;
};

export type Started = {
  /** Where it is, once it says so. @throws when it ends before */
  ready(): Promise<string>;
  /** All that it has printed. */
  said(): string;
  kill(signal: NodeJS.Signals): void;
  /** The exit status. */
  readonly ended: Promise<number | null>;
};

/** It is built inside the project, where its packages are found. */
export async function buildServer(): Promise<BuiltServer> {
  const folder = await mkdtemp(join(tmpdir(), 'telepresent-main-'));
  const outDir = await mkdtemp(join(PROJECT, 'node_modules', '.telepresent-main-'));
  await build({ configFile: join(PROJECT, 'peer-server/vite.config.ts'), logLevel: 'error', build: { outDir } });
  await mkdir(join(folder, 'dist/app'), { recursive: true });
  await writeFile(join(folder, 'dist/app/index.html'), '');
  const script = join(outDir, 'run.mjs');
  const root = pathToFileURL(`${folder}/`).href;
  await writeFile(
    script,
    [
      `import { readCommandLine } from '${new URL('../../../peer-server/command-line.mjs', import.meta.url).href}';`,
      "import { run } from './main.js';",
      'const { value } = readCommandLine(process.argv.slice(2), process.env);',
      `process.exit(await run(value.options, new URL('${root}')));`,
    ].join('\n'),
  );
  return {
    start: (words, env = {}) => start([script, ...words], env),
    async remove() {
      await rm(outDir, { recursive: true, force: true });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function start(words: readonly string[], env: Readonly<Record<string, string>>): Started {
  const child = spawn(process.execPath, words, { env: { ...process.env, ...env } });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  return {
    async ready() {
      while (!said.includes('Stop with Ctrl+C.')) {
        const ready = await Promise.race([once(child.stdout, 'data'), ended]);
        if (!Array.isArray(ready)) throw new Error(`it ended with ${ready}: ${said}`);
      }
      return /http:\/\/localhost:\d+/.exec(said)![0];
    },
    said: () => said,
    kill: (signal) => void child.kill(signal),
    ended,
  };
}
