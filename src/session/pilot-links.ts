/** Keeps one living visit to the robot, and opens a fresh one beside it as soon as it falls silent; knows neither hands nor pages. */
import { effect, type ReadonlySignal, signal } from '@preact/signals-core';
import { backoffMs } from '../control/backoff.ts';
import type { Clock } from '../core/clock.ts';
import { asFault, type End, type Fault } from '../core/fault.ts';
import type { Broker, Link } from '../net/link.ts';
import type { PilotVisit } from './pilot-visit.ts';

/** Reports come at least every 100 ms, and with every frame while driving: three that are missing are no accident. */
const SILENT_DRIVING_MS = 300;
/** With ten reports a second some three are lost on any bad path now and then, and nothing is at stake. */
const SILENT_WATCHING_MS = 700;
/**
 * What silenced the link may have silenced the way to the broker too, without a sign. An answer needs a few round trips by way of
 * it, so the next try waits twice as long.
 */
const ANSWER_AT_FIRST_MS = 500;
const ANSWER_AT_MOST_MS = 15_000;
const LOOK_EVERY_MS = 50;

export type PilotLinks = {
  /** The newest that was let in and has not ended. */
  readonly visit: ReadonlySignal<PilotVisit | undefined>;
  /** Tries since the last success. */
  readonly attempt: ReadonlySignal<number>;
  /** Why the last try failed, while more follow. */
  readonly trouble: ReadonlySignal<Fault | undefined>;
  /** Tries at once instead of waiting. */
  hurry(): void;
};

export function keepLinks(given: {
  readonly broker: Broker;
  readonly robotId: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** From the first word to the welcome. `dialled` is closed by whoever rejects. @throws {Fault} */
  readonly enter: (dialled: Link) => Promise<PilotVisit>;
  readonly driving: () => boolean;
  /** The answer will not change: nothing is tried any more. */
  readonly final: (fault: Fault) => boolean;
  readonly finished: (end: End) => void;
  readonly signal: AbortSignal;
}): PilotLinks {
  const { broker, clock, signal: life } = given;
  const visit = signal<PilotVisit | undefined>(undefined);
  const attempt = signal(0);
  const trouble = signal<Fault | undefined>(undefined);
  let waiting = new AbortController();
  /** While a fresh link is being entered, the robot ends the old one. */
  let entering = false;

  const needed = () => {
    const now = visit.peek();
    if (!now) return true;
    return now.silentMs.peek() > (given.driving() ? SILENT_DRIVING_MS : SILENT_WATCHING_MS) || now.stale();
  };

  const adopt = (fresh: PilotVisit) => {
    const old = visit.peek();
    visit.value = fresh;
    attempt.value = 0;
    old?.leave();
    void fresh.ended.then((end) => {
      if (visit.peek() !== fresh) return;
      visit.value = undefined;
      const replaced = entering && end.why === 'lost' && end.fault.code === 'in-use';
      // A goodbye may be a reload: whoever was sent away for good was told why.
      if (end.why === 'lost' && !replaced && given.final(end.fault)) given.finished(end);
      waiting.abort();
    });
  };

  const tryOnce = async () => {
    try {
      const answerWithinMs = Math.min(ANSWER_AT_MOST_MS, ANSWER_AT_FIRST_MS * 2 ** attempt.peek());
      const dialled = await broker.dial(given.robotId, life, answerWithinMs);
      trouble.value = undefined;
      // The old link came back first.
      if (!needed()) {
        attempt.value = 0;
        return dialled.close();
      }
      entering = true;
      adopt(await given.enter(dialled));
    } catch (error) {
      if (life.aborted) return;
      const fault = asFault(error, 'unreachable', 'robot');
      if (given.final(fault)) return given.finished({ why: 'lost', fault });
      trouble.value = fault;
      attempt.value++;
    } finally {
      entering = false;
    }
  };

  const keep = async () => {
    while (!life.aborted) {
      if (!needed()) attempt.value = 0;
      await until(needed, clock, visit, life);
      if (life.aborted) return;
      await tryOnce();
      if (life.aborted || !needed()) continue;
      waiting = new AbortController();
      await pause(clock, backoffMs(attempt.peek(), given.random), waiting.signal);
    }
  };
  const hurry = () => waiting.abort();
  life.addEventListener('abort', hurry, { once: true });
  const unwatch = broker.state.subscribe(({ at }) => at === 'joined' && hurry());
  life.addEventListener('abort', unwatch, { once: true });
  void keep();

  return { visit, attempt, trouble, hurry };
}

/** Resolves when it is, looked at every 50 ms and whenever `changed` does. */
function until(isSo: () => boolean, clock: Clock, changed: ReadonlySignal<unknown>, life: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const watching = new AbortController();
    const settle = () => {
      if (watching.signal.aborted) return;
      watching.abort();
      resolve();
    };
    const look = () => {
      if (isSo()) settle();
    };
    if (life.aborted) return settle();
    life.addEventListener('abort', settle, { once: true, signal: watching.signal });
    const unwatch = effect(() => {
      if (changed.value !== look) look();
    });
    watching.signal.addEventListener('abort', unwatch, { once: true });
    if (watching.signal.aborted) return unwatch();
    clock.every(LOOK_EVERY_MS, look, watching.signal);
  });
}

/** Resolves after `ms`, or at once when cut short. */
function pause(clock: Clock, ms: number, cut: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve, cut);
    cut.addEventListener('abort', () => resolve(), { once: true });
  });
}
