/** A window, a document, keys and gamepads that a test moves by hand; knows no device. */
import type { RawGamepad } from '../../../src/input/gamepad.ts';

export type KeyPress = {
  readonly repeat?: boolean;
  readonly isComposing?: boolean;
  readonly shiftKey?: boolean;
  readonly ctrlKey?: boolean;
  readonly altKey?: boolean;
  readonly metaKey?: boolean;
};

/** Sends a key event to `target` and returns it. */
export function key(target: EventTarget, type: 'keydown' | 'keyup', code: string, press: KeyPress = {}): Event {
  const event = new Event(type, { cancelable: true });
  const plain = { repeat: false, isComposing: false, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false };
  Object.assign(event, { code }, plain, press);
  target.dispatchEvent(event);
  return event;
}

/** The same, typed while `element` has the focus: the window hears it, the path begins at the element. */
export function keyIn(element: object, target: EventTarget, code: string): Event {
  const event = new Event('keydown', { cancelable: true });
  Object.assign(event, { code, repeat: false, isComposing: false, shiftKey: false, ctrlKey: false });
  event.composedPath = () => [element as EventTarget, target];
  target.dispatchEvent(event);
  return event;
}

export type FakePad = {
  id: string;
  index: number;
  connected: boolean;
  mapping: GamepadMappingType;
  axes: number[];
  buttons: { pressed: boolean; value: number }[];
  timestamp?: number;
};

export function fakePad(over: Partial<FakePad> = {}): FakePad & RawGamepad {
  return {
    id: 'Xbox Controller (STANDARD GAMEPAD Vendor: 045e Product: 028e)',
    index: 0,
    connected: true,
    mapping: 'standard',
    axes: [0, 0, 0, 0],
    buttons: Array.from({ length: 17 }, () => ({ pressed: false, value: 0 })),
    ...over,
  };
}

export function push(pad: FakePad, button: number, value = 1): void {
  pad.buttons[button] = { pressed: value > 0.5, value };
}
