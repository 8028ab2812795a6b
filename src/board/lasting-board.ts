/** A board that outlives its cable: goes `returning` when the transport is lost and opens it again; knows no dialect. */
import { signal as observable } from '@preact/signals-core';
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import type { Board, BoardState } from './driver.ts';
import { openBoard } from './open-board.ts';
import type { Transport, TransportKind } from './transport.ts';

const FIRST_RETRY_MS = 500;
const SLOWEST_RETRY_MS = 8000;
/** Some systems never answer for a device that has half gone. */
const REOPENED_WITHIN_MS = 15_000;

/** The two ways in to one kind of board. Both resolve before the board has said who it is. */
export type BoardDoor = {
  /** Shows the browser's picker, so call it before the first `await` of a click. @throws {Fault} */
  choose(signal: AbortSignal): Promise<Board>;
  /** The board of last time without a question; undefined where the browser wants a click. @throws {Fault} */
  reopen(signal: AbortSignal): Promise<Board | undefined>;
  /** Calls whenever one that was granted before may be there again. */
  returned(back: () => void, signal: AbortSignal): void;
};

/**
 * The boards behind this door live until their `close()` or their `signal`. After `returning` comes `waking`, then
 * `ready`: the board has booted disarmed, so what drives it starts at zero again.
 */
export function boardDoor(kind: TransportKind, clock: Clock): BoardDoor {
  return {
    async choose(signal) {
      return lastingBoard({ kind, clock, signal, first: await kind.choose(signal), known: false });
    },
    async reopen(signal) {
      const first = await kind.reopen(signal);
      return first && lastingBoard({ kind, clock, signal, first, known: true });
    },
    returned: (back, signal) => kind.returned(back, signal),
  };
}

function lastingBoard(given: {
  readonly kind: TransportKind;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly first: Transport;
  /** It was a board of this house before. */
  readonly known: boolean;
}): Board {
  const { kind, clock, signal, first } = given;
  const state = observable<BoardState>({ at: 'waking', label: first.label });
  const batteryMv = observable<number | undefined>(undefined);
  const rests = observable(0);
  const keptStop = observable(false);
  const life = new AbortController();
  const past = { malformed: 0, refused: 0 };
  let board: Board | undefined;
  let unwatch = () => {};
  let { label } = first;
  let { known } = given;
  let latched = false;
  /** Cleared, and not ready since: for a board that was away meanwhile. */
  let cleared = false;
  /** Of one absence; aborted when it ends. */
  let absence = new AbortController();
  let timer = new AbortController();
  let retryInMs = FIRST_RETRY_MS;
  let trying = false;
  let closing: Promise<void> | undefined;

  const adopt = (transport: Transport) => {
    absence.abort();
    ({ label } = transport);
    const next = openBoard({ transport, clock, signal: life.signal });
    board = next;
    if (latched) next.latch();
    else if (cleared) next.unlatch();
    const ends = [
      next.state.subscribe((now) => follow(next, now)),
      next.batteryMv.subscribe(keepBattery),
      next.rests.subscribe(keepRests),
      next.keptStop.subscribe((kept) => {
        keptStop.value = kept;
      }),
    ];
    unwatch = () => {
      for (const stop of ends) stop();
    };
    // It may have gone before anybody watched.
    if (board !== next) unwatch();
  };

  /** Of each incarnation it begins at 0. */
  const keepRests = (count: number) => {
    if (count > 0) rests.value++;
  };

  const keepBattery = (mv: number | undefined) => {
    batteryMv.value = mv;
  };

  const follow = (from: Board, now: BoardState) => {
    if (from !== board) return;
    if (now.at === 'ready') {
      known = true;
      cleared = false;
      retryInMs = FIRST_RETRY_MS;
    }
    if (now.at !== 'gone' || now.end.why === 'asked' || !mayReturn(now.end.fault)) {
      state.value = now;
      return;
    }
    past.malformed += from.counts.malformed;
    past.refused += from.counts.refused;
    board = undefined;
    batteryMv.value = undefined;
    unwatch();
    state.value = { at: 'returning', label, fault: now.end.fault };
    waitForReturn();
  };

  /** A board that never made sense is the person's to look at; one that did before may only have stumbled on its way back. */
  const mayReturn = ({ code }: Fault) =>
    code === 'lost' || (known && (code === 'timeout' || code === 'wrong-protocol'));

  const waitForReturn = () => {
    absence = new AbortController();
    kind.returned(() => {
      // A port that has just come back may not be openable yet, so the next tries follow fast.
      retryInMs = FIRST_RETRY_MS;
      void tryAgain(absence.signal);
    }, absence.signal);
    retryLater();
  };

  const retryLater = () => {
    timer.abort();
    timer = new AbortController();
    clock.after(retryInMs, () => void tryAgain(absence.signal), timer.signal);
    retryInMs = Math.min(retryInMs * 2, SLOWEST_RETRY_MS);
  };

  const tryAgain = async (ended: AbortSignal) => {
    if (trying || ended.aborted) return;
    trying = true;
    timer.abort();
    const time = new AbortController();
    const late = new Promise<undefined>((resolve) =>
      clock.after(REOPENED_WITHIN_MS, () => resolve(undefined), time.signal),
    );
    let isLate = false;
    const reopened = kind.reopen(life.signal).then((transport) => {
      if (!isLate && !life.signal.aborted) return transport;
      void transport?.close();
      return undefined;
    });
    reopened.catch(() => {});
    try {
      const transport = await Promise.race([reopened, late]);
      isLate = true;
      if (transport) adopt(transport);
    } catch (cause) {
      const fault = cause instanceof Fault ? cause : new Fault('lost', 'board', 'could not be opened again', { cause });
      if (!ended.aborted) state.value = { at: 'returning', label, fault };
    }
    time.abort();
    trying = false;
    if (!ended.aborted) retryLater();
  };

  const close = async () => {
    absence.abort();
    timer.abort();
    const closed = board?.close();
    life.abort();
    await closed;
    if (state.peek().at !== 'gone') state.value = { at: 'gone', label, end: { why: 'asked' } };
  };
  const closeOnce = () => {
    closing ??= close();
    return closing;
  };

  adopt(first);
  if (signal.aborted) void closeOnce();
  else signal.addEventListener('abort', () => void closeOnce(), { once: true });

  return {
    state,
    batteryMv,
    rests,
    keptStop,
    counts: {
      get malformed() {
        return past.malformed + (board?.counts.malformed ?? 0);
      },
      get refused() {
        return past.refused + (board?.counts.refused ?? 0);
      },
    },
    drive: (motion, gamepad) => board?.drive(motion, gamepad),
    stop: () => board?.stop(),
    latch() {
      latched = true;
      cleared = false;
      board?.latch();
    },
    unlatch() {
      latched = false;
      // One that was told now, and is latched when it returns, was latched by another page meanwhile.
      cleared = state.peek().at !== 'ready';
      board?.unlatch();
    },
    close: closeOnce,
  };
}
