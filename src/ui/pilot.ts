/** The pilot's page: the picture, what is true of it, and the hands; knows no room behind the session. */
import { html, LitElement, nothing } from 'lit';
import type { Outage, PilotSession } from '../session/pilot-state.ts';
import { faultNote } from './fault-note.ts';
import './icon.ts';
import type { IconName } from './icon.ts';
import { LinkCues } from './link-cues.ts';
import { asksToDrive } from './other-driver.ts';
import { outageNote } from './outage-note.ts';
import { pilotControls, pilotStop } from './pilot-controls.ts';
import { counts, type Look, lookAt, type PilotView } from './pilot-look.ts';
import { type Doing, sayInTheMiddle } from './pilot-say.ts';
import { pilotStyles } from './pilot-styles.ts';
import { sharedStyles } from './shared-styles.ts';
import { SignalController } from './signal-controller.ts';
import './sound.ts';
import './vitals.ts';
import { drivesWords, notArmedWords, PILOT, slowWords } from './words/pilot.ts';

/** While a number grows that a person watches. */
const TICK_MS = 200;

/** `session`: the pilot's. What is asked goes to the session, and Leave goes to `#`. Dispatches `update` for a reload into a newer version. */
export class TpPilot extends LitElement {
  static override properties = {
    session: { attribute: false },
    sticks: { state: true },
    muted: { state: true },
    hush: { state: true },
    cues: { state: true },
  };
  declare session: PilotSession | undefined;
  /** Whether sticks are drawn: where a thumb came last, or asked for. */
  declare sticks: boolean;
  declare muted: boolean;
  /** Whether somebody asked why there is no sound. */
  declare hush: boolean;
  /** Whether the link is heard going and coming back. */
  declare cues: boolean;
  #kind: Look['kind'] | undefined;
  #watched: PilotSession | undefined;
  #watching = new AbortController();
  #life: AbortController | undefined;
  #linkCues: LinkCues | undefined;
  #tick: ReturnType<typeof setInterval> | undefined;
  #now = new SignalController(this, () => this.session, lookAt);

  static override styles = [sharedStyles, pilotStyles];

  constructor() {
    super();
    this.session = undefined;
    this.sticks = matchMedia('(pointer: coarse)').matches;
    this.muted = false;
    this.hush = false;
    this.cues = false;
    this.addEventListener('pointerdown', (event) => {
      if (event.pointerType === 'touch') this.sticks = true;
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.dataset.theme = 'dark';
    this.#life = new AbortController();
    this.#linkCues = new LinkCues(this.#life.signal);
    this.cues = false;
    const options = { signal: this.#life.signal, capture: true };
    window.addEventListener('keydown', (event) => this.#space(event), options);
    window.addEventListener('keyup', (event) => event.key === ' ' && event.preventDefault(), options);
    this.#tick = setInterval(() => this.#now.view && counts(this.#now.view) && this.requestUpdate(), TICK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#life?.abort();
    this.#watching.abort();
    this.#watched = undefined;
    clearInterval(this.#tick);
    // Chrome keeps a video with a live stream, and all around it, after both have left the page.
    const video = this.renderRoot.querySelector('video');
    if (video !== null) video.srcObject = null;
  }

  override willUpdate(): void {
    const kind = this.#now.view?.kind;
    if (kind !== undefined && this.#kind !== undefined && kind !== this.#kind) this.sticks = kind === 'touch';
    this.#kind = kind;
    const view = this.#now.view?.view;
    if (view !== undefined && view !== 'ended') this.#linkCues?.tell(view === 'lost');
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
        ${view === 'connecting' || view === 'ended' ? nothing : html`<tp-vitals .session=${session} .lost=${view === 'lost'} .cues=${this.cues} @cues=${this.#cue}></tp-vitals>`}
        <div class="notes">${this.#notes(now, session)}</div>
      </header>
      <section class="middle" aria-live="polite">${sayInTheMiddle(now, this.#doing(session), performance.now())}</section>
      ${linked ? pilotControls(session, now, this.#hands()) : nothing}
      ${state.at === 'lost' ? pilotStop(session, now, this.#hands()) : nothing}
      <tp-sound class="sound" .track=${now.sound} .muted=${this.muted} label=${PILOT.tapForSound}></tp-sound>
    </main>`;
  }

  #notes(now: Look, session: PilotSession) {
    const { state, view } = now;
    const linked = state.at === 'watching' || state.at === 'driving';
    const slow = now.cap < 1 && (view === 'driving' || (state.at === 'watching' && state.because === 'you'));
    const nowMs = performance.now();
    const apart = now.outages.filter(({ part }) => linked && part !== middlePart(now));
    return [
      linked ? now.askers.map((asker) => asksToDrive(asker, (seat) => session.give(seat))) : nothing,
      slow
        ? note(
            'warn',
            html`<span class="num" data-testid="pilot-slow">${slowWords(now.cap, now.delayMs)}</span>`,
            false,
          )
        : nothing,
      apart.map((outage) => outageNote(outage, now, nowMs)),
      now.gone !== undefined && linked
        ? note('pad', html`<span data-testid="fault" data-code="gone">${PILOT.padGone}</span>`)
        : nothing,
      now.still && linked ? note('pad', html`<span data-testid="pilot-pad-still">${PILOT.padStill}</span>`) : nothing,
      this.hush && linked && now.sound === undefined
        ? note('mic-off', html`<span data-testid="pilot-no-sound">${PILOT.noSoundWhat}</span>`)
        : nothing,
      session.lasting ? nothing : note('warn', html`<span data-testid="pilot-not-lasting">${PILOT.notLasting}</span>`),
      faultNote(now.microphoneFault, { label: PILOT.tryAgain, run: () => void session.talk(true) }),
    ];
  }

  #doing(session: PilotSession): Doing {
    return {
      keys: !this.sticks,
      arm: () => session.arm(),
      redial: () => session.redial(),
      ask: () => session.ask(),
      take: () => session.take(),
      update: () => this.dispatchEvent(new Event('update')),
      watch: watchFragment(),
      onlooks: /^#\/?watch\//.test(location.hash),
    };
  }

  #hands() {
    return {
      sticks: this.sticks,
      muted: this.muted,
      mute: () => {
        this.muted = !this.muted;
      },
      sayNoSound: () => {
        this.hush = !this.hush;
      },
      showSticks: () => {
        this.sticks = !this.sticks;
      },
    };
  }

  #armed({ view, state, name, watcher, waits, driver }: Look, slow: boolean) {
    const driving = view === 'driving';
    if (waits && view === 'watching')
      return html`<span class="lamp" data-level="off" data-testid="pilot-armed" data-armed="false">${drivesWords(driver).slice(0, -1)}</span>`;
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

  /** Space is STOP wherever the focus is. */
  #space(event: KeyboardEvent): void {
    if (event.key !== ' ') return;
    event.preventDefault();
    if (!event.repeat) this.session?.stop();
  }

  #cue(): void {
    this.#linkCues?.enable(!this.cues);
    this.cues = this.#linkCues?.on ?? false;
  }
}

/** The missing part that the middle speaks of. */
function middlePart({ view, state }: Look): Outage['part'] | undefined {
  if (view === 'frozen') return 'picture';
  if (view !== 'watching' || state.at !== 'watching') return undefined;
  return state.because === 'picture' || state.because === 'board' ? state.because : undefined;
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

function note(icon: IconName, words: unknown, said = true) {
  return html`<p class="why hud" role=${said ? 'status' : nothing}><tp-icon .name=${icon} size="s"></tp-icon>${words}</p>`;
}

customElements.define('tp-pilot', TpPilot);

declare global {
  interface HTMLElementTagNameMap {
    'tp-pilot': TpPilot;
  }
}
