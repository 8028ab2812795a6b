/** Real keys in a real page, also from inside a shadow root, and all the ways in which they are let go. */
import { sendKeys } from '@web/test-runner-commands';
import { type GamepadState, NEUTRAL } from '../../../src/core/gamepad-state.ts';
import { openKeyboard } from '../../../src/input/keyboard.ts';
import { afterEach, assert, beforeEach, describe, it } from '../bdd.ts';

describe('keyboard in a page', () => {
  let life: AbortController;
  let state: () => GamepadState;
  let stops: number;
  let host: HTMLElement;

  beforeEach(() => {
    life = new AbortController();
    stops = 0;
    const onStop = () => {
      stops++;
    };
    const read = openKeyboard({
      keys: window,
      page: document,
      onStop,
      onChange: () => {},
      now: () => performance.now(),
      signal: life.signal,
    });
    state = () => read().state;
    host = document.createElement('div');
    document.body.append(host);
  });
  afterEach(async () => {
    for (const key of ['w', 'd', 'ArrowUp', 'Shift']) await sendKeys({ up: key });
    life.abort();
    host.remove();
  });

  it('drives while keys are down and brakes when they are let go', async () => {
    await sendKeys({ down: 'w' });
    assert.deepEqual(state().axes, [0, -1, 0, 0]);
    await sendKeys({ down: 'd' });
    assert.deepEqual(state().axes, [1, -1, 0, 0]);
    await sendKeys({ up: 'w' });
    assert.deepEqual(state().axes, [1, 0, 0, 0]);
    await sendKeys({ up: 'd' });
    assert.deepEqual(state(), NEUTRAL);
  });

  it('holds the left bumper with Shift', async () => {
    await sendKeys({ down: 'Shift' });
    await sendKeys({ down: 'w' });
    assert.equal(state().buttons, 1 << 4);
    await sendKeys({ up: 'Shift' });
    assert.equal(state().buttons, 0);
    assert.deepEqual(state().axes, [0, -1, 0, 0]);
  });

  it('does not scroll the page with the arrows', async () => {
    host.style.setProperty('height', '5000px');
    await sendKeys({ press: 'ArrowDown' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(window.scrollY, 0);
  });

  it('stops on Space, and a focused button is not pressed by it', async () => {
    const button = document.createElement('button');
    let clicks = 0;
    button.addEventListener('click', () => clicks++);
    host.append(button);
    button.focus();
    await sendKeys({ press: 'Space' });
    assert.equal(stops, 1);
    assert.equal(clicks, 0);
  });

  it('leaves a text field inside a shadow root alone', async () => {
    const field = document.createElement('input');
    host.attachShadow({ mode: 'open' }).append(field);
    field.focus();
    await sendKeys({ type: 'wd w' });
    assert.equal(field.value, 'wd w');
    assert.deepEqual(state(), NEUTRAL);
    assert.equal(stops, 0);
  });

  it('lets all go when the window loses focus, and a key that stays down does not start again', async () => {
    await sendKeys({ down: 'w' });
    window.dispatchEvent(new Event('blur'));
    assert.deepEqual(state(), NEUTRAL);
    await sendKeys({ down: 'w' });
    assert.deepEqual(state(), NEUTRAL);
    await sendKeys({ up: 'w' });
    await sendKeys({ down: 'w' });
    assert.deepEqual(state().axes, [0, -1, 0, 0]);
  });
});
