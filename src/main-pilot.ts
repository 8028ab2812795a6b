/** Makes a pilot's session out of real rooms; knows no element. */
import { pageAttentive } from './input/attention.ts';
import { openPilotInput } from './input/pilot-input.ts';
import { randomId } from './main-address.ts';
import { sessionClock } from './main-clock.ts';
import { openMicrophone } from './media/microphone.ts';
import { watchVideo } from './media/playback.ts';
import { holdWakeLock } from './media/wake-lock.ts';
import { brokerAddress } from './net/broker-address.ts';
import { startPilot } from './session/pilot-session.ts';
import type { PilotSession } from './session/pilot-state.ts';
import type { Settings } from './storage/settings.ts';

const VISIT = 'visit';
const PILOT_NAME_AT_FIRST = 'Somebody';

export type RunningPilot = { readonly session: PilotSession; readonly close: () => void };

export async function makePilot(settings: Settings, robotId: string): Promise<RunningPilot> {
  const pilotName = (await settings.get('pilotName')) || PILOT_NAME_AT_FIRST;
  const { clock, end } = sessionClock();
  const session = startPilot({
    clock,
    settings,
    robotId,
    pilotName,
    visit: thisVisit(),
    random: Math.random,
    async joinBroker(life) {
      const { joinBroker } = await import('./net/broker.ts');
      return joinBroker({
        id: randomId(),
        address: brokerAddress(location),
        iceServers: [],
        clock,
        random: Math.random,
        signal: life,
      });
    },
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

/** A reloaded tab is the same visit; a copied one is not, but browsers copy its storage: the robot serves the newest. */
function thisVisit(): string {
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
