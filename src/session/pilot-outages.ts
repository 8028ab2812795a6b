/** Which part of the way to the wheels is down and since when; knows no link and no sentence. */
import type { Outage, Part } from './pilot-state.ts';

/** Undefined: this part works, or nothing can be said of it while another is down. */
export type Down = Readonly<Record<Part, Outage['trying'] | undefined>>;

/** The most telling first: what is behind it cannot be judged meanwhile. */
const ORDER: readonly Part[] = ['link', 'board', 'picture', 'broker'];

/** What was down already keeps the time it began. The same list when nothing changed. */
export function outagesNow(before: readonly Outage[], down: Down, nowMs: number): readonly Outage[] {
  const now = ORDER.flatMap((part): Outage[] => {
    const trying = down[part];
    if (trying === undefined) return [];
    const known = before.find((outage) => outage.part === part);
    if (known?.trying === trying) return [known];
    return [{ part, sinceMs: known?.sinceMs ?? nowMs, trying }];
  });
  const same = now.length === before.length && now.every((outage, i) => outage === before[i]);
  return same ? before : now;
}
