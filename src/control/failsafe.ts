/** The only thing that may say "go": everything it knows comes in, everything it decides goes out. */
import { type GamepadState, isNeutral, NEUTRAL } from '../core/gamepad-state.ts';
import { isNewer } from '../core/sequence.ts';
import type { ControlFrame } from '../protocol/control-frame.ts';
import type { FailsafeState } from '../protocol/report-frame.ts';

/**
 * Without a fresh frame for longer than this the motors are told zero. Looked at every 10 ms, and with the 60 ms ramp of the board,
 * they stand 220 ms after the last fresh frame: 300 are promised, and a busy phone or a slow cable may take the rest.
 */
export const SILENT_AFTER_MS = 150;
/** After a silence longer than this the pilot arms again, with a hand that was off. */
const DISARMED_AFTER_MS = 2_000;
/** After sticks at rest for longer than this nobody is taken to be there. */
export const IDLE_AFTER_MS = 60_000;
/** An older frame is news of another moment. */
const STALE_OVER_MS = 250;
/** Who sees an older picture than this is blind. */
export const BLIND_OVER_MS = 700;

export type Failsafe = {
  /** Of the lease whose frames count, u16; 0 is nobody's. */
  readonly epoch: number;
  /** Of the newest fresh frame. */
  readonly lastSequence: number | undefined;
  readonly lastFreshAtMs: number | undefined;
  /** When a frame last came too late. */
  readonly lastStaleAtMs: number | undefined;
  readonly armed: boolean;
  /** Since when the sticks rest while armed. */
  readonly restingSinceMs: number | undefined;
  /** The robot ended the drive, not the hand: until a fresh frame is not enabled nothing arms. */
  readonly mustLetGo: boolean;
  /** The newest fresh frame wanted to drive without a picture. */
  readonly blind: boolean;
  /** Latched: only `cleared` ends it. */
  readonly stopped: boolean;
  /** Of the newest fresh frame. */
  readonly gamepad: GamepadState;
};

export type Verdict = {
  readonly next: Failsafe;
  readonly state: FailsafeState;
  /** Defined exactly while `state` is 'driving'. Undefined means zero, now. */
  readonly gamepad: GamepadState | undefined;
  /** Whether this call heard a frame that counts. */
  readonly accepted: boolean;
  /** Why a frame did not count. Its stop was heeded all the same, unless it was of another epoch. */
  readonly refused?: 'epoch' | 'sequence' | 'age';
};

/** For a new lease: disarmed, nothing heard. A latched stop outlives the lease in which it was pressed. */
export function failsafeFor(epoch: number, stopped = false): Failsafe {
  return {
    epoch,
    lastSequence: undefined,
    lastFreshAtMs: undefined,
    lastStaleAtMs: undefined,
    armed: false,
    restingSinceMs: undefined,
    mustLetGo: false,
    blind: false,
    stopped,
    gamepad: NEUTRAL,
  };
}

/** What a frame of `ageMs` changes, heard at `nowMs`. */
export function heard(failsafe: Failsafe, frame: ControlFrame, ageMs: number, nowMs: number): Verdict {
  const before = lapsed(failsafe, nowMs);
  if (frame.epoch !== before.epoch || frame.epoch === 0) return refusal(before, nowMs, 'epoch');
  const now = frame.stop ? halted(before) : before;
  if (now.lastSequence !== undefined && !isNewer(frame.sequence, now.lastSequence)) {
    return refusal(now, nowMs, 'sequence');
  }
  if (!(ageMs <= STALE_OVER_MS)) {
    // Its pushed stick is too old to obey, but a hand that let go stays let go.
    const kept = frame.enabled ? now : handOff(now);
    return refusal({ ...kept, lastStaleAtMs: nowMs }, nowMs, 'age');
  }
  const mayDrive = frame.enabled && !now.stopped;
  const seen = frame.pictureAgeMs <= BLIND_OVER_MS;
  const mustLetGo = now.mustLetGo && frame.enabled;
  const rests = isNeutral(frame.gamepad);
  const armed = mayDrive && seen && !mustLetGo && (now.armed || rests);
  return verdict(
    {
      ...now,
      lastSequence: frame.sequence,
      lastFreshAtMs: nowMs,
      armed,
      restingSinceMs: armed && rests ? (now.restingSinceMs ?? nowMs) : undefined,
      mustLetGo,
      blind: mayDrive && !seen,
      gamepad: frame.gamepad,
    },
    nowMs,
    true,
  );
}

/** What time alone changes. While driving it repeats the newest gamepad state, for 150 ms at most. */
export function waited(failsafe: Failsafe, nowMs: number): Verdict {
  return verdict(lapsed(failsafe, nowMs), nowMs, false);
}

/** Latches the stop. */
export function halted(failsafe: Failsafe): Failsafe {
  return { ...disarmed(failsafe), blind: false, stopped: true };
}

/** Ends a latched stop. The pilot lets go and arms again, with neutral sticks, also where they heard nothing of the stop. */
export function cleared(failsafe: Failsafe): Failsafe {
  return { ...disarmed(failsafe), stopped: false };
}

/** Motors off until the hand was off, and then on with neutral sticks: a hand that stays on did not mean to start. */
export function disarmed(failsafe: Failsafe): Failsafe {
  return { ...handOff(failsafe), mustLetGo: true };
}

function handOff(failsafe: Failsafe): Failsafe {
  return { ...failsafe, armed: false, restingSinceMs: undefined };
}

function lapsed(failsafe: Failsafe, nowMs: number): Failsafe {
  const { lastFreshAtMs, restingSinceMs } = failsafe;
  // Armed or not: what a hand that is on means after so long, nobody knows.
  const isGone = lastFreshAtMs !== undefined && !within(lastFreshAtMs, DISARMED_AFTER_MS, nowMs);
  const isIdle = restingSinceMs !== undefined && !within(restingSinceMs, IDLE_AFTER_MS, nowMs);
  return isGone || isIdle ? disarmed(failsafe) : failsafe;
}

function refusal(next: Failsafe, nowMs: number, refused: 'epoch' | 'sequence' | 'age'): Verdict {
  return { ...verdict(next, nowMs, false), refused };
}

function verdict(next: Failsafe, nowMs: number, accepted: boolean): Verdict {
  const state = stateOf(next, nowMs);
  return { next, state, gamepad: state === 'driving' ? next.gamepad : undefined, accepted };
}

function stateOf(failsafe: Failsafe, nowMs: number): FailsafeState {
  if (failsafe.stopped) return 'stopped';
  if (within(failsafe.lastFreshAtMs, SILENT_AFTER_MS, nowMs)) {
    if (failsafe.armed) return 'driving';
    return failsafe.blind ? 'blind' : 'disarmed';
  }
  if (within(failsafe.lastStaleAtMs, SILENT_AFTER_MS, nowMs)) return 'stale';
  return failsafe.armed ? 'silent' : 'disarmed';
}

/** False for a time that never was, and for a clock that is no number. */
function within(atMs: number | undefined, forMs: number, nowMs: number): boolean {
  return atMs !== undefined && nowMs - atMs <= forMs;
}
