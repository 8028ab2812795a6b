import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BuiltServer, buildServer } from './built-server.ts';

let built: BuiltServer;
beforeAll(async () => {
  built = await buildServer();
});
afterAll(() => built.remove());

test.each([
  {
    words: ['--cert', '/no.pem', '--key', '/no.pem'],
    says: /^The certificate \/no\.pem can't be read\. .*\n$/,
  },
  { words: ['--ice', '/no.json'], says: /^The ICE servers \/no\.json can't be read\. .*\n$/ },
  { words: [], env: { TELEPRESENT_ICE: '{"turn":{}}' }, says: /^TELEPRESENT_ICE: turn\.urls needs to be a list .*\n$/ },
  { words: [], env: { TURN_SECRET: 'x' }, says: /^TURN_URLS and TURN_SECRET go together\. Set both\.\n$/ },
])('$words with $env ends with a sentence, never a stack', async ({ words, env, says }) => {
  const { ended, said } = built.start(['--port', '0', ...words], env);
  expect(await ended).toBe(1);
  expect(said()).toMatch(says);
});

test.each(['SIGINT', 'SIGTERM'] as const)('serves, says where, and ends well on %s', async (signal) => {
  const { ready, ended, said, kill } = built.start(['--port', '0']);
  const here = await ready();
  expect(await (await fetch(new URL('healthz', here))).text()).toBe('ok\n');
  expect(said()).not.toContain('{');

  const second = built.start(['--port', new URL(here).port]);
  expect(await second.ended).toBe(1);
  expect(second.said()).toMatch(
    /^Port \d+ is taken\. Close what uses it, or choose another: npm start -- --port \d+\n$/,
  );

  kill(signal);
  expect(await ended).toBe(0);
});

test('behind a proxy serves by http alone, on the host that was asked for', async () => {
  const { ready, ended, said, kill } = built.start(['--port', '0', '--host', '127.0.0.1'], { TELEPRESENT_PROXY: '1' });
  const here = await ready();
  expect(await (await fetch(new URL('healthz', here))).text()).toBe('ok\n');
  expect(said()).not.toContain('https');
  kill('SIGTERM');
  expect(await ended).toBe(0);
});
