/** The real server in this process, with next to no app; knows no test. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningServer, type ServerSurroundings, startServer } from '../../../peer-server/server.ts';

export type SmallServer = {
  readonly running: RunningServer;
  readonly address: string;
  stop(): Promise<void>;
};

export async function startSmallServer(
  behindProxy: boolean,
  surroundings: ServerSurroundings = {},
): Promise<SmallServer> {
  const folder = await mkdtemp(join(tmpdir(), 'telepresent-small-'));
  const app = join(folder, 'app');
  await mkdir(app);
  await writeFile(join(app, 'index.html'), '<!doctype html><title>Telepresent</title>');
  const options = { port: 0, httpsPort: 0, host: '127.0.0.1', certificate: undefined, behindProxy };
  const running = await startServer(options, { app, kept: join(folder, 'kept') }, surroundings);
  return {
    running,
    address: `http://127.0.0.1:${running.port}`,
    async stop() {
      await running.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
