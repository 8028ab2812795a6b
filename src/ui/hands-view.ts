/** Shows which keys or which sticks of the pad the robot hears; knows no device. */
import { css, html, LitElement, nothing } from 'lit';
import type { PilotSession } from '../session/pilot-state.ts';
import { sharedStyles } from './shared-styles.ts';
import { SignalController } from './signal-controller.ts';
import { INPUTS } from './words/pilot.ts';

/** A key is drawn as down from here on. */
const DOWN = 0.1;

/** `show`: the keys or the pad that is drawn at the left, or the words about them at the right. */
export class TpHandsView extends LitElement {
  static override properties = { session: { attribute: false }, show: { reflect: true } };
  declare session: PilotSession | undefined;
  declare show: 'drawing' | 'words';
  #now = new SignalController(
    this,
    () => this.session,
    (session) => ({ input: session.input.value }),
  );

  static override styles = [
    sharedStyles,
    css`
      :host { display: block; padding: 12px; background: var(--scrim); border: 1px solid var(--scrim-line); border-radius: var(--r-m); box-shadow: var(--shadow-hud); color: var(--ink); }
      .keys { display: grid; grid-template: '. w .' 44px 'a s d' 44px / 44px 44px 44px; gap: 6px; }
      kbd { display: grid; place-items: center; border: 1px solid rgb(255 246 232 / 0.3); border-radius: 10px; font: var(--w-strong) var(--t-s) var(--font); }
      kbd[data-down] { background: var(--ink); border-color: var(--ink); color: var(--scrim-solid); }
      .w { grid-area: w; } .a { grid-area: a; } .s { grid-area: s; } .d { grid-area: d; }
      .pad { display: block; width: 132px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; }
      .pad .thumb { fill: currentColor; stroke: none; }
      .words { display: flex; align-items: center; gap: 12px; line-height: 1.3; font-size: var(--t-s); max-width: 300px; }
      .words small { display: block; color: var(--ink-2); font-size: var(--t-xs); }
      @media (max-width: 999px) { :host([show='words']) small.more { display: none; } .keys { grid-template: '. w .' 36px 'a s d' 36px / 36px 36px 36px; } .pad { width: 104px; } .words { max-width: 130px; } }
    `,
  ];

  constructor() {
    super();
    this.session = undefined;
    this.show = 'drawing';
  }

  override render() {
    const input = this.#now.view?.input;
    if (input === undefined) return nothing;
    if (this.show === 'words') {
      const { title, line } = INPUTS[input.kind];
      const label = input.kind === 'gamepad' ? input.label : '';
      return html`<div class="words" data-testid="pilot-input" data-kind=${input.kind}>
        <tp-icon .name=${input.kind === 'gamepad' ? 'pad' : 'keyboard'}></tp-icon>
        <span>${title}<small class="more">${label === '' ? line : label}</small></span>
      </div>`;
    }
    const [lx, ly, rx, ry] = input.gamepad.axes;
    return input.kind === 'gamepad' ? pad(lx, ly, rx, ry) : keys(furthest(lx, rx), furthest(ly, ry));
  }
}

function furthest(a: number, b: number): number {
  return Math.abs(a) > Math.abs(b) ? a : b;
}

function keys(x: number, y: number) {
  return html`<div class="keys" aria-hidden="true">
    <kbd class="w" ?data-down=${y < -DOWN}>W</kbd><kbd class="a" ?data-down=${x < -DOWN}>A</kbd>
    <kbd class="s" ?data-down=${y > DOWN}>S</kbd><kbd class="d" ?data-down=${x > DOWN}>D</kbd>
  </div>`;
}

function pad(lx: number, ly: number, rx: number, ry: number) {
  return html`<svg class="pad" viewBox="0 0 92 60" aria-hidden="true">
    <path d="M27 6h38c11 0 17 7 19 17l4 20c2 12-9 15-15 7L65 39H27L19 50c-6 8-17 5-15-7l4-20C10 13 16 6 27 6z"></path>
    <circle cx="34" cy="25" r="8"></circle><circle class="thumb" cx=${34 + lx * 5} cy=${25 + ly * 5} r="4.5"></circle>
    <circle cx="58" cy="25" r="8"></circle><circle class="thumb" cx=${58 + rx * 5} cy=${25 + ry * 5} r="4.5"></circle>
  </svg>`;
}

customElements.define('tp-hands-view', TpHandsView);
