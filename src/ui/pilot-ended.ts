/** Why there is no link any more and none is tried, with the way on where there is one; knows no session. */
import { html, nothing } from 'lit';
import type { Fault } from '../core/fault.ts';
import type { PilotState } from '../session/pilot-state.ts';
import './thread.ts';
import { endedWords, PILOT } from './words/pilot.ts';
import { faultSentence } from './words.ts';

export type Ways = {
  /** Reloads, with a newer version of this page if there is one. */
  readonly update: () => void;
  /** Where the same robot is only watched; undefined: here already. */
  readonly watch: string | undefined;
  /** Whether this page asked only to watch. */
  readonly onlooks: boolean;
};

export function ended({ end }: Extract<PilotState, { at: 'ended' }>, name: string, doing: Ways) {
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
function wayOn(fault: Fault, doing: Ways) {
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
export function known(name: string): string | undefined {
  return name === PILOT.robot ? undefined : name;
}
