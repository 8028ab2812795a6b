/** Who may come in without asking, and a way to take that back; knows neither keys nor links. */
import { css, html, LitElement, nothing } from 'lit';
import type { Person, RobotSession } from '../session/robot-state.ts';
import './icon.ts';
import { sharedStyles } from './shared-styles.ts';
import { SignalController } from './signal-controller.ts';
import { initial, personWords, ROBOT } from './words/robot.ts';

/** Times run out while the page stands open. */
const TICK_MS = 30_000;

export class TpPeople extends LitElement {
  static override properties = { session: { attribute: false }, leaving: { state: true } };
  declare session: RobotSession | undefined;
  /** Whose removal waits for the second tap. */
  declare leaving: string | undefined;
  #tick: ReturnType<typeof setInterval> | undefined;
  #now = new SignalController(
    this,
    () => this.session,
    (session) => ({ people: session.people.value, company: session.company.value }),
  );

  static override styles = [
    sharedStyles,
    css`
      :host { display: block; min-width: 0; }
      li { display: grid; grid-template-columns: 36px minmax(0, 1fr) auto auto; align-items: center; gap: var(--s-3); min-height: 60px; padding: 6px 8px 6px var(--s-4); }
      .none { display: block; padding: var(--s-4); min-height: 0; }
      li + li { border-top: 1px solid var(--line); }
      .face { display: grid; place-items: center; width: 36px; height: 36px; border-radius: 50%; background: var(--raised); border: 1px solid var(--line); font-weight: var(--w-strong); }
      .who { display: grid; line-height: 1.3; }
      .who b { overflow-wrap: anywhere; }
      .sure { display: flex; flex-wrap: wrap; align-items: center; gap: var(--s-2); grid-column: 1 / -1; padding-right: 8px; }
      .sure p { flex: 1 1 250px; overflow-wrap: anywhere; }
      .sure .button { flex: 1 0 104px; }
    `,
  ];

  constructor() {
    super();
    this.session = undefined;
    this.leaving = undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#tick = setInterval(() => this.requestUpdate(), TICK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#tick);
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    // The tapped button is gone: the focus goes to the harmless answer, and back.
    if (!changed.has('leaving')) return;
    const before = changed.get('leaving');
    const next =
      this.leaving === undefined
        ? this.renderRoot.querySelector<HTMLElement>(`[data-who='${before}'] button`)
        : this.renderRoot.querySelector<HTMLElement>('.keep');
    if (before !== undefined || this.leaving !== undefined) next?.focus();
  }

  override render() {
    const now = this.#now.view;
    if (now === undefined) return nothing;
    const here = new Set(now.company.map(({ who }) => who));
    const nowMs = Date.now();
    return html`<ul class="card" data-testid="robot-people" data-count=${now.people.length}>
      ${now.people.length === 0 ? html`<li class="none quiet">${ROBOT.noPeople}</li>` : [...now.people].reverse().map((person) => this.#one(person, here.has(person.id), nowMs))}
    </ul>`;
  }

  #one(person: Person, here: boolean, nowMs: number) {
    const { id, name, role } = person;
    return html`<li data-testid="robot-person" data-who=${id} data-role=${role} ?data-here=${here}>
      ${
        this.leaving === id
          ? html`<div class="sure" role="group" aria-label=${ROBOT.revoke(name)}>
            <p>${ROBOT.revokeSure(name, here)}</p>
            <button class="button small keep" type="button" data-testid="robot-revoke-no" @click=${() => this.#ask(undefined)}>${ROBOT.keep}</button>
            <button class="button small" type="button" data-testid="robot-revoke-yes" @click=${() => this.#revoke(id)}>${ROBOT.remove}</button>
          </div>`
          : html`<span class="face" aria-hidden="true">${initial(name)}</span>
            <span class="who"><b>${name}</b><span class="quiet num">${personWords(person, nowMs)}</span></span>
            ${here ? html`<span class="badge">${ROBOT.hereNow}</span>` : html`<span></span>`}
            <button class="icon-button" type="button" data-testid="robot-revoke" aria-label=${ROBOT.revoke(name)} title=${ROBOT.revoke(name)} @click=${() => this.#ask(id)}><tp-icon name="close"></tp-icon></button>`
      }
    </li>`;
  }

  #ask(who: string | undefined): void {
    this.leaving = who;
  }

  #revoke(who: string): void {
    this.leaving = undefined;
    this.session?.revoke(who);
  }
}

customElements.define('tp-people', TpPeople);
