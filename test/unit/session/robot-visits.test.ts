/** Who keeps a place, who is told of what: visits on links made of memory. */
import { signal } from '@preact/signals-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_DRIVE } from '../../../src/control/drive-settings.ts';
import { NEUTRAL } from '../../../src/core/gamepad-state.ts';
import { encodeControl } from '../../../src/protocol/control-frame.ts';
import { decodeMessage, encodeMessage, type Message } from '../../../src/protocol/messages.ts';
import { holdReins, type Reins } from '../../../src/session/robot-reins.ts';
import { keepVisits, type Visits } from '../../../src/session/robot-visits.ts';
import type { Role } from '../../../src/trust/allowlist.ts';
import { FakeClock } from '../../fake-clock.ts';
import { MemoryBoard } from '../../memory-board.ts';
import { type MemoryPath, memoryLink } from '../../memory-link.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('visits', () => {
  let clock: FakeClock;
  let reins: Reins;
  let visits: Visits;

  /** Comes in, and hears. */
  const comes = (name: string, role: Role = 'pilot', wants: 'drive' | 'watch' = 'drive') => {
    const path: MemoryPath = memoryLink(clock);
    const [near, far] = path.ends;
    near.admit();
    const heard: Message[] = [];
    near.messages.receive((bytes) => {
      const decoded = decodeMessage(bytes);
      if (decoded.ok) heard.push(decoded.value);
    }, new AbortController().signal);
    const stranger = { who: name, visit: `${name}'s`, name, wants, invitation: undefined, invited: false };
    const refused = visits.enter(far, stranger, { id: name, name, role, addedAtMs: 0 });
    clock.pass(1);
    let sequence = 0;
    return {
      path,
      heard,
      refused,
      says: (message: Message) => near.messages.send(encodeMessage(message)),
      sends: (epoch: number) =>
        near.control.send(
          encodeControl({
            epoch,
            sequence: ++sequence,
            sampledAtMs: clock.now(),
            pictureAgeMs: 20,
            enabled: false,
            stop: false,
            gamepad: NEUTRAL,
          }),
        ),
      types: () => heard.map(({ type }) => type),
    };
  };
  const pass = async (ms: number, each?: () => void) => {
    for (let i = 0; i < ms; i += 50) {
      each?.();
      clock.pass(50);
      await settle();
    }
  };

  beforeEach(() => {
    clock = new FakeClock();
    const { signal: life } = new AbortController();
    const board = new MemoryBoard();
    reins = holdReins({
      clock,
      board: () => board,
      drive: () => DEFAULT_DRIVE,
      awake: () => true,
      pathRoundTripMs: () => 0,
      today: () => clock.now(),
      slept: () => {},
      stopped: () => visits.tell({ type: 'stopped', by: reins.stoppedBy.peek() ?? '', press: reins.stopPress.peek() }),
      signal: life,
    });
    visits = keepVisits({
      clock,
      reins,
      robotName: signal('Rover'),
      simulated: () => false,
      lend: () => {},
      note: () => () => {},
      clearStop: () => reins.clearStop(),
      fellSilent: () => {},
      signal: life,
    });
  });

  it('of who wants to drive end after 30 s of silence, and their places are free', async () => {
    const driver = comes('Anna');
    comes('Ben');
    comes('Cleo');
    expect(comes('Dora').refused).toBe('busy');
    await pass(29_000, () => driver.sends(1));
    expect(visits.company.value).toHaveLength(3);
    await pass(2_000, () => driver.sends(1));
    expect(visits.company.value.map(({ name }) => name)).toEqual(['Anna']);
    expect(comes('Dora').refused).toBeUndefined();
  });

  it('of a driver who fell silent end too, once the lease is nobody’s', async () => {
    comes('Anna');
    await pass(29_000);
    expect(visits.company.value).toHaveLength(1);
    expect(visits.driver.value).toBeUndefined();
    await pass(2_000);
    expect(visits.company.value).toEqual([]);
  });

  it('of who only watches end after 6 s of silence', async () => {
    const driver = comes('Anna');
    comes('Ben', 'watcher', 'watch');
    await pass(7_000, () => driver.sends(1));
    expect(visits.company.value.map(({ name }) => name)).toEqual(['Anna']);
  });

  it('say welcome again to whose role is another, with the lease as it is', async () => {
    const driver = comes('Anna');
    const onlooker = comes('Ben');
    onlooker.says({ type: 'ask' });
    await pass(50);
    driver.heard.length = 0;
    onlooker.heard.length = 0;
    visits.review(
      () => undefined,
      (who) => (who === 'Anna' ? 'owner' : 'pilot'),
    );
    await pass(50);
    expect(driver.heard[0]).toMatchObject({ type: 'welcome', role: 'owner', epoch: 1 });
    expect(driver.heard[1]).toMatchObject({ type: 'lease', epoch: 1, asking: [{ name: 'Ben' }] });
    expect(onlooker.types()).not.toContain('welcome');
    expect(visits.driver.value).toMatchObject({ name: 'Anna', role: 'owner' });
  });

  it('heed no clear that was underway while somebody pressed again', async () => {
    const owner = comes('Anna', 'owner');
    const onlooker = comes('Ben');
    onlooker.says({ type: 'stop' });
    await pass(1_000);
    const told = owner.heard.at(-1);
    expect(told).toEqual({ type: 'stopped', by: 'Ben', press: 1 });
    onlooker.says({ type: 'stop' });
    await pass(50);
    expect(owner.heard.at(-1)).toEqual({ type: 'stopped', by: 'Ben', press: 2 });
    owner.says({ type: 'clear', press: 1 });
    await pass(50);
    expect(reins.stoppedBy.value).toBe('Ben');
    expect(owner.heard.at(-1)).toEqual({ type: 'stopped', by: 'Ben', press: 2 });
    owner.says({ type: 'clear', press: 2 });
    await pass(50);
    expect(reins.stoppedBy.value).toBeUndefined();
  });

  it('keep the lease of who came to watch and was let drive', async () => {
    const watcher = comes('Ben', 'pilot', 'watch');
    watcher.says({ type: 'ask' });
    await pass(50);
    expect(visits.driver.value).toMatchObject({ name: 'Ben' });
    await pass(10_000, () => watcher.sends(1));
    expect(visits.driver.value).toMatchObject({ name: 'Ben' });
  });

  it('tell everybody of a STOP once, and who says it again that it stands', async () => {
    const driver = comes('Anna');
    const onlooker = comes('Ben');
    const stopped = (heard: readonly Message[]) => heard.filter(({ type }) => type === 'stopped').length;
    for (let i = 0; i < 4; i++) {
      onlooker.says({ type: 'stop' });
      await pass(300);
    }
    expect(stopped(driver.heard)).toBe(1);
    expect(stopped(onlooker.heard)).toBe(4);
  });

  it('tell who goes on with a STOP that was cleared that it was heeded, and is over', async () => {
    const driver = comes('Anna');
    const onlooker = comes('Ben');
    onlooker.says({ type: 'stop' });
    await pass(200);
    reins.clearStop();
    await pass(100);
    driver.heard.length = 0;
    onlooker.heard.length = 0;
    onlooker.says({ type: 'stop' });
    await pass(50);
    expect(reins.stoppedBy.value).toBeUndefined();
    expect(driver.types()).toEqual([]);
    expect(onlooker.types()).toEqual(['stopped', 'cleared']);
  });
});
