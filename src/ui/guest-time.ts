/** How long a guest may stay, as a person chooses it; knows no guest. */
import { html } from 'lit';
import { GUEST_TIMES } from './words/robot.ts';

export type GuestTime = keyof typeof GUEST_TIMES;

const HOUR_MS = 3_600_000;

/** When that time is over: wall-clock milliseconds, as `nowMs`. Today ends at midnight on this device's clock. */
export function guestUntil(time: GuestTime, nowMs: number): number {
  switch (time) {
    case 'hour':
      return nowMs + HOUR_MS;
    case 'today':
      return new Date(nowMs).setHours(24, 0, 0, 0);
    case 'week':
      return nowMs + 7 * 24 * HOUR_MS;
  }
  return time satisfies never;
}

/** `mark`: its test mark. `label`: its spoken name. */
export function guestTimes(mark: string, label: string, chosen: GuestTime, choose: (time: GuestTime) => void) {
  return html`<select
    class="times" aria-label=${label} data-testid=${mark}
    @change=${(event: Event) => choose((event.target as HTMLSelectElement).value as GuestTime)}
  >
    ${Object.entries(GUEST_TIMES).map(([time, words]) => html`<option value=${time} .selected=${time === chosen}>${words}</option>`)}
  </select>`;
}
