/** What leaves this device and what it plays, each with its own switch; knows no camera. */
import { css, html, LitElement, nothing } from 'lit';
import type { RobotSession } from '../session/robot-state.ts';
import './icon.ts';
import type { IconName } from './icon.ts';
import { sharedStyles } from './shared-styles.ts';
import { SignalController } from './signal-controller.ts';
import './sound.ts';
import { ROBOT } from './words/robot.ts';

/** Off means that the device is closed, not only unseen. */
export class TpPrivacy extends LitElement {
  static override properties = { session: { attribute: false }, deaf: { state: true } };
  declare session: RobotSession | undefined;
  declare deaf: boolean;
  #lastCamera: string | undefined;
  #lastMicrophone: string | undefined;
  #now = new SignalController(
    this,
    () => this.session,
    (session) => ({
      camera: session.camera.value,
      microphone: session.microphone.value,
      seen: session.picture.value !== undefined,
      cameras: session.cameras.value,
      microphones: session.microphones.value,
      voice: session.voice.value,
      count: session.company.value.length,
    }),
  );

  static override styles = [
    sharedStyles,
    css`
      :host { position: relative; display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: var(--s-2); }
      .switch { display: grid; justify-items: center; align-content: center; gap: 3px; min-height: 66px; padding: 6px 2px; border: 1px solid var(--line); border-radius: var(--r-m); background: var(--surface); font-size: var(--t-s); line-height: 1.2; color: var(--ink); }
      .switch small { color: var(--ink-2); font-size: var(--t-xs); max-width: 100%; padding: 0 4px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
      .switch[aria-checked='false'] { background: none; border-style: dashed; border-color: var(--line-strong); color: var(--ink-2); }
      @media (min-width: 700px) and (min-height: 600px) { .switch { min-height: 84px; font-size: var(--t-m); } .switch small { font-size: var(--t-s); } }
      @media (min-width: 600px) and (max-height: 520px) { .switch { min-height: 52px; } }
    `,
  ];

  constructor() {
    super();
    this.session = undefined;
    this.deaf = false;
  }

  override willUpdate(): void {
    this.#lastCamera = this.#now.view?.camera ?? this.#lastCamera;
    this.#lastMicrophone = this.#now.view?.microphone ?? this.#lastMicrophone;
  }

  override render() {
    const now = this.#now.view;
    if (now === undefined) return nothing;
    const camera = now.camera !== undefined;
    const microphone = now.microphone !== undefined;
    const voice = now.voice === undefined ? ROBOT.quiet : ROBOT.talking;
    return html`${this.#switch('robot-camera', camera ? 'camera' : 'camera-off', ROBOT.camera, camera, now.seen ? ROBOT.seen(now.count) : ROBOT.on, () => this.#see(!camera))}
      ${this.#switch('robot-microphone', microphone ? 'mic' : 'mic-off', ROBOT.mic, microphone, ROBOT.heard(now.count), () => this.#hear(!microphone))}
      ${this.#switch('robot-voice', this.deaf ? 'sound-off' : 'sound', ROBOT.voice, !this.deaf, voice, () => this.#listen())}
      <tp-sound .track=${now.voice} .muted=${this.deaf} label=${ROBOT.tapForVoice}></tp-sound>`;
  }

  #switch(id: string, icon: IconName, label: string, on: boolean, what: string, toggle: () => void) {
    return html`<button class="switch" type="button" role="switch" aria-checked=${on} data-testid=${id} @click=${toggle}>
      <tp-icon .name=${icon}></tp-icon>${label}<small>${on ? what : ROBOT.off}</small>
    </button>`;
  }

  #see(on: boolean): void {
    // What goes wrong shows in `cameraFault`.
    void this.session?.chooseCamera(on ? (this.#lastCamera ?? this.#now.view?.cameras[0]?.id ?? 'default') : undefined);
  }

  #hear(on: boolean): void {
    // What goes wrong shows in `microphoneFault`.
    void this.session?.chooseMicrophone(
      on ? (this.#lastMicrophone ?? this.#now.view?.microphones[0]?.id ?? 'default') : undefined,
    );
  }

  #listen(): void {
    this.deaf = !this.deaf;
  }
}

customElements.define('tp-privacy', TpPrivacy);
