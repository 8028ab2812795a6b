/** How much one address may ask of this server: requests, new sockets, open sockets; knows not what they are for. */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { type Allowance, Bucket } from './bucket.ts';

/** A class of thirty robots and thirty pilots behind one address reloads at the same time. */
const UPGRADES: Allowance = { burst: 300, perSecond: 5 };
const MOST_SOCKETS_OF_ONE = 256;
const MOST_SOCKETS = 20_000;
const MOST_REMEMBERED = 20_000;
/** Of an IPv6 network, which one household owns whole. */
const IPV6_PREFIX = 64;

export const MINUTE_MS = 60_000;
/** Of one address in a minute. The app itself is some forty files. */
export const REQUESTS_A_MINUTE = 6000;
export const BROKER_REQUESTS_A_MINUTE = 600;
/** Codes that are written, and codes that are tried. */
export const CODE_CHANGES_A_MINUTE = 60;
export const LOOKUPS_A_MINUTE = 30;

export type Limit = 'requests' | 'lookups' | 'upgrades' | 'sockets' | 'messages' | 'bytes' | 'backlog' | 'waiting';
export const LIMITS: readonly Limit[] = [
  'requests',
  'lookups',
  'upgrades',
  'sockets',
  'messages',
  'bytes',
  'backlog',
  'waiting',
];

export type AddressOf = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string;

/** Whom a request is counted to. Behind a proxy it is the last address in its header: the proxy wrote that one itself. */
export function addressReader(behindProxy: boolean): AddressOf {
  return ({ headers, socket }) => {
    const forwarded = behindProxy
      ? String(headers['x-forwarded-for'] ?? '')
          .split(',')
          .at(-1)!
          .trim()
      : '';
    const address = isIP(forwarded) ? forwarded : (socket.remoteAddress ?? '');
    return ipKeyGenerator(address.replace(/%.*$/, ''), IPV6_PREFIX);
  };
}

/** Answers 429 once an address asks more than `most` times a minute. */
export function limitRequests(most: number, addressOf: AddressOf, hit: () => void): RequestHandler {
  return rateLimit({
    windowMs: MINUTE_MS,
    limit: most,
    keyGenerator: (asked) => addressOf(asked),
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // It would print its advice about proxies; the address is read above.
    validate: false,
    handler: (_request, response) => {
      hit();
      response
        .status(429)
        .set('Cache-Control', 'no-store')
        .type('text/plain')
        .send('Too many requests. Wait a minute.\n');
    },
  });
}

export type SocketLimits = {
  /** Counts one in, until it leaves. */
  enter(address: string): Entry;
  /** Once for each that entered. */
  leave(address: string): void;
};

export type Entry = { readonly ok: true } | { readonly ok: false; readonly limit: 'upgrades' | 'sockets' };
const ENTERED: Entry = { ok: true };

/** `nowMs` never goes back. */
export function limitSockets(nowMs: () => number): SocketLimits {
  const buckets = new Map<string, Bucket>();
  const open = new Map<string, number>();
  let total = 0;

  const bucketOf = (address: string, now: number) => {
    const bucket = buckets.get(address) ?? new Bucket(UPGRADES, now);
    // What was asked last stands last. The first is forgotten first, and at once when there is nothing to remember.
    buckets.delete(address);
    for (const [oldest, first] of buckets) {
      if (buckets.size < MOST_REMEMBERED && !first.isFull(now)) break;
      buckets.delete(oldest);
    }
    buckets.set(address, bucket);
    return bucket;
  };

  return {
    enter(address) {
      const now = nowMs();
      if (!bucketOf(address, now).spend(1, now)) return { ok: false, limit: 'upgrades' };
      const count = open.get(address) ?? 0;
      if (count >= MOST_SOCKETS_OF_ONE || total >= MOST_SOCKETS) return { ok: false, limit: 'sockets' };
      open.set(address, count + 1);
      total++;
      return ENTERED;
    },
    leave(address) {
      const left = open.get(address)! - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
      total--;
    },
  };
}
