/** Has a stranger prove who they are before anything else passes; knows neither people nor drives. */
import type { Clock } from '../core/clock.ts';
import type { Link } from '../net/link.ts';
import { encodeMessage, PROTOCOL_VERSION, type Refusal } from '../protocol/messages.ts';
import { fromBase64url, toBase64url } from '../trust/base64url.ts';
import { check, newNonce, prove, type Transcript } from '../trust/handshake.ts';
import { type Identity, idOf } from '../trust/identity.ts';
import type { PairingKey } from '../trust/invitation.ts';
import { nextMessage, within } from './conversation.ts';

/** How long a stranger's device may take to prove itself. */
const PROVEN_WITHIN_MS = 10_000;
/** Time for a last word to arrive before the connection goes. */
const GOODBYE_MS = 500;

export type Proven = {
  /** Of the device whose key it proved. */
  readonly who: string;
  readonly name: string;
  readonly visit: string;
  readonly wants: 'drive' | 'watch' | 'look';
  /** The invitation it named, and whether it knew its secret. */
  readonly invitation: string | undefined;
  readonly invited: boolean;
};

export type Meeting =
  | { readonly met: true; readonly stranger: Proven }
  /** `tried`: named an invitation. */
  | { readonly met: false; readonly reason: Refusal; readonly tried: boolean }
  /** The link went, or the time is up. */
  | undefined;

/** From hello to proof. `pairing` gives the key of an invitation that is still good. */
export async function meet(given: {
  readonly guest: Link;
  readonly identity: Identity;
  readonly pairing: (invitation: string) => PairingKey | undefined;
  /** Milliseconds before whoever says that this is their key is answered: strangers who failed make the next one wait. */
  readonly delayMs: (who: string) => number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<Meeting> {
  const { guest, identity, clock } = given;
  const sinceMs = clock.now();
  let time = within(PROVEN_WITHIN_MS, guest, clock, given.signal);
  try {
    const hello = await nextMessage(guest, time.signal);
    if (time.signal.aborted) return undefined;
    if (hello?.type !== 'hello') return { met: false, reason: 'malformed', tried: false };
    if (hello.version !== PROTOCOL_VERSION) return { met: false, reason: 'version', tried: false };
    const key = fromBase64url(hello.key, 65);
    const nonce = fromBase64url(hello.nonce, 32);
    if (!key.ok || !nonce.ok) return { met: false, reason: 'malformed', tried: false };
    const who = await idOf(key.value);
    const delayMs = given.delayMs(who);
    if (delayMs > 0) {
      // The wait is not the stranger's own time.
      const leftMs = PROVEN_WITHIN_MS - (clock.now() - sinceMs);
      time.end();
      time = within(delayMs + leftMs, guest, clock, given.signal);
      await pause(delayMs, clock, time.signal);
    }
    const pairing = hello.invitation === undefined ? undefined : given.pairing(hello.invitation);
    const transcript: Transcript = {
      pilot: { version: hello.version, key: key.value, nonce: nonce.value, fingerprint: guest.fingerprints.remote },
      robot: {
        version: PROTOCOL_VERSION,
        key: identity.publicKey,
        nonce: newNonce(),
        fingerprint: guest.fingerprints.local,
      },
      ...(hello.invitation === undefined ? {} : { invitation: hello.invitation }),
    };
    const mine = await prove(identity, 'robot', transcript, pairing?.mac);
    if (!mine.ok) return { met: false, reason: 'signature', tried: false };
    guest.messages.send(
      encodeMessage({
        type: 'identity',
        version: PROTOCOL_VERSION,
        key: toBase64url(identity.publicKey),
        nonce: toBase64url(transcript.robot.nonce),
        ...mine.value,
      }),
    );
    const proof = await nextMessage(guest, time.signal);
    if (time.signal.aborted) return undefined;
    if (proof?.type !== 'proof') return { met: false, reason: 'malformed', tried: false };
    const theirs = await check('pilot', transcript, proof, pairing?.mac);
    if (!theirs.ok) return { met: false, reason: 'signature', tried: hello.invitation !== undefined };
    const { name, visit, wants } = proof;
    const stranger = { who, name, visit, wants, invitation: hello.invitation, invited: pairing !== undefined };
    return { met: true, stranger };
  } finally {
    time.end();
  }
}

/** Says why, then closes. Resolves when it is closed. */
export async function turnAway(guest: Link, reason: Refusal, clock: Clock, life: AbortSignal): Promise<void> {
  guest.messages.send(encodeMessage({ type: 'refused', reason }));
  const leave = new AbortController();
  const close = () => guest.close();
  clock.after(GOODBYE_MS, close, leave.signal);
  life.addEventListener('abort', close, { once: true, signal: leave.signal });
  await guest.closed;
  leave.abort();
}

function pause(ms: number, clock: Clock, cut: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve, cut);
    cut.addEventListener('abort', () => resolve(), { once: true });
  });
}
