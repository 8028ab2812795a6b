/** Turns what the pilot's hands do into control frames, and the robot's reports into delay; knows neither links nor elements. */
import { computed, type ReadonlySignal, signal } from '@preact/signals-core';
import type { Clock } from '../core/clock.ts';
import { type GamepadState, isNeutral, NEUTRAL, sameState } from '../core/gamepad-state.ts';
import type { InputSample } from '../input/pilot-input.ts';
import type { Channel } from '../net/link.ts';
import { encodeControl, NO_PICTURE } from '../protocol/control-frame.ts';
import { decodeReport, type ReportFrame } from '../protocol/report-frame.ts';

/** W3C gamepads are polled; 4–8 ms keeps sampling below the delay of the rest of the path. */
const SAMPLE_EVERY_MS = 5;
/** 50 frames a second while armed, so that the robot's 150 ms of patience spans seven frames. */
const FRAME_EVERY_ARMED_MS = 20;
const FRAME_EVERY_IDLE_MS = 100;
/** A robot that reports something else than driving for longer than this has stopped: going on needs arming again. */
const DOUBT_MS = 300;
/** Time for the first frames of an arming, and the report of it, to travel. */
const ARMING_TAKES_MS = 1500;
/** A changing stick may send no more than this often: a noisy one changes with every sample. */
const FRAME_AT_LEAST_MS = 4;

/** A hand that was read longer ago is not on. */
const SAMPLE_OLD_MS = 150;

export type Hands = {
  readonly epoch: number;
  readonly report: ReadonlySignal<ReportFrame | undefined>;
  readonly roundTripMs: ReadonlySignal<number | undefined>;
  /** Clock milliseconds of the last report that answers to a new frame: one that answers to none says only that half of the path lives. */
  readonly heardAtMs: () => number | undefined;
  readonly malformed: ReadonlySignal<number>;
  /** Whether frames say that the hand is on. */
  readonly armed: ReadonlySignal<boolean>;
  arm(): void;
  disarm(): void;
  /** Every frame says stop until the robot reports that it has. */
  stop(): void;
  /** Something moved: a frame may go out before the next sample is due. */
  nudge(): void;
};

export type HandsGiven = {
  readonly control: Channel;
  /** 0: the lease is somebody else's. Only a stop is heeded then. */
  readonly epoch: number;
  readonly clock: Clock;
  readonly sample: () => InputSample;
  /** Milliseconds; undefined: no picture yet. */
  readonly pictureAgeMs: () => number | undefined;
  /** Whether the page may drive at all: visible, focused, seen. */
  readonly mayDrive: () => boolean;
  readonly signal: AbortSignal;
};

/** Drives one link's `control` channel for one lease `epoch` until `signal` aborts. */
export function takeReins(given: HandsGiven): Hands {
  const { control, epoch, clock, signal: life } = given;
  const report = signal<ReportFrame | undefined>(undefined);
  const roundTripMs = signal<number | undefined>(undefined);
  const malformed = signal(0);
  const wanted = signal(false);
  const stopping = signal(false);
  const sentAtMs = new Map<number, number>();
  let sequence = 0;
  let heardAtMs: number | undefined;
  let doubtAtMs = Number.POSITIVE_INFINITY;
  let lastSentAtMs = Number.NEGATIVE_INFINITY;
  let lastState: GamepadState = NEUTRAL;
  let lastEnabled = false;

  const send = (sample: InputSample, enabled: boolean, state: GamepadState) => {
    const nowMs = clock.now();
    const pictureAgeMs = given.pictureAgeMs();
    const next = (sequence + 1) & 0xffff;
    const sent = control.send(
      encodeControl({
        epoch,
        sequence: next,
        sampledAtMs: Math.floor(sample.sampledAtMs) >>> 0,
        pictureAgeMs: pictureAgeMs === undefined ? NO_PICTURE : Math.min(NO_PICTURE - 1, Math.round(pictureAgeMs)),
        enabled,
        stop: stopping.peek(),
        gamepad: state,
      }),
    );
    if (!sent) return;
    sequence = next;
    sentAtMs.set(next, nowMs);
    sentAtMs.delete((next - 256) & 0xffff);
    lastSentAtMs = nowMs;
    lastState = state;
    lastEnabled = enabled;
  };

  const tick = () => {
    const sample = given.sample();
    const nowMs = clock.now();
    const isOld = nowMs - sample.sampledAtMs > SAMPLE_OLD_MS;
    if (wanted.peek() && (isOld || sample.gone !== undefined || !given.mayDrive())) wanted.value = false;
    if (wanted.peek() && nowMs > doubtAtMs) wanted.value = false;
    const enabled = wanted.peek() && !stopping.peek();
    const state = enabled ? sample.state : NEUTRAL;
    const changed = enabled !== lastEnabled || !sameState(state, lastState) || stopping.peek();
    const sinceMs = nowMs - lastSentAtMs;
    const dueMs = enabled || stopping.peek() ? FRAME_EVERY_ARMED_MS : FRAME_EVERY_IDLE_MS;
    if (sinceMs >= dueMs || (changed && sinceMs >= FRAME_AT_LEAST_MS)) send(sample, enabled, state);
  };
  clock.every(SAMPLE_EVERY_MS, tick, life);

  control.receive((bytes) => {
    const decoded = decodeReport(bytes);
    if (!decoded.ok) {
      malformed.value++;
      return;
    }
    const frame = decoded.value;
    const nowMs = clock.now();
    report.value = frame;
    // A robot that waits in silence is armed still, for as long as it waits.
    if (frame.failsafe === 'driving' || frame.failsafe === 'silent') doubtAtMs = Number.POSITIVE_INFINITY;
    else if (doubtAtMs === Number.POSITIVE_INFINITY) doubtAtMs = nowMs + DOUBT_MS;
    if (frame.failsafe === 'stopped') {
      stopping.value = false;
      wanted.value = false;
    }
    const sent = frame.echoSequence === undefined ? undefined : sentAtMs.get(frame.echoSequence);
    if (sent === undefined || frame.echoSequence === undefined) return;
    // Each echo counts once: a robot that hears nothing new repeats the old one.
    sentAtMs.delete(frame.echoSequence);
    heardAtMs = nowMs;
    const measuredMs = Math.max(0, nowMs - sent - frame.heldMs);
    roundTripMs.value = roundTripMs.peek() === undefined ? measuredMs : roundTripMs.peek()! * 0.8 + measuredMs * 0.2;
  }, life);

  return {
    epoch,
    report,
    roundTripMs,
    malformed,
    heardAtMs: () => heardAtMs,
    armed: computed(() => wanted.value && !stopping.value),
    arm() {
      const sample = given.sample();
      if (epoch === 0 || wanted.peek() || !isNeutral(sample.state)) return;
      // After some stops the robot wants to hear first that the hand was off.
      send(sample, false, NEUTRAL);
      wanted.value = true;
      doubtAtMs = clock.now() + ARMING_TAKES_MS;
      tick();
    },
    disarm() {
      wanted.value = false;
      tick();
    },
    stop() {
      stopping.value = true;
      wanted.value = false;
      tick();
    },
    nudge: tick,
  };
}
