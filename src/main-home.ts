/** What the home page does beyond its own door: looks for this device's robots, and finds a robot by its code; knows no element. */

import { randomId } from './main-address.ts';
import { joinUnseen } from './main-broker.ts';
import { sessionClock } from './main-clock.ts';
import { brokerAddress } from './net/broker-address.ts';
import { findByCode } from './net/codes.ts';
import { keepLookout } from './session/lookout.ts';
import type { Lookout } from './session/lookout-state.ts';
import { keepIdentity } from './storage/identity.ts';
import type { Settings } from './storage/settings.ts';
import { keyOfCode } from './trust/invitation.ts';

/** @throws {Fault} insecure */
export async function lookForRobots(
  settings: Settings,
  robots: readonly string[],
): Promise<Lookout & { readonly lasting: boolean }> {
  const { identity, lasting } = await keepIdentity('pilot');
  const { clock, end } = sessionClock();
  const { presence, close } = keepLookout({
    clock,
    robots,
    identity,
    name: (await settings.get('pilotName')) || 'Somebody',
    visit: randomId(),
    random: Math.random,
    joinBroker: (life) => joinUnseen(settings, clock, life),
  });
  return {
    presence,
    lasting,
    close() {
      close();
      end();
    },
  };
}

/** The id of the robot that shows this code. @throws {Fault} */
export async function robotOfCode(code: string, life: AbortSignal): Promise<string> {
  const { lookup } = await keyOfCode(code);
  return findByCode(brokerAddress(location), lookup, life);
}
