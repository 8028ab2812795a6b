/** One question to the broker by HTTP, and its answer; knows not what is asked. */
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import type { Identity } from '../trust/identity.ts';
import { type BrokerAddress, hostOf } from './broker-address.ts';

/** Who asks, whom, and for how long an answer is of use. */
export type Desk = {
  readonly address: BrokerAddress;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly signal: AbortSignal;
};

export type Question = {
  readonly method?: 'GET' | 'PUT' | 'DELETE';
  /** Below the broker's own path, with a slash in front. */
  readonly path: string;
  /** A token of `claim.ts`. */
  readonly claim?: string;
};

/** `body` is undefined when it was no JSON. */
export type Answer = { readonly status: number; readonly body: unknown };

/** A network that swallows everything never says no. */
const ANSWERED_WITHIN_MS = 8_000;

/** @throws {Fault} unreachable | timeout | cancelled, the broker; any status is an answer */
export async function askBroker(
  { address, clock, signal }: Omit<Desk, 'identity'>,
  { method = 'GET', path, claim }: Question,
): Promise<Answer> {
  const asking = new AbortController();
  const done = new AbortController();
  let late = false;
  if (signal.aborted) asking.abort();
  signal.addEventListener('abort', () => asking.abort(), { once: true, signal: done.signal });
  clock.after(
    ANSWERED_WITHIN_MS,
    () => {
      late = true;
      asking.abort();
    },
    done.signal,
  );
  try {
    const url = `${address.secure ? 'https' : 'http'}://${hostOf(address)}${address.path}${path}`;
    const response = await fetch(url, {
      method,
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      signal: asking.signal,
      ...(claim === undefined ? {} : { headers: { Authorization: `Claim ${claim}` } }),
    });
    return { status: response.status, body: readJson(await response.text()) };
  } catch (cause) {
    if (late) throw new Fault('timeout', 'broker', `no answer within ${ANSWERED_WITHIN_MS} ms`, { cause });
    if (signal.aborted) throw new Fault('cancelled', 'broker', 'the question was called off', { cause });
    throw new Fault('unreachable', 'broker', String(cause), { cause });
  } finally {
    done.abort();
  }
}

/** What any other answer than the hoped for means. */
export function brokerFault({ status }: Answer, what: string): Fault {
  const detail = `it answered ${what} with status ${status}`;
  return new Fault(status === 401 || status === 403 ? 'refused' : 'unreachable', 'broker', detail);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // An empty answer, or a page of a proxy: whoever asked finds nothing in it.
    return undefined;
  }
}
