/** The pilot's hands as one gamepad, whatever they used last; knows neither robot nor link. */
import { type ReadonlySignal, signal } from '@preact/signals-core';
import type { Clock } from '../core/clock.ts';
import { type GamepadState, isNeutral, NEUTRAL, sameState } from '../core/gamepad-state.ts';
import { UNREPEATED_FROZEN_AFTER_MS } from './frozen-after.ts';
import { asksToStop, openGamepads, type Pad, type RawGamepad } from './gamepad.ts';
import { openKeyboard } from './keyboard.ts';

export type InputKind = 'gamepad' | 'keyboard' | 'touch';

export type PilotInput = {
  /** Reads the hands now. Call it every 4–8 ms: a gamepad tells nothing by itself. */
  sample(): InputSample;
  /** What was read last, told only when it changes. */
  readonly shown: ReadonlySignal<InputShown>;
  /** The gamepad that went away is not waited for: keys or glass count. Another gamepad still takes over at rest. */
  goOnWithout(): void;
  /** Where a touch stick is; side 0 is left, each axis −1…1, right and down positive. */
  touch(side: 0 | 1, x: number, y: number): void;
};

export type InputShown = {
  readonly kind: InputKind;
  readonly label: string;
  readonly gamepad: GamepadState;
  /** Label of the gamepad that went away while it was the one that counted. */
  readonly gone: string | undefined;
  /** What counts said nothing new of what is held for too long: `gamepad` is neutral until that was let go and is pushed again. */
  readonly frozen: boolean;
};

export type InputSample = {
  readonly state: GamepadState;
  /** Clock milliseconds when the device was read. */
  readonly sampledAtMs: number;
  readonly kind: InputKind;
  readonly label: string;
  readonly gone: string | undefined;
  readonly frozen: boolean;
};

/** A gamepad that does not count takes over when it moves by this much: a drifting stick does not. */
const TAKES_OVER = 0.15;

type Known = { latest: GamepadState /** What a move is measured from. */; anchor: GamepadState };

export function openPilotInput(given: {
  readonly clock: Clock;
  /** `() => navigator.getGamepads()` */
  readonly gamepads: () => readonly (RawGamepad | null)[];
  /** Gets keydown, keyup, blur and pagehide: the window. */
  readonly keys: EventTarget;
  /** Gets visibilitychange: the document. */
  readonly page: EventTarget;
  /** Whether fingers are what this device has, which is what counts before anything was used. */
  readonly touchFirst: boolean;
  /** Space, or the gamepad's button 1. */
  readonly onStop: () => void;
  /** A key or a touch stick changed: a frame can go out before the next sample is due. */
  readonly onChange: () => void;
  readonly signal: AbortSignal;
}): PilotInput {
  const { clock, keys, page, signal: life } = given;
  const readPads = openGamepads(given.gamepads, () => clock.now());
  const known = new Map<string, Known>();
  let kind: InputKind = given.touchFirst ? 'touch' : 'keyboard';
  let pad: Pad | undefined;
  let gone: string | undefined;
  let sticks: [number, number, number, number] = [0, 0, 0, 0];
  /** Sides whose finger was on when the page lost focus: they count again once let go. */
  let spent: [boolean, boolean] = [false, false];
  const touchedAtMs: [number, number] = [0, 0];
  /** Sides whose finger was on for 5 s without any news: the browser may have missed that it was lifted. */
  let still: [boolean, boolean] = [false, false];
  const shown = signal<InputShown>({ kind, label: labelOf(kind, pad, gone), gamepad: NEUTRAL, gone, frozen: false });

  /** From here on a gamepad that does not count must move to take over. */
  const count = (next: InputKind, nextPad?: Pad) => {
    kind = next;
    pad = nextPad;
    gone = undefined;
    for (const each of known.values()) each.anchor = each.latest;
  };

  const keyboard = openKeyboard({
    now: () => clock.now(),
    keys,
    page,
    signal: life,
    onStop: given.onStop,
    onChange: (pressed) => {
      if (pressed) count('keyboard');
      given.onChange();
    },
  });
  const letGo = (side: 0 | 1) => {
    spent = side === 0 ? [true, spent[1]] : [spent[0], true];
    sticks = side === 0 ? [0, 0, sticks[2], sticks[3]] : [sticks[0], sticks[1], 0, 0];
  };
  const lookForTouches = () => {
    for (const side of [0, 1] as const) {
      if (!pushed(sticks, side) || clock.now() - touchedAtMs[side] <= UNREPEATED_FROZEN_AFTER_MS) continue;
      still[side] = true;
      letGo(side);
    }
  };
  const drop = () => {
    for (const side of [0, 1] as const) if (pushed(sticks, side)) letGo(side);
    still = [false, false];
    given.onChange();
  };
  keys.addEventListener('blur', drop, { signal: life });
  keys.addEventListener('pagehide', drop, { signal: life });
  page.addEventListener('visibilitychange', drop, { signal: life });

  const current = (): GamepadState => {
    switch (kind) {
      case 'gamepad':
        return pad && !pad.frozen ? pad.state : NEUTRAL;
      case 'keyboard':
        return keyboard().state;
      case 'touch':
        // Up is the throttle also where a preset drives by triggers, which glass does not have.
        return { ...NEUTRAL, axes: sticks, triggers: [Math.max(0, sticks[1]), Math.max(0, -sticks[1])] };
      default:
        return kind satisfies never;
    }
  };

  const isFrozen = (): boolean => {
    switch (kind) {
      case 'gamepad':
        return pad?.frozen === true;
      case 'keyboard':
        return keyboard().frozen;
      case 'touch':
        return still[0] || still[1];
      default:
        return kind satisfies never;
    }
  };

  const mayCount = (each: Pad, before: Known | undefined): boolean => {
    if (each.frozen) return false;
    const rests = isNeutral(each.state);
    // After one went away the next must be seen at rest: plugged in again with a pushed stick, it must not drive.
    if (gone !== undefined) return rests;
    if (before) return hasMoved(before, each.state);
    return rests && pad === undefined && isNeutral(current());
  };
  const meet = (pads: readonly Pad[]) => {
    for (const key of known.keys()) if (!pads.some((each) => each.key === key)) known.delete(key);
    if (pad && !known.has(pad.key)) {
      gone = pad.label;
      pad = undefined;
    }
    let stops = false;
    for (const each of pads) {
      const before = known.get(each.key);
      if (asksToStop(each.state) && !(before && asksToStop(before.latest))) stops = true;
      const anchor = before && !isNeutral(each.state) ? before.anchor : each.state;
      known.set(each.key, { latest: each.state, anchor });
      if (each.key === pad?.key) pad = each;
      else if (mayCount(each, before)) count('gamepad', each);
    }
    // Last, because whoever stops may sample again at once.
    if (stops) given.onStop();
  };

  return {
    sample() {
      if (!life.aborted) meet(readPads());
      lookForTouches();
      const state = life.aborted ? NEUTRAL : current();
      const label = labelOf(kind, pad, gone);
      const frozen = !life.aborted && isFrozen();
      const last = shown.peek();
      const isTold = last.kind === kind && last.label === label && last.gone === gone && last.frozen === frozen;
      if (!isTold || !sameState(last.gamepad, state)) shown.value = { kind, label, gamepad: state, gone, frozen };
      return { state, sampledAtMs: clock.now(), kind, label, gone, frozen };
    },
    shown,
    goOnWithout() {
      if (gone !== undefined) count(given.touchFirst ? 'touch' : 'keyboard');
    },
    touch(side, x, y) {
      const at = [bounded(x), bounded(y)] as const;
      const rests = at[0] === 0 && at[1] === 0;
      lookForTouches();
      touchedAtMs[side] = clock.now();
      if (spent[side]) {
        spent[side] = !rests;
        still[side] &&= !rests;
        return;
      }
      sticks = side === 0 ? [...at, sticks[2], sticks[3]] : [sticks[0], sticks[1], ...at];
      if (!rests && kind !== 'touch') count('touch');
      given.onChange();
    },
  };
}

function labelOf(kind: InputKind, pad: Pad | undefined, gone: string | undefined): string {
  switch (kind) {
    case 'gamepad':
      return pad?.label ?? gone ?? 'Gamepad';
    case 'keyboard':
      return 'Keyboard';
    case 'touch':
      return 'Touch sticks';
    default:
      return kind satisfies never;
  }
}

/** A new button, or a stick or trigger well away from where it lay. */
function hasMoved({ anchor, latest }: Known, now: GamepadState): boolean {
  const far = (value: number, i: number, from: readonly number[]) => Math.abs(value - (from[i] ?? 0)) > TAKES_OVER;
  return (
    (now.buttons & ~latest.buttons) !== 0 ||
    now.axes.some((value, i) => far(value, i, anchor.axes)) ||
    now.triggers.some((value, i) => far(value, i, anchor.triggers))
  );
}

function pushed(sticks: readonly number[], side: 0 | 1): boolean {
  return sticks[2 * side] !== 0 || sticks[2 * side + 1] !== 0;
}

function bounded(value: number): number {
  return Number.isNaN(value) ? 0 : Math.min(1, Math.max(-1, value));
}
