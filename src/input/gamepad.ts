/** Reads whatever gamepads the browser shows, as standard mapping; knows neither which one drives nor what it drives. */
import { BUTTON, type GamepadState, isNeutral, NEUTRAL, sameState } from '../core/gamepad-state.ts';
import { ANALOGUE_FROZEN_AFTER_MS, FROZEN_AFTER_MS } from './frozen-after.ts';

export type Pad = {
  /** The same while it stays plugged in. */
  readonly key: string;
  /** What a person calls it. */
  readonly label: string;
  readonly state: GamepadState;
  /** Went on saying the same of something held: nobody may be driving by it. Ends with news of sticks and triggers at rest. */
  readonly frozen: boolean;
};

/** What this file needs of the browser's `Gamepad`. */
export type RawGamepad = Pick<Gamepad, 'id' | 'index' | 'connected' | 'mapping' | 'axes'> & {
  readonly buttons: readonly { readonly pressed: boolean; readonly value: number }[];
  /** When its data last changed, as Chromium and Firefox have it; 0 or nothing where the browser does not know. */
  readonly timestamp?: number;
};

/** Where the axes of a gamepad are; −1: it has none there. */
type Layout = {
  readonly sticks: readonly [number, number, number, number];
  readonly triggers: readonly [number, number];
};

const STANDARD: Layout = { sticks: [0, 1, 2, 3], triggers: [-1, -1] };
/** Triggers as axes that rest at −1: xpad on Linux, then DirectInput and macOS. */
const RAW: readonly Layout[] = [
  { sticks: [0, 1, 3, 4], triggers: [2, 5] },
  { sticks: [0, 1, 2, 5], triggers: [3, 4] },
];
/** Further axes of an unknown gamepad may be triggers or sliders that never rest in the middle: left alone. */
const UNKNOWN: Layout = { sticks: [0, 1, -1, -1], triggers: [-1, -1] };
const BUTTONS = 17;
const TRIGGER_BUTTONS = [6, 7] as const;

/** From here on a stick or trigger lies at its end, where a hand can press it and nothing changes. */
const END = 0.98;

type Known = {
  readonly layout: Layout;
  readonly timestamp: number | undefined;
  readonly state: GamepadState;
  /** When its time stamp or its state last changed, by the page's own clock. */
  readonly newsAtMs: number;
  readonly frozen: boolean;
};

/**
 * Returns the gamepads that are plugged in now. An unplugged one is missing; a resting one is not, though its time stands still.
 * `now` gives monotonic milliseconds.
 */
export function openGamepads(list: () => readonly (RawGamepad | null)[], now: () => number): () => readonly Pad[] {
  let known = new Map<string, Known>();
  return () => {
    const nowMs = now();
    const pads: Pad[] = [];
    const kept = new Map<string, Known>();
    for (const pad of plugged(list)) {
      const key = `${pad.index} ${pad.id}`;
      const before = known.get(key);
      const layout = before?.layout ?? layoutOf(pad);
      const state = stateOf(pad, layout);
      // A browser whose time stamps stand still while the data change is believed for the data.
      const isNews = !before || pad.timestamp !== before.timestamp || !sameState(state, before.state);
      const newsAtMs = isNews ? nowMs : before.newsAtMs;
      // Still held when the first news come again, it must not drive on.
      const mustRest = before?.frozen === true && !isNeutral(state);
      const frozen = mustRest || nowMs - newsAtMs > believedForMs(state);
      kept.set(key, { layout, timestamp: pad.timestamp, state, newsAtMs, frozen });
      pads.push({ key, label: labelOf(pad.id), state, frozen });
    }
    known = kept;
    return pads;
  };
}

/** What rests may say the same for ever. */
function believedForMs(state: GamepadState): number {
  if (isNeutral(state)) return state.buttons === 0 ? Number.POSITIVE_INFINITY : FROZEN_AFTER_MS;
  const [leftX, leftY, rightX, rightY] = state.axes;
  const [left, right] = state.triggers;
  const isShort = heldShort(leftX, leftY) || heldShort(rightX, rightY) || heldShort(left, 0) || heldShort(right, 0);
  return isShort ? ANALOGUE_FROZEN_AFTER_MS : FROZEN_AFTER_MS;
}

/** Whether a stick is held short of its end. At the rim of a round one neither of its axes need be at its own. */
function heldShort(x: number, y: number): boolean {
  return !isNeutral({ ...NEUTRAL, axes: [x, y, 0, 0] }) && Math.hypot(x, y) < END;
}

function plugged(list: () => readonly (RawGamepad | null)[]): readonly RawGamepad[] {
  try {
    return list().filter((pad): pad is RawGamepad => pad?.connected === true);
  } catch {
    // Permissions-Policy may forbid gamepads: then there are none.
    return [];
  }
}

/** A gamepad without the standard mapping tells by its axes at first sight, before a trigger is pulled. */
function layoutOf({ mapping, axes }: RawGamepad): Layout {
  if (mapping === 'standard' || axes.length <= 4) return STANDARD;
  const rests = (axis: number) => (axes[axis] ?? 0) < -0.9;
  return RAW.find(({ triggers }) => triggers.every(rests)) ?? UNKNOWN;
}

function stateOf(pad: RawGamepad, layout: Layout): GamepadState {
  const stick = (i: 0 | 1 | 2 | 3) => between(pad.axes[layout.sticks[i]], -1);
  const trigger = (i: 0 | 1) => {
    const axis = layout.triggers[i];
    return axis < 0 ? between(pad.buttons[TRIGGER_BUTTONS[i]]?.value, 0) : (between(pad.axes[axis], -1) + 1) / 2;
  };
  let buttons = 0;
  for (let i = 0; i < BUTTONS; i++) if (pad.buttons[i]?.pressed) buttons |= 1 << i;
  return { axes: [stick(0), stick(1), stick(2), stick(3)], buttons, triggers: [trigger(0), trigger(1)] };
}

/** `least`…1; what is missing or no number rests at 0. */
function between(value: number | undefined, least: number): number {
  return value === undefined || Number.isNaN(value) ? 0 : Math.min(1, Math.max(least, value));
}

/** Chromium appends `(STANDARD GAMEPAD Vendor: …)`, Firefox begins with `045e-028e-`. */
function labelOf(id: string): string {
  return (
    id
      .replace(/\s*\((?:[^()]*\b(?:vendor|gamepad)\b[^()]*)\)\s*$/i, '')
      .replace(/^[0-9a-f]{1,4}-[0-9a-f]{1,4}-/i, '')
      .trim()
      .slice(0, 40) || 'Gamepad'
  );
}

/** Whether the button that means STOP is down: the right one of the four under the right thumb. */
export function asksToStop(state: GamepadState): boolean {
  return (state.buttons & (1 << BUTTON.b)) !== 0;
}
