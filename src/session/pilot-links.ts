/** Keeps one living visit to the robot, and opens a fresh one beside it as soon as it falls silent; knows neither hands nor pages. */
import { effect, type ReadonlySignal, signal } from '@preact/signals-core';
import { backoffMs } from '../control/backoff.ts';
import type { Clock } from '../core/clock.ts';
import { asFault, type End, type Fault } from '../core/fault.ts';
import type { Broker, Link } from '../net/link.ts';
import type { PilotVisit } from './pilot-visit.ts';

/**
 * While driving a report comes with every frame, every 20 ms: ten that are missing are no accident, and the robot's failsafe has
 * stopped the wheels by then. A fresh link takes half a second on an ordinary path, and who drives shall be back within one.
 */
const SILENT_DRIVING_MS = 200;
/** With ten reports a second some three are lost on any bad path now and then, and nothing is at stake. */
const SILENT_WATCHING_MS = 700;
/**
 * What silenced the link may have silenced the way to the broker too, without a sign. An answer needs a few round trips by way of
 * it, so the next try waits twice as long.
 */
const ANSWER_AT_FIRST_MS = 500;
const ANSWER_AT_MOST_MS = 15_000;
/** A robot that let this device in before does not make it wait: a link that died meanwhile is not waited for either. */
const PROOF_AT_FIRST_MS = 2_000;
/** The same for a page that was just opened, on a device that was let in before: one that was not waits for up to 8 s longer. */
const FIRST_PROOF_MS = 5_000;
const PROOF_AT_MOST_MS = 12_000;
/** A try that has lasted this long when the network changes was made for another network. */
const OF_ANOTHER_NETWORK_MS = 1_000;
/**
 * A link that carries commands and no picture any more, though the robot films, does not mend itself: browsers ask for a whole picture
 * within a second. What a fresh one does not mend is tried more and more rarely.
 */
const DARK_AT_FIRST_MS = 5_000;
const DARK_AT_MOST_MS = 120_000;
const LOOK_EVERY_MS = 20;

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
  /** From the first word to the welcome; `proved` once the robot is known to be itself. `dialled` is closed by whoever rejects. @throws {Fault} */
  readonly enter: (dialled: Link, proved: () => void) => Promise<PilotVisit>;
  readonly driving: () => boolean;
  /** This device was let in before, though not this page. */
  readonly known: () => boolean;
  /** The picture stands still, though the robot films and somebody looks. */
  readonly dark: () => boolean;
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
  let wasLetIn = false;
  let trying = new AbortController();
  let triesSinceMs = 0;

  let darkSinceMs: number | undefined;
  let darkWithinMs = DARK_AT_FIRST_MS;

  const needed = () => {
    const now = visit.peek();
    if (!now) return true;
    return now.silentMs.peek() > (given.driving() ? SILENT_DRIVING_MS : SILENT_WATCHING_MS) || now.stale() || isDark();
  };
  const isDark = () => {
    if (!given.dark()) {
      darkSinceMs = undefined;
      darkWithinMs = DARK_AT_FIRST_MS;
      return false;
    }
    darkSinceMs ??= clock.now();
    return clock.now() - darkSinceMs > darkWithinMs;
  };

  const adopt = (fresh: PilotVisit) => {
    const old = visit.peek();
    wasLetIn = true;
    if (isDark()) {
      darkSinceMs = undefined;
      darkWithinMs = Math.min(DARK_AT_MOST_MS, 2 * darkWithinMs);
    }
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

  const longer = (firstMs: number, mostMs: number) => Math.min(mostMs, firstMs * 2 ** attempt.peek());

  /** @throws {Fault} */
  const greetInTime = async (dialled: Link, proved: () => void) => {
    const time = new AbortController();
    const giveUp = () => dialled.close();
    trying.signal.addEventListener('abort', giveUp, { once: true, signal: time.signal });
    if (trying.signal.aborted) giveUp();
    const firstMs = wasLetIn ? PROOF_AT_FIRST_MS : FIRST_PROOF_MS;
    if (wasLetIn || given.known()) clock.after(longer(firstMs, PROOF_AT_MOST_MS), giveUp, time.signal);
    const inTime = () => {
      time.abort();
      proved();
    };
    try {
      return await given.enter(dialled, inTime);
    } finally {
      time.abort();
    }
  };

  const tryOnce = async () => {
    let isProved = false;
    trying = new AbortController();
    triesSinceMs = clock.now();
    try {
      const dialled = await broker.dial(given.robotId, trying.signal, longer(ANSWER_AT_FIRST_MS, ANSWER_AT_MOST_MS));
      trouble.value = undefined;
      // The old link came back first.
      if (!needed()) {
        attempt.value = 0;
        return dialled.close();
      }
      entering = true;
      adopt(
        await greetInTime(dialled, () => {
          isProved = true;
        }),
      );
    } catch (error) {
      if (life.aborted) return;
      if (trying.signal.aborted) {
        attempt.value = 0;
        return;
      }
      const fault = asFault(error, 'unreachable', 'robot');
      // What was said before the robot proved itself may be anybody's word: it ends no drive that has begun.
      if ((isProved || !wasLetIn) && given.final(fault)) return given.finished({ why: 'lost', fault });
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
      if (life.aborted || trying.signal.aborted || !needed()) continue;
      waiting = new AbortController();
      await pause(clock, backoffMs(attempt.peek(), given.random), waiting.signal);
    }
  };
  const hurry = () => {
    if (clock.now() - triesSinceMs > OF_ANOTHER_NETWORK_MS) trying.abort();
    waiting.abort();
  };
  const stop = () => {
    trying.abort();
    waiting.abort();
  };
  life.addEventListener('abort', stop, { once: true });
  const unwatch = broker.state.subscribe(({ at }) => at === 'joined' && hurry());
  life.addEventListener('abort', unwatch, { once: true });
  void keep();

  return { visit, attempt, trouble, hurry };
}

/** Resolves when it is, looked at every 20 ms and whenever `changed` does. */
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
