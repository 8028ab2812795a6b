/** A robot session whose every room is made of memory, for tests that own time, path and board; knows no browser. */
import { type ReadonlySignal, signal } from '@preact/signals-core';
import type { Clock } from '../src/core/clock.ts';
import type { BrokerState, Link } from '../src/net/link.ts';
import { startRobot } from '../src/session/robot-session.ts';
import type { RobotSession } from '../src/session/robot-state.ts';
import type { Remembered, Settings } from '../src/storage/settings.ts';
import type { Identity } from '../src/trust/identity.ts';
import { MemoryBoard } from './memory-board.ts';

export function memorySettings(known: Partial<Remembered> = {}): Settings {
  const kept = new Map<keyof Remembered, unknown>(Object.entries(known) as [keyof Remembered, unknown][]);
  return {
    get: async (key) => kept.get(key) as Remembered[typeof key] | undefined,
    set: async (key, value) => void kept.set(key, value),
  };
}

export type MemoryRobot = {
  readonly session: RobotSession;
  readonly board: MemoryBoard;
  /** Lookups of the codes that were announced. */
  readonly announced: readonly string[];
  /** Somebody dials. Rejects while nobody answers yet. */
  ring(link: Link): Promise<void>;
};

export function memoryRobot(given: {
  readonly clock: Clock;
  readonly identity: Identity;
  /** Wall-clock milliseconds when the clock says 0. */
  readonly epochMs?: number;
  readonly settings?: Settings;
  readonly visible?: ReadonlySignal<boolean>;
}): MemoryRobot {
  const { clock, identity, epochMs = 0, settings = memorySettings(), visible = signal(true) } = given;
  const board = new MemoryBoard();
  const door = { choose: async () => board, reopen: async () => board, returned: () => {} };
  const announced: string[] = [];
  let answer: ((link: Link) => Promise<void>) | undefined;
  const nothing = () => Promise.reject(new Error('none here'));
  const session = startRobot({
    clock,
    settings,
    today: () => epochMs + clock.now(),
    claimPlace: async () => {},
    identity: async () => ({ identity, lasting: true }),
    announceCode: async (_identity, lookup) => void announced.push(lookup),
    joinBroker: async () => ({
      state: signal<BrokerState>({ at: 'joined' }),
      relay: signal(undefined),
      answer: (ring) => {
        answer = ring;
      },
      dial: nothing,
      rejoin: () => {},
    }),
    addressOf: (id, secret) => ({ here: `#pair/${id}/${secret}`, network: undefined }),
    boards: { simulated: door, 'web-serial': door, bluetooth: door },
    pose: signal(undefined),
    openCamera: nothing,
    openMicrophone: nothing,
    devices: () => () => {},
    wakeLock: () => signal('off'),
    visible: () => visible,
  });
  return { session, board, announced, ring: async (link) => (answer ? answer(link) : nothing()) };
}
