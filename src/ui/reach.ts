/** How others reach this robot: directly, or by the relay alone; knows no path. */
import { css, html, LitElement, nothing } from 'lit';
import type { RobotSession } from '../session/robot-state.ts';
import { faultNote } from './fault-note.ts';
import { sharedStyles } from './shared-styles.ts';
import { SignalController } from './signal-controller.ts';
import { ROBOT } from './words/robot.ts';

export class TpReach extends LitElement {
  static override properties = { session: { attribute: false } };
  declare session: RobotSession | undefined;
  #now = new SignalController(
    this,
    () => this.session,
    (session) => ({ relayOnly: session.relayOnly.value, fault: session.relayFault.value }),
  );

  static override styles = [
    sharedStyles,
    css`
      :host { display: grid; gap: var(--s-3); min-width: 0; }
      label { display: grid; grid-template-columns: 24px minmax(0, 1fr); align-items: center; gap: 2px var(--s-3); padding: 10px var(--s-4); min-height: 60px; }
      input { width: 22px; height: 22px; margin: 0; accent-color: var(--accent); }
      .quiet { grid-column: 2; }
    `,
  ];

  constructor() {
    super();
    this.session = undefined;
  }

  override render() {
    const now = this.#now.view;
    if (now === undefined) return nothing;
    return html`<label class="card">
        <input type="checkbox" role="switch" data-testid="robot-relay-only" .checked=${now.relayOnly} @change=${this.#hide} />
        <b>${ROBOT.relayOnly}</b>
        <span class="quiet">${ROBOT.relayOnlyWhat}</span>
      </label>
      ${faultNote(now.fault)}`;
  }

  #hide(event: Event): void {
    this.session?.hideAddress((event.target as HTMLInputElement).checked);
  }
}

customElements.define('tp-reach', TpReach);
