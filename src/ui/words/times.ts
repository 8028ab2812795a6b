/** How moments and spans of the wall clock are written for a person; knows not what happens in them. */

const DAY_MS = 24 * 3_600_000;

/** What is left, as a clock counts down: `4:32`. Never below `0:00`. */
export function countdown(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** `14:03` today, `Mon 14:03` less than six days away, else `3 Mar, 14:03`. Both are wall-clock milliseconds. */
export function moment(atMs: number, nowMs: number): string {
  const at = new Date(atMs);
  const clock = at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  if (at.toDateString() === new Date(nowMs).toDateString()) return clock;
  if (Math.abs(atMs - nowMs) < 6 * DAY_MS) return `${at.toLocaleDateString('en-GB', { weekday: 'short' })} ${clock}`;
  return `${at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })}, ${clock}`;
}

/** A span nobody counts in seconds: `under a minute`, `12 min`, `2 h 5 min`. */
export function span(ms: number): string {
  const minutes = Math.floor(Math.max(0, ms) / 60_000);
  if (minutes < 1) return 'under a minute';
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
