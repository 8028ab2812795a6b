/** The pilot's page: the picture, what is true of it, and the hands; knows no room behind the session. */
import { html, LitElement, nothing } from 'lit';
import type { PilotSession } from '../session/pilot-state.ts';
import { faultNote } from './fault-note.ts';
import './hands-view.ts';
import './hold.ts';
import './icon.ts';
import type { IconName } from './icon.ts';
import { type PilotView, sayInTheMiddle } from './pilot-say.ts';
import { pilotStyles } from './pilot-styles.ts';
import { sharedStyles } from './shared-styles.ts';
import { SignalController } from './signal-controller.ts';
import './sound.ts';
import './speed.ts';
import './stick.ts';
import './stop.ts';
import { PICTURE_FROZEN_MS } from './vitals.ts';
import { notArmedWords, PILOT, slowWords } from './words/pilot.ts';

/** While a number grows that a person watches. */
const TICK_MS = 200;

type Look = ReturnType<typeof lookAt>;

function lookAt(session: PilotSession) {
  const state = session.state.value;
  const ageMs = session.pictureAgeMs.value;
  const frozen = ageMs !== undefined && ageMs > PICTURE_FROZEN_MS;
  const cap = session.report.value?.speedCap ?? 1;
  const view = viewOf(state, session.stoppedBy.value, frozen);
  return {
    state,
    view,
    // Only a frozen picture's age is shown here, so only then it may render.
    pictureAgeMs: view === 'frozen' ? ageMs : undefined,
    name: session.robotName.value ?? PILOT.robot,
    watcher: state.at === 'watching' && state.because === 'watcher',
    lasting: session.lasting,
    simulated: session.simulated.value,
    picture: session.picture.value,
    sound: session.sound.value,
    stoppedBy: session.stoppedBy.value,
    kind: session.input.value.kind,
    gone: session.input.value.gone,
    cap,
    slowMs:
      cap < 1 && session.roundTripMs.value !== undefined ? Math.round(session.roundTripMs.value / 10) * 10 : undefined,
    talking: session.talking.value,
    microphoneFault: session.microphoneFault.value,
    trouble: session.trouble.value,
  };
}

function viewOf(state: PilotSession['state']['value'], stoppedBy: string | undefined, frozen: boolean): PilotView {
  switch (state.at) {
    case 'dialling':
    case 'greeting':
    case 'asking':
      return 'connecting';
    case 'lost':
      return 'lost';
    case 'ended':
      return 'ended';
    case 'driving':
    case 'watching':
      if (stoppedBy !== undefined || (state.at === 'watching' && state.because === 'stopped')) return 'stopped';
      return frozen ? 'frozen' : state.at;
  }
  return state satisfies never;
}

/** `session`: the pilot's. What is asked goes to the session, and Leave goes to `#`. Dispatches `update` for a reload into a newer version. */
export class TpPilot extends LitElement {
  static override properties = {
    session: { attribute: false },
    sticks: { state: true },
    muted: { state: true },
    hush: { state: true },
  };
  declare session: PilotSession | undefined;
  /** Whether sticks are drawn: where a thumb came last, or asked for. */
  declare sticks: boolean;
  declare muted: boolean;
  /** Whether somebody asked why there is no sound. */
  declare hush: boolean;
  #kind: Look['kind'] | undefined;
  #watched: PilotSession | undefined;
  #watching = new AbortController();
  #life: AbortController | undefined;
  #tick: ReturnType<typeof setInterval> | undefined;
  #now = new SignalController(this, () => this.session, lookAt);

  static override styles = [sharedStyles, pilotStyles];

  constructor() {
    super();
    this.session = undefined;
    this.sticks = matchMedia('(pointer: coarse)').matches;
    this.muted = false;
    this.hush = false;
    this.addEventListener('pointerdown', (event) => {
      if (event.pointerType === 'touch') this.sticks = true;
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.dataset.theme = 'dark';
    this.#life = new AbortController();
    const options = { signal: this.#life.signal, capture: true };
    window.addEventListener('keydown', (event) => this.#space(event), options);
    window.addEventListener('keyup', (event) => event.key === ' ' && event.preventDefault(), options);
    this.#tick = setInterval(() => this.#now.view?.state.at === 'lost' && this.requestUpdate(), TICK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#life?.abort();
    this.#watching.abort();
    this.#watched = undefined;
    clearInterval(this.#tick);
  }

  override willUpdate(): void {
    const kind = this.#now.view?.kind;
    if (kind !== undefined && this.#kind !== undefined && kind !== this.#kind) this.sticks = kind === 'touch';
    this.#kind = kind;
  }

  override updated(): void {
    const video = this.renderRoot.querySelector('video');
    if (video === null || this.session === undefined) return;
    if (this.#watched !== this.session) {
      this.#watching.abort();
      this.#watching = new AbortController();
      this.#watched = this.session;
      // Autoplay looks at the property, and a template can only set the attribute.
      video.muted = true;
      this.session.watch(video, this.#watching.signal);
    }
    const track = this.#now.view?.picture;
    const shown = video.srcObject instanceof MediaStream ? video.srcObject.getVideoTracks()[0] : undefined;
    // The last picture of a lost link stays, darkened, until there is a new one.
    if (track !== undefined && track !== shown) video.srcObject = new MediaStream([track]);
  }

  override render() {
    const now = this.#now.view;
    const { session } = this;
    if (now === undefined || session === undefined) return nothing;
    const { view, state } = now;
    const linked = state.at === 'watching' || state.at === 'driving';
    const slow = view === 'driving' && now.cap < 1;
    return html`<main
      class="pilot" data-testid="pilot-state" data-at=${state.at} data-view=${view}
      data-because=${state.at === 'watching' ? state.because : nothing} ?data-slow=${slow}
    >
      <video data-testid="pilot-video" autoplay playsinline muted disablepictureinpicture aria-label=${PILOT.pictureOf(now.name)}></video>
      <div class="veil"></div>
      <header class="top">
        <div class="who hud">
          <a class="icon-button" href="#" aria-label=${PILOT.back}><tp-icon name="back"></tp-icon></a>
          <div><h1>${now.name}</h1>${this.#armed(now, slow)}</div>
        </div>
        ${now.simulated ? html`<span class="badge" data-testid="pilot-simulated"><tp-icon name="sim" size="s"></tp-icon><span class="word">${PILOT.simulated}</span></span>` : html`<span></span>`}
        ${view === 'connecting' || view === 'ended' ? nothing : html`<tp-vitals .session=${session} .lost=${view === 'lost'}></tp-vitals>`}
        ${slow ? html`<p class="why hud"><tp-icon name="warn" size="s"></tp-icon><span class="num">${slowWords(now.cap, now.slowMs)}</span></p>` : nothing}
        ${now.gone !== undefined && linked ? html`<p class="why hud" role="status"><tp-icon name="pad" size="s"></tp-icon><span data-testid="fault" data-code="gone">${PILOT.padGone}</span></p>` : nothing}
        ${this.hush && linked && now.sound === undefined ? html`<p class="why hud" role="status"><tp-icon name="mic-off" size="s"></tp-icon><span data-testid="pilot-no-sound">${PILOT.noSoundWhat}</span></p>` : nothing}
        ${session.lasting ? nothing : html`<p class="why hud" role="status"><tp-icon name="warn" size="s"></tp-icon><span data-testid="pilot-not-lasting">${PILOT.notLasting}</span></p>`}
        ${faultNote(now.microphoneFault, { label: PILOT.tryAgain, run: () => void session.talk(true) })}
      </header>
      <section class="middle" aria-live="polite">
        ${sayInTheMiddle({ ...now, nowMs: performance.now() }, { keys: !this.sticks, arm: () => session.arm(), redial: () => session.redial(), update: () => this.dispatchEvent(new Event('update')), watch: watchFragment(), onlooks: /^#\/?watch\//.test(location.hash) })}
      </section>
      ${linked ? (now.watcher ? this.#onlooker(now) : this.#controls(session, now)) : nothing}
      <tp-sound class="sound" .track=${now.sound} .muted=${this.muted} label=${PILOT.tapForSound}></tp-sound>
    </main>`;
  }

  #armed({ view, state, name, watcher }: Look, slow: boolean) {
    const driving = view === 'driving';
    if (watcher)
      return html`<span class="lamp" data-level="off" data-testid="pilot-armed" data-armed="false">${PILOT.watching}</span>`;
    const [level, words] = driving
      ? slow
        ? (['wait', PILOT.armedSlow] as const)
        : (['go', PILOT.armed] as const)
      : NOT_DRIVING[view];
    const why = state.at === 'watching' ? notArmedWords(state.because, name) : nothing;
    return html`<span class="lamp" data-level=${level} data-testid="pilot-armed" data-armed=${driving} title=${why}>${words}</span>`;
  }

  /** Who only watches can switch the sound. */
  #onlooker(now: Look) {
    return html`<footer class="controls">
      <div class="tools" data-side="a">${this.#soundTool(now)}</div>
    </footer>`;
  }

  #soundTool(now: Look) {
    return now.sound === undefined
      ? tool('pilot-sound', 'sound-off', PILOT.noSound, undefined, () => this.#sayNoSound())
      : tool('pilot-sound', this.muted ? 'sound-off' : 'sound', PILOT.sound, this.muted, () => this.#mute());
  }

  #controls(session: PilotSession, now: Look) {
    const stopped = now.view === 'stopped';
    const dead = now.view !== 'driving';
    return html`<footer class="controls">
      <tp-speed .session=${session}></tp-speed>
      ${
        this.sticks
          ? html`<tp-stick class="left" label=${PILOT.left} data-testid="pilot-stick-left" ?idle=${dead} ?dead=${now.view === 'frozen'} .report=${(x: number, y: number) => session.touch(0, x, y)}></tp-stick>
            <tp-stick class="right" label=${PILOT.right} data-testid="pilot-stick-right" ?idle=${dead} ?dead=${now.view === 'frozen'} .report=${(x: number, y: number) => session.touch(1, x, y)}></tp-stick>`
          : html`<tp-hands-view class="left" show="drawing" .session=${session}></tp-hands-view>
            <tp-hands-view class="right" show="words" .session=${session}></tp-hands-view>`
      }
      <div class="tools" data-side="a">
        ${this.#soundTool(now)}
        ${tool('pilot-sticks', 'hand', PILOT.sticks, this.sticks, () => this.#showSticks())}
      </div>
      ${
        stopped
          ? html`<tp-hold class="halt" anywhere label=${PILOT.holdToClear} data-testid="pilot-clear" @held=${() => session.clearStop()}></tp-hold>`
          : html`<tp-stop class="halt" label=${PILOT.stop} name=${PILOT.stopName} .key=${this.sticks ? undefined : PILOT.space} data-testid="pilot-stop" @stop=${() => session.stop()}></tp-stop>`
      }
      <div class="tools" data-side="b">
        ${tool('pilot-talk', now.talking ? 'mic' : 'mic-off', PILOT.talk, now.talking, () => void session.talk(!now.talking))}
        ${tool('pilot-disarm', 'power', PILOT.disarm, undefined, () => session.disarm(), now.view !== 'driving')}
      </div>
    </footer>`;
  }

  /** Space is STOP wherever the focus is. */
  #space(event: KeyboardEvent): void {
    if (event.key !== ' ') return;
    event.preventDefault();
    if (!event.repeat && !this.#now.view?.watcher) this.session?.stop();
  }

  #mute(): void {
    this.muted = !this.muted;
  }

  #sayNoSound(): void {
    this.hush = !this.hush;
  }

  #showSticks(): void {
    this.sticks = !this.sticks;
  }
}

/** The address where this page's robot is only watched. */
function watchFragment(): string | undefined {
  const id = /^#\/?(?:pilot|pair)\/([a-z2-7]{25})/.exec(location.hash)?.[1];
  return id === undefined ? undefined : `#watch/${id}`;
}

/** The lamp beside the name while the wheels may not turn. */
const NOT_DRIVING = {
  connecting: ['off', PILOT.connecting],
  watching: ['off', PILOT.notArmed],
  frozen: ['stop', PILOT.noPicture],
  lost: ['stop', PILOT.linkLost],
  stopped: ['stop', PILOT.stopped],
  ended: ['off', PILOT.over],
} as const satisfies Record<Exclude<PilotView, 'driving'>, readonly [string, string]>;

function tool(
  id: string,
  icon: IconName,
  label: string,
  pressed: boolean | undefined,
  run: () => void,
  disabled = false,
) {
  return html`<button class="tool" type="button" aria-label=${label} title=${label} aria-pressed=${pressed ?? nothing} ?disabled=${disabled} data-testid=${id} @click=${run}>
    <tp-icon .name=${icon}></tp-icon>
  </button>`;
}

customElements.define('tp-pilot', TpPilot);

declare global {
  interface HTMLElementTagNameMap {
    'tp-pilot': TpPilot;
  }
}
