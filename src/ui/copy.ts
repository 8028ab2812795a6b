/** A button that copies and says so; knows not what the text is for. */
import { css, html, LitElement, nothing } from 'lit';
import './icon.ts';
import { sharedStyles } from './shared-styles.ts';
import { ROBOT } from './words/robot.ts';

const SAY_COPIED_MS = 2000;

/** `text`: what it copies. `label`: what it says. Where the browser refuses, it shows the text to copy by hand. */
export class TpCopy extends LitElement {
  static override properties = { text: {}, label: {}, at: { state: true } };
  declare text: string;
  declare label: string;
  declare at: 'idle' | 'copied' | 'refused';
  #forget: ReturnType<typeof setTimeout> | undefined;

  static override styles = [
    sharedStyles,
    css`
      :host { display: grid; gap: var(--s-2); min-width: 0; }
      .button { width: 100%; padding: 0 10px; }
      input { width: 100%; min-height: var(--touch); padding: 0 10px; border: 1px solid var(--line-strong); border-radius: var(--r-s); background: var(--surface); font: var(--w-book) var(--t-s) / 1.4 var(--font-code); }
    `,
  ];

  constructor() {
    super();
    this.text = '';
    this.label = '';
    this.at = 'idle';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#forget);
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('at') && this.at === 'refused') this.renderRoot.querySelector('input')?.select();
  }

  override render() {
    const copied = this.at === 'copied';
    return html`<button class="button small" type="button" @click=${this.#copy}>
        <tp-icon .name=${copied ? 'check' : 'copy'} size="s"></tp-icon><span role="status">${copied ? ROBOT.copied : this.label}</span>
      </button>
      ${this.at === 'refused' ? html`<input readonly aria-label=${ROBOT.copyByHand} .value=${this.text} />` : nothing}`;
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.text);
    } catch {
      // Without a secure context or permission the words can still be copied by hand.
      this.at = 'refused';
      return;
    }
    this.at = 'copied';
    clearTimeout(this.#forget);
    this.#forget = setTimeout(() => {
      this.at = 'idle';
    }, SAY_COPIED_MS);
  }
}

customElements.define('tp-copy', TpCopy);
