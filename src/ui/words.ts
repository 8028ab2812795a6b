/** What a person reads of every way to fail, what happened and what to do; knows no page. */
import type { Fault, FaultCode, FaultSubject } from '../core/fault.ts';

type Sentences = { readonly any: string } & Partial<Record<FaultSubject, string>>;

/** `{robot}` becomes the robot's name. A code without a sentence does not compile. */
const FAULTS: Record<FaultCode, Sentences> = {
  unsupported: {
    any: 'This browser can’t do that. Use a recent Chrome, Edge, Firefox or Safari.',
    camera: 'This browser can’t open cameras. Use a recent Chrome, Edge, Firefox or Safari.',
    microphone: 'This browser can’t open microphones. Use a recent Chrome, Edge, Firefox or Safari.',
    usb: 'USB boards open in Chrome, Edge or Firefox on a laptop. A phone without it can still be the robot’s eyes.',
    bluetooth: 'Bluetooth boards open in Chrome or Edge. A phone without it can still be the robot’s eyes.',
    page: 'This browser can’t link two devices (it has no WebRTC). Use a recent Chrome, Edge, Firefox or Safari.',
  },
  insecure: {
    any: 'This page came without encryption, so it may not do that. Open its https address.',
    camera: 'This page came without encryption, so the camera stays closed. Open its https address.',
    microphone: 'This page came without encryption, so the microphone stays closed. Open its https address.',
    usb: 'This page came without encryption, so USB boards stay closed. Open its https address.',
    bluetooth: 'This page came without encryption, so Bluetooth boards stay closed. Open its https address.',
    page: 'This page came without encryption, so cameras and boards stay closed. Open its https address.',
  },
  denied: {
    any: 'This device said no. Allow it in the address bar, then try again.',
    camera: 'You said no to the camera. Allow it in the address bar, then tap Try again.',
    microphone: 'You said no to the microphone. Allow it in the address bar, then tap Try again.',
    robot: 'Whoever is at {robot} said no. Ask them for a new code.',
    relay: 'The relay refuses this server’s password. Ask who runs the server to check it.',
    usb: 'This computer doesn’t let you open the port. On Linux, join the group dialout and log in again.',
    bluetooth: 'This device doesn’t let the page use Bluetooth. Allow it in the settings, then choose the board again.',
    board: 'This device doesn’t let you open the board. Allow it, then choose the board again.',
  },
  cancelled: {
    any: 'Nothing was chosen. Try again when you are ready.',
    usb: 'No board was chosen. Plug it in, then choose USB board again.',
    bluetooth: 'No board was chosen. Switch it on, then choose Bluetooth board again.',
    board: 'No board was chosen. Choose one when you are ready.',
  },
  unknown: {
    any: '{robot} doesn’t know you. Ask its owner for a code.',
  },
  expired: {
    any: 'This has run out. Ask for a new one.',
    code: 'This code has expired or was used. Ask for the new one on {robot}’s screen.',
    pilot: 'Your time as a guest is over. Ask the owner for a new link.',
  },
  impostor: {
    any: 'This is not the {robot} you paired with. Don’t drive it; pair again beside it.',
    pilot: 'Somebody could not prove who they are. They saw nothing.',
    page: '{robot} could not check who you are. Reload this page, or pair again beside it.',
  },
  'in-use': {
    any: 'Something else is using it. Close that, then try again.',
    camera: 'Another app holds the camera. Close that app, then tap Try again.',
    microphone: 'Another app holds the microphone. Close that app, then tap Try again.',
    usb: 'The board is in use, or this computer keeps it closed. Close what uses it, or on Linux join the group dialout.',
    bluetooth: 'The board is linked to another device. Unlink it there, then try again.',
    board: 'The board is used by another tab or program. Close that, then try again.',
    robot: 'This robot is already open in another tab or window. Close it there, and it goes on here.',
    page: 'Telepresent is already open in another tab or window. Close it there, then reload this page.',
    broker: 'This robot is already open in another tab or window. Close it there, then reload this page.',
  },
  'not-found': {
    any: 'It isn’t there. Check that it is plugged in, then try again.',
    camera: 'There is no camera here. Plug one in, then tap Try again.',
    microphone: 'There is no microphone here. Plug one in, then tap Try again.',
    usb: 'The board isn’t plugged in. Check the cable, then try again.',
    bluetooth: 'The board isn’t near. Switch it on, then try again.',
    board: 'There is no board. Choose one first.',
    code: 'This code has run out or has a typo. Look at the robot’s screen.',
    robot: 'No robot has this address. Copy the whole link from the robot’s screen.',
  },
  absent: {
    any: '{robot} doesn’t answer. Wake its phone and open Telepresent there.',
    pilot: 'The pilot isn’t there any more. Send the link again.',
  },
  unreachable: {
    any: 'It can’t be reached. Check the network, then try again.',
    broker: 'The server can’t be reached. Check this device’s network; it tries again by itself.',
    relay: 'The relay can’t be reached from this network. Far networks may not connect; ask who runs the server.',
    robot: 'Your network blocks a direct path and no relay is set up. Use the same Wi-Fi, or another network.',
    pilot: 'The pilot’s network blocks a direct path. Use the same Wi-Fi, or another network.',
    bluetooth: 'Bluetooth is off, or the board is out of range. Switch both on, then try again.',
    board: 'The board can’t be reached. Check its cable and power, then try again.',
    page: 'The server can’t be reached, so this page can’t open. Check this device’s network, then reload.',
  },
  lost: {
    any: 'It went away. Bring it back, then try again.',
    camera: 'The camera went away. Plug it in again, then tap Try again.',
    microphone: 'The microphone went away. Plug it in again, then tap Try again.',
    usb: 'The board went away. Plug it in again and it comes back by itself.',
    bluetooth: 'The board went out of range. Bring it near and it comes back by itself.',
    board: 'The board went away. Bring it back, then choose it again.',
    robot: '{robot} went away and its wheels are stopped. Tap Try again when it is back.',
    pilot: 'The pilot dropped out and the wheels are stopped. Send the link again.',
    broker: 'The server went away. Check this device’s network; it tries again by itself.',
  },
  timeout: {
    any: 'It took too long to answer. Try again.',
    board: 'The board never said who it is. Check its cable and its program, then try again.',
    usb: 'The board never said who it is. Check its cable and its program, then try again.',
    bluetooth: 'The board never said who it is. Check its power and its program, then try again.',
    camera: 'The camera took too long to answer. Plug it in again, then tap Try again.',
    robot: '{robot} took too long to answer. Bring both devices to a better network, then try again.',
    broker: 'The server took too long to answer. Check this device’s network; it tries again by itself.',
  },
  refused: {
    any: 'It said no. Ask who looks after it.',
    robot: '{robot} sent you away. Ask whoever is beside it.',
    broker: 'The server sent this device away. Reload the page.',
    board: 'The board refused the command. Put the Telepresent program on it, then try again.',
  },
  busy: {
    any: 'Someone else is driving {robot}. Try again when they are done.',
  },
  unsafe: {
    any: 'It went on by itself when it was tried. Don’t use it.',
    board: 'This board went on by itself when it was tried. Put the Telepresent program on it, then choose it again.',
    usb: 'This board went on by itself when it was tried. Put the Telepresent program on it, then choose it again.',
    bluetooth:
      'This board went on by itself when it was tried. Put the Telepresent program on it, then choose it again.',
  },
  'wrong-version': {
    any: 'The two pages are of different versions. Reload both pages.',
    board: 'The board’s program is of another version. Put the current one on it, then try again.',
    usb: 'The board’s program is of another version. Put the current one on it, then try again.',
    bluetooth: 'The board’s program is of another version. Put the current one on it, then try again.',
  },
  'wrong-protocol': {
    any: 'The other device speaks a language Telepresent doesn’t know. Check that the link is right.',
    board: 'The board answers, but Telepresent doesn’t know its language. Put the Telepresent program on it.',
    usb: 'The board answers, but Telepresent doesn’t know its language. Put the Telepresent program on it.',
    bluetooth: 'The board answers, but Telepresent doesn’t know its language. Put the Telepresent program on it.',
  },
};

/** What a person reads. `robot` is its name, where known. */
export function faultSentence(fault: Pick<Fault, 'code' | 'subject'>, robot = 'The robot'): string {
  const sentences = FAULTS[fault.code];
  const sentence = sentences[fault.subject] ?? sentences.any;
  if (robot === 'The robot' && sentence.includes('the {robot}')) return sentence.replace('{robot}', 'robot');
  const name = sentence.startsWith('{robot}') || robot !== 'The robot' ? robot : 'the robot';
  return sentence.replaceAll('{robot}', () => name);
}

/** Faults that a second try may mend, after the person did what the sentence says. */
export function worthAnotherTry(fault: Pick<Fault, 'code'>): boolean {
  return fault.code !== 'unsupported' && fault.code !== 'insecure';
}
