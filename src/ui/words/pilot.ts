/** What the pilot's page says. */
import type { NotArmed, PilotSession } from '../../session/pilot-state.ts';
import { age, percent } from './figures.ts';

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
  padGone: 'Your pad went away. Plug it in, centre the sticks and arm again.',
  dialling: 'Finding it and the shortest path to it.',
  greeting: 'It answers. Proving who is who.',
  asking: 'Its screen asks about you. Somebody there has to say yes.',
  watching: 'Watching',
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
  you: () => 'Look around, then hold to arm.',
  stopped: (name) => `${name} is stopped. Hold to clear it.`,
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

export function slowWords(cap: number, roundTripMs: number | undefined): string {
  if (roundTripMs === undefined) return `Speed is capped at ${percent(cap)}.`;
  return `Speed is capped at ${percent(cap)}: commands take ${Math.round(roundTripMs)} ms there and back.`;
}

export function reachingWords(name: string): { title: string } {
  return { title: name === PILOT.robot ? 'Reaching the robot' : `Reaching ${name}` };
}

export const FROZEN = {
  title: 'Picture frozen',
  line: 'You can’t see, so the wheels are stopped. Let go of the sticks.',
  watching: 'This is how it looked before. The picture goes on by itself when it can.',
} as const;

export function lostWords(
  name: string,
  attempt: number,
  sinceMs: number,
): { title: string; line: string; count: string } {
  return {
    title: `Link lost, ${name === PILOT.robot ? 'the robot' : name} stopped itself`,
    line: 'Trying a new path. You will need to arm again.',
    count: `Attempt ${attempt} · ${age(sinceMs)}`,
  };
}

/** `by` is unknown for a moment after the wheels stopped. */
export function stoppedWords(name: string, by: string | undefined): { title: string; line: string } {
  const who = by === undefined ? '' : `Stopped by ${by}. `;
  return {
    title: `${name} is stopped`,
    line: `${who}It stays stopped until someone clears it, and clearing does not arm it.`,
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
