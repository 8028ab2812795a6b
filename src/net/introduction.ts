/** From two pages that the broker knows to a link that it can do nothing to any more; knows PeerJS by its shape alone. */
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import { CONTROL_CHANNEL } from './channels.ts';
import type { CodecOrder } from './codec-order.ts';
import { readFirstDescription } from './first-description.ts';
import type { Link } from './link.ts';
import { openLink } from './peer-link.ts';
import { type Gathered, noPathFault } from './relay-finding.ts';

/** The part of PeerJS's DataConnection that is used, still without a word between the two ends. */
export interface Arranged {
  readonly peer: string;
  readonly peerConnection: RTCPeerConnection;
  readonly dataChannel: RTCDataChannel;
  close(): void;
  /** Words of the other side by way of the broker. */
  handleMessage(message: { readonly type: string; readonly payload: unknown }): Promise<void>;
  on(event: 'open', opened: () => void): unknown;
}

type HearTrouble = (trouble: { readonly type: string; readonly message: string }) => void;

/** The part of PeerJS's Peer that is used. */
export interface Visit {
  on(event: 'error', heard: HearTrouble): unknown;
  off(event: 'error', heard: HearTrouble): unknown;
}

export type Introduction = {
  readonly arranged: Arranged;
  readonly visit: Visit;
  /** The fingerprint in the offer that came; undefined: this side dialled, and the answer promises one. */
  readonly promised: string | undefined;
  readonly withinMs: number;
  /** Of a dial: by when the other side's answer has come. */
  readonly answerWithinMs: number;
  readonly certificate: RTCCertificate;
  readonly order: CodecOrder;
  readonly clock: Clock;
  /** How gathering stands. */
  readonly gathered: () => Gathered;
  readonly cancel: AbortSignal;
};

/** @throws {Fault} absent | unreachable | timeout | cancelled | impostor, the other end; denied | unreachable, the relay */
export function introduce(introduction: Introduction): Promise<Link> {
  const { arranged, visit, withinMs, certificate, order, clock, gathered, cancel } = introduction;
  const { peer: peerId, peerConnection: connection } = arranged;
  const dialled = introduction.promised === undefined;
  const other = dialled ? 'robot' : 'pilot';
  const hangUp = arranged.close.bind(arranged);
  const hearBroker = arranged.handleMessage.bind(arranged);
  const control = connection.createDataChannel('control', CONTROL_CHANNEL);
  let { promised } = introduction;
  return new Promise((resolve, reject) => {
    const introducing = new AbortController();
    const fail = (fault: Fault) => {
      if (introducing.signal.aborted) return;
      settled();
      hangUp();
      reject(fault);
    };
    /** Both know of each other, so the path is what is missing. */
    const failToMeet = (otherwise: Fault) => fail(promised ? noPathFault(gathered(), other, otherwise) : otherwise);
    const settled = () => {
      introducing.abort();
      visit.off('error', hearError);
      // PeerJS closes connections when ICE fails, when it leaves the broker and when the broker tells it to.
      // The middle carries, the ends decide.
      arranged.close = () => {};
      arranged.handleMessage = async () => {};
    };
    const hearError: HearTrouble = ({ type, message }) => {
      if (type !== 'peer-unavailable' || !message.endsWith(` ${peerId}`)) return;
      fail(new Fault('absent', other, message));
    };
    visit.on('error', hearError);
    arranged.close = () => {
      const fault = new Fault('unreachable', other, 'the connection failed before it was open');
      // PeerJS also closes what it leaves behind at the broker, which says nothing about the path.
      if (connection.iceConnectionState === 'failed') failToMeet(fault);
      else fail(fault);
    };
    arranged.handleMessage = async (message) => {
      if (message.type === 'ANSWER') {
        // The browser goes by the first, and so does the promise: a later answer would hand the connection to whoever sent it.
        if (promised) return;
        const answer = readFirstDescription(message.payload);
        if (!answer.ok) return fail(new Fault('impostor', other, answer.reason));
        promised = answer.value;
      }
      await hearBroker(message);
    };
    arranged.on('open', () => {
      if (introducing.signal.aborted) return;
      if (!promised) return fail(new Fault('impostor', other, 'it promised no certificate'));
      // From here candidates travel over the link, and PeerJS must take no other channel or track for its own.
      connection.onicecandidate = connection.ondatachannel = connection.ontrack = null;
      const messages = arranged.dataChannel;
      openLink({ peerId, connection, messages, control, certificate, promised, dialled, order, clock, hangUp }).then(
        (link) => {
          if (introducing.signal.aborted) return link.close();
          settled();
          resolve(link);
        },
        fail,
      );
    });
    const late = () => failToMeet(new Fault('timeout', other, `no connection within ${withinMs} ms`));
    clock.after(withinMs, late, introducing.signal);
    const unanswered = () => {
      if (!promised) fail(new Fault('timeout', other, `no answer within ${introduction.answerWithinMs} ms`));
    };
    clock.after(introduction.answerWithinMs, unanswered, introducing.signal);
    const stop = () => fail(new Fault('cancelled', other, 'the introduction was called off'));
    if (cancel.aborted) stop();
    cancel.addEventListener('abort', stop, { once: true, signal: introducing.signal });
  });
}
