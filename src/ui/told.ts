/** What the two motors are told, as bars and words; knows no motor. */
import { css, html, LitElement } from 'lit';
import { sharedStyles } from './shared-styles.ts';
import { toldWords } from './words/figures.ts';

/** `left` and `right`: −1…1, forward positive and up. `name` is the test id of the words. */
export class TpTold extends LitElement {
  static override properties = { left: { type: Number }, right: { type: Number }, name: {} };
  declare left: number;
  declare right: number;
  declare name: string;

  static override styles = [
    sharedStyles,
    css`
      :host { display: inline-flex; align-items: center; gap: var(--s-2); font-size: var(--t-s); white-space: nowrap; }
      .bars { display: flex; gap: 3px; }
      svg { width: 9px; height: 30px; overflow: visible; }
      .well { fill: rgb(127 118 106 / 0.35); }
      .power { fill: var(--ink); }
      .zero { stroke: var(--ink-2); stroke-width: 1; }
    `,
  ];

  constructor() {
    super();
    this.left = 0;
    this.right = 0;
    this.name = '';
  }

  override render() {
    return html`<span class="bars" aria-hidden="true">${bar(this.left)}${bar(this.right)}</span>
      <span class="num" data-testid=${this.name} data-left=${this.left} data-right=${this.right}>${toldWords(this.left, this.right)}</span>`;
  }
}

function bar(power: number) {
  const height = Math.min(1, Math.abs(power)) * 15;
  return html`<svg viewBox="0 0 9 30">
    <rect class="well" width="9" height="30" rx="2"></rect>
    <rect class="power" y=${power > 0 ? 15 - height : 15} width="9" height=${height}></rect>
    <path class="zero" d="M-1 15h11"></path>
  </svg>`;
}

customElements.define('tp-told', TpTold);
