/** The home page's eye on robots, against real robot sessions on memory links. */
import { setMaxListeners } from 'node:events';
import { signal } from '@preact/signals-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fault } from '../../../src/core/fault.ts';
import type { Broker, BrokerState, Link } from '../../../src/net/link.ts';
import { keepLookout } from '../../../src/session/lookout.ts';
import { type Identity, identityOf, makeKeys } from '../../../src/trust/identity.ts';
import { FakeClock } from '../../fake-clock.ts';
import { memoryLink } from '../../memory-link.ts';
import { memoryRobot, memorySettings } from '../../memory-robot.ts';
import { type PendingCrypto, watchCrypto } from '../../pending-crypto.ts';

describe('a lookout', () => {
  let computing: PendingCrypto;
  let clock: FakeClock;
  let me: Identity;
  let robotIdentity: Identity;

  beforeAll(async () => {
    computing = watchCrypto();
    setMaxListeners(64);
    [me, robotIdentity] = await Promise.all([makeKeys().then(identityOf), makeKeys().then(identityOf)]);
  });
  afterAll(() => computing.restore());

  const pass = async (ms: number) => {
    for (let i = 0; i < ms; i += 10) {
      clock.pass(10);
      await computing.settle();
    }
  };
  const open = async (knows: boolean) => {
    clock = new FakeClock();
    const person = { id: me.id, name: 'Anna', role: 'pilot', addedAtMs: 0 } as const;
    const settings = memorySettings(knows ? { people: [person] } : {});
    const { session: robot, ring } = memoryRobot({ clock, identity: robotIdentity, settings });
    await computing.settle();
    const dialled: Link[] = [];
    const broker: Broker = {
      state: signal<BrokerState>({ at: 'joined' }),
      relay: signal(undefined),
      answer: () => {},
      rejoin: () => {},
      dial: async (id) => {
        if (id !== robotIdentity.id) throw new Fault('absent', 'robot', 'nobody there');
        const path = memoryLink(clock);
        dialled.push(path.ends[0]);
        void ring(path.ends[1]);
        return path.ends[0];
      },
    };
    const lookout = keepLookout({
      clock,
      robots: [robotIdentity.id, 'elsewhere'],
      identity: me,
      name: 'Anna',
      visit: 'home',
      random: () => 0,
      joinBroker: async () => broker,
    });
    return { robot, lookout, dialled };
  };

  it('tells the robots that are free from those that are away, and sees nothing of them', async () => {
    const { robot, lookout, dialled } = await open(true);
    expect(lookout.presence.value.get('elsewhere')).toEqual({ at: 'looking' });
    await pass(500);
    expect(lookout.presence.value.get(robotIdentity.id)).toEqual({ at: 'free' });
    expect(lookout.presence.value.get('elsewhere')).toEqual({ at: 'away' });
    expect(robot.company.value).toEqual([]);
    lookout.close();
    await pass(100);
    await expect(dialled[0]?.closed).resolves.toEqual({ why: 'asked' });
    robot.close();
  });

  it('says that a robot no longer lets this device in, and asks no more', async () => {
    const { robot, lookout, dialled } = await open(false);
    await pass(20_000);
    expect(lookout.presence.value.get(robotIdentity.id)).toEqual({ at: 'refused' });
    expect(dialled).toHaveLength(1);
    lookout.close();
    robot.close();
  });

  it('looks again for a robot that went away', async () => {
    const { robot, lookout, dialled } = await open(true);
    await pass(500);
    dialled[0]?.close();
    await pass(100);
    expect(lookout.presence.value.get(robotIdentity.id)).toEqual({ at: 'away' });
    await pass(6_000);
    expect(lookout.presence.value.get(robotIdentity.id)).toEqual({ at: 'free' });
    expect(dialled).toHaveLength(2);
    lookout.close();
    robot.close();
  });
});
