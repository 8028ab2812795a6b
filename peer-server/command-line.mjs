/** What a person may ask of `npm start`, read from the words they typed, before anything is installed; knows neither files nor sockets. */

export const HELP = `Telepresent: see through and drive a robot from a browser.

Usage: npm start -- [options]

  --port <number>        port for this machine, http (8080)
  --https-port <number>  port for other devices, https (one above --port)
  --host <address>       address that https listens on (0.0.0.0: every network)
  --cert <file>          your own certificate, PEM, together with --key
  --key <file>           its private key, PEM
  --help                 this text
`;

const DEFAULT_PORT = 8080;
const HIGHEST_PORT = 65535;
const VALUED = ['--port', '--https-port', '--host', '--cert', '--key'];

const SEE_HELP = 'See npm start -- --help.';

/**
 * Both `--port 8090` and `--port=8090`. The reason is a sentence for the one who typed it.
 * @param {readonly string[]} words
 */
export function readCommandLine(words) {
  const values = new Map();
  const waiting = [...words];
  for (let word = waiting.shift(); word !== undefined; word = waiting.shift()) {
    if (word === '--help' || word === '-h') return { ok: true, value: { do: 'help' } };
    const [name = '', inline] = splitOnce(word, '=');
    if (!VALUED.includes(name)) return refuse(`There is no option ${name}. ${SEE_HELP}`);
    if (values.has(name)) return refuse(`${name} is given twice. Keep one.`);
    const value = inline ?? waiting.shift();
    if (!value || value.startsWith('--')) return refuse(`${name} needs a value after it. ${SEE_HELP}`);
    values.set(name, value);
  }
  return readOptions(values);
}

function readOptions(values) {
  const port = readPort(values.get('--port') ?? String(DEFAULT_PORT));
  if (port === undefined) return refuseNumber('--port');
  const asked = values.get('--https-port');
  const httpsPort = asked === undefined ? portAbove(port) : readPort(asked);
  if (httpsPort === undefined) return refuseNumber(asked === undefined ? '--port' : '--https-port');
  if (port !== 0 && httpsPort === port) return refuse('--port and --https-port are the same. Choose two numbers.');
  const certPath = values.get('--cert');
  const keyPath = values.get('--key');
  if ((certPath === undefined) !== (keyPath === undefined)) return refuse('--cert and --key go together. Give both.');
  const certificate = certPath !== undefined && keyPath !== undefined ? { certPath, keyPath } : undefined;
  const host = values.get('--host') ?? '0.0.0.0';
  return { ok: true, value: { do: 'serve', options: { port, httpsPort, host, certificate } } };
}

function readPort(text) {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return port <= HIGHEST_PORT ? port : undefined;
}

function portAbove(port) {
  if (port === 0) return 0;
  return port < HIGHEST_PORT ? port + 1 : undefined;
}

function splitOnce(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function refuseNumber(name) {
  const highest = name === '--port' ? HIGHEST_PORT - 1 : HIGHEST_PORT;
  return refuse(`${name} needs a number from 0 to ${highest}. ${SEE_HELP}`);
}

function refuse(reason) {
  return { ok: false, reason };
}
