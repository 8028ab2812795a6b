/** Who drove or watched when; knows not who is here. */
import { css, html, LitElement, nothing } from 'lit';
import type { RobotSession } from '../session/robot-state.ts';
import { foldStyles } from './fold-styles.ts';
import './icon.ts';
import { sharedStyles } from './shared-styles.ts';
import { SignalController } from './signal-controller.ts';
import { ROBOT } from './words/robot.ts';
import { moment, span } from './words/times.ts';

export class TpPastVisits extends LitElement {
  static override properties = { session: { attribute: false } };
  declare session: RobotSession | undefined;
  #now = new SignalController(
    this,
    () => this.session,
    (session) => ({ visits: session.pastVisits.value }),
  );

  static override styles = [
    sharedStyles,
    foldStyles,
    css`
      :host { display: block; min-width: 0; }
      .none { padding: 0 var(--s-4) var(--s-4); }
      ul { max-height: 360px; overflow: auto; overscroll-behavior: contain; border-top: 1px solid var(--line); border-radius: 0 0 var(--r-l) var(--r-l); }
      li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 2px var(--s-3); padding: 10px var(--s-4); }
      li + li { border-top: 1px solid var(--line); }
      li b { overflow-wrap: anywhere; }
    `,
  ];

  constructor() {
    super();
    this.session = undefined;
  }

  override render() {
    const visits = this.#now.view?.visits;
    if (visits === undefined) return nothing;
    const nowMs = Date.now();
    return html`<details data-testid="robot-past-visits" data-count=${visits.length}>
      <summary><tp-icon name="people"></tp-icon>${ROBOT.pastVisits}</summary>
      ${
        visits.length === 0
          ? html`<p class="none quiet">${ROBOT.noVisits}</p>`
          : html`<ul tabindex="0" aria-label=${ROBOT.pastVisits}>
            ${visits.map(
              ({ name, drove, fromMs, toMs }) => html`<li data-testid="robot-past-visit">
                <span><b>${name}</b> ${drove ? ROBOT.drove : ROBOT.watched}</span>
                <span class="quiet num">${moment(fromMs, nowMs)}, ${span(toMs - fromMs)}</span>
              </li>`,
            )}
          </ul>`
      }
    </details>`;
  }
}

customElements.define('tp-past-visits', TpPastVisits);
