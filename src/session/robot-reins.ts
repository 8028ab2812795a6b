/** Turns the pilot's frames into motion and answers with reports, for one lease at a time; knows neither boards' wires nor elements. */
import { type ReadonlySignal, signal } from '@preact/signals-core';
import type { Board } from '../board/driver.ts';
import { noBatteryWatch, watchBattery } from '../control/battery.ts';
import type { DriveSettings } from '../control/drive-settings.ts';
import {
  BLIND_OVER_MS,
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
import { type Governor, governed, loopDelay, ungoverned } from '../control/governor.ts';
import { mix } from '../control/mixer.ts';
import type { Clock } from '../core/clock.ts';
import { type Motion, STILL } from '../core/motion.ts';
import type { Channel } from '../net/link.ts';
import { type ControlFrame, decodeControl } from '../protocol/control-frame.ts';
import { encodeReport, type FailsafeState } from '../protocol/report-frame.ts';
import { type Echo, keepEcho } from './robot-echo.ts';
import { keepPresses } from './robot-presses.ts';

/** How often silence is looked for: motors are told zero at most this long after the 150 ms of patience. */
const WATCH_EVERY_MS = 10;
/** Reports also go out when nothing came, so that the pilot notices a dead path and not a resting hand. */
const REPORT_AT_LEAST_EVERY_MS = 100;
/** The wall clock moves ahead of the page's own while the device sleeps, and what waited meanwhile looks young afterwards. */
const SLEPT_OVER_MS = 1_000;
/** Whose frames are no later than this is there, though too far away to drive. What is later may be replayed. */
const LATE_COUNTS_MS = 2_000;

export type Reins = {
  readonly failsafe: ReadonlySignal<FailsafeState>;
  readonly stoppedBy: ReadonlySignal<string | undefined>;
  /** Of the newest press, u16. */
  readonly stopPress: ReadonlySignal<number>;
  readonly told: ReadonlySignal<Motion>;
  readonly speedCap: ReadonlySignal<number>;
  /** From what the pilot sees to what the robot hears; undefined while the round trip is not measured. */
  readonly loopDelayMs: ReadonlySignal<number | undefined>;
  /** Of the newest frame that counted, and how far off that may be: for whoever reads it, frames are judged by `ms` alone. */
  readonly frameAge: ReadonlySignal<FrameAgeReading | undefined>;
  readonly batteryLow: ReadonlySignal<boolean>;
  /** Frames that were malformed, late, out of turn or of another lease. */
  readonly refused: ReadonlySignal<number>;
  /** Hands the reins to whoever sends frames of `epoch` on this channel, until `signal` aborts. `heard`: with each frame that counts. */
  give(epoch: number, name: string, control: Channel, heard: () => void, signal: AbortSignal): void;
  /** Tells an onlooker how it goes, ten times a second, and heeds nothing but their stop. `heard`: with each frame. */
  heed(name: string, control: Channel, heard: () => void, signal: AbortSignal): void;
  /** Latches the stop, whoever drives. False when `from` only goes on with a press that was cleared since. */
  stop(by: string, from?: Channel): boolean;
  clearStop(): void;
  /** Wheels off until the hand was off, and on again with sticks at rest. */
  disarm(): void;
};

/** `errorMs` is infinite until a round trip was measured. */
type FrameAgeReading = { readonly ms: number; readonly errorMs: number };

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
  /** The stop was latched: not called again until it was cleared. */
  readonly stopped: () => void;
  readonly signal: AbortSignal;
}): Reins {
  const { clock } = given;
  const failsafe = signal<FailsafeState>('disarmed');
  const stoppedBy = signal<string | undefined>(undefined);
  const told = signal<Motion>(STILL);
  const speedCap = signal(ungoverned().cap);
  const loopDelayMs = signal<number | undefined>(undefined);
  const frameAgeNow = signal<FrameAgeReading | undefined>(undefined);
  const presses = keepPresses(clock);
  const stopPress = signal(0);
  const refused = signal(0);
  const batteryLow = signal(false);
  let now: Failsafe = failsafeFor(0);
  let ages: FrameAge = noFrameAge();
  let agedOn: Channel | undefined;
  /** The newest measured there. */
  let roundTripMs: number | undefined;
  let governor: Governor = ungoverned();
  let asleepMs = given.today() - clock.now();
  let battery = noBatteryWatch();
  let batteryOf: Board | undefined;

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
    agedOn = undefined;
    given.slept();
    // Under the new number too: a hand that stayed on through it is a hand of before.
    obey(waited(disarmed(now), clock.now()));
    return true;
  };
  const halt = (by: string, pressed: boolean) => {
    const isLatched = stoppedBy.peek() !== undefined;
    if (isLatched && !pressed) return;
    stopPress.value = (stopPress.peek() + 1) & 0xffff;
    if (!isLatched) {
      stoppedBy.value = by;
      given.board()?.latch();
    }
    given.stopped();
  };

  /** Whether the flag is that of a press that was cleared since. A hand on STOP is heeded whatever else is wrong with its frame. */
  const heedFlag = (name: string, from: Channel, { stop }: ControlFrame) => {
    if (!stop) {
      presses.ended(from);
      return false;
    }
    const how = presses.said(from, 'flag');
    if (how === 'spent') return true;
    halt(name, how === 'pressed');
    now = halted(now);
    return false;
  };
  const govern = (frame: ControlFrame, ageMs: number, measuredMs: number | undefined) => {
    roundTripMs = measuredMs ?? roundTripMs;
    const sees = frame.enabled && frame.pictureAgeMs <= BLIND_OVER_MS;
    const delayMs = loopDelay({ ageMs, roundTripMs, pictureAgeMs: sees ? frame.pictureAgeMs : undefined });
    loopDelayMs.value = measuredMs === undefined ? undefined : delayMs;
    governor = governed(governor, delayMs, measuredMs !== undefined);
    speedCap.value = governor.cap;
  };

  const watch = () => {
    haveSlept();
    if (batteryOf !== given.board()) battery = noBatteryWatch();
    batteryOf = given.board();
    battery = watchBattery(battery, given.board()?.batteryMv.peek(), given.drive().lowBatteryMv, clock.now());
    batteryLow.value = battery.low;
    obey(waited(now, clock.now()));
  };
  clock.every(WATCH_EVERY_MS, watch, given.signal);

  /** `saysStop`: they still say a STOP that is over, and have not heard that it was heeded. */
  const report = (echo: Echo, saysStop: boolean) =>
    encodeReport({
      ...echo.now(),
      left: told.peek().left,
      right: told.peek().right,
      failsafe: saysStop ? 'stopped' : failsafe.peek(),
      boardReady: boardReady(),
      speedCap: speedCap.peek(),
      batteryMv: given.board()?.batteryMv.peek(),
    });

  return {
    failsafe,
    stoppedBy,
    stopPress,
    told,
    speedCap,
    loopDelayMs,
    frameAge: frameAgeNow,
    batteryLow,
    refused,
    give(epoch, name, control, heardOne, life) {
      now = failsafeFor(epoch, stoppedBy.peek() !== undefined);
      // What is known of a path outlives a lease: a queue that stands on it must not become the measure of the next.
      if (agedOn !== control) {
        ages = noFrameAge();
        roundTripMs = undefined;
      }
      agedOn = control;
      governor = ungoverned();
      speedCap.value = governor.cap;
      const echo = keepEcho(clock);
      let saysStop = false;
      let reportedAtMs = Number.NEGATIVE_INFINITY;

      const answer = () => {
        reportedAtMs = clock.now();
        control.send(report(echo, saysStop));
      };

      control.receive((bytes) => {
        const nowMs = clock.now();
        const decoded = decodeControl(bytes);
        if (!decoded.ok) {
          refused.value++;
          return;
        }
        saysStop = heedFlag(name, control, decoded.value);
        if (haveSlept()) return;
        // Whoever still says a STOP that is over does not drive either.
        const frame = saysStop ? { ...decoded.value, stop: false, enabled: false } : decoded.value;
        const measuredMs = given.pathRoundTripMs();
        const aged = frameAge(ages, frame.sampledAtMs, nowMs, measuredMs);
        ages = aged.next;
        const verdict = heard(now, frame, aged.ageMs, nowMs);
        // Too old to obey is still heard: the pilot must not take their own late frames for a dead path.
        if (verdict.accepted || verdict.refused === 'age') echo.hear(frame.sequence);
        const isThere = verdict.accepted || (verdict.refused === 'age' && aged.ageMs <= LATE_COUNTS_MS);
        if (isThere) heardOne();
        if (verdict.accepted) {
          frameAgeNow.value = { ms: aged.ageMs, errorMs: aged.errorMs };
          govern(frame, aged.ageMs, measuredMs);
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
      const echo = keepEcho(clock);
      let saysStop = false;
      control.receive((bytes) => {
        const decoded = decodeControl(bytes);
        if (!decoded.ok) {
          refused.value++;
          return;
        }
        heardOne();
        const frame = decoded.value;
        // Those that are still on their way from a lease of theirs count in another row.
        if (frame.epoch === 0) echo.hear(frame.sequence);
        saysStop = heedFlag(name, control, frame);
        if (frame.stop) obey(waited(now, clock.now()));
      }, life);
      clock.every(REPORT_AT_LEAST_EVERY_MS, () => control.send(report(echo, saysStop)), life);
    },
    stop(by, from) {
      const how = from ? presses.said(from, 'word') : 'pressed';
      if (how === 'spent') return false;
      halt(by, how === 'pressed');
      // Said again while it is latched: the board may not have heard it.
      given.board()?.latch();
      obey(waited(halted(now), clock.now()));
      return true;
    },
    clearStop() {
      if (stoppedBy.peek() === undefined) return;
      presses.cleared();
      stoppedBy.value = undefined;
      given.board()?.unlatch();
      obey(waited(cleared(now), clock.now()));
    },
    disarm() {
      obey(waited(disarmed(now), clock.now()));
    },
  };
}
