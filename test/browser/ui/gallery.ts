/** Shows a page in the state that the address names (`gallery.html#pilot-frozen`), for the eye and for pictures of it. */
import { Fault } from '../../../src/core/fault.ts';
import '../../../src/ui/home.ts';
import type { TpHome } from '../../../src/ui/home.ts';
import '../../../src/ui/pilot.ts';
import '../../../src/ui/robot.ts';
import { drawnRoom } from './drawn-room.ts';
import { type FakePilot, type FakeRobot, fakePilot, fakeRobot } from './fake-sessions.ts';

const hour = 3_600_000;
const ROBOTS = [
  { id: 'k7qxk2m5dp4ta3whe5zj6vrbn', name: 'Rover', seenAtMs: Date.now() - 4 * 60_000 },
  { id: 'a7qxk2m5dp4ta3whe5zj6vrbn', name: 'Grandma’s kitchen', seenAtMs: Date.now() - 5 * hour },
  { id: 'b7qxk2m5dp4ta3whe5zj6vrbn', name: 'Workshop', seenAtMs: Date.now() - 30 * hour },
  { id: 'c7qxk2m5dp4ta3whe5zj6vrbn', name: 'Class 7b', seenAtMs: Date.now() - 70 * hour },
];
const PRESENCE: TpHome['presence'] = new Map([
  [ROBOTS[0]!.id, { at: 'free' }],
  [ROBOTS[1]!.id, { at: 'busy', by: 'Ben' }],
  [ROBOTS[3]!.id, { at: 'refused' }],
]);
const HOME_STATES: Record<string, (home: TpHome) => void> = {
  first(home) {
    home.robots = [];
  },
  asking(home) {
    home.asking = true;
  },
  looking(home) {
    home.presence = new Map(ROBOTS.map(({ id }) => [id, { at: 'looking' }]));
    home.adding = 'looking';
  },
  poor(home) {
    home.presence = new Map();
    home.lasting = false;
    home.relayOnly = true;
    home.adding = new Fault('not-found', 'code', 'gallery');
  },
};

const PEOPLE: FakeRobot['people']['value'] = [
  { id: 'a', name: 'Anna', role: 'owner', addedAtMs: 0 },
  { id: 'b', name: 'Ben', role: 'watcher', addedAtMs: 0 },
  { id: 'c', name: 'Grandpa Maximilian', role: 'guest', addedAtMs: 0, untilMs: Date.now() + 30 * hour },
];
const ANNA: FakeRobot['company']['value'][number] = {
  visit: '1',
  who: 'a',
  name: 'Anna',
  role: 'owner',
  drives: true,
  asks: false,
  sinceMs: 0,
};
const BEN: typeof ANNA = { ...ANNA, visit: '2', who: 'b', name: 'Ben', role: 'watcher', drives: false };

const ROBOT_STATES: Record<string, (robot: FakeRobot) => void> = {
  waiting() {},
  network(robot) {
    const invitation = robot.invitation.value!;
    robot.invitation.value = {
      ...invitation,
      here: invitation.here.replace('https://192.168.1.20:8443', 'http://localhost:8080'),
      network: invitation.here,
      code: undefined,
    };
  },
  poor(robot) {
    robot.invitation.value = undefined;
    robot.lasting.value = false;
    robot.relayOnly.value = true;
    robot.relayFault.value = new Fault('unreachable', 'relay', 'gallery');
    robot.broker.value = { at: 'away', retryInMs: 4000 };
    robot.picture.value = undefined;
    robot.camera.value = 'back';
    robot.cameraFault.value = new Fault('denied', 'camera', 'gallery');
    robot.boardKind.value = 'web-serial';
    robot.board.value = { at: 'none' };
    robot.pose.value = undefined;
    robot.batteryMv.value = undefined;
    robot.boardFault.value = new Fault('denied', 'usb', 'gallery');
    robot.wakeLock.value = 'unsupported';
  },
  halted(robot) {
    robot.stop();
  },
  people(robot) {
    robot.people.value = PEOPLE;
    robot.company.value = [];
    robot.guestLinks.value = [
      { id: 'g', untilMs: Date.now() + hour, here: robot.invitation.value!.here, network: undefined },
    ];
    robot.pastVisits.value = [
      { who: 'a', name: 'Anna', drove: true, fromMs: Date.now() - hour, toMs: Date.now() - 0.8 * hour },
      { who: 'b', name: 'Ben', drove: false, fromMs: Date.now() - 30 * hour, toMs: Date.now() - 29 * hour },
    ];
  },
  asked(robot) {
    robot.asking.value = { name: 'Anna', sinceMs: performance.now() };
  },
  wanted(robot) {
    ROBOT_STATES.crowded!(robot);
    robot.people.value = PEOPLE;
    robot.asking.value = { name: 'Grandpa Maximilian of the hill', sinceMs: performance.now() };
  },
  watched(robot) {
    robot.people.value = PEOPLE;
    robot.company.value = [BEN];
  },
  crowded(robot) {
    ROBOT_STATES.driven!(robot);
    robot.company.value = [ANNA, BEN, { ...BEN, visit: '3', who: 'c', name: 'Grandpa Maximilian' }];
  },
  wheel(robot) {
    ROBOT_STATES.crowded!(robot);
    robot.company.value = robot.company.value.map((one) => ({ ...one, asks: !one.drives }));
  },
  halt(robot) {
    ROBOT_STATES.wheel!(robot);
    robot.stop();
  },
  here(robot) {
    robot.state.value = { at: 'driven', name: 'Anna', sinceMs: performance.now() - 14_000 };
    robot.company.value = [{ ...ANNA, drives: false }];
    robot.loopDelayMs.value = 86;
  },
  driven(robot) {
    robot.state.value = { at: 'driven', name: 'Anna', sinceMs: performance.now() - 134_000 };
    robot.company.value = [ANNA];
    robot.failsafe.value = 'driving';
    robot.told.value = { left: 0.34, right: 0.28 };
    robot.loopDelayMs.value = 86;
    robot.microphone.value = 'default';
    robot.pose.value = { x: 1.2, y: 0.8, heading: 0.3, speed: 0.31, left: 9.4, right: 7.9 };
  },
  stopped(robot) {
    ROBOT_STATES.driven!(robot);
    robot.told.value = { left: 0, right: 0 };
    robot.stop();
  },
  dropped(robot) {
    ROBOT_STATES.driven!(robot);
    robot.told.value = { left: 0, right: 0 };
    robot.failsafe.value = 'silent';
    robot.company.value = [];
    robot.state.value = { at: 'dropped', name: 'Anna', sinceMs: performance.now() - 6000 };
  },
};

function drive(pilot: FakePilot, left: number, right: number): void {
  pilot.state.value = { at: 'driving' };
  pilot.report.value = { ...pilot.report.value!, left, right, failsafe: 'driving' };
  pilot.input.value = { ...pilot.input.value, gamepad: { axes: [0.2, -0.6, 0, 0], buttons: 0, triggers: [0, 0] } };
}

function end(pilot: FakePilot, fault: Fault): void {
  pilot.state.value = { at: 'ended', end: { why: 'lost', fault } };
}

function others(pilot: FakePilot, role: 'owner' | 'pilot'): void {
  pilot.role.value = role;
  pilot.mayClear.value = role === 'owner';
  pilot.leads.value = false;
  pilot.driver.value = 'Ben';
  pilot.state.value = { at: 'watching', because: 'lease' };
}

type Down = FakePilot['outages']['value'][number];

function down(pilot: FakePilot, forMs: number, ...parts: readonly (readonly [Down['part'], Down['trying']])[]): void {
  pilot.outages.value = parts.map(([part, trying]) => ({ part, trying, sinceMs: performance.now() - forMs }));
}

const PILOT_STATES: Record<string, (pilot: FakePilot) => void> = {
  watching() {},
  connecting(pilot) {
    pilot.state.value = { at: 'dialling', sinceMs: performance.now() };
    pilot.robotName.value = undefined;
    pilot.picture.value = undefined;
  },
  absent(pilot) {
    PILOT_STATES.connecting!(pilot);
    pilot.trouble.value = new Fault('absent', 'robot', 'gallery');
  },
  board(pilot) {
    pilot.state.value = { at: 'watching', because: 'board' };
  },
  driving: (pilot) => drive(pilot, 0.42, 0.28),
  slow(pilot) {
    drive(pilot, 0.3, 0.24);
    pilot.roundTripMs.value = 268;
    pilot.vitals.value = { ...pilot.vitals.value!, path: 'relayed' };
    pilot.report.value = { ...pilot.report.value!, speedCap: 0.45 };
  },
  frozen(pilot) {
    pilot.state.value = { at: 'watching', because: 'picture' };
    pilot.pictureAgeMs.value = 1400;
  },
  lost(pilot) {
    pilot.state.value = { at: 'lost', sinceMs: performance.now() - 800, attempt: 1 };
    down(pilot, 2400, ['link', 'heals']);
  },
  gone(pilot) {
    pilot.state.value = { at: 'lost', sinceMs: performance.now() - 42_000, attempt: 7 };
    down(pilot, 42_000, ['link', 'dials'], ['broker', 'rejoins']);
  },
  away(pilot) {
    PILOT_STATES.lost!(pilot);
    pilot.state.value = { at: 'lost', sinceMs: performance.now() - 42_000, attempt: 7 };
    down(pilot, 42_000, ['link', 'dials']);
    pilot.trouble.value = new Fault('absent', 'robot', 'gallery');
  },
  broker(pilot) {
    PILOT_STATES.driving!(pilot);
    down(pilot, 4200, ['broker', 'rejoins']);
  },
  unready(pilot) {
    PILOT_STATES.board!(pilot);
    down(pilot, 12_000, ['board', 'waits'], ['broker', 'rejoins']);
  },
  blind(pilot) {
    pilot.pictureAgeMs.value = undefined;
    pilot.picture.value = undefined;
    pilot.state.value = { at: 'watching', because: 'picture' };
    down(pilot, 4200, ['picture', 'waits']);
  },
  stuck(pilot) {
    PILOT_STATES.frozen!(pilot);
    pilot.pictureAgeMs.value = 14_000;
    down(pilot, 13_300, ['picture', 'waits']);
  },
  taken: (pilot) => others(pilot, 'pilot'),
  taking: (pilot) => others(pilot, 'owner'),
  begging(pilot) {
    others(pilot, 'pilot');
    pilot.asks.value = true;
  },
  begged(pilot) {
    PILOT_STATES.driving!(pilot);
    pilot.askers.value = [
      { seat: 2, name: 'Ben' },
      { seat: 3, name: 'Grandpa Maximilian of the hi' },
    ];
  },
  halted(pilot) {
    pilot.stop();
    pilot.role.value = 'pilot';
    pilot.mayClear.value = false;
  },
  onlooking(pilot) {
    PILOT_STATES.watcher!(pilot);
    pilot.driver.value = 'Ben';
    down(pilot, 4200, ['broker', 'rejoins']);
  },
  stopped: (pilot) => pilot.stop(),
  pad(pilot) {
    drive(pilot, 0.42, 0.28);
    pilot.input.value = { ...pilot.input.value, kind: 'gamepad', label: 'Xbox Wireless Controller' };
  },
  asking(pilot) {
    PILOT_STATES.connecting!(pilot);
    pilot.state.value = { at: 'asking', sinceMs: performance.now() };
  },
  watcher(pilot) {
    pilot.state.value = { at: 'watching', because: 'watcher' };
    pilot.role.value = 'watcher';
    pilot.mayClear.value = false;
    pilot.leads.value = false;
  },
  ended: (pilot) => end(pilot, new Fault('busy', 'robot', 'gallery')),
  unknown: (pilot) => end(pilot, new Fault('unknown', 'robot', 'gallery')),
  expired: (pilot) => end(pilot, new Fault('expired', 'code', 'gallery')),
  impostor: (pilot) => end(pilot, new Fault('impostor', 'robot', 'gallery')),
};

function page(): HTMLElement {
  const [name, state = ''] = location.hash.slice(1).split('-');
  if (name === 'robot') {
    const element = document.createElement('tp-robot');
    const robot = fakeRobot();
    robot.picture.value = drawnRoom();
    ROBOT_STATES[state]?.(robot);
    element.session = robot;
    element.boards = { bluetooth: 'unsupported' };
    return element;
  }
  if (name === 'pilot') {
    const element = document.createElement('tp-pilot');
    const pilot = fakePilot();
    pilot.picture.value = drawnRoom();
    PILOT_STATES[state]?.(pilot);
    element.session = pilot;
    return element;
  }
  const element = document.createElement('tp-home');
  element.robots = ROBOTS;
  element.presence = PRESENCE;
  HOME_STATES[state]?.(element);
  return element;
}

const { dataset } = document.documentElement;
document.addEventListener('securitypolicyviolation', ({ violatedDirective, sourceFile }) => {
  dataset.violation = `${violatedDirective} ${sourceFile}`;
});
document.body.replaceChildren(page());
// Two frames later every element has rendered, and the second frame shows it.
requestAnimationFrame(() =>
  requestAnimationFrame(() => {
    dataset.shown = location.hash.slice(1);
  }),
);
