/** Proves to a robot who this device is, once the robot has proved itself; knows neither rides nor pages. */
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import type { Link } from '../net/link.ts';
import { encodeMessage, PROTOCOL_VERSION, type Refusal } from '../protocol/messages.ts';
import { fromBase64url, toBase64url } from '../trust/base64url.ts';
import { check, newNonce, prove, type Transcript } from '../trust/handshake.ts';
import { type Identity, idOf } from '../trust/identity.ts';
import type { PairingKey } from '../trust/invitation.ts';
import { nextMessage, within } from './conversation.ts';

/** A robot that heard the hello answers at once, unless strangers before this one failed: then it takes up to 8 s more. */
const IDENTITY_WITHIN_MS = 12_000;

/** `by: 'code'`: the robot's id came from the broker, so that only the secret says which robot is meant. */
export type Ticket = { readonly key: PairingKey; readonly by: 'link' | 'code' };

/** Resolves once the proof is on its way and the link is admitted; the robot's verdict comes next. @throws {Fault} */
export async function greet(given: {
  readonly link: Link;
  readonly identity: Identity;
  readonly robotId: string;
  readonly ticket: Ticket | undefined;
  readonly name: string;
  readonly visit: string;
  readonly wants: 'drive' | 'watch' | 'look';
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { link, identity, ticket, name, visit, wants } = given;
  const time = within(IDENTITY_WITHIN_MS, link, given.clock, given.signal);
  try {
    const nonce = newNonce();
    link.messages.send(
      encodeMessage({
        type: 'hello',
        app: 'telepresent',
        version: PROTOCOL_VERSION,
        key: toBase64url(identity.publicKey),
        nonce: toBase64url(nonce),
        ...(ticket && { invitation: ticket.key.id }),
      }),
    );
    const answer = await nextMessage(link, time.signal);
    if (time.signal.aborted) {
      if (given.signal.aborted) throw new Fault('cancelled', 'robot', 'the greeting was called off');
      throw new Fault('timeout', 'robot', 'no identity');
    }
    // Nobody has proved anything yet: whoever says no may not be the robot, and it is tried again.
    if (answer?.type === 'refused') {
      throw answer.reason === 'version' ? refusal('version') : new Fault('lost', 'robot', `refused: ${answer.reason}`);
    }
    if (answer?.type !== 'identity') throw new Fault('wrong-protocol', 'robot', 'its first word is no identity');
    if (answer.version !== PROTOCOL_VERSION) throw refusal('version');
    const key = fromBase64url(answer.key, 65);
    const theirNonce = fromBase64url(answer.nonce, 32);
    if (!key.ok || !theirNonce.ok) throw new Fault('impostor', 'robot', 'no key');
    if ((await idOf(key.value)) !== given.robotId)
      throw new Fault('impostor', 'robot', 'another key than in its address');
    const transcript: Transcript = {
      pilot: { version: PROTOCOL_VERSION, key: identity.publicKey, nonce, fingerprint: link.fingerprints.local },
      robot: {
        version: answer.version,
        key: key.value,
        nonce: theirNonce.value,
        fingerprint: link.fingerprints.remote,
      },
      ...(ticket && { invitation: ticket.key.id }),
    };
    // A robot without a MAC no longer knows the invitation. By link its key is known, and it may know this device.
    const knows = answer.mac !== undefined;
    if (ticket?.by === 'code' && !knows) throw new Fault('expired', 'code', 'the robot does not know the code');
    const mac = knows ? ticket?.key.mac : undefined;
    const theirs = await check('robot', transcript, answer, mac);
    if (!theirs.ok) throw new Fault('impostor', 'robot', theirs.reason);
    const mine = await prove(identity, 'pilot', transcript, mac);
    if (!mine.ok) throw new Fault('impostor', 'robot', mine.reason);
    link.admit();
    link.messages.send(encodeMessage({ type: 'proof', ...mine.value, name, visit, wants }));
  } finally {
    time.end();
  }
}

/** `invited`: this visit named an invitation, and the robot has not let it in yet. */
export function refusal(reason: Refusal, invited = true): Fault {
  switch (reason) {
    case 'busy':
      return new Fault('busy', 'robot', 'another pilot holds the lease');
    case 'version':
      return new Fault('wrong-version', 'page', 'the two pages speak different versions');
    case 'replaced':
      return new Fault('in-use', 'page', 'another tab of this visit took over');
    case 'dismissed':
      return new Fault('refused', 'robot', 'sent away on the robot’s screen');
    case 'declined':
      return new Fault('denied', 'robot', 'somebody at the robot said no');
    case 'revoked':
    case 'unknown':
      return new Fault('unknown', 'robot', reason);
    case 'expired':
      return new Fault('expired', invited ? 'code' : 'pilot', reason);
    case 'signature':
      return new Fault('impostor', 'page', 'the robot did not accept the proof');
    case 'malformed':
      return new Fault('refused', 'robot', 'the robot did not understand');
    default:
      return reason satisfies never;
  }
}
