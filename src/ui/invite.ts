/** The one way in for whoever was not let in before, to scan, to send and to type; knows not who takes it. */
import { css, html, LitElement, nothing } from 'lit';
import type { RobotSession } from '../session/robot-state.ts';
import './copy.ts';
import './icon.ts';
import './share.ts';
import { sharedStyles } from './shared-styles.ts';
import { SignalController } from './signal-controller.ts';
import { brokerWords, ROBOT } from './words/robot.ts';
import { countdown } from './words/times.ts';

const TICK_MS = 1000;
/** The ring is full with this much time left. */
const FULL_RING_MS = 10 * 60_000;

export class TpInvite extends LitElement {
  static override properties = { session: { attribute: false } };
  declare session: RobotSession | undefined;
  #tick: ReturnType<typeof setInterval> | undefined;
  #now = new SignalController(
    this,
    () => this.session,
    (session) => ({ invitation: session.invitation.value, broker: session.broker.value, name: session.name.value }),
  );

  static override styles = [
    sharedStyles,
    css`
      :host { display: grid; gap: var(--s-3); align-content: start; container: invite / inline-size; }
      .wait { display: grid; place-items: center; min-height: 160px; padding: var(--s-4); text-align: center; }
      .way { display: grid; gap: var(--s-4); padding: var(--s-4); }
      .typed { display: grid; gap: var(--s-2); align-content: start; min-width: 0; }
      .code { display: grid; grid-template-columns: repeat(4, auto); justify-content: space-between; gap: 4px 10px; padding: var(--s-3) var(--s-4); border-radius: var(--r-m); background: var(--raised); font: var(--w-strong) var(--t-m) / 1.6 var(--font-code); letter-spacing: 0.06em; }
      .row { display: flex; flex-wrap: wrap; gap: var(--s-2); }
      .row > * { flex: 1 1 120px; }
      .row .button { padding: 0 10px; }
      .left { display: flex; align-items: center; gap: 10px; color: var(--ink-2); font-size: var(--t-s); }
      svg { width: 20px; height: 20px; rotate: -90deg; flex: none; }
      circle { fill: none; stroke: var(--line); stroke-width: 3; }
      .share { stroke: var(--accent); }
      @container invite (max-width: 300px) { .code { grid-template-columns: auto auto; justify-content: space-around; } }
      @container invite (min-width: 560px) { .way { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); align-items: start; } }
    `,
  ];

  constructor() {
    super();
    this.session = undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#tick = setInterval(() => this.requestUpdate(), TICK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#tick);
  }

  override render() {
    const now = this.#now.view;
    if (now === undefined) return nothing;
    const waits = brokerWords(now.broker);
    const { invitation } = now;
    if (invitation === undefined)
      return html`<div class="card wait quiet" role="status"><span data-testid=${waits === undefined ? nothing : 'fault'}>${waits ?? ROBOT.linkWaits}</span></div>`;
    return html`<div class="card way">
        <tp-share .address=${invitation} mark="robot-link" heading=${now.name}></tp-share>
        <div class="typed">
          ${this.#code(invitation.code)}
          ${this.#left(invitation.expiresAtMs - Date.now())}
          <p class="faint">${ROBOT.worksOnce}</p>
          <div class="row">
            ${invitation.code === undefined ? nothing : html`<tp-copy .text=${inFours(invitation.code).join(' ')} label=${ROBOT.copyCode}></tp-copy>`}
            <button class="button small" type="button" data-testid="robot-renew" @click=${() => this.session?.renewInvitation()}>${ROBOT.renew}</button>
          </div>
        </div>
      </div>
      ${waits === undefined ? nothing : html`<p class="notice" data-level="wait" data-testid="fault" role="status">${waits}</p>`}`;
  }

  #code(code: string | undefined) {
    if (code === undefined) return html`<p class="quiet" role="status">${ROBOT.codeWaits}</p>`;
    const [a, b, c, d] = inFours(code);
    return html`<p class="quiet">${ROBOT.typeThis}</p>
      <p class="code" data-testid="robot-code"><span>${a}</span> <span>${b}</span> <span>${c}</span> <span>${d}</span></p>`;
  }

  #left(leftMs: number) {
    const share = Math.min(1, Math.max(0, leftMs / FULL_RING_MS));
    return html`<p class="left num">
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <circle cx="10" cy="10" r="8"></circle>
        <circle class="share" cx="10" cy="10" r="8" pathLength="1" stroke-dasharray="${share} 2"></circle>
      </svg>
      <span data-testid="robot-code-expires">${leftMs > 0 ? `${ROBOT.newCodeIn} ${countdown(leftMs)}` : ROBOT.newCodeComes}</span>
    </p>`;
  }
}

function inFours(code: string): readonly string[] {
  return code.match(/.{1,4}/g) ?? [];
}

customElements.define('tp-invite', TpInvite);
