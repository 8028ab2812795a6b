/** Sessions whose signals a test sets and whose methods it can see being called; they dial nobody and move nothing. */
import { type Signal, signal } from '@preact/signals-core';
import { NEUTRAL } from '../../../src/core/gamepad-state.ts';
import type { PilotSession } from '../../../src/session/pilot-state.ts';

export { type FakeRobot, fakeRobot } from './fake-robot.ts';

type Settable<Session> = {
  readonly [K in keyof Session]: Session[K] extends { readonly value: infer Value; subscribe: unknown }
    ? Signal<Value>
    : Session[K];
};

export type FakePilot = Settable<PilotSession> & { readonly calls: readonly (readonly unknown[])[] };

/** An owner who sees, may drive and is not armed. */
export function fakePilot(): FakePilot {
  const calls: (readonly unknown[])[] = [];
  const pilot: FakePilot = {
    calls,
    state: signal<PilotSession['state']['value']>({ at: 'watching', because: 'you' }),
    robotName: signal<string | undefined>('Rover'),
    role: signal<PilotSession['role']['value']>('owner'),
    lasting: true,
    simulated: signal(true),
    picture: signal<MediaStreamTrack | undefined>(undefined),
    sound: signal<MediaStreamTrack | undefined>(undefined),
    pictureAgeMs: signal<number | undefined>(142),
    roundTripMs: signal<number | undefined>(86),
    report: signal<PilotSession['report']['value']>({
      echoSequence: 1,
      heldMs: 2,
      left: 0,
      right: 0,
      failsafe: 'disarmed',
      boardReady: true,
      speedCap: 1,
      batteryMv: 7900,
    }),
    vitals: signal<PilotSession['vitals']['value']>({
      path: 'direct',
      roundTripMs: 12,
      framesPerSecond: 30,
      bitrateKbps: 1600,
      lost: 0.004,
    }),
    board: signal<string | undefined>('Telepresent'),
    stoppedBy: signal<string | undefined>(undefined),
    stopPress: signal(0),
    resumes: signal(false),
    mayClear: signal(true),
    leads: signal(true),
    driver: signal<string | undefined>(undefined),
    asks: signal(false),
    askers: signal<PilotSession['askers']['value']>([]),
    outages: signal<PilotSession['outages']['value']>([]),
    input: signal<PilotSession['input']['value']>({
      kind: 'keyboard',
      label: 'Keyboard',
      gamepad: NEUTRAL,
      gone: undefined,
      frozen: false,
    }),
    talking: signal(false),
    microphoneFault: signal<PilotSession['microphoneFault']['value']>(undefined),
    malformed: signal(0),
    trouble: signal<PilotSession['trouble']['value']>(undefined),
    watch: (video, life) => void calls.push(['watch', video, life]),
    arm() {
      calls.push(['arm']);
      pilot.state.value = { at: 'driving' };
      return undefined;
    },
    disarm() {
      calls.push(['disarm']);
      pilot.state.value = { at: 'watching', because: 'you' };
    },
    stop() {
      calls.push(['stop']);
      pilot.stoppedBy.value = 'Anna';
      pilot.state.value = { at: 'watching', because: 'stopped' };
    },
    clearStop() {
      calls.push(['clearStop']);
      pilot.stoppedBy.value = undefined;
      pilot.state.value = { at: 'watching', because: 'you' };
    },
    ask() {
      calls.push(['ask']);
      pilot.asks.value = true;
    },
    give(seat) {
      calls.push(['give', seat]);
      pilot.askers.value = pilot.askers.value.filter((asker) => asker.seat !== seat);
    },
    take: () => void calls.push(['take']),
    async talk(on) {
      calls.push(['talk', on]);
      pilot.talking.value = on;
    },
    touch: (side, x, y) => void calls.push(['touch', side, x, y]),
    redial: () => void calls.push(['redial']),
    close: () => void calls.push(['close']),
  };
  return pilot;
}
