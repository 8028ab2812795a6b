/** The robot's frame on the `control` channel: the echo that measures delay, and what the motors were told. */
import type { Decoded } from '../core/fault.ts';

/** Why the wheels may or may not turn, as the robot sees it. */
export type FailsafeState = 'disarmed' | 'driving' | 'silent' | 'stale' | 'blind' | 'stopped';

export type ReportFrame = {
  /** Newest control frame heard, u16; undefined before the first. */
  readonly echoSequence: number | undefined;
  /** How long the robot held it before this report, u16 ms, saturating. */
  readonly heldMs: number;
  /** Wheel power last told to the board, −1…1. */
  readonly left: number;
  readonly right: number;
  readonly failsafe: FailsafeState;
  readonly boardReady: boolean;
  /** 0…1, the governor's word. */
  readonly speedCap: number;
  /** u16 mV; undefined where the board does not say. */
  readonly batteryMv: number | undefined;
};

const VERSION = 1;
const BYTES = 14;
const FLAG_ECHO = 1;
const FLAG_BOARD = 2;
const FLAG_BATTERY = 4;
const FLAGS_USED = FLAG_ECHO | FLAG_BOARD | FLAG_BATTERY;
/** Their places are their numbers on the wire. */
const STATES: readonly FailsafeState[] = ['disarmed', 'driving', 'silent', 'stale', 'blind', 'stopped'];
const POWER_FULL = 32767;
const CAP_FULL = 255;

/** 14 bytes, little-endian, laid out as docs/WIRE.md says. Values out of range are clamped, and what is no number is 0. */
export function encodeReport(frame: ReportFrame): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(BYTES);
  const view = new DataView(bytes.buffer);
  const { echoSequence, batteryMv } = frame;
  const echo = echoSequence === undefined ? 0 : FLAG_ECHO;
  const battery = batteryMv === undefined ? 0 : FLAG_BATTERY;
  view.setUint8(0, VERSION);
  view.setUint8(1, echo | (frame.boardReady ? FLAG_BOARD : 0) | battery);
  view.setUint8(2, STATES.indexOf(frame.failsafe));
  view.setUint8(3, scaled(frame.speedCap, 0, 1, CAP_FULL));
  view.setUint16(4, echoSequence ?? 0, true);
  view.setUint16(6, scaled(frame.heldMs, 0, 0xffff, 1), true);
  view.setInt16(8, scaled(frame.left, -1, 1, POWER_FULL), true);
  view.setInt16(10, scaled(frame.right, -1, 1, POWER_FULL), true);
  view.setUint16(12, scaled(batteryMv ?? 0, 0, 0xffff, 1), true);
  return bytes;
}

/** Refuses another length or version, unknown flags or states, a value without its flag, and a power of −32768. Never throws. */
export function decodeReport(bytes: Uint8Array): Decoded<ReportFrame> {
  if (bytes.length !== BYTES) return { ok: false, reason: `${bytes.length} bytes, not ${BYTES}` };
  const view = new DataView(bytes.buffer, bytes.byteOffset, BYTES);
  const version = view.getUint8(0);
  if (version !== VERSION) return { ok: false, reason: `version ${version}` };
  const flags = view.getUint8(1);
  if (flags & ~FLAGS_USED) return { ok: false, reason: `flags ${flags}` };
  const failsafe = STATES[view.getUint8(2)];
  if (failsafe === undefined) return { ok: false, reason: `state ${view.getUint8(2)}` };
  const echo = view.getUint16(4, true);
  if (!(flags & FLAG_ECHO) && echo !== 0) return { ok: false, reason: 'echo without its flag' };
  const battery = view.getUint16(12, true);
  if (!(flags & FLAG_BATTERY) && battery !== 0) return { ok: false, reason: 'battery without its flag' };
  const left = view.getInt16(8, true) / POWER_FULL;
  const right = view.getInt16(10, true) / POWER_FULL;
  if (left < -1 || right < -1) return { ok: false, reason: 'power out of range' };
  return {
    ok: true,
    value: {
      echoSequence: flags & FLAG_ECHO ? echo : undefined,
      heldMs: view.getUint16(6, true),
      left,
      right,
      failsafe,
      boardReady: (flags & FLAG_BOARD) !== 0,
      speedCap: view.getUint8(3) / CAP_FULL,
      batteryMv: flags & FLAG_BATTERY ? battery : undefined,
    },
  };
}

function scaled(value: number, least: number, most: number, by: number): number {
  return Number.isNaN(value) ? 0 : Math.round(Math.min(most, Math.max(least, value)) * by);
}
