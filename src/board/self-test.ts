/** Tries whether a board that stands still stops by itself when the line goes quiet; knows no dialect and no transport. */
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import type { SelfTest } from './driver.ts';
import type { LatestWinsWriter } from './latest-wins-writer.ts';

/** One byte that a bad cable eats must not condemn a board. */
const TRIES = 3;
const LOOK_EVERY_MS = 50;

/**
 * Says the test's lines, and says them again each `withinMs`, until `signal` ends it: whoever hears the news aborts it.
 * Then it asks whether anybody is there, tries a last time, and asks again. `failed` gets `unsafe` when both were answered, `timeout`
 * when not, or `lost` when the line tore what was said; after those two it may be tried anew.
 * Time in which a write is on its way does not count, nor does time in which this thread stood still.
 */
export function runSelfTest(given: {
  readonly test: SelfTest;
  /** What to send before the test's lines of each try: the clearing of a latch that this page knows of. */
  readonly first: () => Uint8Array<ArrayBuffer>;
  /** A question that any board answers, and which moves and feeds nothing. */
  readonly ask: () => void;
  readonly writer: Pick<LatestWinsWriter, 'urgent' | 'stuckMs'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** A line that takes nothing for so long is lost. */
  readonly stuckAfterMs: number;
  /** Lines that either end could not read, so far. */
  readonly tornLines: () => number;
  /** Answers to the question, so far. */
  readonly answers: () => number;
  readonly failed: (fault: Fault) => void;
}): void {
  const { test, first, writer, clock, signal, stuckAfterMs, tornLines, answers, failed } = given;
  const tornBefore = tornLines();
  let tries = 0;
  let asked = 0;
  let answersBefore = 0;
  let heededMs = 0;
  let lookedAtMs = clock.now();

  const say = () => {
    tries++;
    heededMs = 0;
    writer.urgent(first());
    writer.urgent(test.begin);
  };

  const ask = () => {
    asked++;
    heededMs = 0;
    answersBefore = answers();
    given.ask();
  };

  const look = () => {
    // Ticks that piled up behind a blocked thread come all at once, before the news that waited behind them.
    const sinceMs = Math.min(clock.now() - lookedAtMs, LOOK_EVERY_MS);
    lookedAtMs = clock.now();
    const stuckMs = writer.stuckMs();
    if (stuckMs > stuckAfterMs) return failed(new Fault('lost', 'board', 'the line takes no more bytes'));
    if (stuckMs > 0) return;
    heededMs += sinceMs;
    if (heededMs < test.withinMs) return;
    if (tries < TRIES) return say();
    if (tornLines() > tornBefore) return failed(new Fault('lost', 'board', 'the line tears what is said'));
    if (asked === tries - TRIES) return ask();
    // Radios take what is written also where nobody hears it, and a board may send its voltage to who can't be heard.
    if (answers() === answersBefore) return failed(new Fault('timeout', 'board', 'said nothing while it was tried'));
    // Only what was said between two answers was heard for sure.
    if (tries === TRIES) return say();
    failed(new Fault('unsafe', 'board', 'did not stop by itself when the line went quiet'));
  };

  say();
  clock.every(LOOK_EVERY_MS, look, signal);
}
