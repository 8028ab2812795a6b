/** Links for guests, made, handed on and taken back; knows no guest. */
import { css, html, LitElement, nothing } from 'lit';
import type { RobotSession } from '../session/robot-state.ts';
import { type GuestTime, guestTimes, guestUntil } from './guest-time.ts';
import './icon.ts';
import './share.ts';
import { sharedStyles } from './shared-styles.ts';
import { SignalController } from './signal-controller.ts';
import { ROBOT } from './words/robot.ts';
import { moment } from './words/times.ts';

export class TpGuestLinks extends LitElement {
  static override properties = { session: { attribute: false }, time: { state: true } };
  declare session: RobotSession | undefined;
  declare time: GuestTime;
  #now = new SignalController(
    this,
    () => this.session,
    (session) => ({ links: session.guestLinks.value, name: session.name.value }),
  );

  static override styles = [
    sharedStyles,
    css`
      :host { display: grid; gap: var(--s-3); min-width: 0; }
      .make { display: flex; flex-wrap: wrap; gap: var(--s-2); align-items: center; }
      .times { min-height: 48px; padding: 0 10px; border: 1px solid var(--line-strong); border-radius: var(--r-s); background: var(--surface); flex: 1 1 120px; }
      .make .button { flex: 1 1 160px; padding: 0 12px; }
      ul { display: grid; gap: var(--s-3); }
      li { display: grid; grid-template-columns: minmax(0, 1fr) var(--touch); align-items: center; gap: var(--s-2); padding: var(--s-2) var(--s-4) var(--s-4); }
      li .icon-button { margin-right: -10px; }
      tp-share { grid-column: 1 / -1; }
    `,
  ];

  constructor() {
    super();
    this.session = undefined;
    this.time = 'hour';
  }

  override render() {
    const now = this.#now.view;
    if (now === undefined) return nothing;
    const nowMs = Date.now();
    return html`<div class="make">
        ${guestTimes('robot-guest-until', ROBOT.guestUntil, this.time, (time) => this.#last(time))}
        <button class="button" type="button" data-testid="robot-guest-make" @click=${this.#make}><tp-icon name="plus" size="s"></tp-icon>${ROBOT.guestMake}</button>
      </div>
      ${
        now.links.length === 0
          ? nothing
          : html`<ul>
        ${[...now.links].reverse().map(
          (link) => html`<li class="card" data-testid="robot-guest" data-id=${link.id}>
            <b class="num">${ROBOT.guestFor} ${moment(link.untilMs, nowMs)}</b>
            <button class="icon-button" type="button" data-testid="robot-guest-drop" aria-label=${ROBOT.guestDrop} title=${ROBOT.guestDrop} @click=${() => this.session?.dropGuestLink(link.id)}><tp-icon name="close"></tp-icon></button>
            <tp-share .address=${link} mark="robot-guest-link" heading=${now.name} folded></tp-share>
          </li>`,
        )}
      </ul>`
      }`;
  }

  #last(time: GuestTime): void {
    this.time = time;
  }

  #make(): void {
    void this.session?.makeGuestLink(guestUntil(this.time, Date.now()));
  }
}

customElements.define('tp-guest-links', TpGuestLinks);
