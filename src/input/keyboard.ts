/** Makes a two-stick gamepad of a keyboard, neutral as soon as keys are let go; knows not what is driven. */
import { BUTTON, type GamepadState } from '../core/gamepad-state.ts';
import { FROZEN_AFTER_MS, UNREPEATED_FROZEN_AFTER_MS } from './frozen-after.ts';

/** Keys by place, not by letter, so that other keyboard layouts drive alike. */
const KEYS = {
  up: ['KeyW', 'ArrowUp'],
  down: ['KeyS', 'ArrowDown'],
  left: ['KeyA', 'ArrowLeft'],
  right: ['KeyD', 'ArrowRight'],
  rightUp: ['KeyI'],
  rightDown: ['KeyK'],
  rightLeft: ['KeyJ'],
  rightRight: ['KeyL'],
} as const;
const DRIVE_KEYS: ReadonlySet<string> = new Set(Object.values(KEYS).flat());
const STOP_KEY = 'Space';
/** Inputs in which a person does not type, and those of them that the arrow keys move. */
const NOT_TYPED = ['button', 'checkbox', 'color', 'file', 'image', 'radio', 'range', 'reset', 'submit'];
const MOVED_BY_ARROWS = ['radio', 'range'];

/** The part of a `KeyboardEvent` that matters here. */
type Key = Event &
  Pick<KeyboardEvent, 'code' | 'repeat' | 'isComposing' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'>;

export type Keyboard = {
  readonly state: GamepadState;
  /** Keys were held, no event came for 5 or 20 s, and none was pressed or let go since: they count as let go. */
  readonly frozen: boolean;
};

/**
 * Listens until `signal` aborts, and returns what the keys say now. WASD and arrows are the left stick, IJKL the right one;
 * forward and back pull the right and left trigger too. Shift holds the left bumper, which robots take as half speed.
 * Held keys count while key events go on, their own repetition included: 5 s after it broke off each must be pressed again, and
 * 20 s after the last event where there was none, as when another key ended it.
 * Keys typed in text fields and shortcuts are left alone; all keys count as released when the page loses focus.
 */
export function openKeyboard(given: {
  /** Gets keydown, keyup, blur and pagehide: the window. */
  readonly keys: EventTarget;
  /** Gets visibilitychange: the document. */
  readonly page: EventTarget;
  /** Space was pressed. */
  readonly onStop: () => void;
  /** `pressed`: a drive key went down, rather than up. */
  readonly onChange: (pressed: boolean) => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}): () => Keyboard {
  const { keys, page, now, signal } = given;
  const down = new Set<string>();
  let slow = false;
  let newsAtMs = now();
  let repeats = false;
  let frozen = false;

  /** Before each event too: whoever samples late must not take the next one for proof that keys were held all along. */
  const lookForNews = () => {
    if (down.size === 0 || now() - newsAtMs <= (repeats ? FROZEN_AFTER_MS : UNREPEATED_FROZEN_AFTER_MS)) return;
    frozen = true;
    slow = false;
    down.clear();
  };

  const drop = () => {
    const held = down.size > 0;
    down.clear();
    slow = false;
    frozen = false;
    if (held) given.onChange(false);
  };
  const press = (event: Event) => {
    lookForNews();
    newsAtMs = now();
    const key = event as Key;
    repeats = key.repeat;
    if (key.isComposing) return;
    if (key.ctrlKey || key.altKey || key.metaKey) {
      // While Meta is down macOS tells of no key that is let go.
      drop();
      return;
    }
    if (isTaken(event, key.code)) return;
    if (key.code === STOP_KEY) {
      event.preventDefault();
      if (!key.repeat) given.onStop();
      return;
    }
    const was = slow;
    slow = key.shiftKey;
    if (DRIVE_KEYS.has(key.code)) {
      event.preventDefault();
      if (key.repeat || down.has(key.code)) return;
      frozen = false;
      down.add(key.code);
      given.onChange(true);
    } else if (slow !== was && down.size > 0) {
      given.onChange(false);
    }
  };
  const lift = (event: Event) => {
    lookForNews();
    newsAtMs = now();
    repeats = false;
    const key = event as Key;
    if (DRIVE_KEYS.has(key.code)) frozen = false;
    // A focused button acts on Space when it is let go.
    if (key.code === STOP_KEY && !isTaken(event, key.code)) event.preventDefault();
    const was = slow;
    slow = key.shiftKey;
    if (down.delete(key.code) || (slow !== was && down.size > 0)) given.onChange(false);
  };

  keys.addEventListener('keydown', press, { signal, capture: true });
  keys.addEventListener('keyup', lift, { signal, capture: true });
  keys.addEventListener('blur', drop, { signal });
  keys.addEventListener('pagehide', drop, { signal });
  page.addEventListener('visibilitychange', drop, { signal });
  signal.addEventListener('abort', drop, { once: true });

  return () => {
    lookForNews();
    return { state: stateOf(down, slow), frozen };
  };
}

function stateOf(down: ReadonlySet<string>, slow: boolean): GamepadState {
  const held = (side: keyof typeof KEYS) => (KEYS[side].some((code) => down.has(code)) ? 1 : 0);
  const throttle = held('up') - held('down');
  return {
    axes: [
      held('right') - held('left'),
      held('down') - held('up'),
      held('rightRight') - held('rightLeft'),
      held('rightDown') - held('rightUp'),
    ],
    buttons: slow && down.size > 0 ? 1 << BUTTON.leftBumper : 0,
    triggers: [throttle < 0 ? 1 : 0, throttle > 0 ? 1 : 0],
  };
}

/** Whether what has the focus wants this key for itself. */
function isTaken(event: Event, code: string): boolean {
  // Inside a shadow root only the path names the element that really has the focus.
  const target = (event.composedPath()[0] ?? event.target) as Partial<HTMLInputElement> | null;
  switch (target?.tagName) {
    case 'TEXTAREA':
    case 'SELECT':
      return true;
    case 'INPUT':
      if (!NOT_TYPED.includes(target.type ?? 'text')) return true;
      return MOVED_BY_ARROWS.includes(target.type ?? 'text') && code.startsWith('Arrow');
    default:
      return target?.isContentEditable === true;
  }
}
