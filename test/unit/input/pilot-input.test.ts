/** Which device counts, and what is left of it when it goes away. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { NEUTRAL } from '../../../src/core/gamepad-state.ts';
import { openPilotInput, type PilotInput } from '../../../src/input/pilot-input.ts';
import { FakeClock } from '../../fake-clock.ts';
import { type FakePad, fakePad, key, push } from './fakes.ts';

let clock: FakeClock;
let keys: EventTarget;
let page: EventTarget;
let pads: FakePad[];
let life: AbortController;
let input: PilotInput;
const onStop = vi.fn();
const onChange = vi.fn();

function open(touchFirst = false): void {
  life = new AbortController();
  const gamepads = () => pads;
  input = openPilotInput({ clock, gamepads, keys, page, touchFirst, onStop, onChange, signal: life.signal });
}
beforeEach(() => {
  vi.clearAllMocks();
  clock = new FakeClock();
  keys = new EventTarget();
  page = new EventTarget();
  pads = [];
  open();
});
const axes = () => input.sample().state.axes;

describe('pilot input', () => {
  it('begins with what the device has', () => {
    expect(input.sample()).toMatchObject({ kind: 'keyboard', label: 'Keyboard', state: NEUTRAL, gone: undefined });
    open(true);
    expect(input.sample()).toMatchObject({ kind: 'touch', label: 'Touch sticks', state: NEUTRAL });
    pads = [fakePad()];
    expect(input.sample()).toMatchObject({ kind: 'gamepad', label: 'Xbox Controller', state: NEUTRAL });
  });

  it('says when it was read', () => {
    clock.pass(123.5);
    expect(input.sample().sampledAtMs).toBe(123.5);
  });

  it('follows the device last used', () => {
    const pad = fakePad();
    pads = [pad];
    pad.axes[1] = -0.7;
    expect(axes()).toEqual([0, 0, 0, 0]);
    pad.axes[1] = -0.9;
    expect(input.sample()).toMatchObject({ kind: 'gamepad', state: { axes: [0, -0.9, 0, 0] } });
    key(keys, 'keydown', 'KeyA');
    expect(input.sample()).toMatchObject({ kind: 'keyboard', state: { axes: [-1, 0, 0, 0] } });
    key(keys, 'keyup', 'KeyA');
    expect(axes()).toEqual([0, 0, 0, 0]);
    input.touch(1, 0.25, 0.5);
    expect(input.sample()).toMatchObject({ kind: 'touch', state: { axes: [0, 0, 0.25, 0.5] } });
    input.touch(0, -0.5, 0);
    expect(axes()).toEqual([-0.5, 0, 0.25, 0.5]);
    push(pad, 3);
    expect(input.sample().kind).toBe('gamepad');
  });

  it('never adds devices up: letting go of the one that counts is neutral', () => {
    key(keys, 'keydown', 'KeyW');
    input.touch(0, 1, 0);
    expect(axes()).toEqual([1, 0, 0, 0]);
    input.touch(0, 0, 0);
    expect(input.sample()).toMatchObject({ kind: 'touch', state: NEUTRAL });
  });

  it('does not let a drifting or jammed stick take over', () => {
    const pad = fakePad();
    pads = [pad];
    input.sample();
    pad.axes[0] = 0.6;
    input.sample();
    key(keys, 'keydown', 'KeyW');
    for (const drift of [0.62, 0.58, 0.7, 0.55, 0.6]) {
      pad.axes[0] = drift;
      expect(input.sample().kind).toBe('keyboard');
    }
    pad.axes[0] = 0.9;
    expect(input.sample().kind).toBe('gamepad');
  });

  it('does not let a worn stick take over that rests now here, now there', () => {
    const pad = fakePad();
    pads = [pad];
    input.sample();
    key(keys, 'keydown', 'KeyW');
    for (const rest of [-0.1, 0, 0.1, 0, -0.1, 0.02, 0.11]) {
      pad.axes[0] = rest;
      expect(input.sample().kind).toBe('keyboard');
    }
    key(keys, 'keydown', 'KeyS');
    pad.axes[0] = -0.03;
    expect(input.sample().kind).toBe('keyboard');
    pad.axes[0] = -0.11;
    expect(input.sample().kind).toBe('keyboard');
  });

  it('notices a slow push too', () => {
    const pad = fakePad();
    pads = [pad];
    input.sample();
    key(keys, 'keydown', 'KeyW');
    for (let at = 0; at < 0.3; at += 0.01) {
      pad.axes[1] = -at;
      input.sample();
    }
    expect(input.sample().kind).toBe('gamepad');
  });

  it('takes the pad in use, of two', () => {
    const [first, second] = [fakePad(), fakePad({ index: 1, id: 'Second' })];
    pads = [first, second];
    first.axes[1] = 0;
    expect(input.sample().label).toBe('Xbox Controller');
    second.axes[1] = -1;
    expect(input.sample()).toMatchObject({ label: 'Second', state: { axes: [0, -1, 0, 0] } });
    first.axes[0] = 1;
    expect(input.sample()).toMatchObject({ label: 'Xbox Controller', state: { axes: [1, 0, 0, 0] } });
    for (let i = 0; i < 5; i++) expect(input.sample().label).toBe('Xbox Controller');
  });

  describe('a pad that goes away while pushed', () => {
    let pad: FakePad;
    beforeEach(() => {
      pad = fakePad();
      pads = [pad];
      input.sample();
      pad.axes[1] = -1;
      expect(axes()).toEqual([0, -1, 0, 0]);
    });

    it.each(['vanished', 'not connected'])('is neutral at once and says so: %s', (how) => {
      if (how === 'vanished') pads = [];
      else pad.connected = false;
      const sample = input.sample();
      expect(sample).toMatchObject({ kind: 'gamepad', label: 'Xbox Controller', gone: 'Xbox Controller' });
      expect(sample.state).toEqual(NEUTRAL);
      expect(input.shown.peek()).toMatchObject({ gone: 'Xbox Controller', gamepad: NEUTRAL });
    });

    it('does not drive when it comes back pushed, until it has rested', () => {
      pads = [];
      input.sample();
      pads = [pad];
      expect(input.sample()).toMatchObject({ state: NEUTRAL, gone: 'Xbox Controller' });
      pad.axes[1] = -0.5;
      expect(axes()).toEqual([0, 0, 0, 0]);
      pad.axes[1] = 0;
      expect(input.sample()).toMatchObject({ state: NEUTRAL, gone: undefined });
      pad.axes[1] = -1;
      expect(axes()).toEqual([0, -1, 0, 0]);
    });

    it('is not waited for by who goes on without it, and takes over again at rest', () => {
      pads = [];
      input.sample();
      input.goOnWithout();
      expect(input.sample()).toMatchObject({ kind: 'keyboard', gone: undefined, state: NEUTRAL });
      pads = [pad];
      expect(input.sample()).toMatchObject({ kind: 'keyboard', state: NEUTRAL });
      pad.axes[1] = 0;
      input.sample();
      expect(input.sample()).toMatchObject({ kind: 'gamepad' });
    });

    it('is forgotten once another device is used', () => {
      pads = [];
      input.sample();
      key(keys, 'keydown', 'KeyD');
      expect(input.sample()).toMatchObject({ kind: 'keyboard', gone: undefined, state: { axes: [1, 0, 0, 0] } });
    });
  });

  describe('a pad that freezes while pushed', () => {
    let pad: FakePad;
    beforeEach(() => {
      pad = fakePad({ timestamp: 1000 });
      pads = [pad];
      input.sample();
      pad.axes[1] = -1;
      pad.timestamp = 1016;
      expect(input.sample()).toMatchObject({ state: { axes: [0, -1, 0, 0] }, frozen: false });
      clock.pass(5000);
      expect(input.sample()).toMatchObject({ state: { axes: [0, -1, 0, 0] }, frozen: false });
      clock.pass(5);
    });

    it('is neutral and says so, until it was let go', () => {
      expect(input.sample()).toMatchObject({ kind: 'gamepad', state: NEUTRAL, frozen: true, gone: undefined });
      expect(input.shown.peek()).toMatchObject({ gamepad: NEUTRAL, frozen: true });
      clock.pass(60_000);
      expect(axes()).toEqual([0, 0, 0, 0]);
      pad.timestamp = 76_000;
      pad.axes[1] = -0.98;
      expect(input.sample()).toMatchObject({ state: NEUTRAL, frozen: true });
      pad.axes[1] = 0;
      expect(input.sample()).toMatchObject({ kind: 'gamepad', state: NEUTRAL, frozen: false });
      pad.axes[1] = -0.98;
      expect(input.sample()).toMatchObject({ state: { axes: [0, -0.98, 0, 0] }, frozen: false });
      expect(input.shown.peek()).toMatchObject({ frozen: false });
    });

    it('leaves other hands alone, and takes over again only once it was let go', () => {
      input.sample();
      key(keys, 'keydown', 'KeyD');
      expect(input.sample()).toMatchObject({ kind: 'keyboard', frozen: false, state: { axes: [1, 0, 0, 0] } });
      pad.timestamp = 20_000;
      pad.axes[1] = -0.95;
      expect(input.sample().kind).toBe('keyboard');
      pad.timestamp = 20_016;
      pad.axes[1] = -0.5;
      expect(input.sample().kind).toBe('keyboard');
      pad.axes[1] = 0;
      expect(input.sample()).toMatchObject({ kind: 'gamepad', state: NEUTRAL, frozen: false });
    });
  });

  it('lets keys go that are held while no key event comes, and says so', () => {
    key(keys, 'keydown', 'KeyW');
    clock.pass(20_001);
    expect(input.sample()).toMatchObject({ kind: 'keyboard', state: NEUTRAL, frozen: true });
    expect(input.shown.peek()).toMatchObject({ kind: 'keyboard', gamepad: NEUTRAL, frozen: true });
    key(keys, 'keyup', 'KeyW');
    key(keys, 'keydown', 'KeyW');
    expect(input.sample()).toMatchObject({ state: { axes: [0, -1, 0, 0] }, frozen: false });
  });

  it('lets a finger go that is on without any news, and says so until it is lifted', () => {
    input.touch(0, 0, -1);
    clock.pass(20_000);
    input.touch(1, 0.5, 0);
    expect(input.sample()).toMatchObject({ state: { axes: [0, -1, 0.5, 0] }, frozen: false });
    clock.pass(1);
    expect(input.sample()).toMatchObject({ kind: 'touch', state: { axes: [0, 0, 0.5, 0] }, frozen: true });
    input.touch(0, 0, -0.9);
    expect(input.sample()).toMatchObject({ state: { axes: [0, 0, 0.5, 0] }, frozen: true });
    input.touch(0, 0, 0);
    expect(input.sample()).toMatchObject({ frozen: false });
    input.touch(0, 0, -0.9);
    expect(axes()).toEqual([0, -0.9, 0.5, 0]);
  });

  it('does not take the first news after a long silence for proof that the finger was on', () => {
    input.touch(0, 0, -1);
    clock.pass(60_000);
    input.touch(0, 0, -0.9);
    expect(input.sample()).toMatchObject({ state: NEUTRAL, frozen: true });
  });

  it('does not start with a pad that appears pushed', () => {
    pads = [fakePad({ axes: [0, -1, 0, 0] })];
    expect(axes()).toEqual([0, 0, 0, 0]);
  });

  it('stops by Space and by button 1, once a press', () => {
    const pad = fakePad();
    pads = [pad];
    input.sample();
    push(pad, 1);
    input.sample();
    input.sample();
    expect(onStop).toHaveBeenCalledTimes(1);
    push(pad, 1, 0);
    input.sample();
    push(pad, 1);
    input.sample();
    expect(onStop).toHaveBeenCalledTimes(2);
    key(keys, 'keydown', 'Space');
    expect(onStop).toHaveBeenCalledTimes(3);
  });

  it('lets touch sticks go with the page’s focus, and a finger that stayed on must lift first', () => {
    for (const [target, type] of [
      [keys, 'blur'],
      [keys, 'pagehide'],
      [page, 'visibilitychange'],
    ] as const) {
      input.touch(0, 0, -1);
      expect(axes()).toEqual([0, -1, 0, 0]);
      target.dispatchEvent(new Event(type));
      expect(axes()).toEqual([0, 0, 0, 0]);
      input.touch(0, 0, -0.9);
      expect(axes()).toEqual([0, 0, 0, 0]);
      input.touch(0, 0, 0);
    }
    input.touch(0, 0, -1);
    expect(axes()).toEqual([0, -1, 0, 0]);
  });

  it('keeps touches within −1…1', () => {
    input.touch(0, 7, Number.NaN);
    expect(axes()).toEqual([1, 0, 0, 0]);
  });

  it('tells at once that a key or a touch changed', () => {
    key(keys, 'keydown', 'KeyW');
    expect(onChange).toHaveBeenCalledTimes(1);
    key(keys, 'keyup', 'KeyW');
    expect(onChange).toHaveBeenCalledTimes(2);
    input.touch(0, 1, 0);
    expect(onChange).toHaveBeenCalledTimes(3);
  });

  it('shows each change once', () => {
    const shown: unknown[] = [];
    input.shown.subscribe((value) => shown.push(value));
    for (let i = 0; i < 5; i++) input.sample();
    expect(shown.length).toBe(1);
    key(keys, 'keydown', 'KeyW');
    for (let i = 0; i < 5; i++) input.sample();
    expect(shown.length).toBe(2);
    expect(shown[1]).toEqual({
      kind: 'keyboard',
      label: 'Keyboard',
      gamepad: input.sample().state,
      gone: undefined,
      frozen: false,
    });
  });

  it('works without its object, as callers pass its functions on', () => {
    const { sample, touch } = input;
    touch(0, 1, 0);
    expect(sample().state.axes).toEqual([1, 0, 0, 0]);
  });

  it('is neutral after its life, whatever is pushed', () => {
    const pad = fakePad();
    pads = [pad];
    input.sample();
    pad.axes[1] = -1;
    input.sample();
    life.abort();
    expect(axes()).toEqual([0, 0, 0, 0]);
  });
});
