/** The real server, as `npm start` runs it, on ports of its own; knows no page. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** It may have to build the app first. */
const READY_WITHIN_MS = 120_000;
const STOPPED_WITHIN_MS = 5_000;

export type RunningServer = {
  /** With a slash at the end. */
  readonly address: string;
  /** Every origin it answers on. */
  readonly origins: readonly string[];
  /** What it has printed so far. */
  said(): string;
  stop(): Promise<void>;
};

/** @throws when it ends before it says where it is, or says nothing for two minutes */
export async function startServer(args: readonly string[] = []): Promise<RunningServer> {
  const child = spawn(process.execPath, ['peer-server/start.mjs', '--port', '0', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  const ended = once(child, 'close');
  let said = '';
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const impatient = setTimeout(() => child.kill('SIGKILL'), STOPPED_WITHIN_MS);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(impatient);
  };
  const address = await new Promise<string>((resolve, reject) => {
    const complain = (what: string) => reject(new Error(`The server ${what}. It said:\n${said}`));
    const late = setTimeout(() => complain(`did not say where it is within ${READY_WITHIN_MS} ms`), READY_WITHIN_MS);
    const listen = (chunk: Buffer) => {
      said += chunk;
      // The line is whole only when its end has come.
      const found = /http:\/\/(?:localhost|127\.0\.0\.1):\d+\/?(?=\s)/.exec(said)?.[0];
      if (found) resolve(new URL(found).href);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    void ended.then(() => complain(`ended with code ${child.exitCode}`));
    child.on('error', reject);
    void ended.finally(() => clearTimeout(late));
  }).catch(async (error) => {
    await stop();
    throw error;
  });
  return {
    address,
    origins: [new URL(address).origin, ...(said.match(/https:\/\/[^\s/]+/g) ?? [])],
    said: () => said,
    stop,
  };
}
