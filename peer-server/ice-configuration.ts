/** Which STUN and TURN servers the pages are given: a file or the environment, checked before anything starts; knows no network. */
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { Decoded } from '../src/core/fault.ts';
import { Complaint } from './complaint.ts';
import { type IceConfiguration, type IceServer, LONGEST_LIFETIME_SECONDS, type Turn } from './ice-servers.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Fields = Readonly<Record<string, unknown>>;

const SHORTEST_LIFETIME_SECONDS = 60;
/** A page pays for each with a request before it connects. */
const MOST_SERVERS = 8;
const MOST_URLS = 8;
/** Whoever holds one credential can try secrets at leisure. */
const SHORTEST_SECRET = 16;

/** The file wins over the environment. @throws {Complaint} naming the file or variable, and the field */
export async function readIceConfiguration(path: string | undefined, env: Environment): Promise<IceConfiguration> {
  const { TELEPRESENT_ICE: inline } = env;
  const given =
    path === undefined ? (inline ? check('TELEPRESENT_ICE', inline) : { iceServers: [] }) : await open(path);
  const turn = readTurnVariables(env);
  if (turn && given.turn) {
    throw new Complaint(`TURN_URLS and ${path ?? 'TELEPRESENT_ICE'} both name a TURN server of yours. Keep one.`);
  }
  return turn ? { ...given, turn } : given;
}

async function open(path: string): Promise<IceConfiguration> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new Complaint(`The ICE servers ${path} can't be read. Check the path after --ice.`, { cause });
  }
  return check(path, text);
}

function check(source: string, text: string): IceConfiguration {
  const decoded = decodeIceConfiguration(text);
  if (!decoded.ok) throw new Complaint(`${source}: ${decoded.reason}`);
  return decoded.value;
}

/** Compose gives what is not set as an empty word. */
function readTurnVariables({ TURN_URLS: urls, TURN_SECRET: secret }: Environment): Turn | undefined {
  if (!urls && !secret) return undefined;
  if (!urls || !secret) throw new Complaint('TURN_URLS and TURN_SECRET go together. Set both.');
  try {
    return readTurn(
      { urls: urls.split(',').map((url) => url.trim()), secret },
      { urls: 'TURN_URLS', secret: 'TURN_SECRET' },
    );
  } catch (error) {
    throw error instanceof Mistake ? new Complaint(error.message) : error;
  }
}

/** `text` is JSON, as --ice has it. The reason is a sentence that names the field. */
export function decodeIceConfiguration(text: string): Decoded<IceConfiguration> {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return { ok: false, reason: "This isn't JSON. Check commas and quotes." };
  }
  try {
    return { ok: true, value: readConfiguration(json) };
  } catch (error) {
    if (error instanceof Mistake) return { ok: false, reason: error.message };
    throw error;
  }
}

/** Ends the reading from any depth; never leaves this file. */
class Mistake extends Error {}

function readConfiguration(json: unknown): IceConfiguration {
  const { iceServers = [], turn } = readFields(json, 'The whole', ['iceServers', 'turn']);
  const servers = readList(iceServers, 'iceServers', MOST_SERVERS, 0).map((server, index) =>
    readServer(server, `iceServers[${index}]`),
  );
  if (turn === undefined) return { iceServers: servers };
  const fields = readFields(turn, 'turn', ['urls', 'secret', 'lifetimeSeconds']);
  return { iceServers: servers, turn: readTurn(fields, { urls: 'turn.urls', secret: 'turn.secret' }) };
}

function readServer(json: unknown, name: string): IceServer {
  const { urls, username, credential } = readFields(json, name, ['urls', 'username', 'credential']);
  const list = typeof urls === 'string' ? [urls] : readList(urls, `${name}.urls`, MOST_URLS, 1);
  const addresses = list.map((url, index) => {
    const at = typeof urls === 'string' ? `${name}.urls` : `${name}.urls[${index}]`;
    return readUrl(url, at, ['stun', 'stuns', 'turn', 'turns']);
  });
  if (!addresses.some((url) => url.startsWith('turn'))) {
    if (username !== undefined || credential !== undefined) {
      throw new Mistake(`${name} has a username or credential, and STUN takes none. Leave them away.`);
    }
    return { urls: addresses };
  }
  return {
    urls: addresses,
    username: readWord(username, `${name}.username`),
    credential: readWord(credential, `${name}.credential`),
  };
}

function readTurn({ urls, secret, lifetimeSeconds }: Fields, name: { urls: string; secret: string }): Turn {
  const addresses = readList(urls, name.urls, MOST_URLS, 1).map((url, index) =>
    readUrl(url, `${name.urls}[${index}]`, ['turn', 'turns']),
  );
  const word = readWord(secret, name.secret);
  if (word.length < SHORTEST_SECRET) {
    throw new Mistake(`${name.secret} is too short. Use ${SHORTEST_SECRET} characters or more.`);
  }
  return { urls: addresses, secret: word, lifetimeSeconds: readLifetime(lifetimeSeconds) };
}

function readLifetime(json: unknown): number {
  if (json === undefined) return LONGEST_LIFETIME_SECONDS;
  const isFitting =
    Number.isInteger(json) && Number(json) >= SHORTEST_LIFETIME_SECONDS && Number(json) <= LONGEST_LIFETIME_SECONDS;
  if (isFitting) return Number(json);
  throw new Mistake(
    `turn.lifetimeSeconds needs a whole number from ${SHORTEST_LIFETIME_SECONDS} to ${LONGEST_LIFETIME_SECONDS}.`,
  );
}

function readFields(json: unknown, name: string, known: readonly string[]): Fields {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new Mistake(`${name} needs to be an object with ${known.join(', ')}.`);
  }
  const unknown = Object.keys(json).find((field) => !known.includes(field));
  if (unknown !== undefined) {
    throw new Mistake(`${name} has a field ${JSON.stringify(unknown)}, and only ${known.join(', ')} are known.`);
  }
  return json as Fields;
}

function readList(json: unknown, name: string, most: number, least: number): readonly unknown[] {
  if (Array.isArray(json) && json.length >= least && json.length <= most) return json;
  throw new Mistake(`${name} needs to be a list of ${least} to ${most}.`);
}

function readWord(json: unknown, name: string): string {
  if (typeof json === 'string' && json !== '') return json;
  throw new Mistake(`${name} is missing, or isn't text in quotes.`);
}

/** RFC 7064 and RFC 7065. */
function readUrl(json: unknown, name: string, schemes: readonly string[]): string {
  const parts = typeof json === 'string' ? /^(\w+):(\[[^\]]*\]|[^:?[\]]+)(?::(\d+))?(\?.*)?$/.exec(json) : null;
  const [url, scheme = '', host = '', port = '1', query = ''] = parts ?? [];
  const isFitting =
    schemes.includes(scheme) &&
    isHost(host) &&
    Number(port) >= 1 &&
    Number(port) <= 65535 &&
    (query === '' || (scheme.startsWith('turn') && /^\?transport=(udp|tcp)$/.test(query)));
  if (url !== undefined && isFitting) return url;
  const example = `${schemes[0]}:relay.example:3478${schemes[0] === 'turn' ? '?transport=udp' : ''}`;
  throw new Mistake(`${name} isn't an address such as ${example}.`);
}

function isHost(host: string): boolean {
  if (host.startsWith('[')) return isIP(host.slice(1, -1)) === 6;
  return isIP(host) === 4 || /^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(host);
}
