import { expect, test } from 'vitest';
import { HELP, readCommandLine } from '../../../peer-server/command-line.mjs';

const DEFAULTS = {
  port: 8080,
  httpsPort: 8081,
  host: '0.0.0.0',
  certificate: undefined,
  behindProxy: false,
  icePath: undefined,
  logLevel: 'silent',
};

function read(...words: string[]) {
  return readCommandLine(words);
}

test.each([
  { words: [], options: DEFAULTS },
  { words: ['--port', '8090'], options: { ...DEFAULTS, port: 8090, httpsPort: 8091 } },
  { words: ['--port=8090'], options: { ...DEFAULTS, port: 8090, httpsPort: 8091 } },
  { words: ['--port', '0'], options: { ...DEFAULTS, port: 0, httpsPort: 0 } },
  { words: ['--https-port', '443'], options: { ...DEFAULTS, httpsPort: 443 } },
  { words: ['--host', '192.0.2.7'], options: { ...DEFAULTS, host: '192.0.2.7' } },
  {
    words: ['--key', 'k.pem', '--cert', 'c.pem'],
    options: { ...DEFAULTS, certificate: { certPath: 'c.pem', keyPath: 'k.pem' } },
  },
  {
    words: ['--cert=a=b.pem', '--key', 'k'],
    options: { ...DEFAULTS, certificate: { certPath: 'a=b.pem', keyPath: 'k' } },
  },
  { words: ['--ice', 'ice.json'], options: { ...DEFAULTS, icePath: 'ice.json' } },
  { words: ['--log=Debug'], options: { ...DEFAULTS, logLevel: 'debug' } },
  {
    words: ['--behind-proxy', '--host', '127.0.0.1', '--port', '80'],
    options: { ...DEFAULTS, behindProxy: true, host: '127.0.0.1', port: 80, httpsPort: 81 },
  },
])('$words is understood', ({ words, options }) => {
  expect(read(...words)).toEqual({ ok: true, value: { do: 'serve', options } });
});

test.each([
  { env: { TELEPRESENT_PROXY: '1', LOG_LEVEL: 'warn' }, options: { ...DEFAULTS, behindProxy: true, logLevel: 'warn' } },
  { env: { TELEPRESENT_PROXY: '0' }, options: DEFAULTS },
  { env: { TELEPRESENT_PROXY: '', LOG_LEVEL: '' }, options: DEFAULTS },
])('the environment $env says what the words do not', ({ env, options }) => {
  expect(readCommandLine([], env)).toEqual({ ok: true, value: { do: 'serve', options } });
});

test('a word wins over the environment', () => {
  const { ok, value } = readCommandLine(['--log', 'info'], { LOG_LEVEL: 'nonsense' }) as { ok: boolean; value: object };
  expect([ok, value]).toMatchObject([true, { options: { logLevel: 'info' } }]);
});

test.each([
  { env: { TELEPRESENT_PROXY: 'yes' }, says: 'TELEPRESENT_PROXY needs to be 1, or not to be there.' },
  {
    env: { LOG_LEVEL: 'loud' },
    says: 'LOG_LEVEL needs to be one of silent, fatal, error, warn, info, debug, trace.',
  },
])('the environment $env is refused in a sentence', ({ env, says }) => {
  expect(readCommandLine([], env)).toEqual({ ok: false, reason: says });
});

test.each([['--help'], ['-h'], ['--port', '8090', '--help']])('%s asks for help', (...words) => {
  expect(read(...words)).toEqual({ ok: true, value: { do: 'help' } });
});

test.each([
  { words: ['--prot', '1'], says: 'There is no option --prot. See npm start -- --help.' },
  { words: ['8090'], says: 'There is no option 8090. See npm start -- --help.' },
  { words: ['--port'], says: '--port needs a value after it. See npm start -- --help.' },
  { words: ['--port', '--host'], says: '--port needs a value after it. See npm start -- --help.' },
  { words: ['--port='], says: '--port needs a value after it. See npm start -- --help.' },
  { words: ['--port', 'http'], says: '--port needs a number from 0 to 65534. See npm start -- --help.' },
  { words: ['--port', '-1'], says: '--port needs a number from 0 to 65534. See npm start -- --help.' },
  { words: ['--port', '65535'], says: '--port needs a number from 0 to 65534. See npm start -- --help.' },
  { words: ['--port', '1e3'], says: '--port needs a number from 0 to 65534. See npm start -- --help.' },
  { words: ['--https-port', '65536'], says: '--https-port needs a number from 0 to 65535. See npm start -- --help.' },
  { words: ['--port', '1', '--port', '2'], says: '--port is given twice. Keep one.' },
  { words: ['--cert', 'c.pem'], says: '--cert and --key go together. Give both.' },
  { words: ['--key', 'k.pem'], says: '--cert and --key go together. Give both.' },
  { words: ['--port', '80', '--https-port', '80'], says: '--port and --https-port are the same. Choose two numbers.' },
  { words: ['--behind-proxy=yes'], says: '--behind-proxy takes no value. See npm start -- --help.' },
  {
    words: ['--behind-proxy', '--https-port', '443'],
    says: 'Behind a proxy there is no https, so leave --https-port away.',
  },
  {
    words: ['--cert', 'c', '--key', 'k', '--behind-proxy'],
    says: 'Behind a proxy there is no https, so leave --cert away.',
  },
  { words: ['--log', 'loud'], says: '--log needs to be one of silent, fatal, error, warn, info, debug, trace.' },
  { words: ['--ice'], says: '--ice needs a value after it. See npm start -- --help.' },
])('$words is refused in a sentence', ({ words, says }) => {
  expect(read(...words)).toEqual({ ok: false, reason: says });
});

test('the help names every option', () => {
  const options = ['--port', '--https-port', '--host', '--cert', '--key', '--ice', '--behind-proxy', '--log', '--help'];
  for (const option of [...options, 'TELEPRESENT_ICE', 'TELEPRESENT_PROXY', 'LOG_LEVEL'])
    expect(HELP).toContain(option);
});
