/** A robot's session whose signals a test sets and whose methods it can see being called; it moves nothing. */
import { type Signal, signal } from '@preact/signals-core';
import { DEFAULT_DRIVE } from '../../../src/control/drive-settings.ts';
import type { RobotSession } from '../../../src/session/robot-state.ts';

type Settable<Session> = {
  readonly [K in keyof Session]: Session[K] extends { readonly value: infer Value; subscribe: unknown }
    ? Signal<Value>
    : Session[K];
};

export type FakeRobot = Settable<RobotSession> & { readonly calls: readonly (readonly unknown[])[] };

const LINK = 'https://192.168.1.20:8443/#pair/k7qxk2m5dp4ta3whe5zj6vrbn/mfzwizltoqxgk3tupe2dkmrzgq';

/** A robot that waits, with the simulated board ready and no camera yet. */
export function fakeRobot(): FakeRobot {
  const calls: (readonly unknown[])[] = [];
  const robot: FakeRobot = {
    calls,
    state: signal<RobotSession['state']['value']>({ at: 'waiting' }),
    invitation: signal<RobotSession['invitation']['value']>({
      here: LINK,
      network: undefined,
      code: '7QXK2M9DP4TA8WHE',
      expiresAtMs: Date.now() + 272_000,
    }),
    asking: signal<RobotSession['asking']['value']>(undefined),
    company: signal<RobotSession['company']['value']>([]),
    people: signal<RobotSession['people']['value']>([]),
    pastVisits: signal<RobotSession['pastVisits']['value']>([]),
    guestLinks: signal<RobotSession['guestLinks']['value']>([]),
    lasting: signal(true),
    relayOnly: signal(false),
    relayFault: signal<RobotSession['relayFault']['value']>(undefined),
    broker: signal<RobotSession['broker']['value']>({ at: 'joined' }),
    failsafe: signal<RobotSession['failsafe']['value']>('disarmed'),
    stoppedBy: signal<string | undefined>(undefined),
    stopPress: signal(0),
    told: signal<RobotSession['told']['value']>({ left: 0, right: 0 }),
    speedCap: signal(1),
    loopDelayMs: signal<number | undefined>(undefined),
    frameAge: signal(undefined),
    vitals: signal<RobotSession['vitals']['value']>(undefined),
    refusedFrames: signal(0),
    name: signal('Rover'),
    drive: signal<RobotSession['drive']['value']>(DEFAULT_DRIVE),
    boardKind: signal<RobotSession['boardKind']['value']>('simulated'),
    board: signal<RobotSession['board']['value']>({
      at: 'ready',
      label: 'Simulated robot',
      name: 'Telepresent',
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
    letIn(as, untilMs) {
      calls.push(['letIn', as, untilMs]);
      robot.asking.value = undefined;
    },
    turnDown() {
      calls.push(['turnDown']);
      robot.asking.value = undefined;
    },
    renewInvitation: () => void calls.push(['renewInvitation']),
    async makeGuestLink(untilMs) {
      calls.push(['makeGuestLink', untilMs]);
      robot.guestLinks.value = [
        ...robot.guestLinks.value,
        { id: `g${robot.guestLinks.value.length}`, untilMs, here: LINK, network: undefined },
      ];
    },
    dropGuestLink(id) {
      calls.push(['dropGuestLink', id]);
      robot.guestLinks.value = robot.guestLinks.value.filter((link) => link.id !== id);
    },
    revoke(who) {
      calls.push(['revoke', who]);
      robot.people.value = robot.people.value.filter(({ id }) => id !== who);
    },
    giveTo(visit) {
      calls.push(['giveTo', visit]);
      robot.company.value = robot.company.value.map((one) => ({ ...one, drives: one.visit === visit, asks: false }));
    },
    dismiss(visit) {
      calls.push(['dismiss', visit]);
      robot.company.value = robot.company.value.filter((one) => one.visit !== visit);
    },
    hideAddress(on) {
      calls.push(['hideAddress', on]);
      robot.relayOnly.value = on;
    },
    close: () => void calls.push(['close']),
  };
  return robot;
}
