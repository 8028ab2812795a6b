/** A real coturn with the project's own settings, in a network of the rig's; knows not who uses it. */
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Namespace } from './namespaces.ts';

const START = fileURLToPath(new URL('../../coturn/start-turn.sh', import.meta.url));
const READY_WITHIN_MS = 15_000;
export const TURN_SECRET = 'a secret for the rig alone';

export type CoturnOptions = {
  /** What start-turn.sh reads, beside the name and the secret. */
  readonly env: Readonly<Record<string, string>>;
  /** As on turnserver's command line. */
  readonly args?: readonly string[];
  /** For the files it writes. */
  readonly folder: string;
};

/** Ends with its network at the latest. @throws when it ends, or is not ready in time; both with what it said */
export async function startCoturn(
  place: Namespace,
  { env, args = [], folder }: CoturnOptions,
): Promise<{ kill(): Promise<void> }> {
  const files = [`--userdb=${folder}/turn.db`, `--pidfile=${folder}/turn-${place.name}.pid`];
  const child = place.spawn(START, [...files, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: folder, TURN_HOST: 'turn.rig.test', TURN_SECRET, ...env },
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const complain = (what: string) => reject(new Error(`coturn ${what}. It said:\n${said}`));
    const late = setTimeout(() => complain(`was not ready within ${READY_WITHIN_MS} ms`), READY_WITHIN_MS);
    const listen = (chunk: Buffer) => {
      said += chunk;
      // The last thing it does before it serves.
      if (!said.includes('SQLite DB connection success')) return;
      clearTimeout(late);
      resolve();
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.on('error', reject);
    child.on('exit', (code) => {
      clearTimeout(late);
      complain(`ended with code ${code}`);
    });
  });
  const wrong = said.split('\n').filter((line) => /bad configuration|unknown|invalid/i.test(line));
  if (wrong.length > 0) throw new Error(`coturn does not take its settings:\n${wrong.join('\n')}`);
  return {
    async kill() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
