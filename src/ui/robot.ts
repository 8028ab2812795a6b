/** The robot's page, set-up and live at one address, which sounds and lights up when somebody comes; knows no room behind the session. */
import { css, html, LitElement, nothing } from 'lit';
import type { RobotSession } from '../session/robot-state.ts';
import type { Boards } from './board-choice.ts';
import { Chime } from './chime.ts';
import './robot-live.ts';
import './robot-setup.ts';
import { SignalController } from './signal-controller.ts';

const LIT_FOR_MS = 3000;

/** `session`: the robot's. `boards`: which ways to a board work in this browser; one that is not named is taken to work. */
export class TpRobot extends LitElement {
  static override properties = {
    session: { attribute: false },
    boards: { attribute: false },
    silent: { state: true },
    lit: { state: true },
  };
  declare session: RobotSession | undefined;
  declare boards: Boards;
  declare silent: boolean;
  declare lit: boolean;
  #life: AbortController | undefined;
  #chime: Chime | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #visits: ReadonlySet<string> = new Set();
  #asking: unknown;
  #now = new SignalController(
    this,
    () => this.session,
    (session) => ({ at: session.state.value.at, company: session.company.value, asking: session.asking.value }),
  );

  static override styles = css`
    :host { display: block; }
    /* Steady: nothing flashes. */
    .lit { position: fixed; inset: 0; z-index: 10; pointer-events: none; border: 10px solid var(--accent); box-shadow: inset 0 0 18px 2px var(--accent); }
  `;

  constructor() {
    super();
    this.session = undefined;
    this.boards = {};
    this.silent = false;
    this.lit = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#life = new AbortController();
    this.#chime = new Chime((blocked) => {
      this.silent = blocked;
    }, this.#life.signal);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#life?.abort();
    clearTimeout(this.#timer);
    this.lit = false;
  }

  override willUpdate(): void {
    const now = this.#now.view;
    if (now === undefined) return;
    const { company, asking } = now;
    if (company.some(({ visit }) => !this.#visits.has(visit))) this.#welcome();
    this.#visits = new Set(company.map(({ visit }) => visit));
    if (asking !== this.#asking && asking !== undefined) void this.#chime?.play('asked');
    this.#asking = asking;
  }

  override render() {
    const now = this.#now.view;
    if (now === undefined) return nothing;
    const { at, company } = now;
    const live = at === 'driven' || at === 'dropped' || (at !== 'failed' && company.length > 0);
    // Read across a room, the live page is dark in both themes.
    if (live) this.dataset.theme = 'dark';
    else delete this.dataset.theme;
    return html`<div data-testid="robot-state" data-at=${at}>
      ${
        live
          ? html`<tp-robot-live .session=${this.session} .boards=${this.boards} .silent=${this.silent}></tp-robot-live>`
          : html`<tp-robot-setup .session=${this.session} .boards=${this.boards} .silent=${this.silent}></tp-robot-setup>`
      }
      ${this.lit ? html`<div class="lit" data-testid="robot-lit" aria-hidden="true"></div>` : nothing}
    </div>`;
  }

  /** Whoever stands near hears and sees that somebody came; there is no switch for this. */
  #welcome(): void {
    void this.#chime?.play('joined');
    this.lit = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.lit = false;
    }, LIT_FOR_MS);
  }
}

customElements.define('tp-robot', TpRobot);

declare global {
  interface HTMLElementTagNameMap {
    'tp-robot': TpRobot;
  }
}
