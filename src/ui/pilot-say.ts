/** The one thing to know or do, in the middle of the picture; knows no element. */
import { html, nothing } from 'lit';
import type { Fault } from '../core/fault.ts';
import type { PilotState } from '../session/pilot-state.ts';
import './hold.ts';
import './thread.ts';
import { age } from './words/figures.ts';
import { endedWords, FROZEN, lostWords, notArmedWords, PILOT, reachingWords, stoppedWords } from './words/pilot.ts';
import { faultSentence } from './words.ts';

/** What the page shows, of the session's states and the picture's age. */
export type PilotView = 'connecting' | 'watching' | 'driving' | 'frozen' | 'lost' | 'stopped' | 'ended';

export type Saying = {
  readonly view: PilotView;
  readonly state: PilotState;
  readonly name: string;
  /** Whether this page only watches. */
  readonly watcher: boolean;
  /** Whether this browser keeps keys. */
  readonly lasting: boolean;
  readonly stoppedBy: string | undefined;
  readonly trouble: Fault | undefined;
  readonly pictureAgeMs: number | undefined;
  readonly nowMs: number;
};

export type Doing = {
  /** Whether keys are at hand. */
  readonly keys: boolean;
  readonly arm: () => void;
  readonly redial: () => void;
  /** Reloads, with a newer version of this page if there is one. */
  readonly update: () => void;
  /** Where the same robot is only watched; undefined: here already. */
  readonly watch: string | undefined;
  /** Whether this page asked only to watch. */
  readonly onlooks: boolean;
};

const CONNECTING = { dialling: PILOT.dialling, greeting: PILOT.greeting, asking: PILOT.asking } as const;

export function sayInTheMiddle(saying: Saying, doing: Doing) {
  const { state, view, name } = saying;
  switch (view) {
    case 'driving':
      return nothing;
    case 'connecting':
      return connecting(saying, doing);
    case 'watching':
      return state.at === 'watching' ? arming(state.because, name, doing) : nothing;
    case 'frozen':
      return html`<div class="say hud" data-level="stop" role="alert">
        <h2>${FROZEN.title}</h2>
        <p class="clock num" aria-hidden="true">${age(saying.pictureAgeMs ?? 0)}</p>
        <p data-testid="pilot-why">${saying.watcher ? FROZEN.watching : FROZEN.line}</p>
      </div>`;
    case 'lost':
      return state.at === 'lost' ? lost(state, saying, doing) : nothing;
    case 'stopped': {
      const words = stoppedWords(name, saying.stoppedBy);
      return html`<div class="say hud" role="alert"><h2>${words.title}</h2><p data-testid="pilot-why">${words.line}</p></div>`;
    }
    case 'ended':
      return state.at === 'ended' ? ended(state, name, doing) : nothing;
  }
  return view satisfies never;
}

function connecting({ name, trouble, state, lasting }: Saying, doing: Doing) {
  return html`<div class="say hud">
    <tp-thread link=${trouble === undefined ? 'trying' : 'broken'}></tp-thread>
    <h2>${reachingWords(name).title}</h2>
    <p role="status">${trouble === undefined ? CONNECTING[state.at === 'asking' || state.at === 'greeting' ? state.at : 'dialling'] : html`<span data-testid="fault" data-code=${trouble.code}>${faultSentence(trouble, known(name))}</span>`}</p>
    ${state.at === 'asking' && !lasting ? html`<p class="faint">${PILOT.notLasting}</p>` : nothing}
    <div class="row">
      ${trouble === undefined ? nothing : html`<button class="button small primary" type="button" @click=${doing.redial}>${PILOT.tryAgain}</button>`}
      <a class="button small" href="#">${PILOT.cancel}</a>
    </div>
  </div>`;
}

function arming(because: Extract<PilotState, { at: 'watching' }>['because'], name: string, doing: Doing) {
  if (because === 'watcher') {
    return html`<div class="arm"><p class="hud" role="status" data-testid="pilot-why" data-because=${because}>${notArmedWords(because, name)}</p></div>`;
  }
  return html`<div class="arm">
    <tp-hold
      anywhere label=${PILOT.holdToArm} .hint=${doing.keys ? PILOT.orEnter : undefined} data-testid="pilot-arm"
      ?disabled=${because !== 'you' && because !== 'late' && because !== 'sticks'} @held=${doing.arm}
    ></tp-hold>
    <p class="hud" role="status" data-testid="pilot-why" data-because=${because}>${notArmedWords(because, name)}</p>
  </div>`;
}

function lost(state: Extract<PilotState, { at: 'lost' }>, { name, nowMs, trouble }: Saying, doing: Doing) {
  const words = lostWords(name, state.attempt + 1, nowMs - state.sinceMs);
  return html`<div class="say hud">
    <tp-thread link="broken"></tp-thread>
    <h2 role="alert">${words.title}</h2>
    <p data-testid="pilot-why">${words.line}</p>
    ${trouble === undefined ? nothing : html`<p role="status"><span data-testid="fault" data-code=${trouble.code}>${faultSentence(trouble, known(name))}</span></p>`}
    <p class="num faint" aria-hidden="true">${words.count}</p>
    <div class="row">
      <button class="button small" type="button" @click=${doing.redial}>${PILOT.tryNow}</button>
      <a class="button small" href="#">${PILOT.back}</a>
    </div>
  </div>`;
}

function ended({ end }: Extract<PilotState, { at: 'ended' }>, name: string, doing: Doing) {
  const words = endedWords(name);
  const fault = end.why === 'lost' ? end.fault : undefined;
  const full = fault?.code === 'busy' && doing.onlooks;
  return html`<div class="say hud" role="alert">
    <tp-thread link="broken"></tp-thread>
    <h2>${fault === undefined ? words.title : PILOT.noWay}</h2>
    ${fault === undefined ? html`<p data-testid="pilot-why">${words.line}</p>` : html`<p data-testid="fault" data-code=${fault.code}>${full ? PILOT.full : faultSentence(fault, known(name))}</p>`}
    <div class="row">
      ${
        fault?.code === 'busy' && doing.watch !== undefined
          ? html`<a class="button small" data-testid="pilot-watch-instead" href=${doing.watch}>${PILOT.watchInstead}</a>`
          : nothing
      }
      ${fault === undefined ? again() : wayOn(fault, doing)}
      <a class="button small" href="#">${PILOT.back}</a>
    </div>
  </div>`;
}

/** The same try again where it may go better; else the way to a new code, or none. */
function wayOn(fault: Fault, doing: Doing) {
  switch (fault.code) {
    case 'unknown':
    case 'expired':
      return html`<a class="button small primary" data-testid="pilot-new-code" href="#pilot">${PILOT.newCode}</a>`;
    case 'impostor':
      return fault.subject === 'page' ? again() : nothing;
    case 'wrong-version':
      return again(doing.update);
    default:
      return again();
  }
}

function again(run = () => location.reload()) {
  return html`<button class="button small primary" type="button" data-testid="pilot-again" @click=${run}>${PILOT.tryAgain}</button>`;
}

/** Undefined while nobody has said the robot's name. */
function known(name: string): string | undefined {
  return name === PILOT.robot ? undefined : name;
}
