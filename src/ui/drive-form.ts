/** How the robot wants to be driven; knows no stick. */
import { css, html, LitElement, nothing } from 'lit';
import type { RobotSession } from '../session/robot-state.ts';
import { sharedStyles } from './shared-styles.ts';
import { SignalController } from './signal-controller.ts';
import './slider.ts';
import type { TpSlider } from './slider.ts';
import { PRESETS, ROBOT } from './words/robot.ts';

type Drive = RobotSession['drive']['value'];
type Share = 'topSpeed' | 'deadZone' | 'expo' | 'trim';
type Flag = 'reverseLeft' | 'reverseRight' | 'swapped';

const SHARES: readonly { readonly key: Share; readonly min: number; readonly max: number; readonly what?: string }[] = [
  { key: 'topSpeed', min: 0.1, max: 1 },
  { key: 'deadZone', min: 0, max: 0.4, what: ROBOT.deadZoneWhat },
  { key: 'expo', min: 0, max: 1 },
  { key: 'trim', min: -0.3, max: 0.3, what: ROBOT.trimWhat },
];
const MOST_VOLTS = 30;
const FLAGS: readonly Flag[] = ['reverseLeft', 'reverseRight', 'swapped'];

export class TpDriveForm extends LitElement {
  static override properties = { session: { attribute: false } };
  declare session: RobotSession | undefined;
  #now = new SignalController(
    this,
    () => this.session,
    (session) => ({ drive: session.drive.value }),
  );

  static override styles = [
    sharedStyles,
    css`
      :host { display: grid; gap: var(--s-4); }
      .presets { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: var(--s-2); }
      .preset { display: grid; align-content: start; gap: 2px; padding: var(--s-3); text-align: left; border-radius: var(--r-m); line-height: 1.3; min-height: var(--touch); }
      .preset[aria-checked='true'] { border-color: var(--accent); background: var(--accent-wash); box-shadow: inset 0 0 0 1px var(--accent); }
      .sliders { display: grid; grid-template-columns: repeat(auto-fit, minmax(240px, 1fr)); gap: var(--s-2) var(--s-5); align-items: end; }
      .flag { display: flex; align-items: center; gap: var(--s-3); min-height: var(--touch); }
      .flag .volts { width: 84px; height: var(--touch); padding: 0 10px; }
      .flag input[type='checkbox'] { width: 22px; height: 22px; margin: 0; accent-color: var(--accent); flex: none; }
    `,
  ];

  override render() {
    const drive = this.#now.view?.drive;
    if (drive === undefined) return nothing;
    return html`<fieldset class="presets" role="radiogroup" aria-label=${ROBOT.preset}>
        ${Object.entries(PRESETS).map(
          ([preset, { name, what }]) => html`<button
            class="preset card" type="button" role="radio" data-testid="preset-${preset}" aria-checked=${preset === drive.preset}
            @click=${() => this.#tune({ preset: preset as Drive['preset'] })}
          ><b>${name}</b><span class="quiet">${what}</span></button>`,
        )}
      </fieldset>
      <div class="sliders">
        ${SHARES.map(
          ({ key, min, max, what }) => html`<tp-slider
            label=${ROBOT[key]} .what=${what} .min=${min} .max=${max} .value=${drive[key]} data-testid="drive-${key}"
            @set=${(event: Event) => this.#tune({ [key]: (event.target as TpSlider).value })}
          ></tp-slider>`,
        )}
      </div>
      <div>
        ${FLAGS.map(
          (key) => html`<label class="flag">
            <input type="checkbox" .checked=${drive[key]} data-testid="drive-${key}" @change=${(event: Event) => this.#tune({ [key]: (event.target as HTMLInputElement).checked })} />
            ${ROBOT[key]}
          </label>`,
        )}
        <label class="flag">
          <input
            class="volts" type="number" min="0" max=${MOST_VOLTS} step="0.1" inputmode="decimal" data-testid="drive-lowBatteryMv"
            .value=${String(drive.lowBatteryMv / 1000)} @change=${this.#setLimit}
          />
          <span>${ROBOT.lowBattery} <small class="quiet">${ROBOT.lowBatteryWhat}</small></span>
        </label>
      </div>`;
  }

  #setLimit(event: Event): void {
    const typed = (event.target as HTMLInputElement).valueAsNumber;
    const limitInVolts = Number.isNaN(typed) ? 0 : Math.min(MOST_VOLTS, Math.max(0, typed));
    this.#tune({ lowBatteryMv: Math.round(limitInVolts * 1000) });
  }

  /** On top of what holds now, which may be newer than what is drawn. */
  #tune(change: Partial<Drive>): void {
    const drive = this.session?.drive.peek();
    if (drive !== undefined) this.session?.tune({ ...drive, ...change });
  }
}

customElements.define('tp-drive-form', TpDriveForm);
