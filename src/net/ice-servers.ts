/** The STUN and TURN servers that the broker lends this page, renewed before they run out; knows no connection. */
import { signal as makeSignal, type ReadonlySignal } from '@preact/signals-core';
import { backoffMs } from '../control/backoff.ts';
import type { Clock } from '../core/clock.ts';
import type { Decoded } from '../core/fault.ts';
import { askBroker, brokerFault, type Desk } from './ask-broker.ts';
import { freshClaim } from './fresh-claim.ts';

export type IceLoan = {
  /** Empty: the server knows none, and only direct paths are tried. */
  readonly servers: readonly RTCIceServer[];
  readonly lifetimeMs: number;
};

export type IceServers = {
  /** Empty until the first loan; the last one stays when it could not be renewed. */
  readonly servers: ReadonlySignal<readonly RTCIceServer[]>;
  /** Resolves with the first loan, or when waiting for it holds the page up. */
  readonly ready: Promise<void>;
};

/** Beyond it connections begin with what is known. */
const FIRST_WITHIN_MS = 3_000;
/** Renewed after this share of the lifetime: a connection that begins just before has the other half for its own renewal. */
const RENEWED_AFTER = 0.5;
const RENEW_AT_LEAST_AFTER_MS = 15_000;
const RENEW_AT_MOST_AFTER_MS = 3_600_000;
/** After so many failures the broker has none to lend, or is away for long. */
const QUICK_TRIES = 6;
const SLOW_RETRY_MS = 60_000;

const MOST_SERVERS = 16;
const MOST_URLS = 80;
/** Chromium's own limit is 509. */
const LONGEST_SECRET = 500;
/** RFC 7064 and RFC 7065; a browser throws on anything else, in the middle of an introduction. */
const STUN = /^stuns?:(?:\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::(\d{1,5}))?$/i;
const TURN = /^turns?:(?:\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::(\d{1,5}))?(?:\?transport=(?:udp|tcp))?$/i;

/** Asks at once and again before what was lent runs out, until `signal` aborts. `ask` may throw. */
export function keepIceServers({
  ask,
  clock,
  random,
  signal,
}: {
  readonly ask: () => Promise<IceLoan>;
  readonly clock: Clock;
  /** 0…1, spreads out the tries of many pages. */
  readonly random: () => number;
  readonly signal: AbortSignal;
}): IceServers {
  const servers = makeSignal<readonly RTCIceServer[]>([]);
  const waited = new AbortController();
  const ready = new Promise<void>((resolve) => {
    waited.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  clock.after(FIRST_WITHIN_MS, () => waited.abort(), waited.signal);
  let failures = 0;
  const renew = async () => {
    let nextMs: number;
    try {
      const loan = await ask();
      failures = 0;
      nextMs = Math.min(Math.max(loan.lifetimeMs * RENEWED_AFTER, RENEW_AT_LEAST_AFTER_MS), RENEW_AT_MOST_AFTER_MS);
      if (!signal.aborted) servers.value = loan.servers;
    } catch {
      // The state of the broker tells the reason already; what was lent before may still be good.
      nextMs = failures++ < QUICK_TRIES ? backoffMs(failures, random) : SLOW_RETRY_MS * (1 + random());
    }
    waited.abort();
    if (!signal.aborted) clock.after(nextMs, () => void renew(), signal);
  };
  void renew();
  return { servers, ready };
}

/** @throws {Fault} refused | unreachable | timeout | cancelled, the broker */
export async function borrowIceServers(desk: Desk): Promise<IceLoan> {
  const claim = await freshClaim(desk, 'ice');
  const answer = await askBroker(desk, { path: `/ice?id=${desk.identity.id}`, claim });
  if (answer.status !== 200) throw brokerFault(answer, 'the wish for relays');
  const loan = decodeIceLoan(answer.body);
  if (!loan.ok) throw brokerFault(answer, `the wish for relays (${loan.reason})`);
  return loan.value;
}

/** Whether one of them is a TURN server. */
export function hasRelay(servers: readonly RTCIceServer[]): boolean {
  return servers.some(({ urls }) => [urls].flat().some(isTurn));
}

/** Whether it is the address of a TURN server. */
export function isTurn(url: string): boolean {
  return /^turns?:/i.test(url);
}

/** `{iceServers, lifetimeSeconds}` of the broker. Never throws. */
export function decodeIceLoan(body: unknown): Decoded<IceLoan> {
  const { iceServers, lifetimeSeconds } = (body ?? {}) as { iceServers?: unknown; lifetimeSeconds?: unknown };
  if (!Array.isArray(iceServers) || iceServers.length > MOST_SERVERS)
    return { ok: false, reason: 'no list of servers' };
  if (typeof lifetimeSeconds !== 'number' || !(lifetimeSeconds >= 0)) return { ok: false, reason: 'no lifetime' };
  const servers: RTCIceServer[] = [];
  for (const entry of iceServers) {
    const server = readServer(entry);
    if (!server) return { ok: false, reason: `server ${servers.length} is none` };
    servers.push(server);
  }
  if (servers.flatMap(({ urls }) => urls).length > MOST_URLS) return { ok: false, reason: 'too many addresses' };
  return { ok: true, value: { servers, lifetimeMs: lifetimeSeconds * 1000 } };
}

function readServer(entry: unknown): RTCIceServer | undefined {
  const given = (entry ?? {}) as { urls?: unknown; username?: unknown; credential?: unknown };
  const urls: readonly unknown[] = Array.isArray(given.urls) ? given.urls : [given.urls];
  const { username, credential } = given;
  if (urls.length === 0 || !urls.every(isAddress)) return undefined;
  if (!urls.some(isTurn)) return { urls: [...urls] };
  if (!isSecret(username) || !isSecret(credential)) return undefined;
  return { urls: [...urls], username, credential };
}

function isAddress(url: unknown): url is string {
  if (typeof url !== 'string') return false;
  const found = STUN.exec(url) ?? TURN.exec(url);
  if (!found) return false;
  const port = found[1] === undefined ? 3478 : Number(found[1]);
  return port > 0 && port < 65_536;
}

function isSecret(text: unknown): text is string {
  return typeof text === 'string' && text.length > 0 && new TextEncoder().encode(text).length <= LONGEST_SECRET;
}
