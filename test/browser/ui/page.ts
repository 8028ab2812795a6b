/** Puts elements on the test's page and finds what lies in their shadows. */

/** On the page until `removeAll`. */
export function show<E extends HTMLElement>(element: E): E {
  document.body.append(element);
  return element;
}

export function removeAll(): void {
  document.body.replaceChildren();
}

/** The first element that matches, in any open shadow below `root`. */
export function find<E extends Element = HTMLElement>(root: ParentNode, selector: string): E | undefined {
  const here = root.querySelector<E>(selector);
  if (here !== null) return here;
  for (const host of root.querySelectorAll('*')) {
    const below = host.shadowRoot && find<E>(host.shadowRoot, selector);
    if (below) return below;
  }
  return undefined;
}

export function byId<E extends Element = HTMLElement>(id: string): E | undefined {
  return find<E>(document, `[data-testid='${id}']`);
}

/** What stands there, white space folded. */
export function textOf(id: string): string {
  return byId(id)?.textContent?.replace(/\s+/g, ' ').trim() ?? '';
}

/** The button inside an element of ours. */
export function buttonIn(id: string): HTMLButtonElement {
  const button = byId(id)?.shadowRoot?.querySelector('button');
  if (!button) throw new Error(`${id} has no button`);
  return button;
}

export function pointer(
  target: EventTarget,
  type: string,
  at: { readonly x?: number; readonly y?: number } = {},
): void {
  const init = {
    bubbles: true,
    composed: true,
    pointerId: 1,
    button: 0,
    buttons: type === 'pointerup' ? 0 : 1,
    clientX: at.x ?? 0,
    clientY: at.y ?? 0,
    isPrimary: true,
  };
  target.dispatchEvent(new PointerEvent(type, init));
}

export function key(type: 'keydown' | 'keyup', name: string, target: EventTarget = document.body): KeyboardEvent {
  const event = new KeyboardEvent(type, { key: name, bubbles: true, composed: true, cancelable: true });
  target.dispatchEvent(event);
  return event;
}
