/** How fast the motors are told to turn, and how fast they may; knows no stick. */
import { css, html, LitElement, nothing } from 'lit';
import type { PilotSession } from '../session/pilot-state.ts';
import { sharedStyles } from './shared-styles.ts';
import { SignalController } from './signal-controller.ts';
import './told.ts';
import { percent } from './words/figures.ts';
import { PILOT } from './words/pilot.ts';

/** A ruler: filled is used, empty is allowed, hatched is not allowed now. */
export class TpSpeed extends LitElement {
  static override properties = { session: { attribute: false } };
  declare session: PilotSession | undefined;
  #now = new SignalController(
    this,
    () => this.session,
    (session) => ({
      left: session.report.value?.left ?? 0,
      right: session.report.value?.right ?? 0,
      cap: session.report.value?.speedCap ?? 1,
    }),
  );

  static override styles = [
    sharedStyles,
    css`
      :host { --now: 0; --cap: 1; display: grid; grid-template-columns: auto minmax(60px, 1fr) auto; align-items: center; gap: 10px; width: min(100%, 360px); min-height: 44px; padding: 5px 14px; font-size: var(--t-s); background: var(--scrim); border: 1px solid var(--scrim-line); border-radius: var(--r-m); box-shadow: var(--shadow-hud); color: var(--ink); }
      .rule { position: relative; height: 14px; border-radius: 3px; overflow: hidden; background: linear-gradient(90deg, var(--ink) calc(var(--now) * 100%), transparent 0 calc(var(--cap) * 100%), rgb(255 246 232 / 0.2) 0); box-shadow: inset 0 0 0 1px rgb(255 246 232 / 0.28); }
      .rule::before { content: ''; position: absolute; inset: 0; background: repeating-linear-gradient(90deg, transparent 0 calc(5% - 1.5px), var(--scrim-solid) calc(5% - 1.5px) 5%); opacity: 0.85; }
      .rule::after { content: ''; position: absolute; left: calc(var(--cap) * 100% - 3px); top: 0; bottom: 0; width: 3px; background: var(--ink); }
      :host([data-slow]) .rule::after { background: var(--wait); }
      :host([data-slow]) b { color: var(--wait); }
    `,
  ];

  override updated(): void {
    const now = this.#now.view;
    if (now === undefined) return;
    this.style.setProperty('--now', Math.max(Math.abs(now.left), Math.abs(now.right)).toFixed(3));
    this.style.setProperty('--cap', now.cap.toFixed(3));
    this.toggleAttribute('data-slow', now.cap < 1);
  }

  override render() {
    const now = this.#now.view;
    if (now === undefined) return nothing;
    return html`<tp-told name="pilot-told" .left=${now.left} .right=${now.right}></tp-told>
      <span class="rule" aria-hidden="true"></span>
      <b class="num" data-testid="pilot-cap" data-cap=${now.cap}>${PILOT.upTo(percent(now.cap))}</b>`;
  }
}

customElements.define('tp-speed', TpSpeed);
