/** Holds the report frame to its golden vectors and to any bytes at all. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeReport,
  encodeReport,
  type FailsafeState,
  type ReportFrame,
} from '../../../src/protocol/report-frame.ts';
import vectors from '../../../src/protocol/vectors/report-frame.json' with { type: 'json' };

const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const STATES: FailsafeState[] = ['disarmed', 'driving', 'silent', 'stale', 'blind', 'stopped'];

const u16 = fc.integer({ min: 0, max: 0xffff });
const power = fc.double({ min: -1, max: 1, noNaN: true });
const frames: fc.Arbitrary<ReportFrame> = fc.record({
  echoSequence: fc.option(u16, { nil: undefined }),
  heldMs: u16,
  left: power,
  right: power,
  failsafe: fc.constantFrom(...STATES),
  boardReady: fc.boolean(),
  speedCap: fc.double({ min: 0, max: 1, noNaN: true }),
  batteryMv: fc.option(u16, { nil: undefined }),
});

describe('report frame', () => {
  it.each(vectors.accepted)('golden: $name', ({ hex, frame }) => {
    // JSON has no undefined.
    const expected = {
      ...frame,
      echoSequence: frame.echoSequence ?? undefined,
      batteryMv: frame.batteryMv ?? undefined,
    } as ReportFrame;
    expect(decodeReport(bytesOf(hex))).toEqual({ ok: true, value: expected });
    expect(hexOf(encodeReport(expected))).toBe(hex);
  });

  it.each(vectors.refused)('refused: $name', ({ hex }) => {
    expect(decodeReport(bytesOf(hex)).ok).toBe(false);
  });

  it('comes back as it went, within a step of the wire, in at most 32 bytes', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        const bytes = encodeReport(frame);
        expect(bytes.length).toBeLessThanOrEqual(32);
        const back = decodeReport(bytes);
        if (!back.ok) throw new Error(back.reason);
        const { left, right, speedCap, ...rest } = frame;
        expect(back.value).toMatchObject(rest);
        expect(Math.abs(back.value.left - left)).toBeLessThanOrEqual(0.5 / 32767 + 1e-12);
        expect(Math.abs(back.value.right - right)).toBeLessThanOrEqual(0.5 / 32767 + 1e-12);
        expect(Math.abs(back.value.speedCap - speedCap)).toBeLessThanOrEqual(0.5 / 255 + 1e-12);
      }),
    );
  });

  it('never throws on any bytes, and what it accepts encodes to the same bytes', () => {
    const likely = fc
      .tuple(
        fc.integer({ min: 0, max: 8 }),
        fc.integer({ min: 0, max: 6 }),
        fc.uint8Array({ minLength: 11, maxLength: 11 }),
      )
      .map(([flags, state, rest]) => new Uint8Array([1, flags, state, ...rest]));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 64 }), likely), (bytes) => {
        const result = decodeReport(bytes);
        if (result.ok) expect(hexOf(encodeReport(result.value))).toBe(hexOf(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it('saturates a long hold and rounds a fraction', () => {
    const frame: ReportFrame = {
      echoSequence: 1,
      heldMs: 1e9,
      left: 3,
      right: Number.NaN,
      failsafe: 'driving',
      boardReady: true,
      speedCap: -1,
      batteryMv: 7399.6,
    };
    expect(decodeReport(encodeReport(frame))).toEqual({
      ok: true,
      value: { ...frame, heldMs: 65535, left: 1, right: 0, speedCap: 0, batteryMv: 7400 },
    });
  });
});
