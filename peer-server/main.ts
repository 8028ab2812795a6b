/** Runs the server as the command line asks, until a signal ends it; knows no request. */
import { fileURLToPath } from 'node:url';
import { describeAddresses, networkAddress } from './addresses.ts';
import { HELP, readCommandLine } from './command-line.ts';
import { Complaint } from './complaint.ts';
import { type RunningServer, startServer } from './server.ts';

/** Resolves the exit status, when the help is read or the server has stopped. `root` is the project's folder. */
export async function run(words: readonly string[], root: URL): Promise<number> {
  const command = readCommandLine(words);
  if (!command.ok) {
    console.error(command.reason);
    return 1;
  }
  if (command.value.do === 'help') {
    console.log(HELP);
    return 0;
  }
  const folders = { app: fileURLToPath(new URL('dist/app', root)), kept: fileURLToPath(new URL('.telepresent', root)) };
  try {
    const server = await startServer(command.value.options, folders);
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
    network: hosts.map((host) => networkAddress(host, httpsPort)),
    selfSigned,
  };
}

function askedToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
