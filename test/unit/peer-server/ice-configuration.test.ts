import { createHmac } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Complaint } from '../../../peer-server/complaint.ts';
import { decodeIceConfiguration, readIceConfiguration } from '../../../peer-server/ice-configuration.ts';
import { iceServersFor } from '../../../peer-server/ice-servers.ts';

const SECRET = 'a secret of the relay';
const FULL = {
  iceServers: [
    { urls: ['stun:stun.example'] },
    {
      urls: ['turn:192.0.2.1:3478?transport=udp', 'turns:[2001:db8::1]:443?transport=tcp'],
      username: 'u',
      credential: 'c',
    },
  ],
  turn: { urls: ['turn:relay.example?transport=udp', 'turns:relay.example:443'], secret: SECRET, lifetimeSeconds: 600 },
};

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telepresent-ice-'));
  path = join(folder, 'ice.json');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the configuration', () => {
  test('is nothing unless somebody gives one', async () => {
    expect(await readIceConfiguration(undefined, {})).toEqual({ iceServers: [] });
    const empty = { TELEPRESENT_ICE: '', TURN_URLS: '', TURN_SECRET: '' };
    expect(await readIceConfiguration(undefined, empty)).toEqual({ iceServers: [] });
  });

  test('comes from a file, from the environment, or from both', async () => {
    await writeFile(path, `\ufeff${JSON.stringify(FULL)}`);
    expect(await readIceConfiguration(path, {})).toEqual(FULL);
    expect(await readIceConfiguration(undefined, { TELEPRESENT_ICE: JSON.stringify(FULL) })).toEqual(FULL);
    expect(await readIceConfiguration(path, { TELEPRESENT_ICE: 'nonsense' })).toEqual(FULL);
    const turn = { TURN_URLS: 'turn:a.example, turns:a.example:443', TURN_SECRET: SECRET };
    expect(
      await readIceConfiguration(undefined, { ...turn, TELEPRESENT_ICE: '{"iceServers":[{"urls":"stun:b.example"}]}' }),
    ).toEqual({
      iceServers: [{ urls: ['stun:b.example'] }],
      turn: { urls: ['turn:a.example', 'turns:a.example:443'], secret: SECRET, lifetimeSeconds: 3600 },
    });
  });

  test.each([
    { env: { TURN_URLS: 'turn:a.example' }, says: 'TURN_URLS and TURN_SECRET go together. Set both.' },
    { env: { TURN_SECRET: SECRET }, says: 'TURN_URLS and TURN_SECRET go together. Set both.' },
    { env: { TURN_URLS: 'turn:a.example,', TURN_SECRET: SECRET }, says: "TURN_URLS[1] isn't an address such as" },
    { env: { TURN_URLS: 'turn:a.example', TURN_SECRET: 'short' }, says: 'TURN_SECRET is too short.' },
    { env: { TELEPRESENT_ICE: '{' }, says: "TELEPRESENT_ICE: This isn't JSON. Check commas and quotes." },
    {
      env: { TELEPRESENT_ICE: JSON.stringify(FULL), TURN_URLS: 'turn:a.example', TURN_SECRET: SECRET },
      says: 'TURN_URLS and TELEPRESENT_ICE both name a TURN server of yours. Keep one.',
    },
  ])('of $env is refused in a sentence', async ({ env, says }) => {
    const refused = await readIceConfiguration(undefined, env).catch((error) => error);
    expect(refused).toBeInstanceOf(Complaint);
    expect(refused.message).toContain(says);
  });

  test('names the file that is wrong, or that is not there', async () => {
    await writeFile(path, '{"iceservers":[]}');
    await expect(readIceConfiguration(path, {})).rejects.toThrow(
      new Complaint(`${path}: The whole has a field "iceservers", and only iceServers, turn are known.`),
    );
    const missing = join(folder, 'missing.json');
    await expect(readIceConfiguration(missing, {})).rejects.toThrow(
      new Complaint(`The ICE servers ${missing} can't be read. Check the path after --ice.`),
    );
  });
});

const server = (more: object) => ({ iceServers: [{ urls: 'stun:a.example', ...more }] });
const turn = (more: object) => ({ turn: { ...FULL.turn, ...more } });

test.each([
  { json: [], says: 'The whole needs to be an object with iceServers, turn.' },
  { json: null, says: 'The whole needs to be an object with iceServers, turn.' },
  { json: { iceServers: {} }, says: 'iceServers needs to be a list of 0 to 8.' },
  { json: { iceServers: Array(9).fill({ urls: 'stun:a' }) }, says: 'iceServers needs to be a list of 0 to 8.' },
  { json: { iceServers: ['stun:a'] }, says: 'iceServers[0] needs to be an object with urls, username, credential.' },
  { json: server({ url: 'stun:a' }), says: 'iceServers[0] has a field "url", and only urls, username, credential are' },
  { json: server({ urls: [] }), says: 'iceServers[0].urls needs to be a list of 1 to 8.' },
  { json: server({ urls: 7 }), says: 'iceServers[0].urls needs to be a list of 1 to 8.' },
  { json: server({ urls: 'http://a' }), says: "iceServers[0].urls isn't an address such as stun:relay.example:3478." },
  { json: server({ urls: ['stun:a', 5] }), says: "iceServers[0].urls[1] isn't an address such as" },
  { json: server({ urls: 'stun:a:0' }), says: "iceServers[0].urls isn't an address" },
  { json: server({ urls: 'stun:a:65536' }), says: "iceServers[0].urls isn't an address" },
  { json: server({ urls: 'stun:a?transport=udp' }), says: "iceServers[0].urls isn't an address" },
  { json: server({ urls: 'stun:2001:db8::1' }), says: "iceServers[0].urls isn't an address" },
  { json: server({ urls: 'stun:[zz]' }), says: "iceServers[0].urls isn't an address" },
  { json: server({ urls: 'stun:-a' }), says: "iceServers[0].urls isn't an address" },
  { json: server({ username: 'u' }), says: 'iceServers[0] has a username or credential, and STUN takes none.' },
  { json: server({ urls: 'turn:a' }), says: "iceServers[0].username is missing, or isn't text in quotes." },
  { json: server({ urls: 'turn:a', username: 'u' }), says: "iceServers[0].credential is missing, or isn't text" },
  { json: turn({ urls: 'turn:a' }), says: 'turn.urls needs to be a list of 1 to 8.' },
  {
    json: turn({ urls: ['stun:a'] }),
    says: "turn.urls[0] isn't an address such as turn:relay.example:3478?transport=udp.",
  },
  { json: turn({ urls: ['turn:a?transport=sctp'] }), says: "turn.urls[0] isn't an address" },
  { json: turn({ secret: undefined }), says: "turn.secret is missing, or isn't text in quotes." },
  { json: turn({ secret: 'fifteen letters' }), says: 'turn.secret is too short. Use 16 characters or more.' },
  { json: turn({ lifetimeSeconds: 3601 }), says: 'turn.lifetimeSeconds needs a whole number from 60 to 3600.' },
  { json: turn({ lifetimeSeconds: 59 }), says: 'turn.lifetimeSeconds needs a whole number from 60 to 3600.' },
  { json: turn({ lifetimeSeconds: '600' }), says: 'turn.lifetimeSeconds needs a whole number from 60 to 3600.' },
  { json: turn({ lifetimeSeconds: 60.5 }), says: 'turn.lifetimeSeconds needs a whole number from 60 to 3600.' },
])('$says', ({ json, says }) => {
  const decoded = decodeIceConfiguration(JSON.stringify(json));
  expect(decoded.ok ? 'accepted' : decoded.reason).toContain(says);
});

test('whatever is in the file is accepted or refused with a reason, and never throws', () => {
  const url = fc.oneof(fc.constantFrom('stun:a', 'turn:b', 'turns:[::1]:1?transport=tcp'), fc.string());
  const anything = fc.oneof(fc.jsonValue(), url, fc.array(url));
  const fields = fc.record(
    {
      iceServers: fc.oneof(anything, fc.array(fc.record({ urls: anything, username: anything }, { requiredKeys: [] }))),
      turn: fc.oneof(anything, fc.record({ urls: anything, secret: anything, lifetimeSeconds: anything })),
    },
    { requiredKeys: [] },
  );
  const check = (text: string) => {
    const decoded = decodeIceConfiguration(text);
    if (!decoded.ok) expect(decoded.reason).toMatch(/\.$/);
    else expect(decodeIceConfiguration(JSON.stringify(decoded.value))).toEqual(decoded);
  };
  fc.assert(fc.property(fields, (json) => check(JSON.stringify(json))));
  fc.assert(fc.property(fc.string(), check));
});

describe('what a page is given', () => {
  const NOW_MS = 1_700_000_000_900;

  test('carries a password that the relay can make again, for its name and time alone', () => {
    const { iceServers, lifetimeSeconds } = iceServersFor('robot', FULL, NOW_MS);
    expect(iceServers.slice(0, 2)).toEqual(FULL.iceServers);
    expect(lifetimeSeconds).toBe(600);
    const { urls, username, credential } = iceServers[2]!;
    expect(urls).toEqual(FULL.turn.urls);
    expect(username).toBe('1700000600:robot');
    expect(credential).toBe(createHmac('sha1', SECRET).update('1700000600:robot').digest('base64'));
    expect(JSON.stringify(iceServers)).not.toContain(SECRET);
  });

  test('lives at most an hour, whatever was configured', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10, max: 1e6 }), (lifetime) => {
        const decoded = decodeIceConfiguration(JSON.stringify(turn({ lifetimeSeconds: lifetime })));
        if (!decoded.ok) return;
        const { iceServers, lifetimeSeconds } = iceServersFor('robot', decoded.value, NOW_MS);
        expect(lifetimeSeconds).toBeLessThanOrEqual(3600);
        expect(Number(iceServers[0]!.username!.split(':')[0]) - NOW_MS / 1000).toBeLessThanOrEqual(3600);
      }),
    );
  });

  test('is only what was configured, without a relay that knows a secret', () => {
    expect(iceServersFor('robot', { iceServers: [] }, NOW_MS)).toEqual({ iceServers: [], lifetimeSeconds: 3600 });
  });
});
