/** Proves to the broker that this page holds the key of its id, once for each purpose; knows not what follows from it. */
import { makeClaim, type Purpose } from '../trust/claim.ts';
import { askBroker, brokerFault, type Desk } from './ask-broker.ts';
import { hostOf } from './broker-address.ts';

const CHALLENGE = /^[A-Za-z0-9_-]{1,128}$/;

/**
 * A token that works once, soon. With a `spare` challenge it costs no question.
 * @throws {Fault} refused | unreachable | timeout | cancelled, the broker
 */
export async function freshClaim(desk: Desk, purpose: Purpose, spare?: string): Promise<string> {
  const challenge = spare ?? (await askChallenge(desk));
  return makeClaim(desk.identity, { purpose, host: hostOf(desk.address), challenge });
}

/** Good once, for 5 minutes. @throws {Fault} refused | unreachable | timeout | cancelled, the broker */
export async function askChallenge(desk: Desk): Promise<string> {
  const answer = await askBroker(desk, { path: '/challenge' });
  const challenge = answer.status === 200 ? readChallenge(answer.body) : undefined;
  if (challenge === undefined) throw brokerFault(answer, 'the wish for a challenge');
  return challenge;
}

function readChallenge(body: unknown): string | undefined {
  const challenge = (body as { challenge?: unknown } | null | undefined)?.challenge;
  return typeof challenge === 'string' && CHALLENGE.test(challenge) ? challenge : undefined;
}
