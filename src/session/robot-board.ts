/** Which board the robot drives, one at a time; knows neither wires nor elements. */
import { computed, type ReadonlySignal, signal } from '@preact/signals-core';
import type { Board, BoardState } from '../board/driver.ts';
import type { BoardDoor } from '../board/lasting-board.ts';
import type { Clock } from '../core/clock.ts';
import { asFault, type Fault } from '../core/fault.ts';
import type { TransportId } from '../core/transport-id.ts';

const COUNT_EVERY_MS = 1000;
/** A page that was here a moment ago may not have let go of the board's port yet. */
const FIRST_RETRY_MS = 500;
const SLOWEST_RETRY_MS = 8000;

export type BoardKeeper = {
  readonly kind: ReadonlySignal<TransportId>;
  readonly board: ReadonlySignal<Board | undefined>;
  readonly state: ReadonlySignal<BoardState>;
  readonly fault: ReadonlySignal<Fault | undefined>;
  /** A board is being opened, or tried again soon. */
  readonly comes: ReadonlySignal<boolean>;
  readonly batteryMv: ReadonlySignal<number | undefined>;
  /** Refreshed every second. */
  readonly counts: ReadonlySignal<{ readonly malformed: number; readonly refused: number }>;
  choose(kind: TransportId, another: boolean): Promise<void>;
  reopen(kind: TransportId): Promise<void>;
};

export function keepOneBoard(given: {
  readonly doors: Readonly<Record<TransportId, BoardDoor>>;
  readonly remember: (kind: TransportId) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): BoardKeeper {
  const kind = signal<TransportId>('simulated');
  const board = signal<Board | undefined>(undefined);
  const state = computed<BoardState>(() => board.value?.state.value ?? { at: 'none' });
  const counts = signal({ malformed: 0, refused: 0 });
  const comes = signal(false);
  /** What went wrong with the newest choice. */
  const refusal = signal<Fault | undefined>(undefined);
  const fault = computed(() =>
    state.value.at === 'gone' && state.value.end.why === 'lost' ? state.value.end.fault : refusal.value,
  );
  /** Of the board that is kept, and of the newest choice until its board is. */
  let current = new AbortController();
  let asking = new AbortController();
  /** A working board that was closed for another one of its kind, as long as no board took its place. */
  let letGo: { readonly kind: TransportId; readonly board: Board } | undefined;
  /** Of the board of last time, while it is waited for. */
  let awaited: TransportId | undefined;

  given.clock.every(
    COUNT_EVERY_MS,
    () => {
      const { malformed, refused } = board.peek()?.counts ?? { malformed: 0, refused: 0 };
      if (malformed !== counts.peek().malformed || refused !== counts.peek().refused)
        counts.value = { malformed, refused };
    },
    given.signal,
  );

  const release = (before: Board | undefined) => {
    before?.stop();
    current.abort();
    board.value = undefined;
  };

  const keep = (kept: TransportId, opened: Board, life: AbortController) => {
    // Between two boards there is none for a moment: whatever drove the old one begins at rest.
    release(board.peek());
    current = life;
    asking = new AbortController();
    letGo = undefined;
    awaited = undefined;
    kind.value = kept;
    board.value = opened;
  };

  /** `failed` is called when nothing opened, and nobody has chosen anew. */
  const swap = async (
    next: TransportId,
    open: (life: AbortSignal) => Promise<Board | undefined>,
    failed: (fault: Fault, life: AbortSignal) => void,
  ) => {
    const before = board.peek();
    const works = before !== undefined && before.state.peek().at !== 'gone';
    asking.abort();
    const life = new AbortController();
    asking = life;
    comes.value = true;
    // The picker needs the click, so it opens before anything is awaited.
    const opening = open(life.signal);
    if (!works || kind.peek() === next) {
      // One port does not open twice, so a board makes room for another of its kind.
      if (works) letGo = { kind: next, board: before };
      release(before);
      kind.value = next;
    }
    try {
      const opened = await opening;
      if (life.signal.aborted) return await opened?.close();
      refusal.value = undefined;
      comes.value = false;
      // It was there last time, and may be plugged in again: only a reopening finds nothing.
      if (!opened) return given.doors[next].returned(() => void reopen(next), life.signal);
      keep(next, opened, life);
      given.remember(next);
    } catch (error) {
      if (life.signal.aborted) return;
      const fault = asFault(error, 'lost', 'board');
      refusal.value = fault;
      await goBack(life);
      comes.value = false;
      if (!board.peek()) failed(fault, life.signal);
    }
  };

  const reopen = (next: TransportId, retryInMs = FIRST_RETRY_MS): Promise<void> => {
    awaited = next;
    return swap(
      next,
      (life) => given.doors[next].reopen(life),
      ({ code }, life) => {
        if (code !== 'in-use' && code !== 'lost') return;
        const later = Math.min(2 * retryInMs, SLOWEST_RETRY_MS);
        comes.value = true;
        given.clock.after(retryInMs, () => void reopen(next, later), life);
      },
    );
  };

  /** A choice that came to nothing does not end the waiting for the board of last time. */
  const awaitOn = (_: Fault, life: AbortSignal) => {
    const last = awaited;
    if (last === undefined) return;
    given.doors[last].returned(() => void reopen(last), life);
    given.clock.after(SLOWEST_RETRY_MS, () => void reopen(last), life);
  };

  const goBack = async (life: AbortController) => {
    if (!letGo) return;
    const { kind: lastKind, board: last } = letGo;
    await last.close();
    if (life.signal.aborted) return;
    // What went wrong with the choice is what the person asked about, and it is told already.
    const again = await given.doors[lastKind].reopen(life.signal).catch(() => undefined);
    if (life.signal.aborted) await again?.close();
    else if (again) keep(lastKind, again, life);
  };

  given.signal.addEventListener(
    'abort',
    () => {
      asking.abort();
      current.abort();
    },
    { once: true },
  );

  return {
    kind,
    board,
    state,
    fault,
    comes,
    counts,
    batteryMv: computed(() => board.value?.batteryMv.value),
    choose(next, another) {
      refusal.value = undefined;
      return swap(next, (life) => choosing(next, another)(given.doors[next], life), awaitOn);
    },
    reopen: (next) => reopen(next),
  };
}

type Choosing = (door: BoardDoor, life: AbortSignal) => Promise<Board>;

/** Only a granted cable is found again well inside a click's five seconds of permission: a radio may search for longer. */
function choosing(kind: TransportId, another: boolean): Choosing {
  return kind === 'web-serial' && !another ? reopenOrChoose : (door, life) => door.choose(life);
}

async function reopenOrChoose(door: BoardDoor, life: AbortSignal): Promise<Board> {
  const known = await door.reopen(life).catch(() => undefined);
  // A newer choice may have its picker open by now.
  life.throwIfAborted();
  return known ?? door.choose(life);
}
