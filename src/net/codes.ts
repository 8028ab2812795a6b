/** Leaves a robot's code at the broker and finds robots by theirs, under a slow hash alone; knows no code. */
import { pageClock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import { type Identity, isId } from '../trust/identity.ts';
import { askBroker, brokerFault } from './ask-broker.ts';
import type { BrokerAddress } from './broker-address.ts';
import { freshClaim } from './fresh-claim.ts';

/** For ten minutes, in place of any other code of this robot. @throws {Fault} refused | unreachable | timeout | cancelled, the broker */
export function announceCode(
  address: BrokerAddress,
  identity: Identity,
  lookup: string,
  signal: AbortSignal,
): Promise<void> {
  return change('PUT', address, identity, lookup, signal);
}

/** @throws {Fault} refused | unreachable | timeout | cancelled, the broker */
export function withdrawCode(
  address: BrokerAddress,
  identity: Identity,
  lookup: string,
  signal: AbortSignal,
): Promise<void> {
  return change('DELETE', address, identity, lookup, signal);
}

/** The id of the robot that shows this code now. @throws {Fault} not-found, the code; unreachable | timeout | cancelled, the broker */
export async function findByCode(address: BrokerAddress, lookup: string, signal: AbortSignal): Promise<string> {
  const answer = await askBroker({ address, clock: pageClock(), signal }, { path: pathOf(lookup) });
  if (answer.status === 404) throw new Fault('not-found', 'code', 'no robot shows it now');
  const id = (answer.body as { id?: unknown } | null | undefined)?.id;
  if (answer.status !== 200 || typeof id !== 'string' || !isId(id))
    throw brokerFault(answer, 'the question for a code');
  return id;
}

async function change(
  method: 'PUT' | 'DELETE',
  address: BrokerAddress,
  identity: Identity,
  lookup: string,
  signal: AbortSignal,
): Promise<void> {
  const desk = { address, identity, clock: pageClock(), signal };
  const claim = await freshClaim(desk, 'code');
  const answer = await askBroker(desk, { method, path: `${pathOf(lookup)}?id=${identity.id}`, claim });
  if (answer.status !== 204) throw brokerFault(answer, `${method} of a code`);
}

function pathOf(lookup: string): string {
  return `/codes/${encodeURIComponent(lookup)}`;
}
