/** A second opinion on a drive: remembers what is true and throws where a rule is broken; knows nothing of how the first one decides. */
import { DEFAULT_DRIVE } from '../../../src/control/drive-settings.ts';
import type { Verdict } from '../../../src/control/failsafe.ts';
import { epochOf, type Lease } from '../../../src/control/lease.ts';
import { isNeutral } from '../../../src/core/gamepad-state.ts';
import type { Motion } from '../../../src/core/motion.ts';
import type { ControlFrame } from '../../../src/protocol/control-frame.ts';

/** A frame, whose it is, of which grant they knew, and at what true time it was sampled: what no receiver knows. */
export type Sent = {
  readonly from: string;
  readonly grants: number;
  readonly sentAtMs: number;
  readonly frame: ControlFrame;
};

/** True time, and what the robot's clock shows then. */
export type Moment = { readonly trueMs: number; readonly robotMs: number };

const SILENT_MS = 150;
const GONE_MS = 2_000;
const IDLE_MS = 60_000;
const OLD_MS = 250;
const BLIND_MS = 700;
/** Two clocks of 200 ppm each, and some. */
const DRIFT = 500e-6;
/** Less than the time for which the quickest frame is remembered, and more than that for which the least round trip is. */
const SURELY_REMEMBERED_MS = 26_000;
const MAYBE_REMEMBERED_MS = 120_000;

/** `where` opens what is thrown. */
export function openBook(where: string) {
  let newest: { readonly sent: Sent; readonly at: Moment } | undefined;
  let armed = false;
  let stopped = false;
  /** The robot ended the drive, and the hand has not been off since. */
  let mustLetGo = false;
  let restsSinceMs: number | undefined;
  let grants = 0;
  let sinceMs = 0;
  let quickestMs = Number.POSITIVE_INFINITY;
  let heard: { readonly atMs: number; readonly tookMs: number; readonly tripMs: number }[] = [];
  const counted = new Set<string>();

  const demand = (holds: boolean, rule: string) => {
    if (!holds) throw new Error(`${where}: ${rule}`);
  };
  const disarm = () => {
    armed = false;
    restsSinceMs = undefined;
  };
  /** Whether one of the frames remembered took no longer than the least round trip, on which the stated error rests. */
  const isBounded = (nowMs: number) => {
    let tookMs = Number.POSITIVE_INFINITY;
    let tripMs = Number.POSITIVE_INFINITY;
    for (const each of heard) {
      tripMs = Math.min(tripMs, each.tripMs);
      if (nowMs - each.atMs < SURELY_REMEMBERED_MS) tookMs = Math.min(tookMs, each.tookMs);
    }
    return Number.isFinite(tripMs) && tookMs <= tripMs;
  };

  return {
    stopped: () => stopped,
    /** How often the lease changed. */
    grants: () => grants,
    disarm() {
      mustLetGo = true;
      disarm();
    },
    halt() {
      stopped = true;
      mustLetGo = true;
      disarm();
    },
    clear() {
      stopped = false;
      mustLetGo = true;
      disarm();
    },
    /** A new lease, or none. */
    leased(now: Moment) {
      grants++;
      newest = undefined;
      mustLetGo = false;
      quickestMs = Number.POSITIVE_INFINITY;
      heard = [];
      sinceMs = now.trueMs;
      disarm();
    },
    /** What the robot made of a frame of its lease's holder. `tripMs` is the round trip that it was told. */
    frame(
      sent: Sent,
      lease: Lease,
      now: Moment,
      told: { readonly verdict: Verdict; readonly ageMs: number; readonly errorMs: number; readonly tripMs: number },
    ) {
      const { frame } = sent;
      const { verdict, errorMs } = told;
      const tookMs = now.trueMs - sent.sentAtMs;
      quickestMs = Math.min(quickestMs, tookMs);
      heard = heard.filter(({ atMs }) => now.trueMs - atMs < MAYBE_REMEMBERED_MS);
      heard.push({ atMs: now.trueMs, tookMs, tripMs: told.tripMs });
      const isOfLease = frame.epoch !== 0 && frame.epoch === epochOf(lease, sent.from);
      if (isOfLease && frame.stop) {
        stopped = true;
        mustLetGo = true;
        disarm();
      }
      if (!verdict.accepted) {
        if (verdict.refused === 'age' && !frame.enabled) disarm();
        return;
      }
      demand(isOfLease && sent.grants === grants, 'a frame of another lease counted');
      const name = `${sent.from} ${frame.epoch} ${frame.sequence}`;
      demand(!counted.has(name), 'a frame counted twice');
      counted.add(name);
      demand(told.ageMs <= OLD_MS, 'a frame counted that was told old');
      // Whatever the round trip says, none is taken for younger than the quickest of the lease makes it.
      const driftMs = 2 * DRIFT * (now.trueMs - sinceMs) + 2;
      demand(tookMs <= OLD_MS + quickestMs + driftMs, `a frame counted that took ${tookMs} ms`);
      demand(
        !isBounded(now.trueMs) || tookMs <= OLD_MS + errorMs,
        `a frame of ${tookMs} ms, said to be off by ${errorMs}`,
      );
      newest = { sent, at: now };
      if (!frame.enabled) mustLetGo = false;
      if (!frame.enabled || stopped || mustLetGo || !(frame.pictureAgeMs <= BLIND_MS)) disarm();
      else if (!isNeutral(frame.gamepad)) restsSinceMs = undefined;
      else {
        armed = true;
        restsSinceMs ??= now.robotMs;
      }
    },
    /** Before the robot looks at its clock. Whether nobody drove for a minute. */
    wait(now: Moment): boolean {
      if (!(newest && now.robotMs - newest.at.robotMs <= GONE_MS)) {
        mustLetGo ||= newest !== undefined;
        disarm();
      }
      if (restsSinceMs === undefined || now.robotMs - restsSinceMs <= IDLE_MS) return false;
      mustLetGo = true;
      disarm();
      return true;
    },
    /** What the robot says, and the motion that follows; undefined: none. */
    judge({ gamepad, state }: Verdict, motion: Motion | undefined, cap: number, lease: Lease, now: Moment) {
      demand(cap >= 0 && cap <= 1, `a cap of ${cap}`);
      demand((state === 'stopped') === stopped, stopped ? 'a stop was forgotten' : 'a stop from nowhere');
      demand((gamepad !== undefined) === (state === 'driving'), 'it says one thing and does another');
      if (!gamepad || !motion) return;
      if (!newest) throw new Error(`${where}: moved without a frame`);
      const { frame, from } = newest.sent;
      const silentMs = now.trueMs - newest.at.trueMs;
      demand(lease.holder !== undefined, 'moved without a lease');
      demand(from === lease.holder && frame.epoch === lease.epoch, 'moved by a frame of another lease');
      demand(silentMs <= SILENT_MS * (1 + DRIFT), `moved ${silentMs} ms after the last fresh frame`);
      demand(gamepad === frame.gamepad, 'moved by another frame than the newest');
      demand(frame.enabled, 'moved without a hand');
      demand(frame.pictureAgeMs <= BLIND_MS, 'moved without a picture');
      demand(!stopped, 'moved through a stop');
      demand(armed, 'moved without an arm');
      demand(!mustLetGo, 'moved by a hand that never let go');
      const most = cap * DEFAULT_DRIVE.topSpeed + 1e-9;
      demand(Math.abs(motion.left) <= most && Math.abs(motion.right) <= most, 'moved faster than allowed');
    },
  };
}
