/** Makes a robot's session out of real rooms; knows no element. */
import { computed, signal } from '@preact/signals-core';
import { bluetooth } from './board/bluetooth.ts';
import { boardDoor } from './board/lasting-board.ts';
import type { SimulatedRobot } from './board/simulated/simulated.ts';
import type { Availability, TransportKind } from './board/transport.ts';
import { webSerial } from './board/web-serial.ts';
import { Fault } from './core/fault.ts';
import { pageVisible } from './input/attention.ts';
import { pairLink } from './main-address.ts';
import { sessionClock } from './main-clock.ts';
import { openCamera } from './media/camera.ts';
import type { Capture } from './media/capture.ts';
import { watchDevices } from './media/devices.ts';
import { openMicrophone } from './media/microphone.ts';
import { holdWakeLock } from './media/wake-lock.ts';
import { brokerAddress } from './net/broker-address.ts';
import { announceCode, withdrawCode } from './net/codes.ts';
import { startRobot } from './session/robot-session.ts';
import { type RobotAddress, type RobotSession, SIMULATED_CAMERA } from './session/robot-state.ts';
import { keepIdentity } from './storage/identity.ts';
import { claimPlace } from './storage/place.ts';
import type { Settings } from './storage/settings.ts';

export type RunningRobot = { readonly session: RobotSession; readonly close: () => void };

export async function makeRobot(settings: Settings): Promise<RunningRobot> {
  const network = await networkAddress();
  const simulation = lazySimulation();
  const { clock, end } = sessionClock();
  const session = startRobot({
    clock,
    settings,
    today: Date.now,
    claimPlace: (taken, life) => claimPlace('telepresent-robot', taken, life),
    identity: () => keepIdentity('robot'),
    async joinBroker(identity, relayOnly, life) {
      const { joinBroker } = await import('./net/broker.ts');
      return joinBroker({
        identity,
        relayOnly,
        address: brokerAddress(location),
        clock,
        random: Math.random,
        signal: life,
      });
    },
    async announceCode(identity, lookup, life) {
      const address = brokerAddress(location);
      await announceCode(address, identity, lookup, life);
      // Nobody is kept waiting for it: forgotten codes end by themselves after ten minutes.
      const withdraw = () => void withdrawCode(address, identity, lookup, new AbortController().signal).catch(() => {});
      life.addEventListener('abort', withdraw, { once: true });
    },
    addressOf: (id, secret): RobotAddress => ({
      here: pairLink(location.href, id, secret),
      network: network && pairLink(network, id, secret),
    }),
    boards: {
      simulated: boardDoor(simulation.kind, clock),
      'web-serial': boardDoor(webSerial(), clock),
      bluetooth: boardDoor(bluetooth(), clock),
    },
    pose: simulation.pose,
    openCamera: (id, life) => (id === SIMULATED_CAMERA ? simulation.camera(life) : openCamera(id, life)),
    openMicrophone,
    devices: (found, life) =>
      watchDevices(
        (cameras, microphones) => found([{ id: SIMULATED_CAMERA, label: 'Simulated room' }, ...cameras], microphones),
        life,
      ),
    wakeLock: holdWakeLock,
    visible: pageVisible,
  });
  return {
    session,
    close() {
      session.close();
      end();
    },
  };
}

/** Which ways to a board work in this browser. */
export async function boardsHere(): Promise<Record<'web-serial' | 'bluetooth', Availability>> {
  const [serial, radio] = await Promise.all([webSerial().availability(), bluetooth().availability()]);
  return { 'web-serial': serial, bluetooth: radio };
}

/** The simulator is a chip, a world and a painter: it loads when somebody wants it. */
function lazySimulation() {
  const loaded = signal<SimulatedRobot | undefined>(undefined);
  const load = async () => {
    if (!loaded.peek()) {
      const { simulatedRobot } = await import('./board/simulated/simulated.ts');
      loaded.value ??= simulatedRobot();
    }
    return loaded.peek()!;
  };
  const kind: TransportKind = {
    id: 'simulated',
    availability: async () => 'available',
    choose: async (life) => (await load()).kind.choose(life),
    reopen: async (life) => (await load()).kind.reopen(life),
    returned: (back, life) => loaded.peek()?.kind.returned(back, life),
  };
  return {
    kind,
    pose: computed(() => loaded.value?.pose.value),
    async camera(life: AbortSignal): Promise<Capture> {
      const track = await (await load()).picture(life);
      const lost = new Promise<Fault>((resolve) => {
        const end = () => resolve(new Fault('lost', 'camera', 'the simulation ended'));
        track.addEventListener('ended', end, { signal: life, once: true });
      });
      return { track, lost };
    },
  };
}

/** On this machine's own address the link leads nowhere for others; the server knows the address that does. */
async function networkAddress(): Promise<string | undefined> {
  if (!['localhost', '127.0.0.1', '[::1]'].includes(location.hostname)) return undefined;
  try {
    const { network }: { network?: unknown } = await (await fetch('/addresses.json')).json();
    return Array.isArray(network) && typeof network[0] === 'string' ? network[0] : undefined;
  } catch {
    // Another server, or none while offline: the link for this machine is all there is.
    return undefined;
  }
}
