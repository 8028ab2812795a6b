/** Both stories against each other, with time, path and board owned by the test. */
import { setMaxListeners } from 'node:events';
import { signal } from '@preact/signals-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BoardState } from '../../../src/board/driver.ts';
import { Fault, type FaultCode } from '../../../src/core/fault.ts';
import { BUTTON, type GamepadState, NEUTRAL } from '../../../src/core/gamepad-state.ts';
import type { Broker, BrokerState, Link } from '../../../src/net/link.ts';
import { encodeMessage, PROTOCOL_VERSION } from '../../../src/protocol/messages.ts';
import { startPilot } from '../../../src/session/pilot-session.ts';
import type { Outage, PilotSession } from '../../../src/session/pilot-state.ts';
import { type RobotSession, SIMULATED_CAMERA } from '../../../src/session/robot-state.ts';
import { type Identity, identityOf, makeKeys } from '../../../src/trust/identity.ts';
import { keyOfSecret } from '../../../src/trust/invitation.ts';
import { FakeClock } from '../../fake-clock.ts';
import type { MemoryBoard } from '../../memory-board.ts';
import { type MemoryPath, memoryLink } from '../../memory-link.ts';
import { type MemoryRobot, memoryRobot, memorySettings } from '../../memory-robot.ts';
import { type PendingCrypto, watchCrypto } from '../../pending-crypto.ts';

const FORWARD: GamepadState = { ...NEUTRAL, axes: [0, -1, 0, 0] };

describe('a pilot and a robot', () => {
  let computing: PendingCrypto;
  let robotIdentity: Identity;
  let pilotIdentity: Identity;
  let clock: FakeClock;
  let board: MemoryBoard;
  let robot: RobotSession;
  let pilot: PilotSession;
  let path: MemoryPath;
  let home: MemoryRobot;
  let hand: GamepadState;
  let gone: string | undefined;
  let stopKey: () => void;
  let pictureAgeMs: number | undefined;
  /** Time that the way by the broker takes; undefined: it is closed. */
  let dialTakesMs: number | undefined;
  /** Of paths that are opened from now on. */
  let delayMs: number;
  let dials: number;
  /** Who answers instead of the robot. */
  let answers: (end: Link) => void;
  let networkChanged: () => void;
  let sampleAgeMs: number;
  /** What the wall clock is ahead of the page's own. */
  let sleptMs: number;
  const attentive = signal(true);
  const robotVisible = signal(true);

  /** Lets promises settle while no time passes. */
  const settle = () => computing.settle();
  const pass = async (ms: number) => {
    for (let i = 0; i < ms; i += 5) {
      clock.pass(5);
      await settle();
    }
  };
  const newPilot = async (visit: string, secret?: string) =>
    startPilot({
      clock,
      today: () => sleptMs + clock.now(),
      settings: memorySettings(),
      robotId: robotIdentity.id,
      pilotName: 'Anna',
      visit,
      wants: 'drive',
      identity: pilotIdentity,
      lasting: true,
      ticket: secret === undefined ? undefined : { by: 'link', key: await keyOfSecret(secret) },
      random: () => 0,
      joinBroker: async (): Promise<Broker> => ({
        state: signal<BrokerState>({ at: 'joined' }),
        relay: signal(undefined),
        answer: () => {},
        rejoin: () => {},
        dial: async (_, cancel) => {
          dials++;
          if (dialTakesMs === undefined) throw new Fault('unreachable', 'broker', 'closed');
          const takesMs = dialTakesMs;
          if (takesMs > 0) {
            await new Promise<void>((resolve, reject) => {
              clock.after(takesMs, resolve, cancel);
              cancel.addEventListener('abort', () =>
                reject(new Fault('cancelled', 'broker', 'the dial was called off')),
              );
            });
          }
          path = memoryLink(clock);
          path.delayMs = delayMs;
          answers(path.ends[1]);
          return path.ends[0];
        },
      }),
      openInput: ({ onStop }) => {
        stopKey = onStop;
        const told = () => ({ kind: 'gamepad' as const, label: 'Pad', gone, frozen: false });
        const shown = signal({ ...told(), gamepad: NEUTRAL });
        return {
          sample: () => {
            if (hand.buttons & (1 << BUTTON.b)) onStop();
            if (hand !== shown.peek().gamepad || gone !== shown.peek().gone) shown.value = { ...told(), gamepad: hand };
            return { ...told(), state: hand, sampledAtMs: clock.now() - sampleAgeMs };
          },
          shown,
          goOnWithout: () => {
            gone = undefined;
          },
          touch: () => {},
        };
      },
      watchVideo: () => () => pictureAgeMs,
      openMicrophone: () => Promise.reject(new Error('none here')),
      attentive: () => attentive,
      watchNetwork: (changed) => {
        networkChanged = changed;
      },
      wakeLock: () => undefined,
    });
  const arm = async () => {
    hand = NEUTRAL;
    await pass(200);
    expect(pilot.arm()).toBeUndefined();
    await pass(100);
    expect(pilot.state.value).toEqual({ at: 'driving' });
  };
  const setAttentive = (on: boolean) => {
    attentive.value = on;
  };
  const setGone = (label: string) => {
    gone = label;
  };
  const driveForward = async () => {
    await arm();
    hand = FORWARD;
    await pass(100);
    expect(board.moving).toBe(true);
  };

  beforeAll(async () => {
    computing = watchCrypto();
    // A session's life ends many things, and Node takes that for a leak.
    setMaxListeners(64);
    [robotIdentity, pilotIdentity] = await Promise.all([makeKeys().then(identityOf), makeKeys().then(identityOf)]);
  });
  afterAll(() => computing.restore());

  beforeEach(async () => {
    clock = new FakeClock();
    hand = NEUTRAL;
    gone = undefined;
    pictureAgeMs = 20;
    dialTakesMs = 0;
    delayMs = 0;
    dials = 0;
    sampleAgeMs = 0;
    sleptMs = 0;
    attentive.value = true;
    robotVisible.value = true;
    answers = (end) => void home.ring(end);
    home = memoryRobot({ clock, identity: robotIdentity, visible: robotVisible });
    ({ board, session: robot } = home);
    await settle();
    pilot = await newPilot('visit-1', robot.invitation.value?.here.split('/').at(-1));
    await pass(50);
    expect(pilot.state.value.at).toBe('asking');
    expect(robot.asking.value).toMatchObject({ name: 'Anna' });
    robot.letIn('pilot');
    await pass(50);
    pilot.watch(undefined as unknown as HTMLVideoElement, new AbortController().signal);
    await pass(200);
  });
  afterEach(() => {
    pilot.close();
    robot.close();
  });

  it('meet: the pilot watches, unarmed, and the robot says who is there', () => {
    expect(pilot.state.value).toEqual({ at: 'watching', because: 'you' });
    expect(robot.state.value).toMatchObject({ at: 'driven', name: 'Anna' });
    expect(pilot.robotName.value).toBe('Rover');
    expect(board.told.filter((order) => typeof order === 'object')).toEqual([]);
  });

  it('drive after arming at rest, and stand when the stick is let go', async () => {
    await driveForward();
    hand = NEUTRAL;
    await pass(60);
    expect(board.moving).toBe(false);
    expect(pilot.state.value).toEqual({ at: 'driving' });
    expect(pilot.roundTripMs.value).toBeGreaterThanOrEqual(0);
  });

  it('go on for as long as both are there', async () => {
    await driveForward();
    const first = path;
    await pass(30_000);
    expect(path).toBe(first);
    expect(pilot.state.value).toEqual({ at: 'driving' });
    expect(board.moving).toBe(true);
  });

  it('a pushed stick does not arm', async () => {
    hand = FORWARD;
    await pass(100);
    pilot.arm();
    await pass(200);
    expect(board.moving).toBe(false);
    expect(pilot.state.value.at).toBe('watching');
  });

  it('first tells an arming board zero', async () => {
    await arm();
    expect(board.told.find((order) => typeof order === 'object')).toEqual({ left: 0, right: 0 });
  });

  it('silence stops the motors within 220 ms, and nobody feeds the board meanwhile', async () => {
    await driveForward();
    path.cut[0] = true;
    await pass(5);
    const before = board.told.length;
    await pass(220);
    expect(board.moving).toBe(false);
    expect(board.told.slice(before)).toEqual(['stop']);
  });

  it.each([
    ['the pilot page is hidden', () => (attentive.value = false)],
    ['the picture froze', () => (pictureAgeMs = 900)],
    ['the gamepad went away', () => (gone = 'Pad')],
  ])('stand when %s', async (_what, happens) => {
    await driveForward();
    happens();
    await pass(120);
    expect(board.moving).toBe(false);
    expect(pilot.state.value.at).toBe('watching');
  });

  it('whose gamepad went away arm again without it', async () => {
    await driveForward();
    gone = 'Pad';
    await pass(120);
    await driveForward();
  });

  it('stand when the robot page is hidden, and neutral comes first afterwards', async () => {
    await robot.chooseBoard('web-serial');
    await driveForward();
    robotVisible.value = false;
    await pass(60);
    expect(board.moving).toBe(false);
    expect(pilot.state.value).toEqual({ at: 'watching', because: 'asleep' });
    robotVisible.value = true;
    await pass(300);
    expect(board.moving).toBe(false);
  });

  it('a simulated robot drives on behind another tab of the same window', async () => {
    await driveForward();
    robotVisible.value = false;
    await pass(300);
    expect(board.moving).toBe(true);
  });

  it('a board that comes back moves only after neutral', async () => {
    await driveForward();
    board.state.value = { at: 'waking', label: 'Memory' };
    await pass(100);
    const before = board.told.length;
    board.state.value = { at: 'ready', label: 'Memory', name: 'Memory' };
    await pass(300);
    expect(board.told.slice(before).filter((order) => typeof order === 'object')).toEqual([]);
  });

  it('STOP latches until cleared, and clearing does not arm', async () => {
    await driveForward();
    stopKey();
    await pass(60);
    expect(board.moving).toBe(false);
    expect(robot.stoppedBy.value).toBe('Anna');
    expect(board.told).toContain('latch');
    await pass(200);
    expect(pilot.state.value).toEqual({ at: 'watching', because: 'stopped' });
    hand = NEUTRAL;
    expect(pilot.mayClear.value).toBe(false);
    pilot.clearStop();
    path.ends[0].messages.send(encodeMessage({ type: 'clear', press: 1 }));
    await pass(200);
    expect(robot.stoppedBy.value).toBe('Anna');
    robot.clearStop();
    await pass(200);
    expect(robot.stoppedBy.value).toBeUndefined();
    expect(pilot.state.value).toEqual({ at: 'watching', because: 'you' });
    hand = FORWARD;
    await pass(200);
    expect(board.moving).toBe(false);
  });

  it('real wheels are never driven by the picture of a drawn room', async () => {
    await robot.chooseCamera(SIMULATED_CAMERA);
    expect(robot.camera.value).toBe(SIMULATED_CAMERA);
    await robot.chooseBoard('web-serial');
    expect(robot.camera.value).toBe('default');
    await robot.chooseCamera(SIMULATED_CAMERA);
    expect(robot.camera.value).toBe('default');
    await robot.chooseBoard('simulated');
    expect(robot.camera.value).toBe(SIMULATED_CAMERA);
  });

  it('a board chosen while the stop is latched is latched too', async () => {
    robot.stop();
    board.told.length = 0;
    await robot.chooseBoard('bluetooth');
    expect(board.told.at(-1)).toBe('latch');
  });

  it('a board that kept a STOP nobody here remembers is stopped until somebody who may clears it', async () => {
    board.keptStop.value = true;
    await pass(100);
    expect(robot.stoppedBy.value).toBe('Memory');
    expect(pilot.stoppedBy.value).toBe('Memory');
    expect(board.told.at(-1)).toBe('latch');
    board.keptStop.value = false;
    robot.clearStop();
    expect(board.told).toContain('unlatch');
    await driveForward();
  });

  it("the robot's own STOP reaches the pilot", async () => {
    await driveForward();
    robot.stop();
    expect(board.told.at(-1)).toBe('stop');
    await pass(100);
    expect(pilot.stoppedBy.value).toBe('Rover');
  });

  it('a closed tab stops the motors at once and the other side says so', async () => {
    await driveForward();
    path.ends[0].close();
    await settle();
    expect(board.moving).toBe(false);
    expect(robot.state.value).toEqual({ at: 'waiting' });
  });

  it('a robot that said goodbye may come back: the pilot looks for it, and is found unarmed', async () => {
    await driveForward();
    path.ends[1].close();
    await pass(20);
    expect(board.moving).toBe(false);
    expect(pilot.state.value.at).toBe('lost');
    await pass(1000);
    expect(pilot.state.value.at).toBe('watching');
  });

  it('who is sent away hears so and does not come back', async () => {
    await driveForward();
    robot.dismiss('visit-1');
    expect(board.moving).toBe(false);
    hand = NEUTRAL;
    await pass(30);
    hand = FORWARD;
    await pass(300);
    expect(board.told.at(-1)).toBe('stop');
    await pass(1000);
    expect(board.moving).toBe(false);
    expect(pilot.state.value).toMatchObject({ at: 'ended', end: { fault: { code: 'refused' } } });
    expect(robot.state.value).toEqual({ at: 'waiting' });
  });

  it('a copied tab takes over once, and the first one stays away', async () => {
    const first = pilot;
    await driveForward();
    const twin = await newPilot('visit-1');
    await pass(1500);
    expect(first.state.value).toMatchObject({ at: 'ended', end: { fault: { code: 'in-use' } } });
    expect(twin.state.value.at).toBe('watching');
    expect(board.moving).toBe(false);
    twin.close();
  });

  it('STOP pressed while the link is broken is told to the robot as soon as there is a link', async () => {
    await driveForward();
    path.freeze();
    dialTakesMs = undefined;
    await pass(1500);
    stopKey();
    dialTakesMs = 0;
    await pass(4000);
    expect(robot.stoppedBy.value).toBe('Anna');
  });

  it('STOP pressed in the middle of the handshake breaks nothing, and is told right after it', async () => {
    await driveForward();
    path.freeze();
    dialTakesMs = undefined;
    await pass(1500);
    dialTakesMs = 0;
    const before = path;
    for (let i = 0; i < 1000 && path === before; i++) {
      clock.pass(5);
      await settle();
    }
    expect(path).not.toBe(before);
    stopKey();
    pilot.clearStop();
    await pass(1000);
    expect(pilot.state.value).toEqual({ at: 'watching', because: 'stopped' });
    expect(robot.stoppedBy.value).toBe('Anna');
  });

  it('a robot that waits in silence is still driven, and the hand can be taken off', async () => {
    await driveForward();
    dialTakesMs = 5_000;
    path.cut[0] = true;
    await pass(600);
    expect(board.moving).toBe(false);
    expect(pilot.state.value).toEqual({ at: 'driving' });
    pilot.disarm();
    path.cut[0] = false;
    await pass(200);
    expect(board.moving).toBe(false);
    expect(pilot.state.value.at).toBe('watching');
  });

  it('a page that slept drives no further until it is armed again', async () => {
    await driveForward();
    sleptMs += 60_000;
    await pass(200);
    expect(board.moving).toBe(false);
    expect(pilot.state.value.at).toBe('watching');
  });

  it('commands that stop arriving for longer than a moment need arming again', async () => {
    await driveForward();
    path.cut[0] = true;
    await pass(900);
    path.cut[0] = false;
    await pass(400);
    expect(board.moving).toBe(false);
    expect(pilot.state.value.at).toBe('watching');
  });

  describe('a robot without a ready board tells the pilot', () => {
    const USB = { label: 'USB board' };
    const gone = (code: FaultCode): BoardState => ({
      ...USB,
      at: 'gone',
      end: { why: 'lost', fault: new Fault(code, 'board', code) },
    });

    it.each<[Outage['trying'], string, BoardState]>([
      ['waits', 'it wakes', { ...USB, at: 'waking' }],
      ['waits', 'it was lost', { ...USB, at: 'returning', fault: new Fault('lost', 'board', 'unplugged') }],
      ['unsafe', 'it went on in its trial', gone('unsafe')],
      ['foreign', 'another version', gone('wrong-version')],
      ['foreign', 'another language', gone('wrong-protocol')],
      ['ended', 'no answer', gone('timeout')],
      ['ended', 'closed', { ...USB, at: 'gone', end: { why: 'asked' } }],
    ])('%s: %s', async (trying, _what, state) => {
      board.state.value = state;
      await pass(120);
      expect(pilot.outages.value).toMatchObject([{ part: 'board', trying }]);
      expect(pilot.state.value).toEqual({ at: 'watching', because: 'board' });
      board.state.value = { ...USB, at: 'ready', name: 'Memory' };
      await pass(120);
      expect(pilot.outages.value).toEqual([]);
    });

    it('that there is none while one is chosen, and then that it is back', async () => {
      const chosen = robot.chooseBoard('simulated');
      clock.pass(120);
      expect(pilot.outages.value).toMatchObject([{ part: 'board', trying: 'waits' }]);
      await chosen;
      await pass(120);
      expect(pilot.outages.value).toEqual([]);
    });

    it('what became of it, and the time goes on from when it was lost', async () => {
      board.state.value = { ...USB, at: 'waking' };
      await pass(300);
      const [before] = pilot.outages.value;
      board.state.value = gone('unsafe');
      await pass(120);
      expect(pilot.outages.value).toEqual([{ part: 'board', sinceMs: before?.sinceMs, trying: 'unsafe' }]);
    });
  });

  it('a board that says it rests needs neutral first', async () => {
    await driveForward();
    board.rests.value++;
    expect(board.moving).toBe(false);
    await pass(300);
    expect(board.moving).toBe(false);
  });

  it('stand when the battery stays below its limit', async () => {
    robot.tune({ ...robot.drive.value, lowBatteryMv: 7000 });
    await driveForward();
    board.batteryMv.value = 6900;
    await pass(1500);
    expect(board.moving).toBe(true);
    await pass(700);
    expect(board.moving).toBe(false);
    expect(pilot.state.value).toEqual({ at: 'watching', because: 'battery' });
  });

  it('a crashed tab is noticed within a second on both sides', async () => {
    await driveForward();
    path.freeze();
    dialTakesMs = undefined;
    await pass(1000);
    expect(robot.state.value.at).toBe('dropped');
    expect(pilot.state.value.at).toBe('lost');
    expect(board.moving).toBe(false);
  });

  it('the same visit comes back on a new link and arms again from neutral', async () => {
    await driveForward();
    path.freeze();
    await pass(4500);
    expect(pilot.state.value.at).toBe('watching');
    expect(board.moving).toBe(false);
    await driveForward();
  });

  it('silence of 200 ms opens a fresh link beside the old one, which takes over and wants sticks at rest first', async () => {
    await driveForward();
    const old = path;
    old.cut[0] = true;
    old.cut[1] = true;
    dialTakesMs = 300;
    await pass(170);
    expect(dials).toBe(1);
    await pass(80);
    expect(dials).toBe(2);
    await pass(100);
    expect(pilot.outages.value).toMatchObject([{ part: 'link', trying: 'heals' }]);
    await pass(300);
    expect(path).not.toBe(old);
    expect(pilot.state.value.at).toBe('watching');
    expect(pilot.outages.value).toEqual([]);
    await expect(old.ends[0].closed).resolves.toMatchObject({ why: 'asked' });
    await pass(500);
    expect(board.moving).toBe(false);
    await driveForward();
  });

  describe('a fresh link in the middle of a drive', () => {
    const breakLink = () => {
      path.cut[0] = true;
      path.cut[1] = true;
      dialTakesMs = 100;
    };

    it('moves nothing while the stick stays pushed, and drives on once it was let go, without another hold', async () => {
      await driveForward();
      breakLink();
      await pass(900);
      expect(dials).toBe(2);
      expect(pilot.state.value).toEqual({ at: 'watching', because: 'sticks' });
      expect(board.moving).toBe(false);
      hand = NEUTRAL;
      await pass(120);
      expect(pilot.state.value).toEqual({ at: 'driving' });
      expect(board.moving).toBe(false);
      hand = FORWARD;
      await pass(100);
      expect(board.moving).toBe(true);
    });

    it('drives on when the old picture ends before the new one comes', async () => {
      await driveForward();
      breakLink();
      hand = NEUTRAL;
      await pass(500);
      expect(pilot.state.value).toEqual({ at: 'driving' });
      pictureAgeMs = 900;
      await pass(100);
      expect(pilot.state.value).toEqual({ at: 'watching', because: 'picture' });
      pictureAgeMs = 20;
      await pass(100);
      expect(pilot.state.value).toEqual({ at: 'driving' });
      await pass(2_500);
      pictureAgeMs = 900;
      await pass(100);
      pictureAgeMs = 20;
      await pass(500);
      expect(pilot.state.value).toEqual({ at: 'watching', because: 'you' });
    });

    it.each<[string, () => void]>([
      ['let go by their own will', () => pilot.disarm()],
      ['pressed STOP', () => pilot.stop()],
      ['looked away for a moment', () => setAttentive(false)],
      [
        'looked away between two looks at it',
        () => {
          setAttentive(false);
          setAttentive(true);
        },
      ],
      [
        'slept with the lid shut',
        () => {
          sleptMs += 3_600_000;
        },
      ],
      ['lost the gamepad', () => setGone('Pad')],
    ])('arms nobody who %s meanwhile', async (_, happens) => {
      await driveForward();
      breakLink();
      hand = NEUTRAL;
      await pass(150);
      happens();
      await pass(100);
      attentive.value = true;
      gone = undefined;
      robot.clearStop();
      await pass(1_200);
      expect(dials).toBe(2);
      expect(pilot.state.value.at).toBe('watching');
    });

    it('arms nobody when STOP was pressed and cleared while nothing was heard', async () => {
      await driveForward();
      breakLink();
      dialTakesMs = 600;
      hand = NEUTRAL;
      await pass(300);
      robot.stop();
      await pass(100);
      robot.clearStop();
      await pass(1_200);
      expect(dials).toBe(2);
      expect(pilot.state.value).toEqual({ at: 'watching', because: 'you' });
    });

    it('arms once: what the robot ends by itself afterwards stays ended', async () => {
      await driveForward();
      breakLink();
      hand = NEUTRAL;
      await pass(900);
      expect(pilot.state.value).toEqual({ at: 'driving' });
      board.rests.value++;
      await pass(900);
      expect(pilot.state.value).toEqual({ at: 'watching', because: 'you' });
    });

    it('can be called off while it waits', async () => {
      await driveForward();
      breakLink();
      await pass(900);
      expect(pilot.resumes.value).toBe(true);
      pilot.disarm();
      expect(pilot.resumes.value).toBe(false);
      hand = NEUTRAL;
      await pass(500);
      expect(pilot.state.value).toEqual({ at: 'watching', because: 'you' });
    });

    it('arms nobody after 2 s, nor on a link that follows a goodbye', async () => {
      await driveForward();
      breakLink();
      dialTakesMs = 2_500;
      hand = NEUTRAL;
      await pass(5_000);
      expect(pilot.state.value).toEqual({ at: 'watching', because: 'you' });
      await driveForward();
      dialTakesMs = 100;
      hand = NEUTRAL;
      await path.ends[1].close();
      await pass(1_500);
      expect(pilot.state.value).toEqual({ at: 'watching', because: 'you' });
    });
  });

  it('a path too far to drive on is no reason for another link, and its pilot is not gone', async () => {
    await driveForward();
    hand = NEUTRAL;
    delayMs = 280;
    path.delayMs = delayMs;
    await pass(4_000);
    const before = dials;
    for (let i = 0; i < 10; i++) {
      await pass(1_500);
      expect(robot.state.value).toMatchObject({ at: 'driven', name: 'Anna' });
      expect(pilot.state.value).toMatchObject({ at: 'watching' });
    }
    expect(dials).toBe(before);
    expect(board.moving).toBe(false);
    delayMs = 20;
    path.delayMs = delayMs;
    await pass(3_000);
    await driveForward();
  });

  it('commands that wait in a queue for too long, on a path that is quick, get a fresh link', async () => {
    await driveForward();
    hand = NEUTRAL;
    await pass(1_000);
    path.queueMs = 560;
    await pass(3_000);
    expect(dials).toBe(2);
    expect(board.moving).toBe(false);
    await driveForward();
  });

  it('a path that carries only reports is silent, and is left', async () => {
    await driveForward();
    const old = path;
    old.cut[0] = true;
    await pass(400);
    expect(dials).toBe(2);
    await pass(100);
    expect(path).not.toBe(old);
    await driveForward();
  });

  it('while somebody watches too', async () => {
    const watched = path;
    watched.cut[0] = true;
    await pass(800);
    expect(dials).toBe(2);
    expect(path).not.toBe(watched);
  });

  it('whoever answers in the place of the robot ends no drive', async () => {
    await driveForward();
    const old = path;
    old.cut[0] = true;
    old.cut[1] = true;
    answers = (end) =>
      void end.messages.send(
        encodeMessage({ type: 'identity', version: PROTOCOL_VERSION, key: 'AAAA', nonce: 'AAAA', signature: 'AAAA' }),
      );
    await pass(600);
    expect(dials).toBeGreaterThan(1);
    expect(pilot.trouble.value?.code).toBe('wrong-protocol');
    old.cut[0] = false;
    old.cut[1] = false;
    await pass(500);
    expect(pilot.state.value).toEqual({ at: 'driving' });
    answers = (end) => void home.ring(end);
  });

  it('a fresh link that dies in its greeting is given up in 2 s, and at once when the network changes', async () => {
    const old = path;
    old.cut[0] = true;
    old.cut[1] = true;
    answers = () => {};
    await pass(900);
    expect(dials).toBe(2);
    await pass(2_400);
    expect(dials).toBe(3);
    await pass(1_200);
    expect(dials).toBe(3);
    answers = (end) => void home.ring(end);
    networkChanged();
    await pass(200);
    expect(dials).toBe(4);
    await driveForward();
  });

  it('a gamepad’s STOP counts while there is no link to press it on', async () => {
    await driveForward();
    dialTakesMs = undefined;
    path.ends[1].close();
    await pass(100);
    hand = { ...NEUTRAL, buttons: 1 << BUTTON.b };
    await pass(50);
    hand = NEUTRAL;
    dialTakesMs = 0;
    await pass(3_000);
    expect(robot.stoppedBy.value).toBe('Anna');
  });

  it('an old link that heals first goes on, and the fresh one is closed', async () => {
    await driveForward();
    const old = path;
    old.cut[0] = true;
    old.cut[1] = true;
    dialTakesMs = 1_000;
    await pass(600);
    expect(board.moving).toBe(false);
    old.cut[0] = false;
    old.cut[1] = false;
    await pass(100);
    // The stick is still pushed and less than 2 s have passed.
    expect(board.moving).toBe(true);
    await pass(1_500);
    expect(path).not.toBe(old);
    await expect(path.ends[0].closed).resolves.toMatchObject({ why: 'asked' });
    expect(pilot.state.value).toEqual({ at: 'driving' });
    expect(dials).toBe(2);
  });

  it('while the broker is away the old link heals after any time, under a new lease, from rest', async () => {
    await driveForward();
    const old = path;
    old.cut[0] = true;
    old.cut[1] = true;
    dialTakesMs = undefined;
    await pass(10_000);
    expect(pilot.state.value.at).toBe('lost');
    expect(robot.state.value).toEqual({ at: 'waiting' });
    old.cut[0] = false;
    old.cut[1] = false;
    await pass(400);
    expect(path).toBe(old);
    expect(robot.state.value.at).toBe('driven');
    expect(pilot.state.value.at).toBe('watching');
    expect(board.moving).toBe(false);
    await driveForward();
  });

  it('a hand that was read too long ago is off', async () => {
    await driveForward();
    sampleAgeMs = 151;
    await pass(60);
    expect(board.moving).toBe(false);
    sampleAgeMs = 0;
    sleptMs = 0;
    await pass(100);
    expect(board.moving).toBe(false);
  });

  it('a second pilot sees who drives, asks, and is let by the driver', async () => {
    await driveForward();
    const second = await newPilot('visit-2');
    await pass(200);
    expect(second.state.value).toEqual({ at: 'watching', because: 'lease' });
    expect(second.driver.value).toBe('Anna');
    expect(second.arm()).toBe('lease');
    second.ask();
    await pass(50);
    expect(second.asks.value).toBe(true);
    expect(robot.company.value.map(({ drives, asks }) => [drives, asks])).toEqual([
      [true, false],
      [false, true],
    ]);
    const [asker] = pilot.askers.value;
    expect(asker).toMatchObject({ name: 'Anna' });
    pilot.take();
    second.give(asker!.seat);
    await pass(50);
    expect(board.moving).toBe(true);
    pilot.give(asker!.seat);
    await pass(30);
    expect(board.moving).toBe(false);
    expect(second.leads.value).toBe(true);
    expect(pilot.state.value).toEqual({ at: 'watching', because: 'lease' });
    await pass(300);
    // Both sticks are pushed, and nobody has armed.
    expect(board.moving).toBe(false);
    robot.giveTo('visit-1');
    await pass(50);
    expect(pilot.leads.value).toBe(true);
    expect(second.leads.value).toBe(false);
    second.close();
  });

  it('who asked has the lease when the driver goes', async () => {
    const second = await newPilot('visit-2');
    await pass(100);
    second.ask();
    await pass(50);
    pilot.close();
    await pass(50);
    expect(second.leads.value).toBe(true);
    second.close();
  });

  it('bytes that make no sense are counted and move nothing', async () => {
    await driveForward();
    hand = NEUTRAL;
    await pass(60);
    const before = robot.refusedFrames.value;
    for (const bytes of [[], [1], Array.from({ length: 28 }, () => 255), Array.from({ length: 300 }, () => 7)]) {
      path.ends[0].control.send(new Uint8Array(bytes));
      path.ends[0].messages.send(new Uint8Array(bytes));
    }
    await pass(60);
    expect(robot.refusedFrames.value).toBe(before + 8);
    expect(board.moving).toBe(false);
  });
});
