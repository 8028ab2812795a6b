/** Puts together what was seen of frames and pins, as the judge wants it; knows no page. */
import type { Pins } from '../simulated-uno.ts';
import type { Evidence, HeardFrame, SeenPins, Span } from './oracle.ts';
import type { Sighting } from './witness.ts';

/** A board whose power ended stands. */
export type SeenBoard = { readonly history: readonly Pins[]; readonly endedAtMs: number | undefined };

export function gather(
  sightings: readonly Sighting[],
  boards: readonly SeenBoard[],
  span: Span,
): Pick<Evidence, 'span' | 'frames' | 'pins'> {
  const sent = new Map<string, number>();
  for (const { role, frame, atMs } of sightings) {
    if (role === 'pilot' && !sent.has(frame)) sent.set(frame, atMs);
  }
  return {
    span,
    frames: sightings
      .filter(({ role, atMs }) => role === 'robot' && atMs <= span.toMs)
      .flatMap(({ frame, atMs }) => framesOf(frame, atMs, sent.get(frame)))
      .sort((one, other) => one.atMs - other.atMs),
    pins: boards.flatMap(pinsOf).filter(({ atMs }) => atMs <= span.toMs),
  };
}

function pinsOf({ history, endedAtMs }: SeenBoard): readonly SeenPins[] {
  const pins = history.map(({ wallMs, left, right }) => ({ atMs: wallMs, left, right }));
  return endedAtMs === undefined ? pins : [...pins, { atMs: endedAtMs, left: 0, right: 0 }];
}

/** docs/WIRE.md, version 1; what is no control frame is none. */
function framesOf(hex: string, atMs: number, sentAtMs: number | undefined): readonly HeardFrame[] {
  const bytes = Buffer.from(hex, 'hex');
  if (bytes.length < 16) return [];
  const flags = bytes.readUInt8(1);
  const [x, y] = [bytes.readInt16LE(12) / 32767, bytes.readInt16LE(14) / 32767];
  return [{ atMs, sentAtMs, x, y, enabled: (flags & 1) !== 0, stop: (flags & 2) !== 0 }];
}
