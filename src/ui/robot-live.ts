/** The robot's page while someone is linked: read from two metres, stopped without looking; knows no link. */
import { html, LitElement, nothing } from 'lit';
import type { RobotSession } from '../session/robot-state.ts';
import './board-choice.ts';
import { type Boards, boardLevel } from './board-choice.ts';
import './drive-form.ts';
import './gauges.ts';
import './hold.ts';
import './icon.ts';
import './preview.ts';
import './privacy.ts';
import { liveStyles } from './robot-live-styles.ts';
import { sharedStyles } from './shared-styles.ts';
import { SignalController } from './signal-controller.ts';
import './stop.ts';
import './thread.ts';
import type { ThreadLink } from './thread.ts';
import { volts } from './words/figures.ts';
import { boardLamp, drivenWords, droppedWords, ROBOT, stoppedWords } from './words/robot.ts';

const TICK_MS = 1000;

type Look = ReturnType<typeof lookAt>;

function lookAt(session: RobotSession) {
  return {
    state: session.state.value,
    name: session.name.value,
    failsafe: session.failsafe.value,
    stoppedBy: session.stoppedBy.value,
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

export class TpRobotLive extends LitElement {
  static override properties = {
    session: { attribute: false },
    boards: { attribute: false },
    settings: { state: true },
  };
  declare session: RobotSession | undefined;
  declare boards: Boards;
  /** Whether settings stand in place of the big words. STOP stays. */
  declare settings: boolean;
  #tick: ReturnType<typeof setInterval> | undefined;
  #now = new SignalController(this, () => this.session, lookAt);

  static override styles = [sharedStyles, liveStyles];

  constructor() {
    super();
    this.session = undefined;
    this.boards = {};
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
    const { state } = now;
    if (state.at !== 'driven' && state.at !== 'dropped') return nothing;
    const stopped = now.stoppedBy !== undefined;
    const mood = stopped ? 'stopped' : state.at;
    return html`<main class="live" data-mood=${mood}>
      <header>
        <div class="title">
          <b>${now.name}</b>
          <button class="icon-button" type="button" aria-label=${ROBOT.settings} aria-expanded=${this.settings} @click=${this.#toggleSettings}>
            <tp-icon .name=${this.settings ? 'close' : 'gear'}></tp-icon>
          </button>
        </div>
        ${this.#lamps(now)}
      </header>
      ${this.settings ? this.#settings(now.refusedFrames) : this.#state(now, state)}
      <tp-privacy .session=${this.session} .pilot=${state.name}></tp-privacy>
      ${
        stopped
          ? html`<tp-hold class="halt" look="slab" label=${ROBOT.clear} data-testid="robot-clear" @held=${() => this.session?.clearStop()}></tp-hold>`
          : html`<tp-stop class="halt" look="slab" label=${ROBOT.stop} name=${ROBOT.stopName} data-testid="robot-stop" @stop=${() => this.session?.stop()}></tp-stop>`
      }
    </main>`;
  }

  #lamps(now: Look) {
    const live = now.state.at === 'driven';
    const link = live
      ? `${ROBOT.linkLive} ${now.loopDelayMs === undefined ? ROBOT.on : `${now.loopDelayMs} ms`}`
      : ROBOT.linkLost;
    return html`<div class="lamps num">
      <span class="lamp" data-level=${boardLevel(now.board)} data-testid=${this.settings ? nothing : 'robot-board'} data-at=${now.board.at}>${boardLamp(now.board)}</span>
      <span class="lamp" data-level=${live ? 'go' : 'wait'} data-testid="robot-link-lamp">${link}</span>
      ${now.batteryMv === undefined ? nothing : html`<span class="lamp" data-level="go" data-testid="robot-battery"><span class="sr">${ROBOT.battery}</span>${volts(now.batteryMv)}</span>`}
    </div>`;
  }

  #state(now: Look, state: { readonly at: 'driven' | 'dropped'; readonly name: string; readonly sinceMs: number }) {
    const forMs = performance.now() - state.sinceMs;
    const words =
      now.stoppedBy !== undefined
        ? { title: ROBOT.stopped, line: stoppedWords(now.stoppedBy, now.name) }
        : state.at === 'dropped'
          ? droppedWords(state.name, forMs)
          : drivenWords(state.name, now.failsafe, forMs, now.top);
    const link: ThreadLink = state.at === 'dropped' ? 'broken' : now.path === 'relayed' ? 'relayed' : 'direct';
    return html`<section class="state">
      <div class="pair" aria-hidden="true">
        <span class="face">${[...state.name.trim()][0]?.toUpperCase() ?? '?'}</span>
        <tp-thread link=${link}></tp-thread>
        <tp-preview class="eye" .track=${now.picture}>${now.picture === undefined ? html`<tp-icon name="rover" size="l"></tp-icon>` : nothing}</tp-preview>
      </div>
      <div>
        <h1 aria-live="assertive">${words.title}</h1>
        <p class="num">${words.line}</p>
      </div>
      <tp-gauges .session=${this.session}></tp-gauges>
    </section>`;
  }

  #settings(refusedFrames: number) {
    return html`<section class="settings">
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

customElements.define('tp-robot-live', TpRobotLive);
