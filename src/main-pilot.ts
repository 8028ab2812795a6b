/** Makes a pilot's session out of real rooms; knows no element. */
import { pageAttentive } from './input/attention.ts';
import { openPilotInput } from './input/pilot-input.ts';
import { randomId } from './main-address.ts';
import { joinUnseen } from './main-broker.ts';
import { sessionClock } from './main-clock.ts';
import { openMicrophone } from './media/microphone.ts';
import { watchVideo } from './media/playback.ts';
import { holdWakeLock } from './media/wake-lock.ts';
import type { Ticket } from './session/pilot-greeting.ts';
import { startPilot } from './session/pilot-session.ts';
import type { PilotSession } from './session/pilot-state.ts';
import { keepIdentity } from './storage/identity.ts';
import type { Settings } from './storage/settings.ts';
import { isSecret, keyOfCode, keyOfSecret, readCode } from './trust/invitation.ts';

const VISIT = 'visit';
const PILOT_NAME_AT_FIRST = 'Somebody';

export type RunningPilot = { readonly session: PilotSession; readonly close: () => void };

export type Ride = {
  readonly robotId: string;
  readonly wants: 'drive' | 'watch';
  /** The one-time secret or typed code of an invitation. */
  readonly invitation?: string | undefined;
};

/** @throws {Fault} */
export async function makePilot(settings: Settings, { robotId, wants, invitation }: Ride): Promise<RunningPilot> {
  const pilotName = (await settings.get('pilotName')) || PILOT_NAME_AT_FIRST;
  const [{ identity, lasting }, ticket] = await Promise.all([keepIdentity('pilot'), ticketOf(invitation)]);
  const { clock, end } = sessionClock();
  const session = startPilot({
    clock,
    settings,
    robotId,
    pilotName,
    visit: thisVisit(),
    wants,
    ticket,
    identity,
    lasting,
    random: Math.random,
    joinBroker: (life) => joinUnseen(settings, clock, life),
    openInput: (told) =>
      openPilotInput({
        ...told,
        clock,
        gamepads: () => navigator.getGamepads(),
        keys: window,
        page: document,
        touchFirst: matchMedia('(pointer: coarse)').matches,
      }),
    watchVideo,
    openMicrophone,
    attentive: pageAttentive,
    wakeLock: holdWakeLock,
  });
  return {
    session,
    close() {
      session.close();
      end();
    },
  };
}

async function ticketOf(invitation: string | undefined): Promise<Ticket | undefined> {
  if (invitation === undefined) return undefined;
  if (isSecret(invitation)) return { by: 'link', key: await keyOfSecret(invitation) };
  const code = readCode(invitation);
  return code === undefined ? undefined : { by: 'code', key: await keyOfCode(code) };
}

/** A reloaded tab is the same visit; a copied one is not, but browsers copy its storage: the robot serves the newest. */
export function thisVisit(): string {
  try {
    const known = sessionStorage.getItem(VISIT);
    if (known) return known;
    const fresh = randomId();
    sessionStorage.setItem(VISIT, fresh);
    return fresh;
  } catch {
    // Storage refused: a reload is then somebody new.
    return randomId();
  }
}
