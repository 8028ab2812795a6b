/** Runs the server as it is asked, until a signal ends it; knows no request. */
import { fileURLToPath } from 'node:url';
import { describeAddresses, networkAddress } from './addresses.ts';
import type { ServerOptions } from './command-line.mjs';
import { Complaint } from './complaint.ts';
import { readIceConfiguration } from './ice-configuration.ts';
import { makeLog } from './log.ts';
import { type RunningServer, startServer } from './server.ts';

/** Resolves the exit status, when the server has stopped or could not start. `root` is the project's folder. */
export async function run(options: ServerOptions, root: URL): Promise<number> {
  const folders = { app: fileURLToPath(new URL('dist/app', root)), kept: fileURLToPath(new URL('.telepresent', root)) };
  try {
    const ice = await readIceConfiguration(options.icePath, process.env);
    const server = await startServer(options, folders, { ice, log: makeLog(options.logLevel) });
    console.log(describeAddresses(addressesOf(server), process.stdout.isTTY && !process.env.NO_COLOR));
    await askedToStop();
    await server.close();
    return 0;
  } catch (error) {
    if (!(error instanceof Complaint)) throw error;
    console.error(error.message);
    return 1;
  }
}

function addressesOf({ port, httpsPort, hosts, selfSigned }: RunningServer) {
  return {
    here: `http://localhost:${port}/`,
    network: httpsPort === undefined ? undefined : hosts.map((host) => networkAddress(host, httpsPort)),
    selfSigned,
  };
}

function askedToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
