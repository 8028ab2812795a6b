/** The project's server as a process that can be killed and started again on the same address; knows no page. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Namespace } from '../namespaces.ts';
import type { CertificateFiles } from '../self-signed.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** It may have to build the app first. */
const READY_WITHIN_MS = 120_000;

export class FaultServer {
  readonly #place: Namespace;
  readonly #args: readonly string[];
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;

  constructor(place: Namespace, host: string, { cert, key }: CertificateFiles, env: Readonly<Record<string, string>>) {
    this.#place = place;
    this.#env = env;
    this.#args = ['--host', host, '--https-port', '443', '--cert', cert, '--key', key];
  }

  get isUp(): boolean {
    return this.#child !== undefined;
  }

  /** Resolves when it serves. @throws with what it said */
  async start(): Promise<void> {
    if (this.#child) return;
    const child = this.#place.spawn(process.execPath, ['peer-server/start.mjs', ...this.#args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', ...this.#env },
    });
    this.#child = child;
    let said = '';
    await new Promise<void>((resolve, reject) => {
      const complain = (what: string) => reject(new Error(`The server ${what}. It said:\n${said}`));
      const late = setTimeout(() => complain(`was not ready within ${READY_WITHIN_MS} ms`), READY_WITHIN_MS);
      const listen = (chunk: Buffer) => {
        said = (said + chunk).slice(-10_000);
        if (!said.includes('Telepresent is running')) return;
        clearTimeout(late);
        resolve();
      };
      child.stdout?.on('data', listen);
      child.stderr?.on('data', listen);
      child.once('exit', (code) => {
        clearTimeout(late);
        complain(`ended with code ${code}`);
      });
    });
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}
