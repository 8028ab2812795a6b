/** What one frame after the other does to the reins: echoes, speed, STOP said again, and a device that slept. */
import { beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_DRIVE } from '../../../src/control/drive-settings.ts';
import { type GamepadState, NEUTRAL } from '../../../src/core/gamepad-state.ts';
import type { Channel } from '../../../src/net/link.ts';
import { type ControlFrame, encodeControl, NO_PICTURE } from '../../../src/protocol/control-frame.ts';
import { decodeReport, type ReportFrame } from '../../../src/protocol/report-frame.ts';
import { holdReins, type Reins } from '../../../src/session/robot-reins.ts';
import { FakeClock } from '../../fake-clock.ts';
import { MemoryBoard } from '../../memory-board.ts';

const EPOCH = 4;
const FORWARD: GamepadState = { ...NEUTRAL, axes: [0, -1, 0, 0] };

/** The robot's end of a `control` channel, and what a pilot says and hears on the other. */
class Wire implements Channel {
  readonly heard: ReportFrame[] = [];
  #got: ((bytes: Uint8Array<ArrayBuffer>) => void) | undefined;
  #sequence = 0;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  send(bytes: Uint8Array<ArrayBuffer>): boolean {
    const decoded = decodeReport(bytes);
    if (decoded.ok) this.heard.push(decoded.value);
    return true;
  }
  receive(got: (bytes: Uint8Array<ArrayBuffer>) => void, signal: AbortSignal): void {
    this.#got = got;
    signal.addEventListener('abort', () => {
      if (this.#got === got) this.#got = undefined;
    });
  }
  /** Returns the sequence of the frame. */
  says(more: Partial<ControlFrame> & { readonly ageMs?: number } = {}): number {
    const { ageMs = 0, ...frame } = more;
    const sequence = frame.sequence ?? ++this.#sequence;
    this.#sequence = sequence;
    const sampledAtMs = (this.#clock.now() - ageMs) >>> 0;
    const base = { epoch: EPOCH, pictureAgeMs: 20, enabled: true, stop: false, gamepad: NEUTRAL };
    this.#got?.(encodeControl({ ...base, sampledAtMs, ...frame, sequence }));
    return sequence;
  }
  get last(): ReportFrame | undefined {
    return this.heard.at(-1);
  }
}

describe('the reins', () => {
  let clock: FakeClock;
  let board: MemoryBoard;
  let reins: Reins;
  let wire: Wire;
  let lease: AbortController;
  let roundTripMs: number | undefined;
  let sleptMs: number;
  let stops: number;

  const give = (epoch = EPOCH) => {
    lease.abort();
    lease = new AbortController();
    reins.give(epoch, 'Anna', wire, () => {}, lease.signal);
  };
  const pass = (ms: number, says?: () => void) => {
    for (let i = 0; i < ms; i += 20) {
      clock.pass(20);
      says?.();
    }
  };

  beforeEach(() => {
    clock = new FakeClock();
    clock.pass(10_000);
    board = new MemoryBoard();
    wire = new Wire(clock);
    lease = new AbortController();
    roundTripMs = 40;
    sleptMs = 0;
    stops = 0;
    reins = holdReins({
      clock,
      board: () => board,
      drive: () => DEFAULT_DRIVE,
      awake: () => true,
      pathRoundTripMs: () => roundTripMs,
      today: () => clock.now() + sleptMs,
      slept: () => give(EPOCH + 1),
      stopped: () => stops++,
      signal: new AbortController().signal,
    });
    give();
  });

  describe('echo', () => {
    it('the newest frame that came in turn, however old it is', () => {
      wire.says();
      expect(wire.last).toMatchObject({ echoSequence: 1, heldMs: 0 });
      wire.says({ ageMs: 900 });
      pass(100);
      expect(wire.last?.echoSequence).toBe(2);
      expect(wire.last?.heldMs).toBeGreaterThanOrEqual(80);
      expect(reins.refused.value).toBe(1);
    });

    it('none of another lease, nor one that was overtaken', () => {
      wire.says({ sequence: 7 });
      wire.says({ sequence: 6, ageMs: 900 });
      wire.says({ sequence: 900, epoch: EPOCH + 1 });
      pass(100);
      expect(wire.last?.echoSequence).toBe(7);
    });

    it('onlookers too, but not what is still on its way from a lease of theirs', () => {
      const onlooker = new Wire(clock);
      reins.heed('Ben', onlooker, () => {}, new AbortController().signal);
      pass(100);
      expect(onlooker.last?.echoSequence).toBeUndefined();
      onlooker.says({ epoch: EPOCH - 1, sequence: 500 });
      onlooker.says({ epoch: 0, sequence: 3, ageMs: 5_000 });
      pass(120);
      expect(onlooker.last?.echoSequence).toBe(3);
      expect(onlooker.last?.heldMs).toBeGreaterThan(0);
    });
  });

  describe('the speed', () => {
    const pushes = (more: Partial<ControlFrame> = {}) => pass(2_000, () => wire.says({ gamepad: FORWARD, ...more }));

    it('is all of it on a quick path with a living picture', () => {
      wire.says();
      pushes();
      expect(reins.speedCap.value).toBe(1);
      expect(reins.loopDelayMs.value).toBeCloseTo(40, 0);
    });

    it('is none for who sees an old picture, however quick the path is', () => {
      wire.says();
      pushes({ pictureAgeMs: 690 });
      expect(reins.speedCap.value).toBe(0);
      expect(reins.loopDelayMs.value).toBeGreaterThan(600);
      expect(board.moving).toBe(false);
    });

    it('is not held down by pictures that nobody drove by', () => {
      pass(5_000, () => wire.says({ enabled: false, pictureAgeMs: NO_PICTURE }));
      wire.says();
      expect(reins.speedCap.value).toBe(1);
    });

    it('is half at most before the round trip is measured, and none for an old picture all the same', () => {
      roundTripMs = undefined;
      wire.says();
      pushes();
      expect(reins.speedCap.value).toBe(0.5);
      expect(reins.loopDelayMs.value).toBeUndefined();
      pushes({ pictureAgeMs: 600 });
      expect(reins.speedCap.value).toBe(0);
    });

    it('goes on by the last round trip once it is measured no more, at half of it at most', () => {
      roundTripMs = 480;
      wire.says();
      pushes();
      expect(reins.speedCap.value).toBeCloseTo(0.04);
      roundTripMs = undefined;
      pushes();
      expect(reins.speedCap.value).toBeCloseTo(0.04);
      roundTripMs = 40;
      pass(40_000, () => wire.says({ gamepad: FORWARD }));
      roundTripMs = undefined;
      wire.says({ gamepad: FORWARD });
      expect(reins.speedCap.value).toBe(0.5);
    });
  });

  it('tell how old the newest frame is, and how far that may be off', () => {
    roundTripMs = undefined;
    wire.says();
    expect(reins.frameAge.value?.errorMs).toBe(Number.POSITIVE_INFINITY);
    roundTripMs = 80;
    wire.says();
    expect(reins.frameAge.value?.ms).toBeCloseTo(40, 0);
    expect(reins.frameAge.value?.errorMs).toBeGreaterThanOrEqual(40);
    expect(reins.frameAge.value?.errorMs).toBeLessThan(50);
  });

  describe('STOP', () => {
    const clear = () => {
      reins.clearStop();
      expect(reins.failsafe.value).toBe('disarmed');
    };

    it('is heeded in the very frame that finds the device asleep', () => {
      sleptMs = 60_000;
      wire.says({ stop: true, enabled: false });
      expect(reins.stoppedBy.value).toBe('Anna');
      expect(board.told).toContain('latch');
      expect(reins.failsafe.value).toBe('stopped');
    });

    it('that is said on and on does not latch again what was cleared, until it is pressed anew', () => {
      const saysStop = () => wire.says({ stop: true, enabled: false });
      pass(1_000, saysStop);
      expect(reins.stoppedBy.value).toBe('Anna');
      clear();
      pass(1_000, saysStop);
      expect(reins.stoppedBy.value).toBeUndefined();
      expect(stops).toBe(1);
      wire.says({ enabled: false });
      saysStop();
      expect(reins.stoppedBy.value).toBe('Anna');
      expect(stops).toBe(2);
    });

    it('that is over is reported as heeded to who still says it, and drives nobody', () => {
      pass(200, () => wire.says({ stop: true, enabled: false }));
      clear();
      wire.says({ stop: true, enabled: true });
      expect(wire.last?.failsafe).toBe('stopped');
      wire.says({ stop: true, enabled: true, gamepad: FORWARD });
      expect(board.moving).toBe(false);
      wire.says({ enabled: false });
      expect(wire.last?.failsafe).toBe('disarmed');
    });

    it('of an onlooker is held to the same', () => {
      const onlooker = new Wire(clock);
      reins.heed('Ben', onlooker, () => {}, new AbortController().signal);
      const saysStop = () => onlooker.says({ epoch: 0, stop: true, enabled: false });
      pass(400, saysStop);
      expect(reins.stoppedBy.value).toBe('Ben');
      clear();
      pass(400, saysStop);
      expect(reins.stoppedBy.value).toBeUndefined();
      expect(onlooker.last?.failsafe).toBe('stopped');
      pass(600);
      saysStop();
      expect(reins.stoppedBy.value).toBe('Ben');
    });

    it('as a word goes on at its pace, and is pressed anew out of it', () => {
      expect(reins.stop('Anna', wire)).toBe(true);
      clock.pass(300);
      clear();
      expect(reins.stop('Anna', wire)).toBe(false);
      clock.pass(300);
      expect(reins.stop('Anna', wire)).toBe(false);
      expect(reins.stoppedBy.value).toBeUndefined();
      clock.pass(100);
      expect(reins.stop('Anna', wire)).toBe(true);
      expect(reins.stoppedBy.value).toBe('Anna');
    });

    it('of another, of another link, and of the screen latches whatever went before', () => {
      const others = [() => reins.stop('Ben', new Wire(clock)), () => reins.stop('Rover')];
      for (const press of others) {
        reins.stop('Anna', wire);
        clear();
        press();
        expect(reins.stoppedBy.value).toBeDefined();
        clear();
      }
    });

    it('that was cleared leaves a hand that stayed on without a drive', () => {
      wire.says();
      pass(100, () => wire.says({ gamepad: FORWARD }));
      expect(board.moving).toBe(true);
      reins.stop('Rover');
      clear();
      pass(400, () => wire.says());
      pass(100, () => wire.says({ gamepad: FORWARD }));
      expect(board.moving).toBe(false);
      wire.says({ enabled: false });
      wire.says();
      wire.says({ gamepad: FORWARD });
      expect(board.moving).toBe(true);
    });
  });

  it('are nobody’s who kept a hand on while the device slept', () => {
    wire.says();
    wire.says({ gamepad: FORWARD });
    sleptMs = 60_000;
    clock.pass(10);
    const mine = { epoch: EPOCH + 1 };
    pass(100, () => wire.says(mine));
    expect(reins.failsafe.value).toBe('disarmed');
    wire.says({ ...mine, enabled: false });
    wire.says(mine);
    expect(reins.failsafe.value).toBe('driving');
  });
});
