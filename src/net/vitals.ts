/** How the bytes of a connection travel, and how well, from the browser's own statistics; knows no link. */
import { signal as makeSignal, type ReadonlySignal } from '@preact/signals-core';
import type { Clock } from '../core/clock.ts';
import type { Vitals } from './link.ts';

const EVERY_MS = 1000;
/** Browsers ask each 2.5 to 5 s whether the other end is there, and questions get lost: an older answer says nothing about now. */
const TRIP_COUNTS_MS = 10_000;

export const UNKNOWN: Vitals = Object.freeze({
  path: undefined,
  roundTripMs: undefined,
  framesPerSecond: undefined,
  bitrateKbps: undefined,
  lost: undefined,
});

export function watchVitals(
  connection: Pick<RTCPeerConnection, 'getStats'>,
  clock: Clock,
  signal: AbortSignal,
): ReadonlySignal<Vitals> {
  const vitals = makeSignal(UNKNOWN);
  let before: Totals | undefined;
  let trips: Trips | undefined;
  const look = async () => {
    const stats = [...(await connection.getStats()).values()];
    if (signal.aborted) return;
    trips = readTrips(stats, trips, clock.now());
    const reading = readVitals(stats, before, trips);
    before = reading.totals;
    vitals.value = reading.vitals;
  };
  const lookQuietly = () =>
    void look().catch(() => {
      // The connection closed under the question: the link says so itself.
    });
  // The connection opened with a question and its answer: whoever drives on what that took need not wait for a second.
  lookQuietly();
  clock.every(EVERY_MS, lookQuietly, signal);
  return vitals;
}

/** What is counted since the connection began, of the video that comes in, or goes out where none comes in. */
export type Totals = {
  readonly id: string;
  readonly atMs: number;
  readonly bytes: number;
  readonly packets: number;
  readonly lost: number;
};

/** What ICE's own questions took, as far as they are answered. */
export type Trips = {
  /** Of the selected pair. */
  readonly id: string;
  readonly roundTripMs: number | undefined;
  /** Undefined where the browser counts none. */
  readonly answers: number | undefined;
  readonly totalMs: number | undefined;
  /** When the newest was seen, in ms of the caller's clock. */
  readonly atMs: number;
};

/** The newest round trip, or the mean of those since `before` where the browser tells no newest; forgotten 10 s after the last answer. */
export function readTrips(stats: readonly Stat[], before: Trips | undefined, nowMs: number): Trips | undefined {
  const pair = selectedPair(stats);
  if (!pair) return undefined;
  const { id, currentRoundTripTime: newest, totalRoundTripTime: total, responsesReceived: answers } = pair;
  const totalMs = total === undefined ? undefined : total * 1000;
  const last = before?.id === id ? before : undefined;
  const isNews = last === undefined || answers === undefined || answers !== last.answers;
  const measuredMs = newest === undefined ? mean({ totalMs, answers }, last) : newest * 1000;
  if (isNews) return { id, answers, totalMs, atMs: nowMs, roundTripMs: measuredMs };
  return nowMs - last.atMs > TRIP_COUNTS_MS ? { ...last, roundTripMs: undefined } : last;
}

/** One entry of `RTCStatsReport`, with the fields of https://www.w3.org/TR/webrtc-stats/ that are used. */
export type Stat = {
  readonly id: string;
  readonly type: string;
  readonly timestamp: number;
  readonly kind?: string;
  readonly selectedCandidatePairId?: string;
  readonly selected?: boolean;
  readonly nominated?: boolean;
  readonly state?: string;
  readonly currentRoundTripTime?: number;
  readonly totalRoundTripTime?: number;
  readonly responsesReceived?: number;
  readonly localCandidateId?: string;
  readonly remoteCandidateId?: string;
  readonly candidateType?: string;
  readonly framesPerSecond?: number;
  readonly bytesReceived?: number;
  readonly bytesSent?: number;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly fractionLost?: number;
};

export function readVitals(
  stats: readonly Stat[],
  before?: Totals,
  trips: Trips | undefined = readTrips(stats, undefined, 0),
): { vitals: Vitals; totals: Totals | undefined } {
  const pair = selectedPair(stats);
  const incoming = liveliest(stats.filter(({ type, kind }) => type === 'inbound-rtp' && kind === 'video'));
  const outgoing = liveliest(stats.filter(({ type, kind }) => type === 'outbound-rtp' && kind === 'video'));
  const video = incoming ?? outgoing;
  const totals = video && {
    id: video.id,
    atMs: video.timestamp,
    bytes: video.bytesReceived ?? video.bytesSent ?? 0,
    packets: video.packetsReceived ?? 0,
    lost: video.packetsLost ?? 0,
  };
  const since = totals && before?.id === totals.id ? before : undefined;
  const echo = stats.find(({ type, kind }) => type === 'remote-inbound-rtp' && kind === 'video');
  const vitals: Vitals = {
    path: pair && pathOf(pair, stats),
    roundTripMs: trips?.roundTripMs,
    framesPerSecond: video?.framesPerSecond,
    bitrateKbps: totals && since && rate(totals, since),
    lost: incoming ? totals && since && share(totals, since) : echo?.fractionLost,
  };
  return { vitals, totals };
}

type Answered = Pick<Trips, 'totalMs' | 'answers'>;

function mean(now: Answered, before: Answered | undefined): number | undefined {
  if (now.totalMs === undefined || now.answers === undefined) return undefined;
  const answers = now.answers - (before?.answers ?? 0);
  return answers > 0 ? (now.totalMs - (before?.totalMs ?? 0)) / answers : undefined;
}

/** Firefox marks the pair, the others name it in the transport. */
function selectedPair(stats: readonly Stat[]): Stat | undefined {
  const id = stats.find(
    ({ type, selectedCandidatePairId }) => type === 'transport' && selectedCandidatePairId,
  )?.selectedCandidatePairId;
  return stats.find(
    ({ type, id: own, selected }) => type === 'candidate-pair' && (id ? own === id : selected === true),
  );
}

function pathOf(pair: Stat, stats: readonly Stat[]): Vitals['path'] {
  const ends = stats.filter(({ id }) => id === pair.localCandidateId || id === pair.remoteCandidateId);
  if (ends.length === 0) return undefined;
  return ends.some(({ candidateType }) => candidateType === 'relay') ? 'relayed' : 'direct';
}

/** Places that were given up stay in the statistics for a while. */
function liveliest(streams: readonly Stat[]): Stat | undefined {
  return [...streams].sort((a, b) => (b.framesPerSecond ?? 0) - (a.framesPerSecond ?? 0))[0];
}

function rate(now: Totals, before: Totals): number | undefined {
  const ms = now.atMs - before.atMs;
  return ms > 0 ? Math.max(0, ((now.bytes - before.bytes) * 8) / ms) : undefined;
}

function share(now: Totals, before: Totals): number | undefined {
  // Late packets were counted as lost before, so a second can take some back.
  const lost = Math.max(0, now.lost - before.lost);
  const expected = lost + now.packets - before.packets;
  return expected > 0 ? lost / expected : undefined;
}
