/** The newest frame that the robot heard from one sender, for its reports; knows not what frames say. */
import type { Clock } from '../core/clock.ts';
import { isNewer } from '../core/sequence.ts';
import type { ReportFrame } from '../protocol/report-frame.ts';

export type Echo = {
  /** A frame of this number came in turn, however old. */
  hear(sequence: number): void;
  /** As a report that goes out now tells it. */
  readonly now: () => Pick<ReportFrame, 'echoSequence' | 'heldMs'>;
};

export function keepEcho(clock: Clock): Echo {
  let newest: { readonly sequence: number; readonly atMs: number } | undefined;
  return {
    hear(sequence) {
      if (newest && !isNewer(sequence, newest.sequence)) return;
      newest = { sequence, atMs: clock.now() };
    },
    now: () => ({ echoSequence: newest?.sequence, heldMs: newest ? clock.now() - newest.atMs : 0 }),
  };
}
