/** Puts together what was seen of frames and pins, as the judge wants it; knows no page. */
import type { Pins } from '../simulated-uno.ts';
import type { Evidence, HeardFrame, SeenPins, Span } from './oracle.ts';
import type { Sighting } from './witness.ts';

type Sent = { readonly atMs: number; readonly by: 'pilot' | 'second' };

/** A board whose power ended stands. */
export type SeenBoard = { readonly history: readonly Pins[]; readonly endedAtMs: number | undefined };

export function gather(
  sightings: readonly Sighting[],
  boards: readonly SeenBoard[],
  span: Span,
): Pick<Evidence, 'span' | 'frames' | 'pins'> {
  const sent = new Map<string, Sent>();
  /** By the lease's number: how far the pilot's clock is from the machine's. */
  const apartMs = new Map<number, number>();
  for (const { role, frame, atMs } of sightings) {
    if (role === 'robot' || sent.has(frame)) continue;
    sent.set(frame, { atMs, by: role });
    const { epoch, sampledAtMs } = headOf(frame);
    apartMs.set(epoch, Math.min(apartMs.get(epoch) ?? Number.POSITIVE_INFINITY, atMs - sampledAtMs));
  }
  /** A page that was killed takes what it saw leave with it: then the frame's own stamp tells, on the clock that others showed. */
  const leaving = (frame: string): Sent | undefined => {
    const { epoch, sampledAtMs } = headOf(frame);
    const apart = apartMs.get(epoch);
    return sent.get(frame) ?? (apart === undefined ? undefined : { atMs: sampledAtMs + apart, by: 'pilot' });
  };
  return {
    span,
    frames: sightings
      .filter(({ role, atMs }) => role === 'robot' && atMs <= span.toMs)
      .flatMap(({ frame, atMs }) => framesOf(frame, atMs, leaving(frame)))
      .sort((one, other) => one.atMs - other.atMs),
    pins: boards.flatMap(pinsOf).filter(({ atMs }) => atMs <= span.toMs),
  };
}

function pinsOf({ history, endedAtMs }: SeenBoard): readonly SeenPins[] {
  const pins = history.map(({ wallMs, left, right }) => ({ atMs: wallMs, left, right }));
  return endedAtMs === undefined ? pins : [...pins, { atMs: endedAtMs, left: 0, right: 0 }];
}

/** The lease's number and the pilot's clock (docs/WIRE.md); what is too short has neither. */
function headOf(hex: string): { readonly epoch: number; readonly sampledAtMs: number } {
  const bytes = Buffer.from(hex, 'hex');
  if (bytes.length < 10) return { epoch: 0, sampledAtMs: 0 };
  return { epoch: bytes.readUInt16LE(2), sampledAtMs: bytes.readUInt32LE(6) };
}

/** docs/WIRE.md, version 1; what is no control frame is none. */
function framesOf(hex: string, atMs: number, left: Sent | undefined): readonly HeardFrame[] {
  const bytes = Buffer.from(hex, 'hex');
  if (bytes.length < 16) return [];
  const flags = bytes.readUInt8(1);
  const [x, y] = [bytes.readInt16LE(12) / 32767, bytes.readInt16LE(14) / 32767];
  const { epoch } = headOf(hex);
  return [
    {
      atMs,
      sentAtMs: left?.atMs,
      by: left?.by,
      epoch,
      x,
      y,
      enabled: (flags & 1) !== 0,
      stop: (flags & 2) !== 0,
      pictureAgeMs: bytes.readUInt16LE(10),
    },
  ];
}
