/** Re-renders an element when what it shows of a session changes; knows neither the session nor the element. */
import { effect } from '@preact/signals-core';
import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Whether two views show the same: own values compared one by one. */
function sameView(a: object | undefined, b: object | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  const before = Object.entries(a);
  const after = b as Record<string, unknown>;
  return before.length === Object.keys(b).length && before.every(([key, value]) => Object.is(value, after[key]));
}

/**
 * Keeps `view` equal to what `look` makes of the signals it reads, while the element is in the page. The element renders
 * again only when a value of the view changed, at most once a frame, so a signal may change as often as it likes.
 */
export class SignalController<Source, View extends object> implements ReactiveController {
  /** Undefined while there is no source. */
  view: View | undefined;
  #connected = false;
  #watched: Source | undefined;
  #forget: (() => void) | undefined;
  #frame: number | undefined;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly source: () => Source | undefined,
    private readonly look: (source: Source) => View,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.#connected = true;
    this.#watch(this.source());
  }

  hostUpdate(): void {
    // Lit also runs an update that was asked for before its element left the page, and a signal keeps whoever watches it.
    if (this.#connected && this.source() !== this.#watched) this.#watch(this.source());
  }

  hostDisconnected(): void {
    this.#connected = false;
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    this.#watch(undefined);
  }

  #watch(source: Source | undefined): void {
    this.#forget?.();
    this.#forget = undefined;
    this.#watched = source;
    if (source === undefined) {
      this.view = undefined;
      return;
    }
    this.#forget = effect(() => {
      const view = this.look(source);
      if (sameView(this.view, view)) return;
      this.view = view;
      this.#render();
    });
  }

  #render(): void {
    // A hidden page gets no frames, and its words must still be right for whoever reads them.
    if (document.hidden) {
      this.host.requestUpdate();
      return;
    }
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.host.requestUpdate();
    });
  }
}
