/** The one thing to know or do, in the middle of the picture; knows no element. */
import { html, nothing } from 'lit';
import type { Outage, PilotState } from '../session/pilot-state.ts';
import './hold.ts';
import { otherDrives } from './other-driver.ts';
import { CALM_MS, outageSaid } from './outage-note.ts';
import { ended, known, type Ways } from './pilot-ended.ts';
import { type Look, outageOf } from './pilot-look.ts';
import './thread.ts';
import { age, lasting } from './words/figures.ts';
import { attemptWords, notArmedWords, PILOT, reachingWords, stoppedWords, watcherWords } from './words/pilot.ts';
import { faultSentence } from './words.ts';

export type Doing = Ways & {
  /** Whether keys are at hand. */
  readonly keys: boolean;
  readonly arm: () => void;
  readonly redial: () => void;
  /** Wants to drive, and drives whoever did. */
  readonly ask: () => void;
  readonly take: () => void;
};

const CONNECTING = { dialling: PILOT.dialling, greeting: PILOT.greeting, asking: PILOT.asking } as const;

export function sayInTheMiddle(now: Look, doing: Doing, nowMs: number) {
  const { state, view } = now;
  switch (view) {
    case 'driving':
      return nothing;
    case 'connecting':
      return connecting(now, doing);
    case 'watching':
      return state.at === 'watching' ? watching(state.because, now, doing, nowMs) : nothing;
    case 'frozen':
      return frozen(now, nowMs);
    case 'lost':
      return state.at === 'lost' ? lost(state, now, doing, nowMs) : nothing;
    case 'stopped': {
      const words = stoppedWords(now.name, now.stoppedBy, now.mayClear);
      return html`<div class="say hud" role="alert">
        <h2>${words.title}</h2>
        <p data-testid="pilot-why" data-because="stopped">${words.by === undefined ? nothing : html`<b>${words.by}</b> `}${words.line}</p>
      </div>`;
    }
    case 'ended':
      return state.at === 'ended' ? ended(state, now.name, doing) : nothing;
  }
  return view satisfies never;
}

function connecting({ name, trouble, state, lasting }: Look, doing: Doing) {
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

type Because = Extract<PilotState, { at: 'watching' }>['because'];

function watching(because: Because, now: Look, doing: Doing, nowMs: number) {
  const { name } = now;
  if (because === 'lease') return otherDrives(now, doing);
  if (because === 'watcher') {
    return html`<div class="arm"><p class="hud" role="status" data-testid="pilot-why" data-because=${because}>${watcherWords(now.driver)}</p></div>`;
  }
  const picture = outageOf(now, 'picture');
  if (because === 'picture' && picture !== undefined && nowMs - picture.sinceMs > CALM_MS)
    return noPicture(picture, now, nowMs);
  const board = because === 'board' ? outageOf(now, 'board') : undefined;
  const said = board && outageSaid(board, now, nowMs);
  return html`<div class="arm">
    <tp-hold
      anywhere label=${PILOT.holdToArm} .hint=${doing.keys ? PILOT.orEnter : undefined} data-testid="pilot-arm"
      ?disabled=${because !== 'you' && because !== 'late' && because !== 'sticks'} @held=${doing.arm}
    ></tp-hold>
    <p class="hud" role="status" data-testid="pilot-why" data-because=${because}>${
      board === undefined || said === undefined
        ? notArmedWords(because, name)
        : html`<span data-testid="pilot-outage" data-part="board" data-trying=${board.trying}><b>${said.title}</b><span class="num" aria-hidden="true"> · ${lasting(said.forMs)}</span><br />${said.line}</span>`
    }</p>
  </div>`;
}

function noPicture(picture: Outage, now: Look, nowMs: number) {
  const { title, line, forMs } = outageSaid(picture, now, nowMs);
  return html`<div class="say hud" data-testid="pilot-outage" data-part="picture" data-trying=${picture.trying}>
    <h2>${title}</h2>
    <p role="status" data-testid="pilot-why" data-because="picture">${line}</p>
    <p class="num faint" aria-hidden="true">${lasting(forMs)}</p>
  </div>`;
}

function frozen(now: Look, nowMs: number) {
  const ageMs = now.pictureAgeMs ?? 0;
  const outage = outageOf(now, 'picture') ?? { part: 'picture', trying: 'waits', sinceMs: nowMs - ageMs };
  const { title, line } = outageSaid(outage, now, nowMs);
  // Then there is more to say than that no picture comes.
  const asleep = now.state.at === 'watching' && now.state.because === 'asleep';
  return html`<div class="say hud" data-level=${now.leads ? 'stop' : nothing} role="alert" data-testid="pilot-outage" data-part="picture" data-trying=${outage.trying}>
    <h2>${title}</h2>
    <p class="clock num" aria-hidden="true">${ageMs < 10_000 ? age(ageMs) : lasting(ageMs)}</p>
    <p data-testid="pilot-why">${asleep ? notArmedWords('asleep', now.name) : line}</p>
  </div>`;
}

function lost(state: Extract<PilotState, { at: 'lost' }>, now: Look, doing: Doing, nowMs: number) {
  const { trouble } = now;
  const outage = outageOf(now, 'link') ?? { part: 'link', trying: 'dials', sinceMs: state.sinceMs };
  const broker = outageOf(now, 'broker');
  const { title, line, tried, forMs } = outageSaid(outage, now, nowMs);
  // What the last try met says better what to do.
  const met = broker === undefined ? trouble : undefined;
  return html`<div class="say hud" data-testid="pilot-outage" data-part="link" data-trying=${outage.trying}>
    <tp-thread link="trying"></tp-thread>
    <h2 role="alert">${title}</h2>
    <p class="clock num" aria-hidden="true">${lasting(forMs)}</p>
    <p role="status" data-testid="pilot-why">${met === undefined ? line : tried}</p>
    ${met === undefined ? nothing : html`<p role="status"><span data-testid="fault" data-code=${met.code}>${faultSentence(met, known(now.name))}</span></p>`}
    ${broker === undefined ? nothing : brokerToo(broker, now, nowMs)}
    <p class="num faint" aria-hidden="true">${attemptWords(state.attempt + 1)}</p>
    <div class="row">
      <button class="button small" type="button" @click=${doing.redial}>${PILOT.tryNow}</button>
      <a class="button small" href="#">${PILOT.back}</a>
    </div>
  </div>`;
}

function brokerToo(broker: Outage, now: Look, nowMs: number) {
  const { title, line } = outageSaid(broker, now, nowMs);
  return html`<p role="status" data-testid="pilot-outage" data-part="broker" data-trying=${broker.trying}><b>${title}.</b> ${line}</p>`;
}
