/** Tells the stories of the robot page's stop: silence, age, order, blindness, e-stop, new lease. */
import { describe, expect, it } from 'vitest';
import {
  cleared,
  disarmed,
  type Failsafe,
  failsafeFor,
  halted,
  heard,
  IDLE_AFTER_MS,
  SILENT_AFTER_MS,
  waited,
} from '../../../src/control/failsafe.ts';
import { type GamepadState, NEUTRAL } from '../../../src/core/gamepad-state.ts';
import { type ControlFrame, NO_PICTURE } from '../../../src/protocol/control-frame.ts';

const EPOCH = 5;
const FORWARD: GamepadState = { axes: [0, -0.8, 0, 0], buttons: 0, triggers: [0, 0] };

function frame(sequence: number, over: Partial<ControlFrame> = {}): ControlFrame {
  const base = { epoch: EPOCH, sequence, sampledAtMs: 0, pictureAgeMs: 80, enabled: true, stop: false };
  return { ...base, gamepad: FORWARD, ...over };
}

/** Armed at 0 by frame 1, driving forward since frame 2 at 20 ms. */
function driving(): Failsafe {
  const armed = heard(failsafeFor(EPOCH), frame(1, { gamepad: NEUTRAL }), 30, 0);
  expect(armed.state).toBe('driving');
  const moving = heard(armed.next, frame(2), 30, 20);
  expect(moving.gamepad).toEqual(FORWARD);
  return moving.next;
}

describe('arming', () => {
  it('moves nothing before the first frame', () => {
    expect(waited(failsafeFor(EPOCH), 0)).toMatchObject({ state: 'disarmed', gamepad: undefined });
  });

  it('takes an enabled frame with resting sticks', () => {
    const pushed = heard(failsafeFor(EPOCH), frame(1), 10, 0);
    expect(pushed).toMatchObject({ state: 'disarmed', gamepad: undefined, accepted: true });
    const idle = heard(pushed.next, frame(2, { gamepad: NEUTRAL, enabled: false }), 10, 20);
    expect(idle.state).toBe('disarmed');
    const neutral = heard(idle.next, frame(3, { gamepad: NEUTRAL }), 10, 40);
    expect(neutral).toMatchObject({ state: 'driving', gamepad: NEUTRAL, accepted: true });
  });

  it('does not take resting sticks with a pulled trigger', () => {
    const pulled: GamepadState = { ...NEUTRAL, triggers: [0, 0.5] };
    expect(heard(failsafeFor(EPOCH), frame(1, { gamepad: pulled }), 10, 0).state).toBe('disarmed');
  });

  it('ends with the first frame that is not enabled, and starts again with resting sticks', () => {
    const off = heard(driving(), frame(3, { enabled: false }), 10, 40);
    expect(off).toMatchObject({ state: 'disarmed', gamepad: undefined });
    const pushed = heard(off.next, frame(4), 10, 60);
    expect(pushed.gamepad).toBeUndefined();
    expect(heard(pushed.next, frame(5, { gamepad: NEUTRAL }), 10, 80).state).toBe('driving');
  });

  it('can be taken back by the robot itself', () => {
    const off = disarmed(driving());
    expect(waited(off, 30)).toMatchObject({ state: 'disarmed', gamepad: undefined });
    expect(heard(off, frame(3), 10, 40).gamepad).toBeUndefined();
  });

  const rest = (sequence: number, enabled = true) => frame(sequence, { gamepad: NEUTRAL, enabled });
  it.each([
    ['the robot took it back', () => disarmed(driving())],
    ['two seconds of silence', () => waited(driving(), 2021).next],
    [
      'a picture that was lost, and two seconds of silence',
      () => heard(driving(), frame(3, { pictureAgeMs: 701 }), 10, 40).next,
    ],
    ['a STOP that was cleared before the pilot heard of it', () => cleared(halted(driving()))],
    [
      'a STOP under which they had let go, and held on again',
      () => cleared(heard(heard(halted(driving()), rest(3, false), 10, 40).next, rest(4), 10, 60).next),
    ],
  ])('wants a hand that was off after %s', (_what, ended) => {
    const stillOn = heard(ended(), rest(10), 10, 2_100);
    expect(stillOn).toMatchObject({ state: 'disarmed', gamepad: undefined, accepted: true });
    const late = heard(stillOn.next, rest(11, false), 600, 2_110);
    expect(heard(late.next, rest(12), 10, 2_120).gamepad).toBeUndefined();
    const off = heard(late.next, rest(12, false), 10, 2_120);
    expect(heard(off.next, frame(13), 10, 2_140).gamepad).toBeUndefined();
    expect(heard(off.next, rest(13), 10, 2_140).state).toBe('driving');
  });

  it('wants only sticks at rest after the pilot let go themselves, even where that came late', () => {
    const off = heard(driving(), frame(3, { enabled: false }), 400, 40).next;
    expect(heard(off, rest(4), 10, 60).state).toBe('driving');
  });
});

describe('silence', () => {
  it('holds the newest state for 150 ms and not a moment longer', () => {
    expect(SILENT_AFTER_MS).toBe(150);
    const failsafe = driving();
    expect(waited(failsafe, 170)).toMatchObject({ state: 'driving', gamepad: FORWARD, accepted: false });
    expect(waited(failsafe, 170.1)).toMatchObject({ state: 'silent', gamepad: undefined });
  });

  it('drives on when frames come back within two seconds', () => {
    const silent = waited(driving(), 1500);
    expect(silent.state).toBe('silent');
    expect(heard(silent.next, frame(3), 10, 2020)).toMatchObject({ state: 'driving', gamepad: FORWARD });
  });

  it('disarms after two seconds, whether or not anybody looked meanwhile', () => {
    expect(waited(driving(), 2021).state).toBe('disarmed');
    expect(heard(driving(), frame(3), 10, 2021)).toMatchObject({ state: 'disarmed', gamepad: undefined });
  });

  it('stops when time itself is lost', () => {
    expect(waited(driving(), Number.NaN).gamepad).toBeUndefined();
  });
});

describe('idleness', () => {
  const rest = (sequence: number, enabled = true) => frame(sequence, { gamepad: NEUTRAL, enabled });

  /** Frames at rest each 100 ms until `untilMs`, the first armed at 0. */
  function resting(untilMs: number): Failsafe {
    let { next } = heard(failsafeFor(EPOCH), rest(1), 10, 0);
    for (let atMs = 100, sequence = 2; atMs <= untilMs; atMs += 100, sequence++) {
      const verdict = heard(next, rest(sequence), 10, atMs);
      expect(verdict.state).toBe('driving');
      next = verdict.next;
    }
    return next;
  }

  it('disarms after a minute at rest, and not a moment sooner', () => {
    const idle = resting(IDLE_AFTER_MS);
    expect(waited(idle, IDLE_AFTER_MS).state).toBe('driving');
    expect(waited(idle, IDLE_AFTER_MS + 0.1)).toMatchObject({ state: 'disarmed', gamepad: undefined });
  });

  it('counts from the last push', () => {
    const pushed = heard(resting(40_000), frame(1000), 10, 40_050).next;
    let { next } = heard(pushed, rest(1001), 10, 40_100);
    for (let atMs = 40_200, sequence = 1002; atMs <= 100_100; atMs += 100, sequence++) {
      next = heard(next, rest(sequence), 10, atMs).next;
    }
    expect(waited(next, 100_100).state).toBe('driving');
    expect(waited(next, 100_101).state).toBe('disarmed');
  });

  it('does not count the time before an arming', () => {
    const off = heard(resting(50_000), rest(1000, false), 10, 50_010).next;
    const again = heard(off, rest(1001), 10, 50_020);
    expect(waited(again.next, 50_020 + SILENT_AFTER_MS).state).toBe('driving');
    expect(heard(again.next, rest(1002), 10, 50_020 + 1500)).toMatchObject({ state: 'driving' });
    expect(again.next.restingSinceMs).toBe(50_020);
  });

  it('does not arm again by itself: the hand must be off first, then on with resting sticks', () => {
    const slept = heard(resting(IDLE_AFTER_MS), rest(1000), 10, IDLE_AFTER_MS + 50);
    expect(slept).toMatchObject({ state: 'disarmed', accepted: true });
    const pushed = heard(slept.next, frame(1001), 10, IDLE_AFTER_MS + 70);
    expect(pushed.gamepad).toBeUndefined();
    const stillOn = heard(pushed.next, rest(1002), 10, IDLE_AFTER_MS + 90);
    expect(stillOn.gamepad).toBeUndefined();
    const off = heard(stillOn.next, rest(1003, false), 10, IDLE_AFTER_MS + 110);
    expect(heard(off.next, frame(1004), 10, IDLE_AFTER_MS + 130).gamepad).toBeUndefined();
    expect(heard(off.next, rest(1004), 10, IDLE_AFTER_MS + 130).state).toBe('driving');
  });

  it('is not ended by a late frame, by a stop that was cleared, or by silence', () => {
    const { next } = waited(resting(IDLE_AFTER_MS), IDLE_AFTER_MS + 1);
    const late = heard(next, rest(1000, false), 600, IDLE_AFTER_MS + 10).next;
    const longAfter = cleared(halted(waited(late, IDLE_AFTER_MS + 5_000).next));
    expect(heard(longAfter, rest(1001), 10, IDLE_AFTER_MS + 5_010).state).toBe('disarmed');
  });

  it('ends with the lease', () => {
    const fresh = failsafeFor(EPOCH + 1);
    expect(heard(fresh, { ...rest(1), epoch: EPOCH + 1 }, 10, 0).state).toBe('driving');
  });
});

describe('order and age', () => {
  it('refuses what is not newer, and drives on with what it has', () => {
    const old: GamepadState = { ...FORWARD, axes: [1, 0, 0, 0] };
    for (const sequence of [2, 1, 0, 2 - 0x8000 + 0x10000]) {
      const verdict = heard(driving(), frame(sequence, { gamepad: old }), 10, 40);
      expect(verdict).toMatchObject({ accepted: false, refused: 'sequence', gamepad: FORWARD });
    }
  });

  it('goes on past the wrap of the sequence', () => {
    const before = heard(failsafeFor(EPOCH), frame(0xffff, { gamepad: NEUTRAL }), 10, 0);
    expect(heard(before.next, frame(0), 10, 20)).toMatchObject({ accepted: true, gamepad: FORWARD });
  });

  it('refuses a frame older than 250 ms, which does not feed it either', () => {
    expect(heard(driving(), frame(3), 250, 40).accepted).toBe(true);
    const late = heard(driving(), frame(3), 250.1, 40);
    expect(late).toMatchObject({ accepted: false, refused: 'age', state: 'driving' });
    expect(waited(late.next, 171)).toMatchObject({ state: 'stale', gamepad: undefined });
    expect(waited(late.next, 191).state).toBe('silent');
  });

  it('lets a late frame end the drive but not steer it', () => {
    const late = heard(driving(), frame(3, { enabled: false }), 400, 40);
    expect(late).toMatchObject({ accepted: false, refused: 'age', state: 'disarmed', gamepad: undefined });
  });

  it('says stale while frames come, all of them late', () => {
    let { next } = waited(failsafeFor(EPOCH), 0);
    for (let i = 1; i < 50; i++) {
      const verdict = heard(next, frame(i, { gamepad: NEUTRAL }), 600, i * 20);
      expect(verdict).toMatchObject({ state: 'stale', gamepad: undefined });
      next = verdict.next;
    }
  });

  it('refuses an age that is no number', () => {
    expect(heard(failsafeFor(EPOCH), frame(1, { gamepad: NEUTRAL }), Number.NaN, 0).refused).toBe('age');
  });
});

describe('picture', () => {
  it('up to 700 ms old is seen, older or none is blind until the sticks rest', () => {
    expect(heard(driving(), frame(3, { pictureAgeMs: 700 }), 10, 40).state).toBe('driving');
    for (const pictureAgeMs of [701, NO_PICTURE]) {
      const blind = heard(driving(), frame(3, { pictureAgeMs }), 10, 40);
      expect(blind).toMatchObject({ state: 'blind', gamepad: undefined, accepted: true });
      expect(waited(blind.next, 50).state).toBe('blind');
      const seenAgain = heard(blind.next, frame(4), 10, 60);
      expect(seenAgain).toMatchObject({ state: 'disarmed', gamepad: undefined });
      expect(heard(seenAgain.next, frame(5, { gamepad: NEUTRAL }), 10, 80).state).toBe('driving');
    }
  });

  it('is not called blind by who does not want to drive', () => {
    const idle = frame(1, { enabled: false, pictureAgeMs: NO_PICTURE });
    expect(heard(failsafeFor(EPOCH), idle, 10, 0).state).toBe('disarmed');
  });
});

describe('e-stop', () => {
  it('latches from a fresh, a late and an overtaken frame', () => {
    for (const [sequence, ageMs] of [
      [3, 10],
      [3, 9000],
      [1, 10],
    ] as const) {
      const verdict = heard(driving(), frame(sequence, { stop: true }), ageMs, 40);
      expect(verdict).toMatchObject({ state: 'stopped', gamepad: undefined });
      expect(waited(verdict.next, 60_000).state).toBe('stopped');
    }
  });

  it('does not latch from another lease', () => {
    expect(heard(driving(), frame(3, { stop: true, epoch: EPOCH - 1 }), 10, 40).state).toBe('driving');
  });

  it('holds against resting sticks, and clearing does not arm', () => {
    const stopped = heard(halted(driving()), frame(3, { gamepad: NEUTRAL }), 10, 40);
    expect(stopped).toMatchObject({ state: 'stopped', gamepad: undefined, accepted: true });
    const clear = cleared(stopped.next);
    expect(waited(clear, 41)).toMatchObject({ state: 'disarmed', gamepad: undefined });
    const pushed = heard(clear, frame(4), 10, 60);
    expect(pushed.gamepad).toBeUndefined();
    const rests = heard(pushed.next, frame(5, { gamepad: NEUTRAL }), 10, 80);
    expect(rests).toMatchObject({ state: 'disarmed', gamepad: undefined });
    const off = heard(rests.next, frame(6, { gamepad: NEUTRAL, enabled: false }), 10, 100);
    expect(heard(off.next, frame(7, { gamepad: NEUTRAL }), 10, 120).state).toBe('driving');
  });

  it('outlives the lease', () => {
    const next = failsafeFor(EPOCH + 1, true);
    const verdict = heard(next, frame(1, { epoch: EPOCH + 1, gamepad: NEUTRAL }), 10, 0);
    expect(verdict).toMatchObject({ state: 'stopped', gamepad: undefined });
  });
});

describe('lease', () => {
  it('hears no other epoch, and nobody under the number 0', () => {
    const other = heard(failsafeFor(EPOCH), frame(1, { epoch: EPOCH + 1, gamepad: NEUTRAL }), 10, 0);
    expect(other).toMatchObject({ refused: 'epoch', accepted: false, state: 'disarmed' });
    const nobody = heard(failsafeFor(0), frame(1, { epoch: 0, gamepad: NEUTRAL }), 10, 0);
    expect(nobody).toMatchObject({ refused: 'epoch', accepted: false, state: 'disarmed' });
  });

  it('starts afresh: resting sticks first, and any sequence', () => {
    const next = failsafeFor(EPOCH + 1);
    const pushed = heard(next, frame(1, { epoch: EPOCH + 1 }), 10, 40);
    expect(pushed).toMatchObject({ accepted: true, state: 'disarmed', gamepad: undefined });
  });
});
