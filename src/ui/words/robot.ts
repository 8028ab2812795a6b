/** What the robot's own page says. */
import type { Person, RobotSession, Role } from '../../session/robot-state.ts';
import { faultSentence } from '../words.ts';
import { lasting, percent } from './figures.ts';
import { moment } from './times.ts';

type FailsafeState = RobotSession['failsafe']['value'];
type BoardKind = RobotSession['boardKind']['value'];
type BoardState = RobotSession['board']['value'];
type Preset = RobotSession['drive']['value']['preset'];
type BrokerState = RobotSession['broker']['value'];

/** Whether a way to reach a board works here; structurally what `board/transport` says. */
export type BoardAvailability = 'available' | 'unsupported' | 'insecure' | 'switched-off';

export const BOARDS: Record<BoardKind, { readonly name: string; readonly what: string }> = {
  simulated: { name: 'Simulated robot', what: 'No hardware. The real program, drawn wheels and a drawn room.' },
  'web-serial': { name: 'USB board', what: 'Arduino Uno, Nano or an OpenBot board on a cable.' },
  bluetooth: {
    name: 'Bluetooth board',
    what: 'A board with a Nordic UART module. Asks for one tap after each reload.',
  },
};

export const PRESETS: Record<Preset, { readonly name: string; readonly what: string }> = {
  arcade: { name: 'Arcade', what: 'One stick does it all.' },
  car: { name: 'Car', what: 'Left stick goes, either one steers.' },
  tank: { name: 'Tank', what: 'A stick for each side.' },
  racing: { name: 'Racing', what: 'Triggers go and brake, left stick steers.' },
};

export const ROLES: Record<Role, { readonly name: string; readonly what: string }> = {
  owner: { name: 'Owner', what: 'Drives at any time. This robot is theirs.' },
  pilot: { name: 'Pilot', what: 'Drives at any time, without asking again.' },
  watcher: { name: 'Watcher', what: 'Sees and hears at any time, and never drives.' },
  guest: { name: 'Guest', what: 'Drives until a time, then has to ask again.' },
};

export const GUEST_TIMES = { hour: '1 hour', today: 'Today', week: '1 week' } as const;

export const ROBOT = {
  back: 'Back to the first page',
  title: 'Be a robot',
  steps: 'How far it is',
  stepDone: ': ready',
  stepOpen: ': not yet',
  step: { camera: 'Camera', board: 'Board', link: 'Link', pilot: 'Pilot' },
  sees: 'What it sees and hears',
  camera: 'Camera',
  microphone: 'Microphone',
  mic: 'Mic',
  off: 'Off',
  microphoneOff: 'Off: no sound',
  cameraOff: 'The camera is off. Nobody can see, so nobody can drive.',
  cameraWaits: 'Waiting for the camera…',
  privacy: 'Nothing leaves this device until someone comes in, and then this screen says who.',
  turns: 'What turns the wheels',
  another: 'Choose another board',
  tryAgain: 'Try again',
  simulated: 'Simulated',
  name: 'Name',
  nameWhat: 'Pilots see this name.',
  drives: 'How it drives',
  preset: 'Sticks',
  topSpeed: 'Top speed',
  lowBattery: 'Volts below which it stops.',
  lowBatteryWhat: '0: never.',
  deadZone: 'Dead zone',
  deadZoneWhat: 'How far a stick moves before anything happens.',
  expo: 'Softness around the middle',
  trim: 'Trim',
  trimWhat: 'Move it until the robot drives straight.',
  reverseLeft: 'Left motor turns the other way',
  reverseRight: 'Right motor turns the other way',
  swapped: 'Left and right are exchanged',
  link: 'Let someone drive',
  linkWhat: 'Scan the code, or open the link on another device. Then this screen asks you.',
  linkHere: 'In another window on this machine:',
  linkWaits: 'Getting a link…',
  qr: 'The link as a code to scan',
  copy: 'Copy link',
  copyCode: 'Copy code',
  copyByHand: 'Copy this',
  copied: 'Copied',
  share: 'Send link',
  showQr: 'Show code to scan',
  hideQr: 'Hide code to scan',
  typeThis: 'Or type this on the other device:',
  codeWaits: 'A code to type comes when the server has it. The link works already.',
  newCodeIn: 'New code in',
  newCodeComes: 'A new code comes now',
  renew: 'New code',
  worksOnce: 'Works once. Whoever has it can ask to come in.',
  ask: (name: string) => `Let ${name} drive?`,
  askWhat: 'That is the name they gave. No answer means no.',
  askAs: 'As what',
  askUntil: 'Guest until',
  askYes: 'Let in',
  askNo: 'Don’t let in',
  people: 'Who may come in',
  peopleWhat: 'They come in without asking. This screen always says so.',
  noPeople: 'Nobody yet. Whoever you let in stands here.',
  hereNow: 'here now',
  revoke: (name: string) => `Remove ${name}`,
  revokeSure: (name: string, here: boolean) =>
    here ? `Remove ${name}? They are sent away at once.` : `Remove ${name}? They have to ask again.`,
  keep: 'Keep',
  remove: 'Remove',
  guests: 'Links for guests',
  guestsWhat: 'A link lets one person drive without asking you, until its time is over.',
  guestUntil: 'How long the guest may stay',
  guestMake: 'Make guest link',
  guestFor: 'For one guest, until',
  guestDrop: 'Take this link back',
  pastVisits: 'Who was here',
  noVisits: 'Nobody has been here.',
  drove: 'drove',
  watched: 'watched',
  company: 'Who is here now',
  nobody: 'Nobody sees or hears anything now.',
  drivesNow: 'drives',
  watchesNow: 'watches',
  asksNow: 'wants to drive',
  letThem: 'Let them',
  letDrive: (name: string) => `Let ${name} drive`,
  relayOnly: 'Hide this device’s address (relay only)',
  relayOnlyWhat: 'Everything goes through the relay, so the picture comes later. Counts from the next visit on.',
  notLasting: 'This browser doesn’t keep keys: after a reload pilots have to pair again.',
  silentShort: 'Silent until you tap',
  silent: 'This browser stays silent until you tap this page once. Then it sounds when someone joins.',
  noSleep:
    'This browser lets the screen go dark, and then the robot stops. Keep the screen on in the device’s settings.',
  settings: 'Settings',
  stop: 'STOP',
  stopName: 'Emergency stop',
  clear: 'Hold to clear',
  stopped: 'Stopped',
  clearing: 'It stays stopped until you clear it. Clearing does not start the wheels.',
  dismiss: (name: string) => `Send ${name} away`,
  linkLost: 'Link lost',
  linkLive: 'Link',
  noPilot: 'No pilot',
  battery: 'Battery',
  on: 'on',
  seen: (count: number) => (count === 0 ? 'nobody sees' : count === 1 ? '1 sees it' : `${count} see it`),
  heard: (count: number) => (count === 0 ? 'nobody hears' : count === 1 ? '1 hears it' : `${count} hear it`),
  voice: 'Speaker',
  quiet: 'quiet',
  talking: 'talking',
  tapForVoice: 'Tap to hear the pilot',
  reload: 'Reload the page',
  boardCounts: (malformed: number, refused: number) =>
    `Board lines that made no sense: ${malformed}. Lines the board refused: ${refused}.`,
  refused: (frames: number) => `Commands that came late, out of turn or made no sense: ${frames}.`,
} as const;

/** For a lamp: whether the wheels may turn. */
export const FAILSAFE: Record<
  FailsafeState,
  { readonly level: 'go' | 'wait' | 'stop' | 'off'; readonly word: string }
> = {
  disarmed: { level: 'off', word: 'Wheels off' },
  driving: { level: 'go', word: 'Wheels may turn' },
  silent: { level: 'wait', word: 'No commands' },
  stale: { level: 'wait', word: 'Commands too late' },
  blind: { level: 'wait', word: 'Pilot can’t see' },
  stopped: { level: 'stop', word: 'Stopped' },
};

export function boardLine(state: BoardState): string {
  switch (state.at) {
    case 'none':
      return 'No board yet.';
    case 'waking':
      return `${state.label}: waiting for it to say who it is…`;
    case 'ready':
      return `${state.label}: ${state.name} answered. It stops by itself when commands go quiet.`;
    case 'returning':
      return `${state.label} went away. Waiting for it to come back.`;
    case 'gone':
      return `${state.label} is closed.`;
  }
  return state satisfies never;
}

/** For a lamp: two or three words. */
export function boardLamp(state: BoardState): string {
  switch (state.at) {
    case 'none':
      return 'No board';
    case 'waking':
      return 'Board wakes';
    case 'ready':
      return 'Board ready';
    case 'returning':
      return 'Board away';
    case 'gone':
      return 'Board closed';
  }
  return state satisfies never;
}

export function whyNotHere(kind: BoardKind, availability: BoardAvailability): string | undefined {
  switch (availability) {
    case 'available':
      return undefined;
    case 'unsupported':
      return kind === 'bluetooth'
        ? 'This browser can’t open Bluetooth boards. Use Chrome or Edge; a phone without it can still be the robot’s eyes.'
        : 'This browser can’t open USB boards. Use Chrome, Edge or Firefox on a laptop; a phone without it can still be the robot’s eyes.';
    case 'insecure':
      return 'This page came without encryption, so boards stay closed. Open its https address.';
    case 'switched-off':
      return 'Bluetooth is off. Switch it on, then reload the page.';
  }
  return availability satisfies never;
}

/** The headline and the line below it while `name` is linked. */
export function drivenWords(
  name: string,
  failsafe: FailsafeState,
  heldMs: number,
  top: number,
): { title: string; line: string } {
  switch (failsafe) {
    case 'driving':
      return { title: `${name} is driving`, line: `for ${lasting(heldMs)}, up to ${percent(top)} speed` };
    case 'disarmed':
      return { title: `${name} may drive`, line: `for ${lasting(heldMs)}. Wheels are off until ${name} arms.` };
    case 'silent':
      return { title: `${name} went quiet`, line: 'No commands arrive, so the wheels are stopped.' };
    case 'stale':
      return { title: `${name} is too late`, line: 'Commands arrive too late, so the wheels are stopped.' };
    case 'blind':
      return { title: `${name} can’t see`, line: 'Who can’t see can’t drive, so the wheels are stopped.' };
    case 'stopped':
      return { title: ROBOT.stopped, line: ROBOT.clearing };
  }
  return failsafe satisfies never;
}

/** Small print would not do: whoever stands in the room wants to know it. `name` undefined: nobody. */
export function driverWords(name: string | undefined): string {
  return name === undefined ? 'Nobody drives' : `${name} drives`;
}

export function droppedWords(name: string, agoMs: number): { title: string; line: string } {
  return {
    title: `${name} dropped out`,
    line: `Wheels are stopped. Waiting for ${name} to come back, ${lasting(agoMs)} so far.`,
  };
}

/** While nobody drives. `names` holds one or more. */
export function watchedWords(names: readonly string[]): { title: string; line: string } {
  const last = names.at(-1) ?? '';
  const title =
    names.length === 1 ? `${last} is watching` : `${names.slice(0, -1).join(', ')} and ${last} are watching`;
  return { title, line: 'Nobody drives, and the wheels are off.' };
}

/** What someone may do and until when; `nowMs` is wall-clock time. */
export function personWords(person: Pick<Person, 'role' | 'untilMs'>, nowMs: number): string {
  const { name } = ROLES[person.role];
  if (person.untilMs === undefined) return name;
  if (person.untilMs <= nowMs) return `${name}, time is over`;
  return `${name} until ${moment(person.untilMs, nowMs)}`;
}

/** For a round picture of someone. */
export function initial(name: string): string {
  return [...name.trim()][0]?.toUpperCase() ?? '?';
}

/** Pressed on this screen, it is the robot itself that stopped. */
export function stoppedWords(by: string, robot: string): string {
  return `${by === robot ? 'Stopped on this screen.' : `Stopped by ${by}.`} ${ROBOT.clearing}`;
}

/** Undefined while the server knows this device. */
export function brokerWords(state: BrokerState): string | undefined {
  switch (state.at) {
    case 'joined':
      return undefined;
    case 'joining':
      return 'Asking the server for a link…';
    case 'away':
      if (state.fault?.code === 'in-use') return faultSentence(state.fault);
      return `The server can’t be reached. Check this device’s network; next try in ${lasting(Math.max(1000, state.retryInMs))}.`;
  }
  return state satisfies never;
}

/** Metres, radians, metres a second, wheel radians a second. */
export function poseWords(pose: {
  readonly x: number;
  readonly y: number;
  readonly speed: number;
  readonly left: number;
  readonly right: number;
}): string {
  const at = (value: number, digits: number) => (Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value).toFixed(digits);
  return `${at(pose.speed, 2)} m/s, wheels ${at(pose.left, 1)} and ${at(pose.right, 1)} rad/s, at ${at(pose.x, 2)}, ${at(pose.y, 2)} m`;
}
