/** Holds the control frame to its golden vectors and to any bytes at all. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNewer } from '../../../src/core/sequence.ts';
import { type ControlFrame, decodeControl, encodeControl, NO_PICTURE } from '../../../src/protocol/control-frame.ts';
import vectors from '../../../src/protocol/vectors/control-frame.json' with { type: 'json' };

const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

const axis = fc.double({ min: -1, max: 1, noNaN: true });
const trigger = fc.double({ min: 0, max: 1, noNaN: true });
const u16 = fc.integer({ min: 0, max: 0xffff });
const frames: fc.Arbitrary<ControlFrame> = fc.record({
  epoch: u16,
  sequence: u16,
  sampledAtMs: fc.integer({ min: 0, max: 0xffffffff }),
  pictureAgeMs: u16,
  enabled: fc.boolean(),
  stop: fc.boolean(),
  gamepad: fc.record({
    axes: fc.tuple(axis, axis, axis, axis),
    buttons: fc.integer({ min: 0, max: 0x1ffff }),
    triggers: fc.tuple(trigger, trigger),
  }),
});

function decoded(bytes: Uint8Array): ControlFrame {
  const result = decodeControl(bytes);
  if (!result.ok) throw new Error(result.reason);
  return result.value;
}

describe('control frame', () => {
  it.each(vectors.accepted)('golden: $name', ({ hex, frame }) => {
    expect(decodeControl(bytesOf(hex))).toEqual({ ok: true, value: frame });
    expect(hexOf(encodeControl(frame as unknown as ControlFrame))).toBe(hex);
  });

  it.each(vectors.refused)('refused: $name', ({ hex }) => {
    expect(decodeControl(bytesOf(hex)).ok).toBe(false);
  });

  it('is at most 32 bytes', () => {
    fc.assert(fc.property(frames, (frame) => encodeControl(frame).length <= 32));
  });

  it('comes back as it went, within a step of the wire', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        const back = decoded(encodeControl(frame));
        const { gamepad, ...rest } = frame;
        expect(back).toMatchObject(rest);
        expect(back.gamepad.buttons).toBe(gamepad.buttons);
        gamepad.axes.forEach((value, i) => {
          expect(Math.abs(back.gamepad.axes[i]! - value)).toBeLessThanOrEqual(0.5 / 32767 + 1e-12);
        });
        gamepad.triggers.forEach((value, i) => {
          expect(Math.abs(back.gamepad.triggers[i]! - value)).toBeLessThanOrEqual(0.5 / 65535 + 1e-12);
        });
      }),
    );
  });

  it('never throws on any bytes, and what it accepts encodes to the same bytes', () => {
    const likely = fc
      .tuple(fc.constantFrom(1, 0, 2), fc.integer({ min: 0, max: 7 }), fc.uint8Array({ minLength: 26, maxLength: 26 }))
      .map(([version, flags, rest]) => {
        // Most random button words are out of range: keep the upper bytes small.
        rest[20] = rest[20]! & 3;
        rest[21] = 0;
        return new Uint8Array([version, flags, ...rest]);
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 64 }), likely), (bytes) => {
        const result = decodeControl(bytes);
        if (!result.ok) return;
        expect(hexOf(encodeControl(result.value))).toBe(hexOf(bytes));
        for (const value of [...result.value.gamepad.axes, ...result.value.gamepad.triggers]) {
          expect(Math.abs(value)).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('reads a frame that lies inside a larger buffer', () => {
    const { hex, frame } = vectors.accepted[2]!;
    const around = new Uint8Array([9, 9, 9, ...bytesOf(hex), 9]);
    expect(decoded(around.subarray(3, 31))).toEqual(frame);
  });

  it('clamps what is out of range and rests what is no number', () => {
    const back = decoded(
      encodeControl({
        epoch: 0x1_0001,
        sequence: 0x1_0002,
        sampledAtMs: 2 ** 32 + 5.7,
        pictureAgeMs: Number.NaN,
        enabled: true,
        stop: false,
        gamepad: { axes: [2, -9, Number.NaN, Number.POSITIVE_INFINITY], buttons: -1, triggers: [-3, 7] },
      }),
    );
    expect(back).toEqual({
      epoch: 1,
      sequence: 2,
      sampledAtMs: 5,
      pictureAgeMs: NO_PICTURE,
      enabled: true,
      stop: false,
      gamepad: { axes: [1, -1, 0, 1], buttons: 0x1ffff, triggers: [0, 1] },
    });
  });
});

describe('sequence', () => {
  it('knows the newer of two, also past the wrap', () => {
    expect(isNewer(2, 1)).toBe(true);
    expect(isNewer(1, 2)).toBe(false);
    expect(isNewer(7, 7)).toBe(false);
    expect(isNewer(0, 0xffff)).toBe(true);
    expect(isNewer(0xffff, 0)).toBe(false);
    expect(isNewer(0x8000, 0)).toBe(false);
    expect(isNewer(0, 0x8000)).toBe(false);
  });

  it('holds wherever on the circle: b is followed by the next 32767', () => {
    fc.assert(
      fc.property(u16, fc.integer({ min: 1, max: 0x7fff }), (b, ahead) => {
        const a = (b + ahead) & 0xffff;
        return isNewer(a, b) && !isNewer(b, a);
      }),
    );
  });
});
