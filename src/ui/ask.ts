/** The question whether somebody may come in, and as what; knows neither who asks nor what a yes sets in motion. */
import { css, html, LitElement, nothing } from 'lit';
import type { Asking, RobotSession, Role } from '../session/robot-state.ts';
import { type GuestTime, guestTimes, guestUntil } from './guest-time.ts';
import { sharedStyles } from './shared-styles.ts';
import { SignalController } from './signal-controller.ts';
import { ROBOT, ROLES } from './words/robot.ts';

/** A tap within this time was meant for what stood there before. */
const DEAF_FOR_MS = 500;

/** `modal`: over the whole page. Else it stays in its box and leaves everything beside it, above all STOP, within reach. */
export class TpAsk extends LitElement {
  static override properties = {
    session: { attribute: false },
    modal: { type: Boolean, reflect: true },
    chosen: { state: true },
    time: { state: true },
    deaf: { state: true },
  };
  declare session: RobotSession | undefined;
  declare modal: boolean;
  declare chosen: Role | undefined;
  declare time: GuestTime;
  declare deaf: boolean;
  #asked: Asking | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #now = new SignalController(
    this,
    () => this.session,
    (session) => ({ asking: session.asking.value, first: session.people.value.length === 0 }),
  );

  static override styles = [
    sharedStyles,
    css`
      :host { display: grid; min-height: 0; pointer-events: none; container: ask / inline-size; }
      :host([modal]) { display: contents; container-type: normal; }
      .cover { display: flex; flex-direction: column; justify-content: center; min-height: 0; pointer-events: auto; background: var(--scrim); }
      :host([modal]) .cover { display: contents; }
      dialog { border: 1px solid var(--line-strong); border-radius: var(--r-l); background: var(--surface); color: var(--ink); padding: var(--s-4); box-shadow: var(--shadow); overflow: auto; overscroll-behavior: contain; text-align: left; }
      dialog[open] { display: grid; gap: 10px; }
      dialog:not(:modal) { position: relative; inset: auto; margin: 0; width: 100%; max-width: none; max-height: none; min-height: 0; padding: var(--s-3); }
      dialog:modal { width: min(460px, 100vw - 24px); max-height: calc(100dvh - 24px); }
      ::backdrop { background: rgb(0 0 0 / 0.6); }
      h2 { font-size: var(--t-xl); overflow-wrap: anywhere; }
      h2:focus-visible { outline: none; }
      dialog:not(:modal) h2 { font-size: var(--t-l); }
      dialog:not(:modal) .role { min-height: var(--touch); }
      .roles { display: grid; grid-template-columns: 1fr 1fr; gap: var(--s-2); }
      .role { display: flex; align-items: center; gap: var(--s-2); min-height: 48px; padding: 0 var(--s-3); border: 1px solid var(--line-strong); border-radius: var(--r-m); font-weight: var(--w-strong); }
      .role:has(:checked) { border-color: var(--accent); background: var(--accent-wash); box-shadow: inset 0 0 0 1px var(--accent); }
      .role input { width: 20px; height: 20px; margin: 0; accent-color: var(--accent); flex: none; }
      .until { display: flex; align-items: center; gap: var(--s-3); justify-content: space-between; }
      .times { flex: 1; min-height: var(--touch); padding: 0 10px; border: 1px solid var(--line-strong); border-radius: var(--r-s); background: var(--surface); }
      .answers { display: grid; grid-template-columns: 1fr 1fr; gap: var(--s-2); position: sticky; bottom: 0; background: var(--surface); }
      .answers .button { padding: 0 8px; min-height: 52px; }
      @media (min-width: 600px) and (max-height: 520px) {
        dialog:not(:modal) { gap: 6px; padding: var(--s-2) var(--s-3); }
        dialog:not(:modal) .what { display: none; }
        dialog:not(:modal) .button { min-height: var(--touch); }
      }
      @container ask (min-width: 420px) { .roles { grid-template-columns: repeat(4, auto); } .role { min-height: var(--touch); padding: 0 10px; } }
    `,
  ];

  constructor() {
    super();
    this.session = undefined;
    this.modal = false;
    this.chosen = undefined;
    this.time = 'hour';
    this.deaf = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#asked = undefined;
  }

  override willUpdate(): void {
    const asking = this.#now.view?.asking;
    if (asking === this.#asked) return;
    this.#asked = asking;
    this.chosen = undefined;
    this.time = 'hour';
    clearTimeout(this.#timer);
    if (asking === undefined) {
      // Closing gives the focus back to where it was; going away does not.
      this.#dialog?.close();
      return;
    }
    this.deaf = true;
    this.#timer = setTimeout(() => {
      this.deaf = false;
    }, DEAF_FOR_MS);
  }

  override updated(): void {
    const dialog = this.#dialog;
    if (dialog === null || dialog.open) return;
    if (this.modal) dialog.showModal();
    else dialog.show();
  }

  override render() {
    const now = this.#now.view;
    if (now?.asking === undefined) return nothing;
    const { name } = now.asking;
    const as = this.chosen ?? (now.first ? 'owner' : 'pilot');
    return html`<div class="cover"><dialog data-testid="robot-asking" aria-labelledby="question" aria-describedby="about" @cancel=${this.#escape}>
      <h2 id="question" tabindex="-1" autofocus>${ROBOT.ask(name)}</h2>
      <p class="quiet" id="about">${ROBOT.askWhat}</p>
      <fieldset class="roles" role="radiogroup" aria-label=${ROBOT.askAs}>
        ${Object.entries(ROLES).map(
          ([role, words]) => html`<label class="role">
            <input type="radio" name="as" data-testid="robot-ask-role-${role}" .checked=${role === as} @change=${() => this.#choose(role as Role)} />${words.name}
          </label>`,
        )}
      </fieldset>
      ${
        as === 'guest'
          ? html`<label class="until"><span class="quiet">${ROBOT.askUntil}</span>${guestTimes('robot-ask-until', ROBOT.askUntil, this.time, (time) => this.#last(time))}</label>`
          : html`<p class="quiet what" aria-live="polite">${ROLES[as].what}</p>`
      }
      <div class="answers">
        <button class="button" type="button" data-testid="robot-ask-no" ?disabled=${this.deaf} @click=${() => this.#shown?.turnDown()}>${ROBOT.askNo}</button>
        <button class="button primary" type="button" data-testid="robot-ask-yes" ?disabled=${this.deaf} @click=${() => this.#letIn(as)}>${ROBOT.askYes}</button>
      </div>
    </dialog></div>`;
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot?.querySelector('dialog') ?? null;
  }

  /** The session, while its question is the one that can be read here: the next may stand one frame later. */
  get #shown(): RobotSession | undefined {
    return this.session?.asking.peek() === this.#asked ? this.session : undefined;
  }

  #choose(role: Role): void {
    this.chosen = role;
  }

  #last(time: GuestTime): void {
    this.time = time;
  }

  #letIn(as: Role): void {
    this.#shown?.letIn(as, as === 'guest' ? guestUntil(this.time, Date.now()) : undefined);
  }

  #escape(event: Event): void {
    event.preventDefault();
    if (!this.deaf) this.#shown?.turnDown();
  }
}

customElements.define('tp-ask', TpAsk);
