/** Judges one trial by what reached the robot and what its pins did; knows neither pages nor faults. */

/** Milliseconds of the machine's monotonic clock throughout. */
export type Span = { readonly fromMs: number; readonly toMs: number };

export type HeardFrame = {
  readonly atMs: number;
  /** When it left the pilot's page; undefined: nobody saw it leave. */
  readonly sentAtMs: number | undefined;
  /** Whose page it left. */
  readonly by: 'pilot' | 'second' | undefined;
  /** The number of the lease it was sent under; 0: nobody's. */
  readonly epoch: number;
  /** Of the stick that drives; both 0 at rest. */
  readonly x: number;
  readonly y: number;
  readonly enabled: boolean;
  readonly stop: boolean;
  /** Of the picture by which the hand moves. */
  readonly pictureAgeMs: number;
};

export type SeenPins = { readonly atMs: number; readonly left: number; readonly right: number };

export type Evidence = {
  readonly span: Span;
  readonly frames: readonly HeardFrame[];
  /** The last before the span, and every change in it. */
  readonly pins: readonly SeenPins[];
  /** When the robot's page did not live: closed, killed, stopped. */
  readonly robotDead: readonly Span[];
  /** When the machine let programs wait, this page and its browser among them: as good as dead, and not its fault. */
  readonly machineStalls: readonly Span[];
  /** When no hand can have been behind a frame of the first pilot: the gamepad out, the page hidden. */
  readonly handOff: readonly Span[];
  /** When STOP was pressed on the robot's page. */
  readonly stoppedAtMs: readonly number[];
  /** When the board's processor hung. */
  readonly hungAtMs: readonly number[];
  /** While nothing was wrong. */
  readonly calm: Span;
};

export type Breach = {
  readonly rule: 'runaway' | 'stale' | 'after-stop' | 'hung';
  readonly atMs: number;
  readonly forMs: number;
  readonly says: string;
};

export type Judgement = {
  readonly breaches: readonly Breach[];
  /** From the last fresh frame that drove to motors at zero, where frames ended, with the robot's page alive. */
  readonly stopsInMs: readonly number[];
  /** The same where the robot's page was dead, or the machine stalled. */
  readonly deadStopsInMs: readonly number[];
  /** When motors came to rest although fresh frames that drive went on. */
  readonly falseStopsAtMs: readonly number[];
  /** The same where these frames said that the picture was too old to drive by. */
  readonly governedStopsAtMs: readonly number[];
  readonly framesHeard: number;
  readonly framesFresh: number;
  readonly movedMs: number;
};

const STOP_WITHIN_MS = 300;
const DEAD_STOP_WITHIN_MS = 550;
const STALE_OVER_MS = 250;
/** Two clock readings of a page are this far from each other at most. */
const CLOCK_ERROR_MS = 2;
/** A hand's last sample may be this old when it leaves. */
const SAMPLE_WITHIN_MS = 150;
/** What is shorter than this between frames is the rhythm of sending. */
const SILENCE_OVER_MS = 150;
/** A reversal passes zero. */
const RAMP_MS = 150;
/** There is no speed left from this delay on (docs/SAFETY.md, the governor), and it is felt some frames later. */
const GOVERNED_OVER_MS = 500;
const GOVERNED_FOR_MS = 500;

const within = (span: Span, atMs: number) => atMs >= span.fromMs && atMs < span.toMs;
const pushes = ({ x, y, enabled, stop }: HeardFrame) => enabled && !stop && (x !== 0 || y !== 0);
const moves = ({ left, right }: SeenPins) => left !== 0 || right !== 0;

export function judge(evidence: Evidence): Judgement {
  const fresh = freshOf(evidence);
  const driving = fresh.filter(pushes);
  const stops = stopTimes(evidence);
  const breaches: Breach[] = [];
  const notAlive = [...evidence.robotDead, ...evidence.machineStalls];
  const limitAfter = (frame: HeardFrame) =>
    notAlive.some(({ fromMs, toMs }) => fromMs < frame.atMs + STOP_WITHIN_MS && toMs > frame.atMs)
      ? DEAD_STOP_WITHIN_MS
      : STOP_WITHIN_MS;
  const allowed = driving.map((frame) => ({
    fromMs: frame.atMs - CLOCK_ERROR_MS,
    toMs: frame.atMs + limitAfter(frame),
  }));

  const segments = motion(evidence);
  for (const segment of segments) {
    const uncovered = firstUncovered(segment, allowed);
    if (uncovered !== undefined) breaches.push(breachOf(segment, uncovered, driving));
    for (const stop of stops) {
      const lateMs = segment.toMs - Math.max(segment.fromMs, stop + STOP_WITHIN_MS);
      if (lateMs > 0) {
        const says = `it moves ${Math.round(segment.toMs - stop)} ms after STOP was there`;
        breaches.push({ rule: 'after-stop', atMs: stop, forMs: segment.toMs - stop, says });
      }
    }
    for (const hung of evidence.hungAtMs) {
      if (segment.fromMs <= hung && segment.toMs > hung + DEAD_STOP_WITHIN_MS) {
        const says = `it moves ${Math.round(segment.toMs - hung)} ms after its board hung`;
        breaches.push({ rule: 'hung', atMs: hung, forMs: segment.toMs - hung, says });
      }
    }
  }
  breaches.push(...wrongWays(evidence, driving));

  const stopsInMs: number[] = [];
  const deadStopsInMs: number[] = [];
  for (const { toMs } of segments) {
    const last = lastBefore(driving, toMs);
    if (!last || toMs >= evidence.span.toMs) continue;
    // Others stopped because the hand did.
    if (fresh.some(({ atMs }) => atMs > last.atMs && atMs <= Math.max(toMs, last.atMs + SILENCE_OVER_MS))) continue;
    (limitAfter(last) === STOP_WITHIN_MS ? stopsInMs : deadStopsInMs).push(toMs - last.atMs);
  }
  const stopsAlone = stopsDespiteFrames(evidence, segments, fresh);
  const governed = (atMs: number) =>
    fresh.some(
      (frame) => frame.atMs <= atMs && frame.atMs > atMs - GOVERNED_FOR_MS && frame.pictureAgeMs > GOVERNED_OVER_MS,
    );
  return {
    breaches,
    stopsInMs,
    deadStopsInMs,
    falseStopsAtMs: stopsAlone.filter((atMs) => !governed(atMs)),
    governedStopsAtMs: stopsAlone.filter(governed),
    framesHeard: evidence.frames.length,
    framesFresh: fresh.length,
    movedMs: segments.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0),
  };
}

/** Young, of the newest lease, newer than all before of the same page, and with a hand behind it. */
function freshOf({ frames, handOff, robotDead }: Evidence): readonly HeardFrame[] {
  const fresh: HeardFrame[] = [];
  const newestSentAtMs = { pilot: Number.NEGATIVE_INFINITY, second: Number.NEGATIVE_INFINITY };
  let newest = { atMs: Number.NEGATIVE_INFINITY, epoch: 0 };
  for (const frame of frames) {
    const { atMs, sentAtMs, by, epoch } = frame;
    // A robot's page that was opened again begins to count anew.
    const isNewPage = robotDead.some(({ toMs }) => newest.atMs < toMs && toMs <= atMs);
    if (isNewPage || epoch > newest.epoch) newest = { atMs, epoch };
    if (sentAtMs === undefined || by === undefined || epoch < newest.epoch || sentAtMs <= newestSentAtMs[by]) continue;
    if (atMs - sentAtMs > STALE_OVER_MS + CLOCK_ERROR_MS) continue;
    if (
      pushes(frame) &&
      by === 'pilot' &&
      handOff.some(({ fromMs, toMs }) => sentAtMs > fromMs + SAMPLE_WITHIN_MS && sentAtMs < toMs)
    ) {
      continue;
    }
    newestSentAtMs[by] = sentAtMs;
    fresh.push(frame);
  }
  return fresh;
}

/** STOP counts from where it is: on the robot's page at once, in a frame when the frame is heard, however old. */
function stopTimes({ frames, stoppedAtMs }: Evidence): readonly number[] {
  const first = frames.find(({ stop }) => stop)?.atMs;
  return [...stoppedAtMs, ...(first === undefined ? [] : [first])];
}

/** From each start of a wheel to the rest of both. */
function motion({ pins, span }: Evidence): readonly Span[] {
  const spans: Span[] = [];
  let fromMs: number | undefined;
  for (const seen of pins) {
    if (moves(seen)) fromMs ??= Math.max(span.fromMs, seen.atMs);
    else if (fromMs !== undefined) {
      if (seen.atMs > fromMs) spans.push({ fromMs, toMs: seen.atMs });
      fromMs = undefined;
    }
  }
  if (fromMs !== undefined && fromMs < span.toMs) spans.push({ fromMs, toMs: span.toMs });
  return spans.filter(({ toMs }) => toMs > span.fromMs);
}

/** The first moment of a segment that no frame allows. `allowed` is in order. */
function firstUncovered(segment: Span, allowed: readonly Span[]): number | undefined {
  let atMs = segment.fromMs;
  for (const { fromMs, toMs } of allowed) {
    if (fromMs > atMs) break;
    if (toMs > atMs) atMs = toMs;
    if (atMs >= segment.toMs) return undefined;
  }
  return atMs < segment.toMs ? atMs : undefined;
}

function breachOf(segment: Span, atMs: number, driving: readonly HeardFrame[]): Breach {
  const last = lastBefore(driving, atMs);
  const since = last
    ? `${Math.round(segment.toMs - last.atMs)} ms after the last fresh frame`
    : 'without any fresh frame';
  const began = atMs === segment.fromMs;
  return {
    rule: began ? 'stale' : 'runaway',
    atMs,
    forMs: segment.toMs - atMs,
    says: began ? `it begins to move ${since}` : `it still moves ${since}`,
  };
}

/** Straight one way, while every fresh frame of late said straight the other way. */
function wrongWays({ pins, span }: Evidence, driving: readonly HeardFrame[]): readonly Breach[] {
  const breaches: Breach[] = [];
  for (const seen of pins) {
    if (!moves(seen) || !within(span, seen.atMs) || Math.sign(seen.left) !== Math.sign(seen.right)) continue;
    const late = driving.filter(({ atMs }) => atMs <= seen.atMs && atMs > seen.atMs - STOP_WITHIN_MS);
    if (late.length === 0 || late.some(({ x, y }) => x !== 0 || -Math.sign(y) === Math.sign(seen.left))) continue;
    const says = `its wheels say ${seen.left} and ${seen.right} while fresh frames say ${late.at(-1)?.y}`;
    breaches.push({ rule: 'stale', atMs: seen.atMs, forMs: 0, says });
  }
  return breaches.slice(0, 1);
}

/** At rest in calm weather, although frames that drive came before and went on, all the same way. A pilot's page that lets go by itself between them is no excuse. */
function stopsDespiteFrames(
  { calm, pins }: Evidence,
  segments: readonly Span[],
  fresh: readonly HeardFrame[],
): readonly number[] {
  return segments
    .map(({ toMs }) => toMs)
    .filter((toMs) => {
      if (!within(calm, toMs) || toMs > calm.toMs - RAMP_MS || !pins.some(({ atMs }) => atMs === toMs)) return false;
      const around = fresh.filter(({ atMs, enabled }) => enabled && Math.abs(atMs - toMs) < RAMP_MS);
      const before = around.filter(({ atMs }) => atMs <= toMs);
      if (before.length < 2 || around.length - before.length < 2) return false;
      const [first] = around;
      return around.every(
        (frame) => pushes(frame) && Math.sign(frame.y) === Math.sign(first?.y ?? 0) && frame.x === first?.x,
      );
    });
}

function lastBefore(frames: readonly HeardFrame[], atMs: number): HeardFrame | undefined {
  return frames.findLast((frame) => frame.atMs <= atMs);
}
