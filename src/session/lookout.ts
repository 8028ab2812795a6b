/** Keeps an eye on the robots this device was let in to, each by a link of its own; knows no element. */
import { signal } from '@preact/signals-core';
import { backoffMs } from '../control/backoff.ts';
import type { Clock } from '../core/clock.ts';
import { asFault, type Fault } from '../core/fault.ts';
import type { Broker } from '../net/link.ts';
import { decodeMessage } from '../protocol/messages.ts';
import type { Identity } from '../trust/identity.ts';
import type { Lookout, Presence } from './lookout-state.ts';
import { greet, refusal } from './pilot-greeting.ts';

/** A robot that is away is looked for this often at most. */
const LOOK_AT_LEAST_AFTER_MS = 3_000;

export type LookoutRooms = {
  readonly clock: Clock;
  readonly robots: readonly string[];
  readonly identity: Identity;
  readonly name: string;
  readonly visit: string;
  readonly random: () => number;
  /** @throws {Fault} */
  readonly joinBroker: (signal: AbortSignal) => Promise<Broker>;
};

export function keepLookout(rooms: LookoutRooms): Lookout {
  const { clock } = rooms;
  const life = new AbortController();
  const presence = signal<ReadonlyMap<string, Presence>>(
    new Map(rooms.robots.map((id): [string, Presence] => [id, { at: 'looking' }])),
  );
  const show = (id: string, now: Presence) => {
    if (!life.signal.aborted) presence.value = new Map(presence.peek()).set(id, now);
  };

  const lookAt = async (broker: Broker, robotId: string) => {
    for (let attempt = 0; !life.signal.aborted; attempt++) {
      const visiting = new AbortController();
      try {
        const link = await broker.dial(robotId, life.signal);
        visiting.signal.addEventListener('abort', () => link.close(), { once: true });
        life.signal.addEventListener('abort', () => visiting.abort(), { signal: visiting.signal });
        if (life.signal.aborted) return link.close();
        const { identity, name, visit } = rooms;
        await greet({
          link,
          identity,
          robotId,
          ticket: undefined,
          name,
          visit,
          wants: 'look',
          clock,
          signal: life.signal,
        });
        let refused: Fault | undefined;
        link.messages.receive((bytes) => {
          const decoded = decodeMessage(bytes);
          if (!decoded.ok) return;
          const message = decoded.value;
          if (message.type === 'refused') refused = refusal(message.reason);
          if (message.type !== 'presence') return;
          attempt = 0;
          show(robotId, message.by === undefined ? { at: 'free' } : { at: 'busy', by: message.by });
        }, life.signal);
        await link.closed;
        if (refused) throw refused;
        show(robotId, { at: 'away' });
      } catch (error) {
        const fault = asFault(error, 'unreachable', 'robot');
        if (fault.code === 'unknown' || fault.code === 'expired') {
          return show(robotId, { at: 'refused' });
        }
        show(robotId, { at: 'away' });
      } finally {
        visiting.abort();
      }
      await new Promise<void>((resolve) => {
        clock.after(LOOK_AT_LEAST_AFTER_MS + backoffMs(attempt, rooms.random), resolve, life.signal);
        life.signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  };

  rooms.joinBroker(life.signal).then(
    (broker) => {
      for (const id of rooms.robots) void lookAt(broker, id);
    },
    () => {
      for (const id of rooms.robots) show(id, { at: 'away' });
    },
  );
  return { presence, close: () => life.abort() };
}
