/** A fault as a person reads it, with the second try where one may help; knows not what failed. */
import { html, nothing } from 'lit';
import type { Fault } from '../core/fault.ts';
import { faultSentence, worthAnotherTry } from './words.ts';
import './icon.ts';

/** Nothing without a fault. `again`: what a second try does, and what its button says. */
export function faultNote(
  fault: Fault | undefined,
  again?: { readonly label: string; readonly run: () => void },
  robot?: string,
) {
  if (fault === undefined) return nothing;
  return html`<div class="notice" data-level="wait" role="status">
    <tp-icon name="warn"></tp-icon>
    <p data-testid="fault" data-code=${fault.code} data-subject=${fault.subject}>${faultSentence(fault, robot)}</p>
    ${again !== undefined && worthAnotherTry(fault) ? html`<button class="button small" type="button" @click=${again.run}>${again.label}</button>` : nothing}
  </div>`;
}
