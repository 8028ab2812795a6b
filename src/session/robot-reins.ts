/** Turns the pilot's frames into motion and answers with reports, for one lease at a time; knows neither boards' wires nor elements. */
import { type ReadonlySignal, signal } from '@preact/signals-core';
import type { Board } from '../board/driver.ts';
import { noBatteryWatch, watchBattery } from '../control/battery.ts';
import type { DriveSettings } from '../control/drive-settings.ts';
import {
  cleared,
  disarmed,
  type Failsafe,
  failsafeFor,
  halted,
  heard,
  type Verdict,
  waited,
} from '../control/failsafe.ts';
import { type FrameAge, frameAge, noFrameAge } from '../control/frame-age.ts';
import { type Governor, governed, ungoverned } from '../control/governor.ts';
import { mix } from '../control/mixer.ts';
import type { Clock } from '../core/clock.ts';
import { type Motion, STILL } from '../core/motion.ts';
import type { Channel } from '../net/link.ts';
import { decodeControl } from '../protocol/control-frame.ts';
import { encodeReport, type FailsafeState } from '../protocol/report-frame.ts';

/** How often silence is looked for: motors are told zero at most this long after the 150 ms of patience. */
const WATCH_EVERY_MS = 10;
/** Reports also go out when nothing came, so that the pilot notices a dead path and not a resting hand. */
const REPORT_AT_LEAST_EVERY_MS = 100;
/** The wall clock moves ahead of the page's own while the device sleeps, and what waited meanwhile looks young afterwards. */
const SLEPT_OVER_MS = 1_000;

export type Reins = {
  readonly failsafe: ReadonlySignal<FailsafeState>;
  readonly stoppedBy: ReadonlySignal<string | undefined>;
  readonly told: ReadonlySignal<Motion>;
  readonly speedCap: ReadonlySignal<number>;
  readonly loopDelayMs: ReadonlySignal<number | undefined>;
  readonly batteryLow: ReadonlySignal<boolean>;
  /** Frames that were malformed, late, out of turn or of another lease. */
  readonly refused: ReadonlySignal<number>;
  /** Hands the reins to whoever sends frames of `epoch` on this channel, until `signal` aborts. `heard`: with each frame that counts. */
  give(epoch: number, name: string, control: Channel, heard: () => void, signal: AbortSignal): void;
  /** Tells an onlooker how it goes, ten times a second, and heeds nothing but their stop. `heard`: with each frame. */
  heed(name: string, control: Channel, heard: () => void, signal: AbortSignal): void;
  /** Latches the stop, whoever drives. */
  stop(by: string): void;
  clearStop(): void;
  /** Wheels off until the sticks were at rest again. */
  disarm(): void;
};

export function holdReins(given: {
  readonly clock: Clock;
  readonly board: () => Board | undefined;
  readonly drive: () => DriveSettings;
  /** Whether the robot's page may drive at all: visible and awake. */
  readonly awake: () => boolean;
  /** The path's own round trip in milliseconds. */
  readonly pathRoundTripMs: () => number | undefined;
  /** Wall-clock milliseconds. */
  readonly today: () => number;
  /** This device slept, or its wall clock was set: frames of the lease are of an unknown age. */
  readonly slept: () => void;
  /** A pilot's frame latched the stop. */
  readonly stopped: () => void;
  readonly signal: AbortSignal;
}): Reins {
  const { clock } = given;
  const failsafe = signal<FailsafeState>('disarmed');
  const stoppedBy = signal<string | undefined>(undefined);
  const told = signal<Motion>(STILL);
  const speedCap = signal(ungoverned().cap);
  const loopDelayMs = signal<number | undefined>(undefined);
  const refused = signal(0);
  const batteryLow = signal(false);
  let now: Failsafe = failsafeFor(0);
  let ages: FrameAge = noFrameAge();
  let agedOn: Channel | undefined;
  let governor: Governor = ungoverned();
  let asleepMs = given.today() - clock.now();
  let battery = noBatteryWatch();

  const boardReady = () => given.board()?.state.peek().at === 'ready';

  const obey = (verdict: Verdict) => {
    const before = failsafe.peek();
    now = verdict.next;
    failsafe.value = verdict.state;
    const board = given.board();
    if (verdict.gamepad && boardReady() && given.awake() && !battery.low) {
      // Only a frame moves: passing time never repeats a command, or it would keep the board awake on its own account.
      if (!verdict.accepted) return;
      // The frame that arms carries neutral sticks, but a worn stick rests beside the middle: the board arms on zero only.
      const motion = before === 'driving' ? mix(verdict.gamepad, given.drive(), speedCap.peek()) : STILL;
      board?.drive(motion, verdict.gamepad);
      told.value = motion;
      return;
    }
    if (verdict.gamepad) {
      now = disarmed(now);
      failsafe.value = 'disarmed';
    }
    if (before === 'driving') board?.stop();
    told.value = STILL;
  };

  const haveSlept = () => {
    const beforeMs = asleepMs;
    asleepMs = given.today() - clock.now();
    if (Math.abs(asleepMs - beforeMs) <= SLEPT_OVER_MS) return false;
    obey(waited(disarmed(now), clock.now()));
    agedOn = undefined;
    given.slept();
    return true;
  };
  const halt = (by: string) => {
    if (stoppedBy.peek() !== undefined) return;
    stoppedBy.value = by;
    given.board()?.latch();
    given.stopped();
  };

  const watch = () => {
    haveSlept();
    battery = watchBattery(battery, given.board()?.batteryMv.peek(), given.drive().lowBatteryMv, clock.now());
    batteryLow.value = battery.low;
    obey(waited(now, clock.now()));
  };
  clock.every(WATCH_EVERY_MS, watch, given.signal);

  const report = (echoSequence: number | undefined, heldMs: number) =>
    encodeReport({
      echoSequence,
      heldMs,
      left: told.peek().left,
      right: told.peek().right,
      failsafe: failsafe.peek(),
      boardReady: boardReady(),
      speedCap: speedCap.peek(),
      batteryMv: given.board()?.batteryMv.peek(),
    });

  return {
    failsafe,
    stoppedBy,
    told,
    speedCap,
    loopDelayMs,
    batteryLow,
    refused,
    give(epoch, name, control, heardOne, life) {
      now = failsafeFor(epoch, stoppedBy.peek() !== undefined);
      // What is known of a path outlives a lease: a queue that stands on it must not become the measure of the next.
      if (agedOn !== control) ages = noFrameAge();
      agedOn = control;
      governor = ungoverned();
      speedCap.value = governor.cap;
      let echoSequence: number | undefined;
      let echoAtMs = 0;
      let reportedAtMs = Number.NEGATIVE_INFINITY;

      const answer = () => {
        reportedAtMs = clock.now();
        control.send(report(echoSequence, echoSequence === undefined ? 0 : reportedAtMs - echoAtMs));
      };

      control.receive((bytes) => {
        if (haveSlept()) return;
        const nowMs = clock.now();
        const decoded = decodeControl(bytes);
        if (!decoded.ok) {
          refused.value++;
          return;
        }
        const frame = decoded.value;
        // A hand on STOP is heeded whatever else is wrong with its frame.
        if (frame.stop) {
          halt(name);
          now = halted(now);
        }
        const roundTripMs = given.pathRoundTripMs();
        const aged = frameAge(ages, frame.sampledAtMs, nowMs, roundTripMs);
        ages = aged.next;
        const verdict = heard(now, frame, aged.ageMs, nowMs);
        if (verdict.accepted) {
          heardOne();
          echoSequence = frame.sequence;
          echoAtMs = nowMs;
          // Without the way back it is no loop yet: the governor then allows half.
          loopDelayMs.value = roundTripMs === undefined ? undefined : aged.ageMs + roundTripMs / 2;
          governor = governed(governor, loopDelayMs.peek());
          speedCap.value = governor.cap;
        } else {
          refused.value++;
        }
        obey(verdict);
        if (verdict.accepted || verdict.state === 'stopped') answer();
      }, life);
      clock.every(
        WATCH_EVERY_MS,
        () => {
          if (clock.now() - reportedAtMs >= REPORT_AT_LEAST_EVERY_MS) answer();
        },
        life,
      );
      life.addEventListener(
        'abort',
        () => {
          // Only the newest holder may end the drive: an old link that dies late must not stop the new one.
          if (now.epoch !== epoch) return;
          now = failsafeFor(0, stoppedBy.peek() !== undefined);
          obey(waited(now, clock.now()));
        },
        { once: true },
      );
    },
    heed(name, control, heardOne, life) {
      control.receive((bytes) => {
        const decoded = decodeControl(bytes);
        if (!decoded.ok) {
          refused.value++;
          return;
        }
        heardOne();
        if (!decoded.value.stop) return;
        halt(name);
        obey(waited(halted(now), clock.now()));
      }, life);
      clock.every(REPORT_AT_LEAST_EVERY_MS, () => control.send(report(undefined, 0)), life);
    },
    stop(by) {
      halt(by);
      // Said again while it is latched: the board may not have heard it.
      given.board()?.latch();
      obey(waited(halted(now), clock.now()));
    },
    clearStop() {
      if (stoppedBy.peek() === undefined) return;
      stoppedBy.value = undefined;
      given.board()?.unlatch();
      obey(waited(cleared(now), clock.now()));
    },
    disarm() {
      obey(waited(disarmed(now), clock.now()));
    },
  };
}
