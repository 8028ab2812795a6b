/** A named slider with its value written beside it; knows not what it sets. */
import { css, html, LitElement, nothing } from 'lit';
import { sharedStyles } from './shared-styles.ts';

/** All numbers are shares, 1 is 100 %. Dispatches `set` with `value` already changed, while the thumb moves. */
export class TpSlider extends LitElement {
  static override properties = {
    label: {},
    what: {},
    value: { type: Number },
    min: { type: Number },
    max: { type: Number },
    step: { type: Number },
  };
  declare label: string;
  declare what: string | undefined;
  declare value: number;
  declare min: number;
  declare max: number;
  declare step: number;

  static override styles = [
    sharedStyles,
    css`
      :host { display: block; }
      label { display: grid; grid-template-columns: 1fr auto; gap: 0 var(--s-3); }
      small { grid-column: 1 / -1; color: var(--ink-3); font-size: var(--t-s); }
      input { --v: 50%; grid-column: 1 / -1; appearance: none; width: 100%; height: var(--touch); margin: 0; background: none; }
      input::-webkit-slider-runnable-track { height: 6px; border-radius: 3px; background: linear-gradient(90deg, var(--ink) var(--v), var(--line) 0); }
      input::-moz-range-track { height: 6px; border-radius: 3px; background: linear-gradient(90deg, var(--ink) var(--v), var(--line) 0); }
      input::-webkit-slider-thumb { appearance: none; width: 28px; height: 28px; margin-top: -11px; border-radius: 50%; border: 3px solid var(--surface); background: var(--ink); box-shadow: var(--shadow); }
      input::-moz-range-thumb { width: 24px; height: 24px; border-radius: 50%; border: 3px solid var(--surface); background: var(--ink); }
    `,
  ];

  constructor() {
    super();
    this.label = '';
    this.what = undefined;
    this.value = 0;
    this.min = 0;
    this.max = 1;
    this.step = 0.01;
  }

  override updated(): void {
    const share = (this.value - this.min) / (this.max - this.min);
    this.#input?.style.setProperty('--v', `${(share * 100).toFixed(1)}%`);
  }

  override render() {
    const shown = `${Math.round(this.value * 100)} %`;
    return html`<label>
      <span>${this.label}</span><span class="num">${shown}</span>
      ${this.what === undefined ? nothing : html`<small>${this.what}</small>`}
      <input type="range" min=${this.min} max=${this.max} step=${this.step} .value=${String(this.value)} aria-valuetext=${shown} @input=${this.#set} />
    </label>`;
  }

  get #input(): HTMLInputElement | null {
    return this.renderRoot.querySelector('input');
  }

  #set(): void {
    this.value = Number(this.#input?.value ?? this.value);
    this.dispatchEvent(new Event('set'));
  }
}

customElements.define('tp-slider', TpSlider);
