/** Makes a pilot's session out of real rooms; knows no element. */
import type { FaultCode } from './core/fault.ts';
import { pageAttentive } from './input/attention.ts';
import { openPilotInput } from './input/pilot-input.ts';
import { keepInvitation, randomId } from './main-address.ts';
import { joinUnseen } from './main-broker.ts';
import { sessionClock } from './main-clock.ts';
import { openMicrophone } from './media/microphone.ts';
import { watchVideo } from './media/playback.ts';
import { holdWakeLock } from './media/wake-lock.ts';
import { watchNetwork } from './net/watch-network.ts';
import type { Ticket } from './session/pilot-greeting.ts';
import { startPilot } from './session/pilot-session.ts';
import type { PilotSession } from './session/pilot-state.ts';
import { keepIdentity } from './storage/identity.ts';
import type { Settings } from './storage/settings.ts';
import { isSecret, keyOfCode, keyOfSecret, readCode } from './trust/invitation.ts';

const VISIT = 'visit';
const PILOT_NAME_AT_FIRST = 'Somebody';
/** A robot that says one of these takes the invitation at no other time either. */
const REFUSALS: readonly FaultCode[] = ['expired', 'denied', 'unknown', 'refused'];

export type RunningPilot = { readonly session: PilotSession; readonly close: () => void };

export type Ride = {
  readonly robotId: string;
  readonly wants: 'drive' | 'watch';
  /** The one-time secret or typed code of an invitation. */
  readonly invitation?: string | undefined;
};

/** @throws {Fault} */
export async function makePilot(settings: Settings, ride: Ride): Promise<RunningPilot> {
  const { robotId, wants } = ride;
  const kept = keepInvitation(
    ride,
    () => sessionStorage,
    (hash) => history.replaceState(null, '', hash),
  );
  const pilotName = (await settings.get('pilotName')) || PILOT_NAME_AT_FIRST;
  const [{ identity, lasting }, ticket] = await Promise.all([keepIdentity('pilot'), ticketOf(kept.invitation)]);
  const { clock, end } = sessionClock();
  const session = startPilot({
    clock,
    today: Date.now,
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
    watchNetwork,
    wakeLock: holdWakeLock,
  });
  const unwatch = [
    session.role.subscribe((role) => role !== undefined && kept.forget()),
    session.state.subscribe((state) => {
      if (state.at === 'ended' && state.end.why === 'lost' && REFUSALS.includes(state.end.fault.code)) kept.forget();
    }),
  ];
  return {
    session,
    close() {
      for (const stop of unwatch) stop();
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
