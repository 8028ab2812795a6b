/** Which board the robot drives, one at a time; knows neither wires nor elements. */
import { computed, effect, type ReadonlySignal, signal } from '@preact/signals-core';
import type { Board, BoardState } from '../board/driver.ts';
import type { BoardDoor } from '../board/lasting-board.ts';
import type { Clock } from '../core/clock.ts';
import { asFault, type Fault } from '../core/fault.ts';
import type { TransportId } from '../core/transport-id.ts';

const COUNT_EVERY_MS = 1000;

export type BoardKeeper = {
  readonly kind: ReadonlySignal<TransportId>;
  readonly board: ReadonlySignal<Board | undefined>;
  readonly state: ReadonlySignal<BoardState>;
  readonly fault: ReadonlySignal<Fault | undefined>;
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
  const fault = signal<Fault | undefined>(undefined);
  const state = computed<BoardState>(() => board.value?.state.value ?? { at: 'none' });
  const counts = signal({ malformed: 0, refused: 0 });
  let current = new AbortController();

  given.clock.every(
    COUNT_EVERY_MS,
    () => {
      const { malformed, refused } = board.peek()?.counts ?? { malformed: 0, refused: 0 };
      if (malformed !== counts.peek().malformed || refused !== counts.peek().refused)
        counts.value = { malformed, refused };
    },
    given.signal,
  );

  const swap = async (next: TransportId, open: (life: AbortSignal) => Promise<Board | undefined>) => {
    const before = board.peek();
    current.abort();
    current = new AbortController();
    const life = current.signal;
    // The picker needs the click, so it opens before anything is awaited.
    const opening = open(life);
    board.value = undefined;
    fault.value = undefined;
    kind.value = next;
    before?.stop();
    try {
      const opened = await opening;
      if (life.aborted) return await opened?.close();
      board.value = opened;
      given.remember(next);
    } catch (error) {
      if (life.aborted) return;
      fault.value = asFault(error, 'lost', 'board');
    }
  };

  given.signal.addEventListener('abort', () => current.abort(), { once: true });
  const unwatch = effect(() => {
    if (state.value.at === 'gone' && state.value.end.why === 'lost') fault.value = state.value.end.fault;
    if (state.value.at === 'ready') fault.value = undefined;
  });
  given.signal.addEventListener('abort', unwatch, { once: true });

  return {
    kind,
    board,
    state,
    fault,
    counts,
    batteryMv: computed(() => board.value?.batteryMv.value),
    choose: (next, another) => swap(next, (life) => choosing(next, another)(given.doors[next], life)),
    reopen: (next) => swap(next, (life) => given.doors[next].reopen(life)),
  };
}

type Choosing = (door: BoardDoor, life: AbortSignal) => Promise<Board>;

/** Only a granted cable is found again well inside a click's five seconds of permission: a radio may search for longer. */
function choosing(kind: TransportId, another: boolean): Choosing {
  return kind === 'web-serial' && !another ? reopenOrChoose : (door, life) => door.choose(life);
}

async function reopenOrChoose(door: BoardDoor, life: AbortSignal): Promise<Board> {
  return (await door.reopen(life).catch(() => undefined)) ?? door.choose(life);
}
