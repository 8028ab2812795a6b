import { expect, test } from 'vitest';
import { Fault } from '../../../src/core/fault.ts';
import {
  findRelay,
  type Gathered,
  type Gathering,
  noPathFault,
  watchGathering,
} from '../../../src/net/relay-finding.ts';

const TURN = { urls: 'turn:192.0.2.1:3478', username: 'u', credential: 'c' };
const STUN = { urls: ['stun:192.0.2.1:3478'] };
const LATE = new Fault('timeout', 'robot', 'no connection');

/** As much of an RTCPeerConnection as gathering shows. */
class SmallGathering extends EventTarget implements Gathering {
  iceGatheringState: RTCIceGatheringState = 'gathering';
  constructor(
    readonly iceServers: RTCIceServer[],
    readonly iceTransportPolicy: RTCIceTransportPolicy = 'all',
  ) {
    super();
  }
  getConfiguration(): RTCConfiguration {
    return { iceServers: this.iceServers, iceTransportPolicy: this.iceTransportPolicy };
  }
  find(type: string): void {
    this.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate: { type } }));
  }
  fail(errorCode: number, url = TURN.urls): void {
    this.dispatchEvent(Object.assign(new Event('icecandidateerror'), { errorCode, errorText: 'no', url }));
  }
  end(): void {
    this.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate: null }));
    this.iceGatheringState = 'complete';
    this.dispatchEvent(new Event('icegatheringstatechange'));
  }
}

function watched(connection: SmallGathering) {
  const told: Gathered[] = [];
  const life = new AbortController();
  const gathered = watchGathering(connection, (now) => told.push(now), life.signal);
  return { told, gathered, life };
}

test.each([400, 401, 403, 437, 438, 441, 486, 508])('a relay that says %i denies itself', (code) => {
  const connection = new SmallGathering([STUN, TURN]);
  const { gathered } = watched(connection);
  connection.find('host');
  connection.fail(code);
  // Another relay of several may still say yes.
  expect(findRelay(gathered())).toBe('unknown');
  connection.end();
  expect(findRelay(gathered())).toMatchObject({ code: 'denied', subject: 'relay', detail: `${code} no` });
  expect(noPathFault(gathered(), 'robot', LATE)).toMatchObject({ code: 'denied', subject: 'relay' });
});

test.each([600, 701])('a relay that cannot be asked, %i, is unreachable', (code) => {
  const connection = new SmallGathering([TURN]);
  const { gathered } = watched(connection);
  connection.fail(code);
  expect(findRelay(gathered())).toBe('unknown');
  expect(noPathFault(gathered(), 'robot', LATE)).toMatchObject({ code: 'unreachable', subject: 'relay' });
  connection.end();
  expect(findRelay(gathered())).toMatchObject({ code: 'unreachable', subject: 'relay' });
});

test('a relay that gave an address is fine, whatever another one said', () => {
  const connection = new SmallGathering([TURN]);
  const { told, gathered } = watched(connection);
  connection.fail(401);
  connection.find('relay');
  expect(told.map(findRelay)).toEqual(['unknown', 'fine']);
  connection.end();
  expect(findRelay(gathered())).toBe('fine');
  expect(noPathFault(gathered(), 'robot', LATE)).toBe(LATE);
});

test('without a relay there is nothing to say of one, and a missing path is a missing path', () => {
  const connection = new SmallGathering([STUN]);
  const { gathered } = watched(connection);
  connection.fail(701, STUN.urls[0]);
  connection.end();
  expect(findRelay(gathered())).toBe('fine');
  expect(noPathFault(gathered(), 'pilot', LATE)).toMatchObject({ code: 'unreachable', subject: 'pilot' });
});

test('who allows only relayed paths and has no relay hears that', () => {
  const { gathered } = watched(new SmallGathering([], 'relay'));
  expect(noPathFault(gathered(), 'robot', LATE)).toMatchObject({ code: 'unreachable', subject: 'relay' });
});

test('what a STUN server says is not held against the relay, and nothing is heard after the end', () => {
  const connection = new SmallGathering([TURN]);
  const { told, gathered, life } = watched(connection);
  connection.fail(401, 'stun:192.0.2.1:3478');
  life.abort();
  connection.fail(401);
  connection.end();
  expect([told, gathered().rejection]).toEqual([[], undefined]);
});
