/** Keeps the e-stop of one board through lost lines, resets and pages that forgot it; knows no self-test and no motion. */
import { signal as observable, type ReadonlySignal } from '@preact/signals-core';
import type { Clock } from '../core/clock.ts';
import type { Dialect } from './driver.ts';

/** Longer than a slow radio takes for an `e1` and its answer. */
const AGAIN_AFTER_MS = 250;
const NOTHING = new Uint8Array();

/** Dialects are given where the board may be told at once. */
export interface BoardLatch {
  /** The board kept an e-stop that this page knows nothing of. Only `clear` and a reset of the board end it. */
  readonly kept: ReadonlySignal<boolean>;
  /** Whether this page latched it. */
  readonly isOn: () => boolean;
  latch(to: Dialect | undefined): void;
  clear(to: Dialect | undefined): void;
  /** Says a latch of this page, again and again until `heard`, to a board that is ready. */
  remind(to: Dialect): void;
  /** The board said that it stopped, or is not there to hear more. */
  heard(): void;
  /** What goes before a trial: clears what this page latched or cleared, never a latch it does not know of. */
  beforeTrial(of: Dialect): Uint8Array<ArrayBuffer>;
  /** The board showed that it is not latched: what clears it is not owed any more. */
  disproved(): void;
  /** The board refused because it is latched. Clears it again where the clearing was lost, else keeps it. */
  refused(by: Dialect): void;
  /** The board forgot its latch. */
  reset(): void;
}

export function boardLatch(given: {
  readonly say: (line: Uint8Array<ArrayBuffer>) => void;
  /** What stands for an e-stop where the dialect has none. */
  readonly stop: (to: Dialect) => void;
  readonly clock: Clock;
}): BoardLatch {
  const { say, stop, clock } = given;
  const kept = observable(false);
  let latched = false;
  /** It was told to clear its latch, and has not shown that it did. */
  let cleared = false;
  let saying = new AbortController();

  const remind = (to: Dialect) => {
    saying.abort();
    if (!latched) return;
    if (to.emergencyStop.length === 0) return stop(to);
    saying = new AbortController();
    say(to.emergencyStop);
    clock.every(AGAIN_AFTER_MS, () => say(to.emergencyStop), saying.signal);
  };

  return {
    kept,
    isOn: () => latched,
    latch(to) {
      latched = true;
      if (to) remind(to);
    },
    clear(to) {
      latched = false;
      cleared = true;
      saying.abort();
      kept.value = false;
      if (to) say(to.clearStop);
    },
    remind,
    heard: () => saying.abort(),
    beforeTrial: (of) => (latched || cleared ? of.clearStop : NOTHING),
    disproved() {
      cleared = false;
    },
    refused(by) {
      if (latched) return;
      if (cleared) say(by.clearStop);
      else kept.value = true;
    },
    reset() {
      cleared = false;
      kept.value = false;
    },
  };
}
