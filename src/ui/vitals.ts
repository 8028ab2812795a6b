/** How fresh the link is: control, picture, rate, path, battery; knows no robot. */
import { css, html, LitElement, nothing } from 'lit';
import type { PilotSession } from '../session/pilot-state.ts';
import { sharedStyles } from './shared-styles.ts';
import { SignalController } from './signal-controller.ts';
import './thread.ts';
import type { ThreadLink } from './thread.ts';
import { age, percent, volts } from './words/figures.ts';
import { PILOT } from './words/pilot.ts';

/** The robot allows all speed up to 150 ms and none above 500. Nobody can drive by a picture older than 700 ms. */
const CONTROL_SLOW_MS = 150;
const CONTROL_STOP_MS = 500;
export const PICTURE_FROZEN_MS = 700;
const PICTURE_SLOW_MS = 350;

function lookAt(session: PilotSession) {
  return {
    roundTripMs: session.roundTripMs.value,
    pictureAgeMs: session.pictureAgeMs.value,
    vitals: session.vitals.value,
    batteryMv: session.report.value?.batteryMv,
    board: session.board.value,
    hears: session.sound.value !== undefined,
    malformed: session.malformed.value,
  };
}

/** `lost`: there is no link, so no number is true. `cues`: whether the link sounds; dispatches `cues` to have that changed. */
export class TpVitals extends LitElement {
  static override properties = {
    session: { attribute: false },
    lost: { type: Boolean },
    cues: { type: Boolean },
    open: { state: true },
  };
  declare session: PilotSession | undefined;
  declare lost: boolean;
  declare cues: boolean;
  declare open: boolean;
  #now = new SignalController(this, () => this.session, lookAt);

  static override styles = [
    sharedStyles,
    css`
      :host { position: relative; display: block; }
      .vitals { display: flex; align-items: center; min-height: 52px; padding: 0 4px; text-align: left; color: var(--ink); background: var(--scrim); border: 1px solid var(--scrim-line); border-radius: var(--r-m); box-shadow: var(--shadow-hud); }
      .vitals > span { display: grid; padding: 0 12px; line-height: 1.2; font-weight: var(--w-strong); white-space: nowrap; }
      .vitals > span + span { border-left: 1px solid var(--scrim-line); }
      small { font-size: var(--t-xs); font-weight: var(--w-book); color: var(--ink-2); }
      [data-level='wait'] { color: var(--wait); }
      [data-level='stop'] { color: var(--stop); }
      tp-thread { --thread: var(--ink); width: 48px; height: 19px; min-width: 0; scale: 0.82; transform-origin: left; }
      .facts { position: absolute; z-index: 3; right: 0; top: calc(100% + 8px); width: max-content; max-width: calc(100vw - 24px); padding: var(--s-3) var(--s-4) 0; font-size: var(--t-s); color: var(--ink); background: var(--scrim-solid); border: 1px solid var(--scrim-line); border-radius: var(--r-m); }
      dl { display: grid; grid-template-columns: auto auto; gap: 6px var(--s-4); }
      label { display: flex; align-items: center; gap: var(--s-2); min-height: var(--touch); margin-top: var(--s-2); border-top: 1px solid var(--scrim-line); }
      input { width: 20px; height: 20px; margin: 0; accent-color: var(--accent); flex: none; }
      dt { color: var(--ink-2); }
      dd { text-align: right; }
      @media (max-height: 520px) and (min-width: 600px) {
        .facts { padding: 6px 12px 0; font-size: var(--t-xs); }
        dl { grid-template-columns: repeat(4, auto); gap: 2px var(--s-3); }
        label { margin-top: 4px; }
      }
      @media (max-width: 520px) {
        .vitals { display: grid; grid-template-columns: auto auto; gap: 6px 0; padding: 8px 4px; }
        .vitals > span { padding: 0 10px; font-size: var(--t-s); }
        .vitals > span + span { border-left: 0; }
        .vitals > .battery { grid-column: 1 / -1; display: flex; gap: 6px; align-items: baseline; }
      }
    `,
  ];

  constructor() {
    super();
    this.session = undefined;
    this.lost = false;
    this.cues = false;
    this.open = false;
  }

  override render() {
    const now = this.#now.view;
    if (now === undefined) return nothing;
    const none = html`—`;
    const { roundTripMs, pictureAgeMs } = now;
    const control = this.lost ? 'stop' : level(roundTripMs, CONTROL_SLOW_MS, CONTROL_STOP_MS);
    const picture = this.lost ? 'stop' : level(pictureAgeMs, PICTURE_SLOW_MS, PICTURE_FROZEN_MS);
    const path = now.vitals?.path;
    const rate = now.vitals?.framesPerSecond;
    const thread: ThreadLink = this.lost ? 'broken' : path === undefined ? 'trying' : path;
    return html`<button class="vitals num" type="button" aria-label=${PILOT.vitals} aria-expanded=${this.open} @click=${this.#toggle}>
        <span data-level=${control}><span data-testid="pilot-rtt" data-ms=${roundTripMs ?? nothing}>${this.lost || roundTripMs === undefined ? none : figure(roundTripMs)}</span><small>${PILOT.control}</small></span>
        <span data-level=${picture}><span data-testid="pilot-picture-age" data-ms=${pictureAgeMs ?? nothing}>${this.lost || pictureAgeMs === undefined ? none : figure(pictureAgeMs)}</span><small>${PILOT.picture}</small></span>
        <span class="rate"><span data-testid="pilot-fps" data-fps=${rate ?? nothing}>${this.lost || rate === undefined ? none : Math.round(rate)}</span><small>${PILOT.rate}</small></span>
        <span data-testid="pilot-path" data-path=${path ?? nothing}><tp-thread link=${thread}></tp-thread><small>${this.lost ? PILOT.path.lost : PILOT.path[path ?? 'unknown']}</small></span>
        ${now.batteryMv === undefined ? nothing : html`<span class="battery"><span data-testid="pilot-battery" data-mv=${now.batteryMv}>${volts(now.batteryMv)}</span><small>${PILOT.battery}</small></span>`}
      </button>
      ${this.open ? this.#facts(now) : nothing}`;
  }

  #facts(now: ReturnType<typeof lookAt>) {
    const { vitals } = now;
    const rows: readonly (readonly [string, string | undefined])[] = [
      [PILOT.facts.board, now.board],
      [PILOT.facts.sound, now.hears ? PILOT.hears : PILOT.noSound],
      [
        PILOT.facts.rate,
        vitals?.framesPerSecond === undefined ? undefined : `${Math.round(vitals.framesPerSecond)} ${PILOT.rate}`,
      ],
      [PILOT.facts.bitrate, vitals?.bitrateKbps === undefined ? undefined : `${Math.round(vitals.bitrateKbps)} kbit/s`],
      [PILOT.facts.lost, vitals?.lost === undefined ? undefined : percent(vitals.lost)],
      [PILOT.facts.path, vitals?.roundTripMs === undefined ? undefined : `${Math.round(vitals.roundTripMs)} ms`],
      [PILOT.facts.malformed, String(now.malformed)],
    ];
    return html`<div class="facts">
      <dl class="num">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value ?? '—'}</dd>`)}</dl>
      <label><input type="checkbox" data-testid="pilot-cues" .checked=${this.cues} @change=${this.#cue} />${PILOT.cues}</label>
    </div>`;
  }

  #cue(): void {
    this.dispatchEvent(new Event('cues'));
  }

  #toggle(): void {
    this.open = !this.open;
  }
}

/** A number above its limit waits, or stops. */
function level(ms: number | undefined, slow: number, stop: number): 'wait' | 'stop' | 'fine' {
  if (ms === undefined || ms <= slow) return 'fine';
  return ms <= stop ? 'wait' : 'stop';
}

function figure(ms: number) {
  const [number, unit] = age(ms).split(' ');
  return html`${number} <small>${unit}</small>`;
}

customElements.define('tp-vitals', TpVitals);
