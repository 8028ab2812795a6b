/** A link to hand on: as words, to copy, to send and as a code to scan; knows not where it leads. */
import { css, html, LitElement, nothing } from 'lit';
import type { RobotAddress } from '../session/robot-state.ts';
import './copy.ts';
import './icon.ts';
import './qr.ts';
import { sharedStyles } from './shared-styles.ts';
import { ROBOT } from './words/robot.ts';

/**
 * `address`: the link as this machine and as others open it. `mark`: the test mark of the first; the second's ends in
 * `-network`. `heading`: what a sent link is called. `folded`: the code to scan is shown only when asked for.
 */
export class TpShare extends LitElement {
  static override properties = {
    address: { attribute: false },
    mark: {},
    heading: {},
    folded: { type: Boolean },
    scanning: { state: true },
  };
  declare address: RobotAddress | undefined;
  declare mark: string;
  declare heading: string;
  declare folded: boolean;
  declare scanning: boolean;

  static override styles = [
    sharedStyles,
    css`
      :host { display: grid; gap: var(--s-3); align-content: start; min-width: 0; }
      .link { font: var(--w-book) var(--t-s) / 1.4 var(--font-code); overflow-wrap: anywhere; color: var(--ink); }
      .row { display: flex; flex-wrap: wrap; gap: var(--s-2); }
      .row > * { flex: 1 1 120px; }
      .row .button { padding: 0 10px; }
      tp-qr { width: min(100%, 264px); justify-self: center; }
    `,
  ];

  constructor() {
    super();
    this.address = undefined;
    this.mark = '';
    this.heading = '';
    this.folded = false;
    this.scanning = false;
  }

  override render() {
    if (this.address === undefined) return nothing;
    const { here, network } = this.address;
    const link = network ?? here;
    return html`${this.folded && !this.scanning ? nothing : html`<tp-qr value=${link} label=${ROBOT.qr}></tp-qr>`}
      ${this.#link(link, network === undefined ? this.mark : `${this.mark}-network`)}
      <div class="row">
        <tp-copy .text=${link} label=${ROBOT.copy}></tp-copy>
        ${
          'share' in navigator
            ? html`<button class="button small" type="button" @click=${() => this.#send(link)}><tp-icon name="share" size="s"></tp-icon>${ROBOT.share}</button>`
            : nothing
        }
        ${
          this.folded
            ? html`<button class="button small" type="button" aria-expanded=${this.scanning} @click=${this.#fold}>${this.scanning ? ROBOT.hideQr : ROBOT.showQr}</button>`
            : nothing
        }
      </div>
      ${network === undefined ? nothing : html`<p class="faint">${ROBOT.linkHere} ${this.#link(here, this.mark)}</p>`}`;
  }

  #link(address: string, mark: string) {
    return html`<a class="link" data-testid=${mark} href=${address} target="_blank" rel="noopener">${address}</a>`;
  }

  #fold(): void {
    this.scanning = !this.scanning;
  }

  #send(url: string): void {
    // Closing the sheet rejects, and means only that.
    navigator.share({ url, title: this.heading }).catch(() => undefined);
  }
}

customElements.define('tp-share', TpShare);
