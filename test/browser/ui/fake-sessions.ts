/** Sessions whose signals a test sets and whose methods it can see being called; they dial nobody and move nothing. */
import { type Signal, signal } from '@preact/signals-core';
import { DEFAULT_DRIVE } from '../../../src/control/drive-settings.ts';
import { NEUTRAL } from '../../../src/core/gamepad-state.ts';
import type { PilotSession } from '../../../src/session/pilot-state.ts';
import type { RobotSession } from '../../../src/session/robot-state.ts';

type Settable<Session> = {
  readonly [K in keyof Session]: Session[K] extends { readonly value: infer Value; subscribe: unknown }
    ? Signal<Value>
    : Session[K];
};

export type FakeRobot = Settable<RobotSession> & { readonly calls: readonly (readonly unknown[])[] };
export type FakePilot = Settable<PilotSession> & { readonly calls: readonly (readonly unknown[])[] };

const LINK = 'https://192.168.1.20:8443/#pilot/k7qxk2m5dp4ta3whe5zj6vrbn';

/** A robot that waits, with the simulated board ready and no camera yet. */
export function fakeRobot(): FakeRobot {
  const calls: (readonly unknown[])[] = [];
  const robot: FakeRobot = {
    calls,
    state: signal<RobotSession['state']['value']>({ at: 'waiting' }),
    address: signal<RobotSession['address']['value']>({ here: LINK, network: undefined }),
    broker: signal<RobotSession['broker']['value']>({ at: 'joined' }),
    failsafe: signal<RobotSession['failsafe']['value']>('disarmed'),
    stoppedBy: signal<string | undefined>(undefined),
    told: signal<RobotSession['told']['value']>({ left: 0, right: 0 }),
    speedCap: signal(1),
    loopDelayMs: signal<number | undefined>(undefined),
    vitals: signal<RobotSession['vitals']['value']>(undefined),
    refusedFrames: signal(0),
    name: signal('Rover'),
    drive: signal<RobotSession['drive']['value']>(DEFAULT_DRIVE),
    boardKind: signal<RobotSession['boardKind']['value']>('simulated'),
    board: signal<RobotSession['board']['value']>({
      at: 'ready',
      label: 'Simulated robot',
      name: 'Telepresent',
      stopsOnSilence: true,
    }),
    boardFault: signal<RobotSession['boardFault']['value']>(undefined),
    boardCounts: signal<RobotSession['boardCounts']['value']>({ malformed: 0, refused: 0 }),
    batteryMv: signal<number | undefined>(7900),
    pose: signal<RobotSession['pose']['value']>({ x: 1.2, y: 0.8, heading: 0.3, speed: 0, left: 0, right: 0 }),
    cameras: signal<RobotSession['cameras']['value']>([
      { id: 'simulated', label: 'Simulated room' },
      { id: 'back', label: 'Back camera' },
    ]),
    microphones: signal<RobotSession['microphones']['value']>([{ id: 'default', label: 'Microphone' }]),
    camera: signal<string | undefined>('simulated'),
    microphone: signal<string | undefined>(undefined),
    picture: signal<MediaStreamTrack | undefined>(undefined),
    cameraFault: signal<RobotSession['cameraFault']['value']>(undefined),
    microphoneFault: signal<RobotSession['microphoneFault']['value']>(undefined),
    voice: signal<MediaStreamTrack | undefined>(undefined),
    wakeLock: signal<RobotSession['wakeLock']['value']>('held'),
    rename(name) {
      calls.push(['rename', name]);
      robot.name.value = name;
    },
    tune(drive) {
      calls.push(['tune', drive]);
      robot.drive.value = drive;
    },
    async chooseBoard(kind, another) {
      calls.push(['chooseBoard', kind, another]);
      robot.boardKind.value = kind;
    },
    async chooseCamera(id) {
      calls.push(['chooseCamera', id]);
      robot.camera.value = id;
      if (id === undefined) robot.picture.value = undefined;
    },
    async chooseMicrophone(id) {
      calls.push(['chooseMicrophone', id]);
      robot.microphone.value = id;
    },
    stop() {
      calls.push(['stop']);
      robot.stoppedBy.value = robot.name.value;
      robot.failsafe.value = 'stopped';
    },
    clearStop() {
      calls.push(['clearStop']);
      robot.stoppedBy.value = undefined;
      robot.failsafe.value = 'disarmed';
    },
    dismiss() {
      calls.push(['dismiss']);
      robot.state.value = { at: 'waiting' };
    },
    close: () => void calls.push(['close']),
  };
  return robot;
}

/** A pilot who sees and is not armed. */
export function fakePilot(): FakePilot {
  const calls: (readonly unknown[])[] = [];
  const pilot: FakePilot = {
    calls,
    state: signal<PilotSession['state']['value']>({ at: 'watching', because: 'you' }),
    robotName: signal<string | undefined>('Rover'),
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
    input: signal<PilotSession['input']['value']>({
      kind: 'keyboard',
      label: 'Keyboard',
      gamepad: NEUTRAL,
      gone: undefined,
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
