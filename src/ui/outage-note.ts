/** What is down beside the one thing in the middle, as small notes that count the seconds; knows no session. */
import { html, nothing } from 'lit';
import type { Outage } from '../session/pilot-state.ts';
import './icon.ts';
import { type Look, outageOf } from './pilot-look.ts';
import { lasting } from './words/figures.ts';
import { outageWords } from './words/outages.ts';

/** What heals within this time needs nobody's attention. */
export const CALM_MS = 1000;
/** From here on the words say what the person can do. */
const LONG_MS = 10_000;

/** The words for `outage` by now: what is being tried, or, when that takes long, what to do. */
export function outageSaid(outage: Pick<Outage, 'part' | 'trying' | 'sinceMs'>, now: Look, nowMs: number) {
  const forMs = nowMs - outage.sinceMs;
  const words = outageWords(outage, {
    name: now.name,
    leads: now.leads,
    seen: now.seen,
    linkDown: now.view === 'lost' || outageOf(now, 'link') !== undefined,
  });
  return { forMs, title: words.title, tried: words.tried, line: forMs > LONG_MS ? words.todo : words.tried };
}

/** One that the middle does not speak of. */
export function outageNote(outage: Outage, now: Look, nowMs: number) {
  const { title, line, forMs } = outageSaid(outage, now, nowMs);
  if (forMs < CALM_MS) return nothing;
  return html`<div class="why hud" data-testid="pilot-outage" data-part=${outage.part} data-trying=${outage.trying}>
    <tp-icon name="warn" size="s"></tp-icon>
    <p role="status"><b>${title}</b><span class="num since" aria-hidden="true"> · ${lasting(forMs)}</span><br />${line}</p>
  </div>`;
}
