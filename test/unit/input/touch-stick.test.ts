/** Where a touch stick is, and that it is in the middle after everything that ends a touch. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stickAt, trackTouchStick } from '../../../src/input/touch-stick.ts';

class FakeElement extends EventTarget {
  readonly view = new EventTarget();
  readonly ownerDocument = Object.assign(new EventTarget(), { defaultView: this.view });
  readonly style = { setProperty: vi.fn() };
  readonly captured = new Set<number>();
  isConnected = true;
  mayCapture = true;
  setPointerCapture(id: number): void {
    if (!this.mayCapture) throw new Error('NotFoundError');
    this.captured.add(id);
  }
  hasPointerCapture = (id: number) => this.captured.has(id);
  releasePointerCapture = (id: number) => this.captured.delete(id);
  getBoundingClientRect = () => ({ width: 100, height: 120 });
}

let element: FakeElement;
let life: AbortController;
let resized: (entries: { contentRect: { width: number } }[]) => void;
let positions: { x: number; y: number }[];
const last = () => positions.at(-1);

beforeEach(() => {
  element = new FakeElement();
  life = new AbortController();
  positions = [];
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(told: typeof resized) {
        resized = told;
      }
      observe() {}
      disconnect() {}
    },
  );
  trackTouchStick(element as unknown as HTMLElement, (position) => positions.push(position), life.signal);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

type Pointer = { pointerId?: number; clientX?: number; clientY?: number; button?: number; buttons?: number };
function pointer(target: EventTarget, type: string, over: Pointer = {}): Event {
  const event = new Event(type, { cancelable: true });
  target.dispatchEvent(Object.assign(event, { pointerId: 1, clientX: 0, clientY: 0, button: 0, buttons: 1, ...over }));
  return event;
}
function touchAndPush(): void {
  pointer(element, 'pointerdown', { clientX: 200, clientY: 300 });
  pointer(element, 'pointermove', { clientX: 200, clientY: 275 });
  expect(last()).toEqual({ x: 0, y: -0.5 });
}
function expectReleased(): void {
  expect(last()).toEqual({ x: 0, y: 0 });
  const told = positions.length;
  pointer(element, 'pointermove', { clientX: 250, clientY: 300 });
  expect(positions.length).toBe(told);
}

describe('stick position', () => {
  it('is the way of the finger, as a share of the radius', () => {
    expect(stickAt(25, -10, 50)).toEqual({ x: 0.5, y: -0.2 });
    expect(stickAt(0, 0, 50)).toEqual({ x: 0, y: 0 });
    expect(stickAt(300, 0, 50)).toEqual({ x: 1, y: 0 });
    expect(stickAt(10, 10, 0)).toEqual({ x: 0, y: 0 });
  });

  it('stays within the unit circle and keeps its direction', () => {
    const number = fc.double({ min: -1e4, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(number, number, fc.double({ min: 0, max: 1e3, noNaN: true }), (dx, dy, radius) => {
        const { x, y } = stickAt(dx, dy, radius);
        expect(Math.hypot(x, y)).toBeLessThanOrEqual(1 + 1e-9);
        expect(x * dx + y * dy).toBeGreaterThanOrEqual(0);
      }),
      { examples: [[-5e-324, 5e-324, 5e-324]] },
    );
    expect(stickAt(Number.NaN, 3, 50)).toEqual({ x: 0, y: 0 });
  });
});

describe('touch stick', () => {
  it('moves nothing where the finger comes down, whatever part of it that is', () => {
    const event = pointer(element, 'pointerdown', { clientX: 95, clientY: 3 });
    expect(last()).toEqual({ x: 0, y: 0 });
    expect(event.defaultPrevented).toBe(true);
    expect(element.captured.has(1)).toBe(true);
  });

  it('keeps the browser from scrolling with the finger', () => {
    expect(element.style.setProperty).toHaveBeenCalledWith('touch-action', 'none');
  });

  it.each([
    ['lifted', () => pointer(element.ownerDocument, 'pointerup')],
    ['cancelled', () => pointer(element.ownerDocument, 'pointercancel')],
    ['capture lost', () => pointer(element, 'lostpointercapture')],
    ['capture lost with the element', () => pointer(element.ownerDocument, 'lostpointercapture')],
    ['page blurred', () => element.view.dispatchEvent(new Event('blur'))],
    ['page hidden', () => element.ownerDocument.dispatchEvent(new Event('visibilitychange'))],
    ['page left', () => element.view.dispatchEvent(new Event('pagehide'))],
    ['element not shown', () => resized([{ contentRect: { width: 0 } }])],
    ['moved with nothing pressed', () => pointer(element, 'pointermove', { buttons: 0, clientX: 250 })],
    ['life over', () => life.abort()],
  ])('is in the middle at once: %s', (_, end) => {
    touchAndPush();
    end();
    expectReleased();
    expect(element.captured.size).toBe(0);
  });

  it('is in the middle when its element was removed', () => {
    touchAndPush();
    element.isConnected = false;
    resized([{ contentRect: { width: 100 } }]);
    expectReleased();
  });

  it('tells the middle once for one release', () => {
    touchAndPush();
    pointer(element.ownerDocument, 'pointerup');
    pointer(element, 'lostpointercapture');
    expect(positions.filter(({ x, y }) => x === 0 && y === 0).length).toBe(2);
  });

  it('ignores a second finger, down, moved and up', () => {
    touchAndPush();
    const told = positions.length;
    pointer(element, 'pointerdown', { pointerId: 2, clientX: 210, clientY: 310 });
    pointer(element, 'pointermove', { pointerId: 2, clientX: 260, clientY: 310 });
    pointer(element.ownerDocument, 'pointerup', { pointerId: 2 });
    pointer(element, 'lostpointercapture', { pointerId: 2 });
    expect(positions.length).toBe(told);
    pointer(element, 'pointermove', { clientX: 225, clientY: 300 });
    expect(last()).toEqual({ x: 0.5, y: 0 });
  });

  it('does not start without capture, nor with another mouse button', () => {
    element.mayCapture = false;
    pointer(element, 'pointerdown');
    element.mayCapture = true;
    pointer(element, 'pointerdown', { button: 2 });
    pointer(element, 'pointermove', { clientX: 50 });
    expect(positions).toEqual([]);
  });

  it('starts again from the new place after a release', () => {
    touchAndPush();
    pointer(element.ownerDocument, 'pointerup');
    pointer(element, 'pointerdown', { pointerId: 7, clientX: 20, clientY: 20 });
    pointer(element, 'pointermove', { pointerId: 7, clientX: 70, clientY: 20 });
    expect(last()).toEqual({ x: 1, y: 0 });
  });
});
