/** Who drives when it is somebody else, and who wants to: asking, letting and taking over; knows no link. */
import { html, nothing } from 'lit';
import type { Asker } from '../session/pilot-state.ts';
import './hold.ts';
import './icon.ts';
import type { Look } from './pilot-look.ts';
import { askedWords, drivesWords, PILOT } from './words/pilot.ts';

/** In the middle, for who may drive while somebody else does. Owners need not wait for a yes. */
export function otherDrives(
  { driver, asks, owner }: Look,
  doing: { readonly ask: () => void; readonly take: () => void },
) {
  return html`<div class="arm other">
    ${owner ? html`<tp-hold label=${PILOT.take} data-testid="pilot-take" @held=${doing.take}></tp-hold>` : nothing}
    <div class="hud">
      <p role="status" data-testid="pilot-why" data-because="lease"><b data-testid="pilot-driver">${drivesWords(driver)}</b>${asks ? html` <span data-testid="pilot-asked">${askedWords(driver)}</span>` : nothing}</p>
      ${asks ? nothing : html`<button class="button small ${owner ? '' : 'primary'}" type="button" data-testid="pilot-ask" @click=${doing.ask}><tp-icon name="hand" size="s"></tp-icon>${PILOT.ask}</button>`}
    </div>
  </div>`;
}

/** At the top, for who may let them. */
export function asksToDrive({ seat, name }: Asker, give: (seat: number) => void) {
  return html`<div class="why hud" role="alert" data-testid="pilot-asker" data-seat=${seat}>
    <tp-icon name="hand" size="s"></tp-icon>
    <p>${PILOT.wantsToDrive(name)}</p>
    <button class="button small" type="button" aria-label=${PILOT.letDrive(name)} data-testid="pilot-give-${seat}" @click=${() => give(seat)}>${PILOT.letThem}</button>
  </div>`;
}
