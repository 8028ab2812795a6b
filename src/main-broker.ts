/** Joins the broker as somebody it never saw before: it need not know who the pilot is; knows no session. */
import type { Clock } from './core/clock.ts';
import { brokerAddress } from './net/broker-address.ts';
import type { Broker } from './net/link.ts';
import type { Settings } from './storage/settings.ts';
import { identityOf, makeKeys } from './trust/identity.ts';

/** @throws {Fault} */
export async function joinUnseen(settings: Settings, clock: Clock, life: AbortSignal): Promise<Broker> {
  const [{ joinBroker }, keys, relayOnly] = await Promise.all([
    import('./net/broker.ts'),
    makeKeys(),
    settings.get('relayOnly'),
  ]);
  return joinBroker({
    identity: await identityOf(keys),
    address: brokerAddress(location),
    relayOnly: () => relayOnly ?? false,
    clock,
    random: Math.random,
    signal: life,
  });
}
