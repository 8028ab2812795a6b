import { expect, test } from 'vitest';
import { readVitals, type Stat, watchVitals } from '../../../src/net/vitals.ts';
import { FakeClock } from '../../fake-clock.ts';

const stat = (id: string, type: string, more: Partial<Stat> = {}): Stat => ({ id, type, timestamp: 1000, ...more });
const PAIR = stat('pair', 'candidate-pair', {
  localCandidateId: 'here',
  remoteCandidateId: 'there',
  currentRoundTripTime: 0.042,
});
const TRANSPORT = stat('transport', 'transport', { selectedCandidatePairId: 'pair' });
const HERE = stat('here', 'local-candidate', { candidateType: 'host' });
const THERE = stat('there', 'remote-candidate', { candidateType: 'srflx' });
const incoming = (timestamp: number, bytesReceived: number, packetsReceived: number, packetsLost: number) =>
  stat('in', 'inbound-rtp', {
    kind: 'video',
    framesPerSecond: 30,
    timestamp,
    bytesReceived,
    packetsReceived,
    packetsLost,
  });

test.each([
  { here: 'host', there: 'srflx', path: 'direct' },
  { here: 'relay', there: 'host', path: 'relayed' },
  { here: 'prflx', there: 'relay', path: 'relayed' },
])('a path from $here to $there is $path', ({ here, there, path }) => {
  const ends = [
    stat('here', 'local-candidate', { candidateType: here }),
    stat('there', 'remote-candidate', { candidateType: there }),
  ];
  const other = stat('other', 'candidate-pair', { currentRoundTripTime: 9 });
  expect(readVitals([other, PAIR, TRANSPORT, ...ends]).vitals).toMatchObject({ path, roundTripMs: 42 });
  // Firefox has no transport entry.
  expect(readVitals([other, { ...PAIR, selected: true }, ...ends]).vitals).toMatchObject({ path, roundTripMs: 42 });
});

test('nothing is known before anything is measured', () => {
  const { vitals, totals } = readVitals([]);
  expect(new Set(Object.values(vitals))).toEqual(new Set([undefined]));
  expect(totals).toBeUndefined();
});

test('rates are those of the last interval', () => {
  const base = [PAIR, TRANSPORT, HERE, THERE];
  const first = readVitals([...base, incoming(1000, 50_000, 100, 0)]);
  expect(first.vitals).toMatchObject({ framesPerSecond: 30, bitrateKbps: undefined, lost: undefined });
  const second = readVitals([...base, incoming(2000, 175_000, 190, 10)], first.totals);
  expect(second.vitals).toMatchObject({ bitrateKbps: 1000, lost: 0.1 });
  // A packet that was only late is taken back by the browser.
  const third = readVitals([...base, incoming(3000, 175_000, 200, 5)], second.totals);
  expect(third.vitals).toMatchObject({ bitrateKbps: 0, lost: 0 });
});

test('who sends hears of loss from the other side, and an old place counts for nothing', () => {
  const old = stat('old', 'outbound-rtp', { kind: 'video', bytesSent: 9_000_000 });
  const live = stat('live', 'outbound-rtp', { kind: 'video', bytesSent: 1000, framesPerSecond: 25 });
  const echo = stat('echo', 'remote-inbound-rtp', { kind: 'video', fractionLost: 0.25 });
  const first = readVitals([old, live, echo]);
  expect(first.vitals).toMatchObject({ framesPerSecond: 25, lost: 0.25 });
  const second = readVitals([old, { ...live, bytesSent: 2000, timestamp: 2000 }, echo], first.totals);
  expect(second.vitals.bitrateKbps).toBe(8);
  const moved = readVitals([{ ...live, id: 'new', bytesSent: 5, timestamp: 3000 }], second.totals);
  expect(moved.vitals.bitrateKbps).toBeUndefined();
});

test('they are looked at at once and every second while the link lives, and a closed connection is no trouble', async () => {
  const clock = new FakeClock();
  const life = new AbortController();
  let closed = false;
  const getStats = async () => {
    if (closed) throw new DOMException('closed', 'InvalidStateError');
    return new Map([PAIR, TRANSPORT, HERE, THERE].map((one) => [one.id, one])) as RTCStatsReport;
  };
  const vitals = watchVitals({ getStats } as RTCPeerConnection, clock, life.signal);
  expect(vitals.value.path).toBeUndefined();
  await new Promise((resolve) => setImmediate(resolve));
  expect(vitals.value).toMatchObject({ path: 'direct' });
  closed = true;
  clock.pass(1000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(vitals.value.path).toBe('direct');
});
