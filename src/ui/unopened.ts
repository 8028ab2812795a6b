/** What is shown when a page could not open: why, and the way to try again; knows no page. */
import { css, html, LitElement, nothing } from 'lit';
import type { Fault } from '../core/fault.ts';
import './icon.ts';
import { sharedStyles } from './shared-styles.ts';
import './thread.ts';
import { UNOPENED } from './words/unopened.ts';
import { faultSentence } from './words.ts';

export class TpUnopened extends LitElement {
  static override properties = { fault: { attribute: false } };
  declare fault: Fault | undefined;

  static override styles = [
    sharedStyles,
    css`
      :host { display: grid; place-items: center; min-height: 100dvh; padding: var(--s-4); background: var(--ground); color: var(--ink); }
      main { display: grid; gap: var(--s-3); justify-items: center; width: min(100%, 430px); padding: var(--s-5); text-align: center; }
      h1 { font-size: var(--t-xl); }
      p { color: var(--ink-2); }
      tp-thread { width: 148px; }
      .row { display: flex; flex-wrap: wrap; justify-content: center; gap: var(--s-2); margin-top: var(--s-2); }
    `,
  ];

  constructor() {
    super();
    this.fault = undefined;
  }

  override render() {
    const { fault } = this;
    if (fault === undefined) return nothing;
    return html`<main class="card" role="alert">
      <tp-thread link="broken"></tp-thread>
      <h1>${UNOPENED.title}</h1>
      <p data-testid="fault" data-code=${fault.code} data-subject=${fault.subject}>${faultSentence(fault)}</p>
      <div class="row">
        <button class="button small primary" type="button" @click=${() => location.reload()}>${UNOPENED.reload}</button>
        <a class="button small" href="#">${UNOPENED.home}</a>
      </div>
    </main>`;
  }
}

customElements.define('tp-unopened', TpUnopened);

declare global {
  interface HTMLElementTagNameMap {
    'tp-unopened': TpUnopened;
  }
}
