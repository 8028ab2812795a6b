/** Strangers at a robot's door, each by a bare link whose every word the test says itself. */
import { setMaxListeners } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NEUTRAL } from '../../../src/core/gamepad-state.ts';
import type { Link } from '../../../src/net/link.ts';
import { type ControlFrame, encodeControl } from '../../../src/protocol/control-frame.ts';
import { decodeMessage, encodeMessage, type Message, PROTOCOL_VERSION } from '../../../src/protocol/messages.ts';
import { greet } from '../../../src/session/pilot-greeting.ts';
import type { RobotSession } from '../../../src/session/robot-state.ts';
import { toBase64url } from '../../../src/trust/base64url.ts';
import { newNonce } from '../../../src/trust/handshake.ts';
import { type Identity, identityOf, makeKeys } from '../../../src/trust/identity.ts';
import { keyOfSecret, newSecret } from '../../../src/trust/invitation.ts';
import { FakeClock } from '../../fake-clock.ts';
import { memoryLink } from '../../memory-link.ts';
import { type MemoryRobot, memoryRobot } from '../../memory-robot.ts';
import { type PendingCrypto, watchCrypto } from '../../pending-crypto.ts';

const TODAY_MS = 1_800_000_000_000;

describe('the door of a robot', () => {
  let computing: PendingCrypto;
  let robotIdentity: Identity;
  let anna: Identity;
  let ben: Identity;
  let clock: FakeClock;
  let robot: RobotSession;
  let home: MemoryRobot;

  const pass = async (ms: number) => {
    const stepMs = ms > 5_000 ? 100 : 5;
    for (let i = 0; i < ms; i += stepMs) {
      clock.pass(stepMs);
      await computing.settle();
    }
  };
  /** A link to the robot, and all it hears. */
  const knock = () => {
    const path = memoryLink(clock);
    const heard: Message[] = [];
    const listen = () =>
      path.ends[0].messages.receive((bytes) => {
        const decoded = decodeMessage(bytes);
        if (decoded.ok) heard.push(decoded.value);
      }, new AbortController().signal);
    let verdict = false;
    void home.ring(path.ends[1]).then(() => {
      verdict = true;
    });
    return { link: path.ends[0], path, heard, listen, hasVerdict: () => verdict };
  };
  const arrive = async (
    identity: Identity,
    {
      secret,
      wants = 'drive',
      visit = 'v',
    }: { secret?: string; wants?: 'drive' | 'watch' | 'look'; visit?: string } = {},
  ) => {
    const visitor = knock();
    const greeting = greet({
      link: visitor.link,
      identity,
      robotId: robotIdentity.id,
      ticket: secret === undefined ? undefined : { by: 'link', key: await keyOfSecret(secret) },
      name: identity === anna ? 'Anna' : 'Ben',
      visit,
      wants,
      clock,
      signal: new AbortController().signal,
    });
    const settled = greeting.then(
      () => undefined,
      (error: unknown) => error,
    );
    await pass(50);
    expect(await Promise.race([settled, 'still greeting'])).toBeUndefined();
    visitor.listen();
    await pass(50);
    return visitor;
  };
  const secretOnScreen = () => robot.invitation.value?.here.split('/').at(-1) ?? '';
  const pair = async (identity: Identity, role: 'owner' | 'pilot' | 'watcher' | 'guest', wants?: 'watch') => {
    const visitor = await arrive(identity, { secret: secretOnScreen(), ...(wants && { wants }) });
    expect(visitor.heard.map(({ type }) => type)).toEqual(['asked']);
    robot.letIn(role, role === 'guest' ? TODAY_MS + clock.now() + 4_000 : undefined);
    await pass(100);
    return visitor;
  };
  const refusals = (visitor: { heard: Message[] }) =>
    visitor.heard.flatMap((message) => (message.type === 'refused' ? [message.reason] : []));

  beforeAll(async () => {
    computing = watchCrypto();
    // A session's life ends many things, and Node takes that for a leak.
    setMaxListeners(64);
    [robotIdentity, anna, ben] = (await Promise.all(
      [makeKeys(), makeKeys(), makeKeys()].map((k) => k.then(identityOf)),
    )) as [Identity, Identity, Identity];
  });
  afterAll(() => computing.restore());
  beforeEach(async () => {
    clock = new FakeClock();
    home = memoryRobot({ clock, identity: robotIdentity, epochMs: TODAY_MS });
    robot = home.session;
    await computing.settle();
  });
  afterEach(() => robot.close());

  it('opens by the invitation on the screen and a yes beside it, and by the key alone from then on', async () => {
    const first = await pair(anna, 'pilot');
    expect(first.heard.at(-3)).toMatchObject({ type: 'welcome', role: 'pilot', epoch: 1 });
    expect(first.heard.at(-2)).toMatchObject({ type: 'lease', epoch: 1, driver: 'Anna' });
    expect(robot.people.value).toMatchObject([{ id: anna.id, name: 'Anna', role: 'pilot' }]);
    expect(robot.company.value).toMatchObject([{ who: anna.id, drives: true }]);
    first.link.close();
    await pass(50);
    const again = await arrive(anna);
    expect(again.heard[0]).toMatchObject({ type: 'welcome', role: 'pilot' });
    expect(robot.asking.value).toBeUndefined();
  });

  it('stays shut for a device it does not know', async () => {
    const stranger = await arrive(anna);
    expect(refusals(stranger)).toEqual(['unknown']);
    expect(robot.company.value).toEqual([]);
  });

  it('stays shut when the screen says no, and the invitation is used up', async () => {
    const secret = secretOnScreen();
    const visitor = await arrive(anna, { secret });
    robot.turnDown();
    await pass(100);
    expect(refusals(visitor)).toEqual(['declined']);
    expect(secretOnScreen()).not.toBe(secret);
    expect(refusals(await arrive(anna, { secret }))).toEqual(['expired']);
  });

  it('asks for a minute, and takes silence for a no', async () => {
    const visitor = await arrive(anna, { secret: secretOnScreen() });
    await pass(60_100);
    expect(refusals(visitor)).toEqual(['declined']);
  });

  it('withdraws the question when who asked has gone, and the invitation stays good', async () => {
    const secret = secretOnScreen();
    const visitor = await arrive(anna, { secret });
    visitor.link.close();
    await pass(50);
    expect(robot.asking.value).toBeUndefined();
    expect(secretOnScreen()).toBe(secret);
  });

  it('shows another invitation after ten minutes, and the old one opens nothing', async () => {
    const secret = secretOnScreen();
    await pass(600_050);
    expect(secretOnScreen()).not.toBe(secret);
    expect(home.announced).toHaveLength(2);
    expect(refusals(await arrive(anna, { secret }))).toEqual(['expired']);
  });

  it('shows another invitation after five wrong tries', async () => {
    const secret = secretOnScreen();
    for (let i = 0; i < 5; i++) {
      expect(secretOnScreen()).toBe(secret);
      const visitor = await arriveLate(newSecret());
      expect(refusals(visitor)).toEqual(['expired']);
    }
    expect(secretOnScreen()).not.toBe(secret);
  });

  /** Waits as long as the door makes strangers wait. */
  async function arriveLate(secret: string, identity = anna) {
    const visitor = knock();
    const greeting = greet({
      link: visitor.link,
      identity,
      robotId: robotIdentity.id,
      ticket: { by: 'link', key: await keyOfSecret(secret) },
      name: 'Anna',
      visit: 'v',
      wants: 'drive',
      clock,
      signal: new AbortController().signal,
    });
    await pass(5_000);
    await greeting;
    visitor.listen();
    await pass(700);
    return visitor;
  }

  it('makes strangers wait longer the more of them failed', async () => {
    for (let i = 0; i < 4; i++) await arriveLate(newSecret());
    const visitor = knock();
    visitor.listen();
    visitor.link.messages.send(hello(anna));
    await pass(100);
    expect(visitor.heard).toEqual([]);
    await pass(5_000);
    expect(visitor.heard.map(({ type }) => type)).toEqual(['identity']);
  });

  function hello(identity: Identity, version = PROTOCOL_VERSION) {
    return encodeMessage({
      type: 'hello',
      app: 'telepresent',
      version,
      key: toBase64url(identity.publicKey),
      nonce: toBase64url(newNonce()),
    });
  }

  it.each([
    ['another version', () => hello(anna, PROTOCOL_VERSION - 1), 'version'],
    ['no hello first', () => encodeMessage({ type: 'stop' }), 'malformed'],
    ['nonsense', () => new Uint8Array([1, 2, 3]), 'malformed'],
    ["the robot's own key", () => hello(robotIdentity), 'signature'],
  ] as const)('a stranger with %s gets neither picture nor controls', async (_what, word, reason) => {
    const stranger = knock();
    stranger.listen();
    stranger.link.messages.send(word());
    await pass(50);
    expect(refusals(stranger)).toEqual([reason]);
    expect(stranger.link.remoteTracks.value).toEqual([]);
    await pass(600);
    await expect(stranger.link.closed).resolves.toMatchObject({ why: 'asked' });
    expect(stranger.hasVerdict()).toBe(true);
  });

  it('a stranger who says nothing is gone after ten seconds', async () => {
    const stranger = knock();
    await pass(10_050);
    await expect(stranger.link.closed).resolves.toMatchObject({ why: 'asked' });
    expect(stranger.hasVerdict()).toBe(true);
  });

  it('a proof that was heard on another link opens nothing', async () => {
    const first = await pair(anna, 'pilot');
    first.link.close();
    await pass(50);
    // The words of an honest visit, taken down and said again.
    const said: Uint8Array<ArrayBuffer>[] = [];
    const honest = memoryLink(clock);
    const send = honest.ends[0].messages.send;
    const spied: Link = {
      ...honest.ends[0],
      messages: {
        ...honest.ends[0].messages,
        send: (message) => {
          said.push(message);
          return send(message);
        },
      },
    };
    void home.ring(honest.ends[1]);
    void greet({
      link: spied,
      identity: anna,
      robotId: robotIdentity.id,
      ticket: undefined,
      name: 'Anna',
      visit: 'v',
      wants: 'drive',
      clock,
      signal: new AbortController().signal,
    });
    await pass(100);
    expect(said).toHaveLength(2);
    honest.ends[0].close();
    await pass(50);
    const replay = knock();
    replay.listen();
    for (const message of said) replay.link.messages.send(message);
    await pass(100);
    expect(refusals(replay)).toEqual(['signature']);
    expect(robot.company.value).toEqual([]);
  });

  it('a watcher sees without the right to drive, and at most two of them', async () => {
    const driver = await pair(anna, 'owner');
    const watchers = [await pair(ben, 'watcher')];
    expect(watchers[0]?.heard.find(({ type }) => type === 'welcome')).toMatchObject({ epoch: 0, role: 'watcher' });
    watchers.push(await arrive(anna, { wants: 'watch', visit: 'w' }));
    const third = await arrive(ben, { wants: 'watch', visit: 'x' });
    expect(refusals(third)).toEqual(['busy']);
    expect(robot.company.value.map(({ drives }) => drives)).toEqual([true, false, false]);
    const { epoch } = driver.heard.find((message) => message.type === 'lease')!;
    const pushed: ControlFrame = {
      epoch,
      sequence: 1,
      sampledAtMs: 0,
      pictureAgeMs: 0,
      enabled: true,
      stop: false,
      gamepad: NEUTRAL,
    };
    watchers[0]?.link.control.send(encodeControl(pushed));
    for (const word of [{ type: 'ask' }, { type: 'take' }, { type: 'clear', press: 0 }] as const)
      watchers[0]?.link.messages.send(encodeMessage(word));
    watchers[0]?.link.messages.send(encodeMessage({ type: 'give', seat: 2 }));
    await pass(50);
    expect(robot.failsafe.value).toBe('disarmed');
    expect(robot.company.value.map(({ drives, asks }) => [drives, asks])).toEqual([
      [true, false],
      [false, false],
      [false, false],
    ]);
    expect(refusals(driver)).toEqual([]);
  });

  it('anybody who sees may stop it, by either channel, and an owner alone ends the stop from afar', async () => {
    const owner = await pair(anna, 'owner');
    const watcher = await pair(ben, 'watcher');
    const say = (visitor: typeof owner, word: Message) => visitor.link.messages.send(encodeMessage(word));
    say(watcher, { type: 'stop' });
    await pass(20);
    expect(robot.stoppedBy.value).toBe('Ben');
    say(watcher, { type: 'clear', press: 1 });
    await pass(20);
    expect(robot.stoppedBy.value).toBe('Ben');
    say(owner, { type: 'clear', press: 1 });
    await pass(20);
    expect(robot.stoppedBy.value).toBeUndefined();
    const frame = { epoch: 0, sequence: 1, sampledAtMs: 0, pictureAgeMs: 0, enabled: false, gamepad: NEUTRAL };
    watcher.link.control.send(encodeControl({ ...frame, stop: true }));
    await pass(20);
    expect(robot.stoppedBy.value).toBe('Ben');
    expect(owner.heard.at(-1)).toEqual({ type: 'stopped', by: 'Ben', press: 2 });
  });

  it('sends a watcher away whose page has died', async () => {
    const watcher = await pair(ben, 'watcher');
    await pass(7_000);
    await expect(watcher.link.closed).resolves.toMatchObject({ why: 'asked' });
    expect(robot.company.value).toEqual([]);
  });

  it('revoking sends a driver away at once, for good', async () => {
    const driver = await pair(anna, 'pilot');
    robot.revoke(anna.id);
    await pass(50);
    expect(refusals(driver)).toEqual(['revoked']);
    expect(robot.state.value).toEqual({ at: 'waiting' });
    expect(robot.company.value).toEqual([]);
    await pass(1_000);
    expect(refusals(await arrive(anna))).toEqual(['unknown']);
  });

  it('who is made a watcher in the middle of a drive drives no more', async () => {
    const driver = await pair(ben, 'guest');
    const again = await arrive(ben, { secret: secretOnScreen(), wants: 'watch', visit: 'w' });
    robot.letIn('watcher');
    await pass(1_200);
    expect(refusals(driver)).toEqual(['dismissed']);
    expect(robot.state.value).toEqual({ at: 'waiting' });
    expect(refusals(again)).toEqual([]);
    expect(robot.company.value).toMatchObject([{ who: ben.id, role: 'watcher', drives: false }]);
  });

  it('whom it knows does not wait for the failures of strangers', async () => {
    (await pair(anna, 'pilot')).link.close();
    for (let i = 0; i < 6; i++) await arriveLate(newSecret(), ben);
    expect((await arrive(anna)).heard[0]).toMatchObject({ type: 'welcome' });
  });

  it('tells watchers of a STOP and of its end, and lets go of them when the page closes', async () => {
    const watcher = await pair(ben, 'watcher');
    const looker = await arrive(ben, { wants: 'look', visit: 'home' });
    robot.stop();
    robot.clearStop();
    await pass(20);
    expect(watcher.heard.slice(-2)).toEqual([{ type: 'stopped', by: 'Rover', press: 1 }, { type: 'cleared' }]);
    robot.close();
    await expect(watcher.link.closed).resolves.toEqual({ why: 'asked' });
    await expect(looker.link.closed).resolves.toEqual({ why: 'asked' });
  });

  it("a guest's time ends a drive, and the door stays shut afterwards", async () => {
    const guest = await pair(ben, 'guest');
    expect(robot.company.value).toHaveLength(1);
    await pass(5_000);
    expect(refusals(guest).at(-1)).toBe('expired');
    await pass(1_000);
    expect(refusals(await arrive(ben))).toEqual(['expired']);
  });

  it('a guest link lets one device in without a question, and no second one', async () => {
    await robot.makeGuestLink(TODAY_MS + 3_600_000);
    const secret = robot.guestLinks.value[0]?.here.split('/').at(-1) ?? '';
    const guest = await arrive(ben, { secret });
    expect(guest.heard[0]).toMatchObject({ type: 'welcome', role: 'guest' });
    expect(robot.guestLinks.value).toEqual([]);
    guest.link.close();
    await pass(50);
    expect(refusals(await arrive(anna, { secret }))).toEqual(['expired']);
    expect((await arrive(ben)).heard[0]).toMatchObject({ type: 'welcome', role: 'guest' });
  });

  it('tells who only looks whether it is free, and when that changes', async () => {
    const driver = await pair(anna, 'pilot');
    const looker = await arrive(anna, { wants: 'look', visit: 'home' });
    expect(looker.heard).toEqual([{ type: 'presence', name: 'Rover', by: 'Anna' }]);
    driver.link.close();
    await pass(50);
    expect(looker.heard.at(-1)).toEqual({ type: 'presence', name: 'Rover' });
    expect(robot.company.value).toEqual([]);
    robot.revoke(anna.id);
    await pass(50);
    expect(refusals(looker)).toEqual(['revoked']);
  });

  it('remembers who drove when, and a link that came back as one visit', async () => {
    const first = await pair(anna, 'pilot');
    await pass(5_000);
    first.link.close();
    await pass(1_000);
    const second = await arrive(anna);
    await pass(1_000);
    second.link.close();
    await pass(50);
    expect(robot.pastVisits.value).toHaveLength(1);
    expect(robot.pastVisits.value[0]).toMatchObject({ who: anna.id, name: 'Anna', drove: true });
  });
});
