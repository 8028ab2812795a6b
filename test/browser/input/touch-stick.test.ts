/** A real pointer on a real element: wherever the touch ends, the stick is in the middle and stays there. */
import { sendMouse } from '@web/test-runner-commands';
import { type StickPosition, trackTouchStick } from '../../../src/input/touch-stick.ts';
import { afterEach, assert, beforeEach, describe, eventually, it } from '../bdd.ts';

const CENTRE = { x: 0, y: 0 };

describe('touch stick in a page', () => {
  let life: AbortController;
  let stick: HTMLElement;
  let last: StickPosition | undefined;
  let told: number;

  beforeEach(() => {
    life = new AbortController();
    stick = document.createElement('div');
    stick.style.cssText = 'position: fixed; left: 50px; top: 50px; width: 100px; height: 100px';
    document.body.append(stick);
    last = undefined;
    told = 0;
    trackTouchStick(
      stick,
      (position) => {
        last = position;
        told++;
      },
      life.signal,
    );
  });
  afterEach(async () => {
    await sendMouse({ type: 'up' });
    life.abort();
    stick.remove();
  });

  const pushForward = async () => {
    await sendMouse({ type: 'move', position: [100, 100] });
    await sendMouse({ type: 'down' });
    await sendMouse({ type: 'move', position: [100, 75] });
    await eventually('pushed', () => last?.y === -0.5);
  };
  const staysInTheMiddle = async () => {
    assert.deepEqual(last, CENTRE);
    const before = told;
    await sendMouse({ type: 'move', position: [130, 60] });
    assert.equal(told, before);
  };

  it('moves nothing where the pointer comes down', async () => {
    await sendMouse({ type: 'move', position: [140, 60] });
    await sendMouse({ type: 'down' });
    await eventually('down', () => last !== undefined);
    assert.deepEqual(last, CENTRE);
  });

  it('follows beyond its edge, held to the rim', async () => {
    await pushForward();
    await sendMouse({ type: 'move', position: [400, 100] });
    await eventually('at the rim', () => last?.x === 1);
    assert.deepEqual(last, { x: 1, y: 0 });
  });

  it('is in the middle when let go outside of it', async () => {
    await pushForward();
    await sendMouse({ type: 'move', position: [400, 400] });
    await sendMouse({ type: 'up' });
    await eventually('let go', () => last?.x === 0 && last.y === 0);
    await staysInTheMiddle();
  });

  it('is in the middle when capture is taken away', async () => {
    await pushForward();
    stick.releasePointerCapture(1);
    await sendMouse({ type: 'move', position: [101, 75] });
    await eventually('released', () => last?.x === 0 && last.y === 0);
    await staysInTheMiddle();
  });

  it('is in the middle when its element is removed, though the finger holds still', async () => {
    await pushForward();
    stick.remove();
    await eventually('removed', () => last?.x === 0 && last.y === 0);
    await staysInTheMiddle();
  });

  it('is in the middle when its element is not shown any more', async () => {
    await pushForward();
    stick.hidden = true;
    stick.style.setProperty('display', 'none');
    await eventually('hidden', () => last?.x === 0 && last.y === 0);
    await staysInTheMiddle();
  });

  it('is in the middle when the window loses focus', async () => {
    await pushForward();
    window.dispatchEvent(new Event('blur'));
    await staysInTheMiddle();
  });

  it('is in the middle when the browser takes the pointer for itself', async () => {
    await pushForward();
    stick.dispatchEvent(new PointerEvent('pointercancel', { pointerId: 1, bubbles: true, composed: true }));
    await staysInTheMiddle();
  });

  it('ignores a second finger', async () => {
    await pushForward();
    const finger = (type: string, clientX: number) =>
      new PointerEvent(type, { pointerId: 2, bubbles: true, clientX, clientY: 100, buttons: 1, pointerType: 'touch' });
    for (const event of [finger('pointerdown', 100), finger('pointermove', 150), finger('pointerup', 150)]) {
      stick.dispatchEvent(event);
    }
    assert.deepEqual(last, { x: 0, y: -0.5 });
    await sendMouse({ type: 'move', position: [125, 100] });
    await eventually('still followed', () => last?.x === 0.5);
  });

  it('is not scrolled with', () => {
    assert.equal(getComputedStyle(stick).touchAction, 'none');
  });
});
