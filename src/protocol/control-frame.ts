/** The pilot's frame on the `control` channel: bytes in, meaning out; knows neither pilot nor robot. */
import type { Decoded } from '../core/fault.ts';
import type { GamepadState } from '../core/gamepad-state.ts';

export type ControlFrame = {
  /** Of the lease it claims, u16. */
  readonly epoch: number;
  /** u16, wraps. */
  readonly sequence: number;
  /** Pilot's monotonic clock at the gamepad sample, not at the sending; u32 ms, wraps. */
  readonly sampledAtMs: number;
  /** Age of the last painted picture at that sample, u16 ms; 65535: no picture. */
  readonly pictureAgeMs: number;
  /** The hand is on: armed, seen, held. */
  readonly enabled: boolean;
  /** E-stop, in every frame until acknowledged. */
  readonly stop: boolean;
  readonly gamepad: GamepadState;
};

export const NO_PICTURE = 65535;

const VERSION = 1;
const BYTES = 28;
const FLAG_ENABLED = 1;
const FLAG_STOP = 2;
const FLAGS_USED = FLAG_ENABLED | FLAG_STOP;
/** The standard mapping has 17 buttons. */
const BUTTONS_USED = 0x1ffff;
const AXIS_FULL = 32767;
const TRIGGER_FULL = 65535;

/** 28 bytes, little-endian, laid out as docs/WIRE.md says. Values out of range are clamped, and what is no number rests. */
export function encodeControl(frame: ControlFrame): Uint8Array<ArrayBuffer> {
  const { axes, buttons, triggers } = frame.gamepad;
  const bytes = new Uint8Array(BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, VERSION);
  view.setUint8(1, (frame.enabled ? FLAG_ENABLED : 0) | (frame.stop ? FLAG_STOP : 0));
  view.setUint16(2, frame.epoch, true);
  view.setUint16(4, frame.sequence, true);
  view.setUint32(6, frame.sampledAtMs, true);
  view.setUint16(10, pictureAge(frame.pictureAgeMs), true);
  for (let i = 0; i < 4; i++) view.setInt16(12 + 2 * i, scaled(axes[i] ?? 0, -1, AXIS_FULL), true);
  view.setUint32(20, buttons & BUTTONS_USED, true);
  for (let i = 0; i < 2; i++) view.setUint16(24 + 2 * i, scaled(triggers[i] ?? 0, 0, TRIGGER_FULL), true);
  return bytes;
}

/** Refuses another length or version, unknown flags or buttons, and an axis of −32768. Never throws. */
export function decodeControl(bytes: Uint8Array): Decoded<ControlFrame> {
  if (bytes.length !== BYTES) return { ok: false, reason: `${bytes.length} bytes, not ${BYTES}` };
  const view = new DataView(bytes.buffer, bytes.byteOffset, BYTES);
  const version = view.getUint8(0);
  if (version !== VERSION) return { ok: false, reason: `version ${version}` };
  const flags = view.getUint8(1);
  if (flags & ~FLAGS_USED) return { ok: false, reason: `flags ${flags}` };
  const buttons = view.getUint32(20, true);
  if (buttons > BUTTONS_USED) return { ok: false, reason: `buttons ${buttons}` };
  const axis = (i: number) => view.getInt16(12 + 2 * i, true) / AXIS_FULL;
  const axes = [axis(0), axis(1), axis(2), axis(3)] as const;
  if (axes.some((value) => value < -1)) return { ok: false, reason: 'axis out of range' };
  return {
    ok: true,
    value: {
      epoch: view.getUint16(2, true),
      sequence: view.getUint16(4, true),
      sampledAtMs: view.getUint32(6, true),
      pictureAgeMs: view.getUint16(10, true),
      enabled: (flags & FLAG_ENABLED) !== 0,
      stop: (flags & FLAG_STOP) !== 0,
      gamepad: {
        axes,
        buttons,
        triggers: [view.getUint16(24, true) / TRIGGER_FULL, view.getUint16(26, true) / TRIGGER_FULL],
      },
    },
  };
}

function scaled(value: number, least: number, full: number): number {
  return Number.isNaN(value) ? 0 : Math.round(Math.min(1, Math.max(least, value)) * full);
}

/** An age that is no number, or negative, is no picture: who can't tell can't see. */
function pictureAge(ageMs: number): number {
  return ageMs >= 0 ? Math.min(NO_PICTURE, Math.round(ageMs)) : NO_PICTURE;
}
