/** The project's own server in a network of the rig's; knows no page. */
import { fileURLToPath } from 'node:url';
import type { Namespace } from './namespaces.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** It may have to build the app first. */
const READY_WITHIN_MS = 120_000;

/** Resolves what it has said so far. Ends with its network. @throws when it ends, or is not ready in time */
export async function startAppServer(
  place: Namespace,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<() => string> {
  const child = place.spawn(process.execPath, ['peer-server/start.mjs', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const complain = (what: string) => reject(new Error(`The server ${what}. It said:\n${said}`));
    const late = setTimeout(() => complain(`was not ready within ${READY_WITHIN_MS} ms`), READY_WITHIN_MS);
    const listen = (chunk: Buffer) => {
      said += chunk;
      if (!said.includes('Telepresent is running')) return;
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
  return () => said.replace(/^.*[█▀▄].*\n/gm, '');
}
