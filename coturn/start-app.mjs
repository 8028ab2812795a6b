/** Runs the built server in its container, where nothing is left to install or to build; knows no request. */
import { run } from '../dist/server/main.js';
import { HELP, readCommandLine } from '../peer-server/command-line.mjs';

const command = readCommandLine(process.argv.slice(2), process.env);
if (!command.ok) {
  console.error(command.reason);
  process.exit(1);
}
if (command.value.do === 'help') {
  console.log(HELP);
  process.exit(0);
}
// PeerServer's timers have no end of their own.
process.exit(await run(command.value.options, new URL('../', import.meta.url)));
