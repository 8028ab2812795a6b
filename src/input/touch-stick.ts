/** Follows one finger on an element as a stick; knows neither how the stick looks nor what it drives. */

/** Right and down positive, within the unit circle. */
export type StickPosition = { readonly x: number; readonly y: number };

const CENTRE: StickPosition = Object.freeze({ x: 0, y: 0 });

/** Where a stick of this radius is when the finger has moved by so much, all in CSS pixels. One below a pixel has no ways. */
export function stickAt(movedX: number, movedY: number, radius: number): StickPosition {
  const size = Math.hypot(movedX, movedY);
  if (!(radius >= 1) || !Number.isFinite(size)) return CENTRE;
  const far = Math.max(radius, size);
  return { x: movedX / far, y: movedY / far };
}

/**
 * Tells each position of the stick until `signal` aborts. Where the finger comes down is the middle, so nothing moves before
 * the finger does; full is half the element's smaller side away. Whatever ends the touch (lifted, cancelled, capture lost,
 * page blurred or hidden, element removed or not shown any more) tells the middle at once, and a new touch must begin.
 * A second finger is ignored.
 */
export function trackTouchStick(
  element: HTMLElement,
  moved: (position: StickPosition) => void,
  signal: AbortSignal,
): void {
  if (signal.aborted) return;
  const page = element.ownerDocument;
  const view = page.defaultView;
  let finger: { readonly id: number; readonly x: number; readonly y: number; readonly radius: number } | undefined;

  const release = () => {
    if (!finger) return;
    const { id } = finger;
    finger = undefined;
    if (element.hasPointerCapture(id)) element.releasePointerCapture(id);
    moved(CENTRE);
  };
  const touch = (event: PointerEvent) => {
    if (finger || event.button !== 0) return;
    try {
      element.setPointerCapture(event.pointerId);
    } catch {
      // The finger is gone already: without capture nothing would tell of it.
      return;
    }
    event.preventDefault();
    const { width, height } = element.getBoundingClientRect();
    finger = { id: event.pointerId, x: event.clientX, y: event.clientY, radius: Math.min(width, height) / 2 };
    moved(CENTRE);
  };
  const follow = (event: PointerEvent) => {
    if (event.pointerId !== finger?.id) return;
    // A pointer that moves with nothing pressed was let go where nobody told.
    if (event.buttons === 0) return release();
    moved(stickAt(event.clientX - finger.x, event.clientY - finger.y, finger.radius));
  };
  const end = (event: PointerEvent) => {
    if (event.pointerId === finger?.id) release();
  };

  // Else the browser takes the finger to scroll or zoom with.
  element.style.setProperty('touch-action', 'none');
  element.addEventListener('pointerdown', touch, { signal });
  element.addEventListener('pointermove', follow, { signal });
  element.addEventListener('lostpointercapture', end, { signal });
  // For an element that was removed these come to the document only.
  page.addEventListener('pointerup', end, { signal, capture: true });
  page.addEventListener('pointercancel', end, { signal, capture: true });
  page.addEventListener('lostpointercapture', end, { signal, capture: true });
  page.addEventListener('visibilitychange', release, { signal });
  view?.addEventListener('blur', release, { signal });
  view?.addEventListener('pagehide', release, { signal });
  // A finger that holds still sends no event when its element goes, but the size of that element turns to nothing.
  const watcher = new ResizeObserver(([entry]) => {
    if (!entry || entry.contentRect.width === 0 || !element.isConnected) release();
  });
  watcher.observe(element);
  signal.addEventListener(
    'abort',
    () => {
      watcher.disconnect();
      release();
    },
    { once: true },
  );
}
