/** What a person may ask of `npm start`, read from the words they typed, before anything is installed; knows neither files nor sockets. */

export const HELP = `Telepresent: see through and drive a robot from a browser.

Usage: npm start -- [options]

  --port <number>        port for this machine, http (8080)
  --https-port <number>  port for other devices, https (one above --port)
  --host <address>       address that https listens on (0.0.0.0: every network)
  --cert <file>          your own certificate, PEM, together with --key
  --key <file>           its private key, PEM
  --ice <file>           STUN and TURN servers, JSON (or TELEPRESENT_ICE)
  --behind-proxy         plain http on --host and --port, for a proxy that does
                         https and X-Forwarded-For (or TELEPRESENT_PROXY=1)
  --log <level>          JSON lines: error, warn, info, debug (or LOG_LEVEL)
  --help                 this text
`;

const DEFAULT_PORT = 8080;
const HIGHEST_PORT = 65535;
const VALUED = ['--port', '--https-port', '--host', '--cert', '--key', '--ice', '--log'];
const FLAGS = ['--behind-proxy'];
const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'];
const OWN_HTTPS = ['--https-port', '--cert', '--key'];

const SEE_HELP = 'See npm start -- --help.';

/**
 * Both `--port 8090` and `--port=8090`. The reason is a sentence for the one who typed it.
 * @param {readonly string[]} words
 * @param {Readonly<Record<string, string | undefined>>} env what the words do not say
 */
export function readCommandLine(words, env = {}) {
  const values = new Map();
  const waiting = [...words];
  for (let word = waiting.shift(); word !== undefined; word = waiting.shift()) {
    if (word === '--help' || word === '-h') return { ok: true, value: { do: 'help' } };
    const [name = '', inline] = splitOnce(word, '=');
    if (!VALUED.includes(name) && !FLAGS.includes(name)) return refuse(`There is no option ${name}. ${SEE_HELP}`);
    if (values.has(name)) return refuse(`${name} is given twice. Keep one.`);
    if (FLAGS.includes(name) && inline !== undefined) return refuse(`${name} takes no value. ${SEE_HELP}`);
    const value = FLAGS.includes(name) ? name.slice(2) : (inline ?? waiting.shift());
    if (!value || value.startsWith('--')) return refuse(`${name} needs a value after it. ${SEE_HELP}`);
    values.set(name, value);
  }
  return readOptions(values, env);
}

function readOptions(values, env) {
  const ports = readPorts(values);
  if (!ports.ok) return ports;
  const certPath = values.get('--cert');
  const keyPath = values.get('--key');
  if ((certPath === undefined) !== (keyPath === undefined)) return refuse('--cert and --key go together. Give both.');
  const certificate = certPath !== undefined && keyPath !== undefined ? { certPath, keyPath } : undefined;
  const proxy = env.TELEPRESENT_PROXY || '0';
  if (proxy !== '0' && proxy !== '1') return refuse('TELEPRESENT_PROXY needs to be 1, or not to be there.');
  const behindProxy = values.has('--behind-proxy') || proxy === '1';
  const useless = OWN_HTTPS.find((name) => values.has(name));
  if (behindProxy && useless) return refuse(`Behind a proxy there is no https, so leave ${useless} away.`);
  const logLevel = (values.get('--log') || env.LOG_LEVEL || 'silent').toLowerCase();
  if (!LOG_LEVELS.includes(logLevel)) {
    return refuse(`${values.has('--log') ? '--log' : 'LOG_LEVEL'} needs to be one of ${LOG_LEVELS.join(', ')}.`);
  }
  const host = values.get('--host') ?? '0.0.0.0';
  const icePath = values.get('--ice');
  return {
    ok: true,
    value: { do: 'serve', options: { ...ports.value, host, certificate, behindProxy, icePath, logLevel } },
  };
}

function readPorts(values) {
  const port = readPort(values.get('--port') ?? String(DEFAULT_PORT));
  if (port === undefined) return refuseNumber('--port');
  const asked = values.get('--https-port');
  const httpsPort = asked === undefined ? portAbove(port) : readPort(asked);
  if (httpsPort === undefined) return refuseNumber(asked === undefined ? '--port' : '--https-port');
  if (port !== 0 && httpsPort === port) return refuse('--port and --https-port are the same. Choose two numbers.');
  return { ok: true, value: { port, httpsPort } };
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
