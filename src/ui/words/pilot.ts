/** What the pilot's page says. */
import type { NotArmed, PilotSession } from '../../session/pilot-state.ts';
import { percent } from './figures.ts';

type InputKind = PilotSession['input']['value']['kind'];

export const PILOT = {
  robot: 'The robot',
  back: 'Leave',
  cancel: 'Cancel',
  tryAgain: 'Try again',
  armed: 'Armed',
  armedSlow: 'Armed, slow',
  notArmed: 'Not armed',
  connecting: 'Connecting',
  noPicture: 'No picture',
  linkLost: 'Link lost',
  stopped: 'Stopped',
  over: 'Over',
  simulated: 'Simulated',
  vitals: 'Link',
  control: 'control',
  picture: 'picture',
  rate: 'a second',
  battery: 'battery',
  path: { direct: 'direct', relayed: 'relayed', unknown: 'path', lost: 'lost' },
  facts: {
    board: 'Board',
    sound: 'Sound',
    rate: 'Pictures',
    bitrate: 'Picture data',
    lost: 'Lost packets',
    path: 'Network round trip',
    malformed: 'Odd frames',
  },
  holdToArm: 'Hold\nto arm',
  orEnter: 'or hold Enter',
  holdToClear: 'Hold\nto clear',
  stop: 'STOP',
  stopName: 'Emergency stop',
  space: 'Space',
  disarm: 'Disarm',
  talk: 'Talk to whoever is beside the robot',
  sound: 'Mute the robot',
  noSound: 'The robot’s microphone is off',
  noSoundWhat: 'The robot’s microphone is off. Whoever is beside it can switch it on there.',
  sticks: 'Show sticks',
  left: 'Left stick',
  right: 'Right stick',
  tapForSound: 'Tap for sound',
  hears: 'on',
  pictureOf: (name: string) => `Live picture from ${name}`,
  padStill: 'What you hold says nothing new for seconds, so it counts as let go. Let go of it, then push again.',
  padGone: 'Your pad went away. Plug it in, centre the sticks and arm again.',
  dialling: 'Finding it and the shortest path to it.',
  greeting: 'It answers. Proving who is who.',
  asking: 'Its screen asks about you. Somebody there has to say yes.',
  watching: 'Watching',
  ask: 'Ask to drive',
  take: 'Hold to\ntake over',
  letThem: 'Let them',
  letDrive: (name: string) => `Let ${name} drive`,
  wantsToDrive: (name: string) => `${name} wants to drive.`,
  cues: 'Sound when the link goes and comes back',
  watchInstead: 'Watch instead',
  newCode: 'Type a code',
  full: 'Enough others watch already. Try again when one of them leaves.',
  notLasting: 'This browser doesn’t keep keys: after a reload the robot asks again.',
  tryNow: 'Try now',
  noWay: 'No way in',
  upTo: (share: string) => `of ${share}`,
} as const;

const NOT_ARMED: Record<NotArmed, (name: string) => string> = {
  watcher: () => 'You see and hear. Driving is for others.',
  lease: () => 'Someone else drives. Ask whether you may.',
  you: () => 'Look around, then hold to arm.',
  stopped: (name) => `${name} is stopped. It stays so until someone clears it.`,
  board: (name) => `${name}’s board is not ready. Look at its screen.`,
  battery: (name) => `${name}’s battery is low, so it stopped. Charge it, then arm again.`,
  asleep: (name) => `${name}’s page is out of sight there. Bring it to the front and wake its screen.`,
  picture: () => 'There is no fresh picture. Wait until you can see.',
  hidden: () => 'This page was out of sight. Click on it, then arm again.',
  sticks: () => 'The sticks are pushed. Let go of them, then arm.',
  late: () => 'Commands arrive too late to drive. Wait for the delay to fall below 500 ms.',
};

export function notArmedWords(because: NotArmed, name: string): string {
  return NOT_ARMED[because](name);
}

/** Up to here the path is quick enough for all speed. */
const QUICK_MS = 150;

/** `roundTripMs`: undefined until it is measured. */
export function slowWords(cap: number, roundTripMs: number | undefined): string {
  const capped = `Speed is capped at ${percent(cap)}`;
  if (roundTripMs === undefined) return `${capped} until the delay is measured.`;
  // Speed comes back more slowly than the path does.
  if (roundTripMs <= QUICK_MS) return `${capped}: commands were late a moment ago. It rises by itself.`;
  return `${capped}: commands take ${Math.round(roundTripMs)} ms there and back.`;
}

/** Who drives, for whoever does not; undefined: nobody. */
export function drivesWords(driver: string | undefined): string {
  return driver === undefined ? 'Nobody drives.' : `${driver} drives.`;
}

export function askedWords(driver: string | undefined): string {
  return driver === undefined ? 'You asked to drive.' : `You asked to drive. ${driver} can let you.`;
}

export function watcherWords(driver: string | undefined): string {
  return driver === undefined ? NOT_ARMED.watcher('') : `${drivesWords(driver)} You see and hear.`;
}

export function reachingWords(name: string): { title: string } {
  return { title: name === PILOT.robot ? 'Reaching the robot' : `Reaching ${name}` };
}

export function attemptWords(attempt: number): string {
  return `Attempt ${attempt}`;
}

/** `by` is unknown for a moment after the wheels stopped. `mayClear`: whether this page may end it. */
export function stoppedWords(
  name: string,
  by: string | undefined,
  mayClear: boolean,
): { title: string; by: string | undefined; line: string } {
  return {
    title: `${name} is stopped`,
    by: by === undefined ? undefined : `Stopped by ${by}.`,
    line: mayClear
      ? 'It stays stopped until someone clears it, and clearing does not arm it.'
      : 'An owner or the robot’s own screen lifts it.',
  };
}

export function endedWords(name: string): { title: string; line: string } {
  return { title: `${name} closed the link`, line: 'Its wheels are stopped. Ask who is beside it, then try again.' };
}

export const INPUTS: Record<InputKind, { readonly title: string; readonly line: string }> = {
  keyboard: { title: 'Keys drive', line: 'WASD or arrows · IJKL: right stick · Shift: half speed · Space: STOP' },
  gamepad: { title: 'Pad drives', line: 'Let go of everything before you arm' },
  touch: { title: 'Sticks drive', line: 'Press a key or a pad button to switch' },
};
