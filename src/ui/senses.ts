/** What the robot sees and hears: preview and choice of camera and microphone; knows no pilot. */
import { css, html, LitElement, nothing } from 'lit';
import type { RobotSession, Source } from '../session/robot-state.ts';
import { faultNote } from './fault-note.ts';
import type { IconName } from './icon.ts';
import './preview.ts';
import { sharedStyles } from './shared-styles.ts';
import { SignalController } from './signal-controller.ts';
import { ROBOT } from './words/robot.ts';

export class TpSenses extends LitElement {
  static override properties = { session: { attribute: false } };
  declare session: RobotSession | undefined;
  #now = new SignalController(
    this,
    () => this.session,
    (session) => ({
      cameras: session.cameras.value,
      microphones: session.microphones.value,
      camera: session.camera.value,
      microphone: session.microphone.value,
      picture: session.picture.value,
      cameraFault: session.cameraFault.value,
      microphoneFault: session.microphoneFault.value,
    }),
  );

  static override styles = [
    sharedStyles,
    css`
      :host { display: grid; gap: var(--s-3); }
      tp-preview { aspect-ratio: 16 / 10; max-height: 46dvh; width: 100%; }
      .none { position: absolute; inset: 0; display: grid; place-items: center; align-content: center; gap: var(--s-2); padding: var(--s-4); text-align: center; color: var(--ink-2); font-size: var(--t-s); }
      ul { display: grid; }
      li { display: grid; grid-template-columns: 24px auto minmax(0, 1fr); gap: var(--s-3); align-items: center; min-height: 56px; padding: 6px 8px 6px var(--s-4); }
      li + li { border-top: 1px solid var(--line); }
      select { justify-self: end; max-width: 100%; min-height: var(--touch); padding: 0 8px; border: 1px solid var(--line-strong); border-radius: var(--r-s); background: var(--surface); color: var(--ink); text-overflow: ellipsis; text-align-last: right; }
      label { display: contents; }
    `,
  ];

  override render() {
    const now = this.#now.view;
    if (now === undefined) return nothing;
    const camera = { label: ROBOT.tryAgain, run: () => this.#see(now.camera ?? now.cameras[0]?.id ?? 'default') };
    const microphone = {
      label: ROBOT.tryAgain,
      run: () => this.#hear(now.microphone ?? now.microphones[0]?.id ?? 'default'),
    };
    return html`<tp-preview .track=${now.picture} label=${ROBOT.sees} data-testid="robot-preview" ?data-live=${now.picture !== undefined}>
        ${now.picture === undefined ? this.#none(now.camera === undefined) : nothing}
      </tp-preview>
      ${faultNote(now.cameraFault, camera)}
      <ul class="card">
        <li>${this.#choice('camera', ROBOT.camera, now.cameras, now.camera, ROBOT.off, (id) => this.#see(id))}</li>
        <li>${this.#choice(now.microphone === undefined ? 'mic-off' : 'mic', ROBOT.microphone, now.microphones, now.microphone, ROBOT.microphoneOff, (id) => this.#hear(id))}</li>
      </ul>
      ${faultNote(now.microphoneFault, microphone)}`;
  }

  #none(off: boolean) {
    return html`<div class="none"><tp-icon .name=${off ? 'camera-off' : 'camera'} size="l"></tp-icon><p>${off ? ROBOT.cameraOff : ROBOT.cameraWaits}</p></div>`;
  }

  #choice(
    icon: IconName,
    label: string,
    sources: readonly Source[],
    chosen: string | undefined,
    off: string,
    choose: (id: string | undefined) => void,
  ) {
    // A device remembered from another day may not be in the list.
    const unlisted = chosen !== undefined && !sources.some(({ id }) => id === chosen);
    return html`<tp-icon .name=${icon}></tp-icon>
      <label>
        <span>${label}</span>
        <select @change=${(event: Event) => choose((event.target as HTMLSelectElement).value || undefined)}>
          <option value="" ?selected=${chosen === undefined} .selected=${chosen === undefined}>${off}</option>
          ${unlisted ? html`<option value=${chosen} .selected=${true}>${label}</option>` : nothing}
          ${sources.map((source) => html`<option value=${source.id} .selected=${source.id === chosen}>${source.label}</option>`)}
        </select>
      </label>`;
  }

  #see(id: string | undefined): void {
    // What goes wrong shows in `cameraFault`.
    void this.session?.chooseCamera(id);
  }

  #hear(id: string | undefined): void {
    // What goes wrong shows in `microphoneFault`.
    void this.session?.chooseMicrophone(id);
  }
}

customElements.define('tp-senses', TpSenses);
