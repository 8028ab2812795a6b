/** What the first page says. */
import type { Presence } from '../../session/lookout-state.ts';

export const HOME = {
  brand: 'Telepresent',
  hello: 'Be somewhere else, on wheels.',
  lead: 'An old phone becomes the robot. Any browser drives it. No account, and nothing to install.',
  doors: 'What is this device?',
  pilot: 'Pilot',
  pilotLead: 'See through a robot and drive it from here.',
  robot: 'Be a robot',
  robotLead: 'This device gets the camera and the wheels.',
  which: 'Which robot?',
  whichLead: 'Scan the code on the robot’s screen with this device, or type what stands below it here.',
  yourName: 'Your name, as new robots show it',
  myRobots: 'My robots',
  none: 'No robots yet. Scan the code on a robot’s screen, or type it here. The robot asks once, and then it stays in this list.',
  drive: 'Drive',
  watch: 'Watch',
  forget: (name: string) => `Forget ${name}`,
  address: 'Add a robot: its code or its link',
  addressHint: '7QXK 2M9D P4TA 8WHE',
  looking: 'Looking for it…',
  relayOnly: 'Hide this device’s address',
  relayOnlyWhat: 'Pictures take the longer way by the relay, so that robots don’t see where you are.',
  notLasting: 'This browser doesn’t keep keys.',
  notLastingWhat: 'After a reload robots don’t know this device any more. Use a normal window.',
  open: 'Open',
  notAnAddress: 'This is no robot’s code or link. Look at the robot’s screen: a code has 16 characters.',
  simulated: 'Try the simulated robot',
  simulatedLead: 'Drives in this browser. Nothing to buy or plug in.',
  offline: 'This device has no network.',
  offlineWhat: 'Join the robot’s Wi-Fi or any internet, and everything here works again.',
  insecure: 'This page came without encryption.',
  insecureWhat: 'Devices can’t prove who they are here, so nothing drives. Open its https address.',
  install: 'Install',
  installWhat: 'On your home screen, Telepresent opens full screen and starts without a network.',
  notNow: 'Not now',
  update: 'A new version is ready.',
  updateUse: 'Use it',
  promise: 'Pictures and sound go from robot to pilot, encrypted end to end.',
} as const;

/** `seen`: when the robot was there last. */
export function presenceWords(
  now: Presence,
  seen: string,
): { readonly level: 'go' | 'wait' | 'off'; readonly line: string } {
  switch (now.at) {
    case 'looking':
      return { level: 'off', line: 'Looking…' };
    case 'free':
      return { level: 'go', line: 'Ready' };
    case 'busy':
      return { level: 'wait', line: `${now.by} is driving` };
    case 'away':
      return { level: 'off', line: seen };
    case 'refused':
      return { level: 'off', line: 'Doesn’t know this device any more. Ask its owner for a code.' };
    default:
      return now satisfies never;
  }
}
