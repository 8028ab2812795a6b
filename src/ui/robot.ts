/** The robot's page, set-up and live at one address; knows no room behind the session. */
import { css, html, LitElement, nothing } from 'lit';
import type { RobotSession } from '../session/robot-state.ts';
import type { Boards } from './board-choice.ts';
import './robot-live.ts';
import './robot-setup.ts';
import { SignalController } from './signal-controller.ts';

/** `session`: the robot's. `boards`: which ways to a board work in this browser; one that is not named is taken to work. */
export class TpRobot extends LitElement {
  static override properties = { session: { attribute: false }, boards: { attribute: false } };
  declare session: RobotSession | undefined;
  declare boards: Boards;
  #now = new SignalController(
    this,
    () => this.session,
    (session) => ({ at: session.state.value.at }),
  );

  static override styles = css`:host { display: block; }`;

  constructor() {
    super();
    this.session = undefined;
    this.boards = {};
  }

  override render() {
    const at = this.#now.view?.at;
    if (at === undefined) return nothing;
    const live = at === 'driven' || at === 'dropped';
    // Read across a room, the live page is dark in both themes.
    if (live) this.dataset.theme = 'dark';
    else delete this.dataset.theme;
    return html`<div data-testid="robot-state" data-at=${at}>
      ${
        live
          ? html`<tp-robot-live .session=${this.session} .boards=${this.boards}></tp-robot-live>`
          : html`<tp-robot-setup .session=${this.session} .boards=${this.boards}></tp-robot-setup>`
      }
    </div>`;
  }
}

customElements.define('tp-robot', TpRobot);

declare global {
  interface HTMLElementTagNameMap {
    'tp-robot': TpRobot;
  }
}
