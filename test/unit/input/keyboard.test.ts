/** A keyboard as a gamepad: what keys say, and all the ways in which they are let go. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { BUTTON, type GamepadState, NEUTRAL } from '../../../src/core/gamepad-state.ts';
import { type Keyboard, openKeyboard } from '../../../src/input/keyboard.ts';
import { key, keyIn } from './fakes.ts';

let keys: EventTarget;
let page: EventTarget;
let life: AbortController;
let read: () => Keyboard;
let nowMs: number;
const state = (): GamepadState => read().state;
const onStop = vi.fn();
const onChange = vi.fn();

beforeEach(() => {
  vi.clearAllMocks();
  keys = new EventTarget();
  page = new EventTarget();
  life = new AbortController();
  nowMs = 0;
  read = openKeyboard({ keys, page, onStop, onChange, now: () => nowMs, signal: life.signal });
});
const down = (...codes: string[]) => codes.map((code) => key(keys, 'keydown', code));
const up = (...codes: string[]) => codes.map((code) => key(keys, 'keyup', code));

describe('keyboard', () => {
  it.each([
    ['KeyW', [0, -1, 0, 0], [0, 1]],
    ['ArrowUp', [0, -1, 0, 0], [0, 1]],
    ['KeyS', [0, 1, 0, 0], [1, 0]],
    ['ArrowDown', [0, 1, 0, 0], [1, 0]],
    ['KeyA', [-1, 0, 0, 0], [0, 0]],
    ['ArrowLeft', [-1, 0, 0, 0], [0, 0]],
    ['KeyD', [1, 0, 0, 0], [0, 0]],
    ['ArrowRight', [1, 0, 0, 0], [0, 0]],
    ['KeyI', [0, 0, 0, -1], [0, 0]],
    ['KeyK', [0, 0, 0, 1], [0, 0]],
    ['KeyJ', [0, 0, -1, 0], [0, 0]],
    ['KeyL', [0, 0, 1, 0], [0, 0]],
  ])('%s pushes a stick, and letting go is neutral at once', (code, axes, triggers) => {
    const [event] = down(code);
    expect(state()).toEqual({ axes, buttons: 0, triggers });
    expect(onChange).toHaveBeenLastCalledWith(true);
    expect(event!.defaultPrevented).toBe(true);
    up(code);
    expect(state()).toEqual(NEUTRAL);
    expect(onChange).toHaveBeenLastCalledWith(false);
  });

  it('adds keys up and cancels opposite ones', () => {
    down('KeyW', 'KeyD');
    expect(state().axes).toEqual([1, -1, 0, 0]);
    down('KeyS');
    expect(state()).toMatchObject({ axes: [1, 0, 0, 0], triggers: [0, 0] });
    up('KeyW');
    expect(state().axes).toEqual([1, 1, 0, 0]);
  });

  it('needs both keys of one direction let go', () => {
    down('KeyW', 'ArrowUp');
    up('KeyW');
    expect(state().axes[1]).toBe(-1);
    up('ArrowUp');
    expect(state().axes[1]).toBe(0);
  });

  it('holds the left bumper while Shift is held with a drive key', () => {
    key(keys, 'keydown', 'ShiftLeft', { shiftKey: true });
    expect(state()).toEqual(NEUTRAL);
    key(keys, 'keydown', 'KeyW', { shiftKey: true });
    expect(state().buttons).toBe(1 << BUTTON.leftBumper);
    key(keys, 'keyup', 'ShiftLeft');
    expect(state()).toMatchObject({ axes: [0, -1, 0, 0], buttons: 0 });
    expect(onChange).toHaveBeenCalledTimes(2);
  });

  it('does not count repeats', () => {
    down('KeyW');
    const again = key(keys, 'keydown', 'KeyW', { repeat: true });
    expect(again.defaultPrevented).toBe(true);
    expect(onChange).toHaveBeenCalledTimes(1);
  });

  it('does not start on a repeat that began elsewhere', () => {
    key(keys, 'keydown', 'KeyW', { repeat: true });
    expect(state()).toEqual(NEUTRAL);
  });

  it('stops on Space, once a press, and no button takes it', () => {
    expect(down('Space')[0]!.defaultPrevented).toBe(true);
    key(keys, 'keydown', 'Space', { repeat: true });
    expect(up('Space')[0]!.defaultPrevented).toBe(true);
    expect(onStop).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['keys', 'blur'],
    ['keys', 'pagehide'],
    ['page', 'visibilitychange'],
  ] as const)('lets all go when %s tells %s', (target, type) => {
    down('KeyW', 'KeyD');
    onChange.mockClear();
    (target === 'keys' ? keys : page).dispatchEvent(new Event(type));
    expect(state()).toEqual(NEUTRAL);
    expect(onChange.mock.calls).toEqual([[false]]);
    key(keys, 'keydown', 'KeyW', { repeat: true });
    expect(state()).toEqual(NEUTRAL);
  });

  it('lets all go at a shortcut, which may swallow the keys that are let go', () => {
    for (const press of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }]) {
      down('KeyW');
      const event = key(keys, 'keydown', 'KeyS', press);
      expect(event.defaultPrevented).toBe(false);
      expect(state()).toEqual(NEUTRAL);
    }
  });

  it.each([
    ['a text field', { tagName: 'INPUT', type: 'text' }],
    ['a search field', { tagName: 'INPUT', type: 'search' }],
    ['a text area', { tagName: 'TEXTAREA' }],
    ['a list', { tagName: 'SELECT' }],
    ['an editable element', { tagName: 'DIV', isContentEditable: true }],
  ])('leaves keys typed in %s alone', (_, element) => {
    for (const code of ['KeyW', 'Space', 'ArrowLeft']) {
      expect(keyIn(element, keys, code).defaultPrevented).toBe(false);
    }
    expect(state()).toEqual(NEUTRAL);
    expect(onStop).not.toHaveBeenCalled();
  });

  it('leaves a slider its arrows, but Space stops and letters drive there too', () => {
    const slider = { tagName: 'INPUT', type: 'range' };
    expect(keyIn(slider, keys, 'ArrowLeft').defaultPrevented).toBe(false);
    expect(state()).toEqual(NEUTRAL);
    keyIn(slider, keys, 'KeyW');
    expect(state().axes[1]).toBe(-1);
    keyIn(slider, keys, 'Space');
    expect(onStop).toHaveBeenCalledTimes(1);
  });

  it('lets go of a key that was pressed before a text field got the focus', () => {
    down('KeyW');
    const event = new Event('keyup');
    Object.assign(event, { code: 'KeyW' });
    event.composedPath = () => [{ tagName: 'TEXTAREA' } as unknown as EventTarget, keys];
    keys.dispatchEvent(event);
    expect(state()).toEqual(NEUTRAL);
  });

  it('leaves keys alone that compose a letter', () => {
    expect(key(keys, 'keydown', 'KeyW', { isComposing: true }).defaultPrevented).toBe(false);
    expect(state()).toEqual(NEUTRAL);
  });

  it('leaves other keys alone', () => {
    expect(down('Enter', 'KeyQ', 'Tab').some((event) => event.defaultPrevented)).toBe(false);
    expect(onChange).not.toHaveBeenCalled();
  });

  it('is neutral and deaf after its life', () => {
    down('KeyW');
    life.abort();
    expect(state()).toEqual(NEUTRAL);
    down('KeyW', 'Space');
    expect(state()).toEqual(NEUTRAL);
    expect(onStop).not.toHaveBeenCalled();
  });

  describe('that falls silent with a key down', () => {
    beforeEach(() => {
      down('KeyW');
      key(keys, 'keydown', 'KeyW', { repeat: true });
      nowMs = 5000;
      expect(read()).toMatchObject({ state: { axes: [0, -1, 0, 0] }, frozen: false });
    });

    it('is let go after five seconds, and its own repetition does not press it again', () => {
      nowMs = 5001;
      expect(read()).toEqual({ state: NEUTRAL, frozen: true });
      key(keys, 'keydown', 'KeyW', { repeat: true });
      expect(read()).toEqual({ state: NEUTRAL, frozen: true });
      up('KeyW');
      expect(read()).toEqual({ state: NEUTRAL, frozen: false });
      down('KeyW');
      expect(read()).toMatchObject({ state: { axes: [0, -1, 0, 0] }, frozen: false });
    });

    it('is let go too where nobody looked before its next event', () => {
      nowMs = 60_000;
      key(keys, 'keydown', 'KeyW', { repeat: true });
      expect(read()).toEqual({ state: NEUTRAL, frozen: true });
    });

    it('is believed for twenty seconds when another key ended its repetition', () => {
      down('KeyD');
      up('KeyD');
      nowMs = 25_000;
      expect(read()).toMatchObject({ state: { axes: [0, -1, 0, 0] }, frozen: false });
      nowMs = 25_001;
      expect(read()).toEqual({ state: NEUTRAL, frozen: true });
    });

    it('counts only what is pressed afterwards', () => {
      nowMs = 5001;
      down('KeyD');
      expect(read()).toMatchObject({ state: { axes: [1, 0, 0, 0] }, frozen: false });
    });

    it('goes on for minutes while it repeats', () => {
      for (; nowMs < 300_000; nowMs += 4000) {
        key(keys, 'keydown', 'KeyW', { repeat: true });
        expect(read()).toMatchObject({ state: { axes: [0, -1, 0, 0] }, frozen: false });
      }
    });
  });
});
