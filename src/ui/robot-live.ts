/** The robot's page while someone is here: read from two metres, stopped without looking; knows no link. */
import { html, LitElement, nothing } from 'lit';
import type { RobotSession, RobotState } from '../session/robot-state.ts';
import './ask.ts';
import './board-choice.ts';
import { type Boards, boardLevel } from './board-choice.ts';
import './company.ts';
import './drive-form.ts';
import './gauges.ts';
import './hold.ts';
import './guest-links.ts';
import './icon.ts';
import './invite.ts';
import './past-visits.ts';
import './people.ts';
import './preview.ts';
import './privacy.ts';
import './reach.ts';
import { liveStyles } from './robot-live-styles.ts';
import { sharedStyles } from './shared-styles.ts';
import { SignalController } from './signal-controller.ts';
import './stop.ts';
import './thread.ts';
import type { ThreadLink } from './thread.ts';
import { volts } from './words/figures.ts';
import {
  boardLamp,
  drivenWords,
  driverWords,
  droppedWords,
  initial,
  ROBOT,
  stoppedWords,
  watchedWords,
} from './words/robot.ts';

const TICK_MS = 1000;

type Look = ReturnType<typeof lookAt>;

function lookAt(session: RobotSession) {
  return {
    state: session.state.value,
    company: session.company.value,
    name: session.name.value,
    failsafe: session.failsafe.value,
    stoppedBy: session.stoppedBy.value,
    stopPress: session.stopPress.value,
    board: session.board.value,
    batteryMv: session.batteryMv.value,
    // Tens are enough to read, and spare a phone many paintings.
    loopDelayMs: session.loopDelayMs.value === undefined ? undefined : Math.round(session.loopDelayMs.value / 10) * 10,
    path: session.vitals.value?.path,
    top: session.drive.value.topSpeed * session.speedCap.value,
    picture: session.picture.value,
    refusedFrames: session.refusedFrames.value,
  };
}

/** `silent`: whether the browser keeps the page from sounding. */
export class TpRobotLive extends LitElement {
  static override properties = {
    session: { attribute: false },
    boards: { attribute: false },
    silent: { type: Boolean },
    settings: { state: true },
  };
  declare session: RobotSession | undefined;
  declare boards: Boards;
  declare silent: boolean;
  /** Whether settings stand in place of the big words. STOP stays. */
  declare settings: boolean;
  #tick: ReturnType<typeof setInterval> | undefined;
  #now = new SignalController(this, () => this.session, lookAt);

  static override styles = [sharedStyles, liveStyles];

  constructor() {
    super();
    this.session = undefined;
    this.boards = {};
    this.silent = false;
    this.settings = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#tick = setInterval(() => this.requestUpdate(), TICK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#tick);
  }

  override render() {
    const now = this.#now.view;
    if (now === undefined || this.session === undefined) return nothing;
    const stopped = now.stoppedBy !== undefined;
    const mood = stopped ? 'stopped' : held(now.state) ? now.state.at : 'watched';
    return html`<main class="live" data-mood=${mood}>
      <header>
        <div class="title">
          <b>${now.name}</b>
          ${this.settings ? driver(now) : nothing}
          <button class="icon-button" type="button" aria-label=${ROBOT.settings} aria-expanded=${this.settings} @click=${this.#toggleSettings}>
            <tp-icon .name=${this.settings ? 'close' : 'gear'}></tp-icon>
          </button>
        </div>
        ${this.#lamps(now)}
      </header>
      ${this.settings ? this.#settings(now.refusedFrames) : this.#state(now)}
      <tp-ask .session=${this.session}></tp-ask>
      <tp-company .session=${this.session}></tp-company>
      <tp-privacy .session=${this.session}></tp-privacy>
      ${
        stopped
          ? html`<tp-hold class="halt" look="slab" label=${ROBOT.clear} .subject=${now.stopPress} data-testid="robot-clear" @held=${() => this.session?.clearStop()}></tp-hold>`
          : html`<tp-stop class="halt" look="slab" label=${ROBOT.stop} name=${ROBOT.stopName} data-testid="robot-stop" @stop=${() => this.session?.stop()}></tp-stop>`
      }
    </main>`;
  }

  #lamps(now: Look) {
    const { at } = now.state;
    const level = at === 'driven' ? 'go' : at === 'dropped' ? 'wait' : 'off';
    const link = {
      go: `${ROBOT.linkLive} ${now.loopDelayMs === undefined ? ROBOT.on : `${now.loopDelayMs} ms`}`,
      wait: ROBOT.linkLost,
      off: ROBOT.noPilot,
    }[level];
    return html`<div class="lamps num">
      <span class="lamp" data-level=${boardLevel(now.board)} data-testid=${this.settings ? nothing : 'robot-board'} data-at=${now.board.at}>${boardLamp(now.board)}</span>
      <span class="lamp" data-level=${level} data-testid="robot-link-lamp">${link}</span>
      ${now.batteryMv === undefined ? nothing : html`<span class="lamp" data-level="go" data-testid="robot-battery"><span class="sr">${ROBOT.battery}</span>${volts(now.batteryMv)}</span>`}
      ${this.silent ? html`<span class="lamp" data-level="wait" data-testid="robot-silent" title=${ROBOT.silent}>${ROBOT.silentShort}</span>` : nothing}
    </div>`;
  }

  #state(now: Look) {
    const words = this.#words(now);
    const first = held(now.state) ? now.state.name : (now.company[0]?.name ?? '');
    const link: ThreadLink = now.state.at === 'dropped' ? 'broken' : now.path === 'relayed' ? 'relayed' : 'direct';
    return html`<section class="state">
      <div class="pair" aria-hidden="true">
        <span class="face">${initial(first)}</span>
        <tp-thread link=${link}></tp-thread>
        <tp-preview class="eye" .track=${now.picture}>${now.picture === undefined ? html`<tp-icon name="rover" size="l"></tp-icon>` : nothing}</tp-preview>
      </div>
      <div>
        <h1 aria-live="assertive">${words.title}</h1>
        ${now.stoppedBy === undefined ? nothing : driver(now)}
        <p class="num">${words.line}</p>
      </div>
      <tp-gauges .session=${this.session}></tp-gauges>
    </section>`;
  }

  #words({ state, stoppedBy, name, failsafe, top, company }: Look): { title: string; line: string } {
    if (stoppedBy !== undefined) return { title: ROBOT.stopped, line: stoppedWords(stoppedBy, name) };
    if (!held(state)) return watchedWords(company.map((one) => one.name));
    const forMs = performance.now() - state.sinceMs;
    return state.at === 'dropped' ? droppedWords(state.name, forMs) : drivenWords(state.name, failsafe, forMs, top);
  }

  #settings(refusedFrames: number) {
    return html`<section class="settings">
      <h2>${ROBOT.people}</h2>
      <tp-people .session=${this.session}></tp-people>
      <tp-past-visits .session=${this.session}></tp-past-visits>
      <h2>${ROBOT.link}</h2>
      <tp-invite .session=${this.session}></tp-invite>
      <h2>${ROBOT.guests}</h2>
      <tp-guest-links .session=${this.session}></tp-guest-links>
      <tp-reach .session=${this.session}></tp-reach>
      <h2>${ROBOT.turns}</h2>
      <tp-board-choice .session=${this.session} .boards=${this.boards}></tp-board-choice>
      <tp-drive-form .session=${this.session}></tp-drive-form>
      <tp-gauges .session=${this.session}></tp-gauges>
      <p class="faint num">${ROBOT.refused(refusedFrames)}</p>
    </section>`;
  }

  #toggleSettings(): void {
    this.settings = !this.settings;
  }
}

/** Where the headline speaks of something else. */
function driver({ state }: Look) {
  return html`<p class="driver" data-testid="robot-driver">${driverWords(held(state) ? state.name : undefined)}</p>`;
}

type Held = Extract<RobotState, { at: 'driven' | 'dropped' }>;

/** Somebody drives, or may come back and drive. */
function held(state: RobotState): state is Held {
  return state.at === 'driven' || state.at === 'dropped';
}

customElements.define('tp-robot-live', TpRobotLive);
