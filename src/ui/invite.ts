/** The link that lets someone drive: as words, as a code to scan, to copy and to send; knows not who takes it. */
import { css, html, LitElement, nothing } from 'lit';
import type { RobotSession } from '../session/robot-state.ts';
import './icon.ts';
import './qr.ts';
import { sharedStyles } from './shared-styles.ts';
import { SignalController } from './signal-controller.ts';
import { brokerWords, ROBOT } from './words/robot.ts';

const SAY_COPIED_MS = 2000;

export class TpInvite extends LitElement {
  static override properties = { session: { attribute: false }, copied: { state: true } };
  declare session: RobotSession | undefined;
  declare copied: boolean;
  #now = new SignalController(
    this,
    () => this.session,
    (session) => ({ address: session.address.value, broker: session.broker.value, name: session.name.value }),
  );

  static override styles = [
    sharedStyles,
    css`
      :host { display: grid; gap: var(--s-3); align-content: start; }
      .code { display: grid; grid-template-columns: minmax(120px, 38%) minmax(0, 1fr); gap: var(--s-4); align-items: center; padding: var(--s-4); }
      .wait { display: grid; place-items: center; min-height: 160px; padding: var(--s-4); text-align: center; }
      .side { display: grid; gap: var(--s-3); min-width: 0; }
      .link { font: var(--w-book) var(--t-s) / 1.4 var(--font-code); overflow-wrap: anywhere; color: var(--ink); }
      .row { display: flex; flex-wrap: wrap; gap: var(--s-2); }
      .row .button { flex: 1 1 120px; padding: 0 10px; }
      @container setup (min-width: 640px) {
        .code { grid-template-columns: 1fr; justify-items: center; text-align: center; }
        tp-qr { width: min(100%, 264px); }
      }
    `,
  ];

  constructor() {
    super();
    this.session = undefined;
    this.copied = false;
  }

  override render() {
    const now = this.#now.view;
    if (now === undefined) return nothing;
    const waits = brokerWords(now.broker);
    if (now.address === undefined)
      return html`<div class="card wait quiet" role="status">${waits ?? ROBOT.linkWaits}</div>`;
    const { here, network } = now.address;
    const link = network ?? here;
    return html`<div class="card code">
        <tp-qr value=${link} label=${ROBOT.qr}></tp-qr>
        <div class="side">
          <a class="link" data-testid=${network === undefined ? 'robot-link' : 'robot-link-network'} href=${link} target="_blank" rel="noopener">${link}</a>
          <div class="row">
            <button class="button small" type="button" @click=${() => this.#copy(link)}>
              <tp-icon .name=${this.copied ? 'check' : 'copy'} size="s"></tp-icon><span role="status">${this.copied ? ROBOT.copied : ROBOT.copy}</span>
            </button>
            ${
              'share' in navigator
                ? html`<button class="button small" type="button" @click=${() => this.#share(link, now.name)}><tp-icon name="share" size="s"></tp-icon>${ROBOT.share}</button>`
                : nothing
            }
          </div>
          ${network === undefined ? nothing : html`<p class="faint">${ROBOT.linkHere} <a class="link" data-testid="robot-link" href=${here} target="_blank" rel="noopener">${here}</a></p>`}
          <p class="faint">${ROBOT.doorKey}</p>
        </div>
      </div>
      ${waits === undefined ? nothing : html`<p class="notice" data-level="wait" data-testid="fault" role="status">${waits}</p>`}`;
  }

  async #copy(address: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(address);
    } catch {
      // Without a secure context or permission the words can still be selected, and are.
      const link = this.renderRoot.querySelector('.link');
      if (link !== null) getSelection()?.selectAllChildren(link);
      return;
    }
    this.copied = true;
    setTimeout(() => {
      this.copied = false;
    }, SAY_COPIED_MS);
  }

  #share(url: string, title: string): void {
    // Closing the sheet rejects, and means only that.
    navigator.share({ url, title }).catch(() => undefined);
  }
}

customElements.define('tp-invite', TpInvite);
