/** The red octagon: one tap, no question; knows not what it stops. */
import { css, html, LitElement, nothing } from 'lit';
import { sharedStyles } from './shared-styles.ts';

/** Dispatches `stop` as the finger comes down, and when pressed by keyboard or screen reader. `look`: octagon or slab. */
export class TpStop extends LitElement {
  static override shadowRootOptions = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override properties = { label: {}, name: {}, key: {}, look: { reflect: true } };
  /** What is written on it, its spoken name, and the key that does the same. */
  declare label: string;
  declare name: string;
  declare key: string | undefined;
  declare look: 'octagon' | 'slab';

  static override styles = [
    sharedStyles,
    css`
      :host { display: inline-grid; user-select: none; -webkit-user-select: none; touch-action: manipulation; }
      button { position: relative; display: grid; place-items: center; padding: 0; border: 0; color: var(--on-stop); font-weight: 700; letter-spacing: 0.03em; line-height: 1.1; }
      span { position: relative; }

      :host([look='octagon']) button { width: var(--size, 84px); height: var(--size, 84px); border-radius: 22px; background: none; filter: drop-shadow(0 3px 10px rgb(0 0 0 / 0.45)); font-size: 1.125rem; }
      :host([look='octagon']) button:active { scale: 0.96; }
      svg { position: absolute; inset: 0; width: 100%; height: 100%; }
      .plate { fill: var(--stop-solid); stroke: var(--stop-solid-edge); stroke-width: 4; stroke-linejoin: round; }
      .rim { fill: none; stroke: #fff; stroke-width: 2.5; stroke-linejoin: round; }
      kbd { display: block; margin-top: 2px; font: var(--w-book) var(--t-xs) var(--font); letter-spacing: 0; }

      :host([look='slab']) button { width: 100%; height: 100%; min-height: 72px; border-radius: 30px; background: var(--stop-solid); box-shadow: inset 0 -4px 0 var(--stop-solid-edge); font-size: var(--slab-size, clamp(2.75rem, 14vw, 4.5rem)); letter-spacing: 0.06em; }
      :host([look='slab']) button::before { content: ''; position: absolute; inset: 9px; border: 3px solid rgb(255 255 255 / 0.92); border-radius: 22px; }
      :host([look='slab']) button:active { background: var(--stop-solid-edge); box-shadow: none; }
    `,
  ];

  constructor() {
    super();
    this.label = '';
    this.name = '';
    this.key = undefined;
    this.look = 'octagon';
  }

  override render() {
    return html`<button type="button" aria-label=${this.name} @pointerdown=${this.#stop} @click=${this.#stop}>
      ${
        this.look === 'octagon'
          ? html`<svg viewBox="0 0 100 100" aria-hidden="true">
            <path class="plate" d="M31 3h38l28 28v38L69 97H31L3 69V31z"></path>
            <path class="rim" d="M33.5 9.5h33l24 24v33l-24 24h-33l-24-24v-33z"></path>
          </svg>`
          : nothing
      }
      <span>${this.label}${this.key === undefined ? nothing : html`<kbd>${this.key}</kbd>`}</span>
    </button>`;
  }

  #stop(): void {
    this.dispatchEvent(new Event('stop'));
  }
}

customElements.define('tp-stop', TpStop);
