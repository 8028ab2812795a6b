/** Who is here now, each with a way to send them off, and to let drive who asks for it; knows no link. */
import { css, html, LitElement, nothing } from 'lit';
import type { Company, RobotSession } from '../session/robot-state.ts';
import './icon.ts';
import { sharedStyles } from './shared-styles.ts';
import { SignalController } from './signal-controller.ts';
import { initial, ROBOT } from './words/robot.ts';

export class TpCompany extends LitElement {
  static override properties = { session: { attribute: false } };
  declare session: RobotSession | undefined;
  #now = new SignalController(
    this,
    () => this.session,
    (session) => ({ company: session.company.value }),
  );

  static override styles = [
    sharedStyles,
    css`
      :host { display: block; min-width: 0; }
      ul { display: grid; grid-template-columns: repeat(auto-fit, minmax(136px, 1fr)); gap: var(--s-2); }
      li { display: grid; grid-template-columns: 30px minmax(0, 1fr) var(--touch); align-items: center; gap: var(--s-2); min-height: 48px; padding-left: var(--s-2); border-radius: var(--r-m); background: var(--surface); }
      .face { display: grid; place-items: center; width: 30px; height: 30px; border-radius: 50%; background: var(--raised); border: 1px solid var(--line); font-weight: var(--w-strong); font-size: var(--t-s); }
      [data-drives='true'] .face { border: 2px solid var(--accent); }
      .who { display: grid; line-height: 1.25; font-size: var(--t-s); text-align: left; }
      .who b, .who small { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
      .who small { color: var(--ink-2); font-size: var(--t-xs); }
      /* Somebody waits for an answer: that takes a row of its own. */
      [data-asks='true'] { grid-column: 1 / -1; grid-template-columns: 30px minmax(0, 1fr) auto var(--touch); box-shadow: inset 0 0 0 2px var(--accent); }
      .give { max-width: 52vw; padding: 0 12px; }
      .give span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-width: 0; }
      .long { display: none; }
      .none { text-align: center; }
      @media (min-width: 600px) and (max-height: 520px) {
        ul:has([data-asks='true']) { grid-template-columns: 1fr 1fr; }
        [data-asks='true'] { grid-column: auto; grid-template-columns: minmax(0, 1fr) auto 36px; gap: 4px; }
        [data-asks='true'] .face { display: none; }
        [data-asks='true'] .icon-button { width: 36px; }
      }
      @media (min-width: 700px) and (min-height: 600px) {
        ul { grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); }
        li { min-height: 60px; grid-template-columns: 38px minmax(0, 1fr) var(--touch); gap: var(--s-3); padding: 0 var(--s-2) 0 var(--s-3); }
        [data-asks='true'] { grid-template-columns: 38px minmax(0, 1fr) auto var(--touch); }
        .short { display: none; } .long { display: inline; }
        .face { width: 38px; height: 38px; font-size: var(--t-m); }
        .who { font-size: var(--t-m); } .who small { font-size: var(--t-s); }
      }
    `,
  ];

  constructor() {
    super();
    this.session = undefined;
  }

  override render() {
    const company = this.#now.view?.company;
    if (company === undefined) return nothing;
    return html`<section aria-label=${ROBOT.company} aria-live="polite" data-testid="robot-company" data-count=${company.length}>
      ${company.length === 0 ? html`<p class="none quiet">${ROBOT.nobody}</p>` : html`<ul>${company.map((one) => this.#one(one))}</ul>`}
    </section>`;
  }

  #one({ visit, name, role, drives, asks }: Company) {
    return html`<li data-testid="robot-company-one" data-visit=${visit} data-name=${name} data-role=${role} data-drives=${drives} data-asks=${asks}>
      <span class="face" aria-hidden="true">${initial(name)}</span>
      <span class="who" title=${name}><b>${name}</b><small>${drives ? ROBOT.drivesNow : asks ? ROBOT.asksNow : ROBOT.watchesNow}</small></span>
      ${asks ? html`<button class="button small give" type="button" data-testid="robot-give-${visit}" aria-label=${ROBOT.letDrive(name)} @click=${() => this.session?.giveTo(visit)}><span class="short">${ROBOT.letThem}</span><span class="long">${ROBOT.letDrive(name)}</span></button>` : nothing}
      <button class="icon-button" type="button" data-testid="robot-dismiss" aria-label=${ROBOT.dismiss(name)} title=${ROBOT.dismiss(name)} @click=${() => this.session?.dismiss(visit)}>
        <tp-icon name="close"></tp-icon>
      </button>
    </li>`;
  }
}

customElements.define('tp-company', TpCompany);
