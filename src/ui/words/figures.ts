/** How numbers are written for a person; knows not what they measure. */

const DAY_MS = 24 * 3_600_000;

/** `0.34` becomes `34 %`. */
export function percent(share: number): string {
  // −0 would be written with its sign.
  return `${Math.round(share * 100) + 0} %`;
}

/** `7900` becomes `7.9 V`. */
export function volts(mv: number): string {
  return `${(mv / 1000).toFixed(1)} V`;
}

/** Whole seconds up to a minute, then minutes and seconds: `48 s`, `2 min 14 s`. */
export function lasting(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** An age a person can watch grow: `640 ms`, `1.4 s`, `12 s`. */
export function age(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}

/** What the two motors are told, −1…1 each. */
export function toldWords(left: number, right: number): string {
  return `L ${percent(left)} R ${percent(right)}`;
}

/** When something was last seen, against now (both epoch milliseconds). */
export function seenAgo(seenAtMs: number, nowMs: number): string {
  const minutes = Math.floor((nowMs - seenAtMs) / 60_000);
  if (minutes < 1) return 'Seen just now';
  if (minutes < 60) return minutes === 1 ? 'Seen a minute ago' : `Seen ${minutes} minutes ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return hours === 1 ? 'Seen an hour ago' : `Seen ${hours} hours ago`;
  const at = new Date(seenAtMs);
  const now = new Date(nowMs);
  // By the calendar, where a day may have 23 or 25 hours.
  const days = Math.round((midnightBefore(now) - midnightBefore(at)) / DAY_MS);
  return days <= 1
    ? `Seen yesterday, ${at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}`
    : `Seen ${days} days ago`;
}

function midnightBefore(moment: Date): number {
  return new Date(moment).setHours(0, 0, 0, 0);
}
