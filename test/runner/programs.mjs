/** Starts npm, and the programs of installed packages; knows not what they are for. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Whatever takes longer than this hangs. */
const LONGEST_MS = 30 * 60_000;

/**
 * Runs in the project's folder with its output on this one's.
 * @returns {Promise<number>} its exit code, 1 when it could not be started or was killed
 */
export function run(program, args, env = {}, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: LONGEST_MS,
      ...options,
    });
    child.on('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
}

export function npm(...args) {
  // Inside an npm script, npm says where it is; on Windows it is no program but a script for the shell.
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('.js')) return run(process.execPath, [cli, ...args]);
  return run('npm', args, {}, { shell: process.platform === 'win32' });
}

/** Runs what an installed package offers as a command, by its package's name. */
export function runPackage(name, args, env = {}) {
  const home = join(ROOT, 'node_modules', name);
  const { bin } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  const file = typeof bin === 'string' ? bin : (bin[name.split('/').at(-1)] ?? Object.values(bin)[0]);
  return run(process.execPath, [join(home, file), ...args], env);
}
