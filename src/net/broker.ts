/** Introduces this page to others through PeerJS, and lets go of them there; the only file that knows PeerJS. */
import { signal as makeSignal, type ReadonlySignal } from '@preact/signals-core';
import { type DataConnection, Peer, type PeerOptions } from 'peerjs';
import { backoffMs } from '../control/backoff.ts';
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import type { BrokerAddress } from './broker-address.ts';
import { CONTROL_CHANNEL } from './channels.ts';
import { type CodecOrder, efficientFirst } from './codec-order.ts';
import type { Broker, BrokerState, Link } from './link.ts';
import { openLink } from './peer-link.ts';

export type JoinOptions = {
  /** What this page is called at the broker: letters and digits. */
  readonly id: string;
  readonly address: BrokerAddress;
  /** Empty: only direct paths. */
  readonly iceServers: readonly RTCIceServer[];
  readonly clock: Clock;
  /** 0…1, spreads out the tries of many pages. */
  readonly random?: () => number;
  /** Leaves the broker when it aborts. Links live on. */
  readonly signal: AbortSignal;
};

/** A network that swallows everything never says no. */
const JOINED_WITHIN_MS = 10_000;
/** From the first word to both channels open; a slow relay takes a few seconds. */
const INTRODUCED_WITHIN_MS = 15_000;
/** Strangers that are being introduced at the same time. */
const MOST_ARRIVING = 8;

type Introduction = {
  readonly certificate: RTCCertificate;
  readonly order: CodecOrder;
  readonly clock: Clock;
};

/** Joins, and joins again whenever the broker was away. @throws {Fault} unsupported without WebRTC */
export async function joinBroker(options: JoinOptions): Promise<Broker> {
  const { id, clock, random = Math.random, signal } = options;
  if (typeof RTCPeerConnection === 'undefined') throw new Fault('unsupported', 'page', 'no RTCPeerConnection');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const [certificate, order] = await Promise.all([RTCPeerConnection.generateCertificate(algorithm), efficientFirst()]);
  const introduction: Introduction = { certificate, order, clock };
  const peerOptions: PeerOptions = {
    ...options.address,
    token: secretToken(),
    debug: 0,
    // Its default names public servers of others.
    config: { iceServers: [...options.iceServers], certificates: [certificate] },
  };
  const state = makeSignal<BrokerState>({ at: 'joining' });
  let peer: Peer | undefined;
  let rejoin = () => {};
  let attempt = 0;
  let arriving = 0;
  let ring: ((link: Link) => void) | undefined;

  /** One PeerJS peer for one visit to the broker: links were taken over from it and outlive it. */
  const visit = () => {
    if (signal.aborted) return;
    const visiting = new AbortController();
    const joining = new AbortController();
    const guest = new Peer(id, peerOptions);
    let fault = new Fault('unreachable', 'broker', 'the connection to it ended');
    peer = guest;
    state.value = { at: 'joining' };

    const leave = () => {
      if (visiting.signal.aborted) return;
      visiting.abort();
      joining.abort();
      guest.destroy();
      if (signal.aborted) return;
      const retryInMs = backoffMs(attempt++, random);
      state.value = { at: 'away', retryInMs, fault };
      const waiting = new AbortController();
      rejoin = () => {
        if (waiting.signal.aborted) return;
        waiting.abort();
        visit();
      };
      clock.after(retryInMs, rejoin, waiting.signal);
    };
    rejoin = leave;
    guest.on('open', () => {
      joining.abort();
      attempt = 0;
      if (state.peek().at !== 'joined') state.value = { at: 'joined' };
    });
    guest.on('error', ({ type, message }) => {
      if (type === 'unavailable-id') fault = new Fault('in-use', 'broker', message);
    });
    guest.on('disconnected', leave);
    guest.on('close', leave);
    guest.on('connection', (arrived) => arrive(arrived, guest));
    guest.on('call', (call) => call.close());
    clock.after(JOINED_WITHIN_MS, leave, joining.signal);
    signal.addEventListener('abort', leave, { signal: visiting.signal });
  };

  const arrive = (arrived: DataConnection, guest: Peer) => {
    if (!isRaw(arrived)) return turnAway(arrived);
    if (!ring || arriving >= MOST_ARRIVING) return arrived.close();
    arriving++;
    introduce(arrived, guest, false, introduction, signal)
      .then(
        (link) => (ring ? ring(link) : link.close()),
        () => {
          // Who rang hears the reason on their own side.
        },
      )
      .finally(() => arriving--);
  };

  // What was waiting for its next try, or talks into a network that is gone, begins afresh.
  addEventListener('online', () => rejoin(), { signal });
  visit();

  return {
    state,
    answer(answered, until) {
      ring = answered;
      const hush = () => {
        if (ring === answered) ring = undefined;
      };
      until.addEventListener('abort', hush, { once: true });
    },
    async dial(peerId, cancel) {
      await joined(state, cancel);
      const guest = peer!;
      const connection: DataConnection | undefined = guest.connect(peerId, { serialization: 'raw', reliable: true });
      if (!connection) throw new Fault('unreachable', 'broker', 'left while dialling');
      try {
        return await introduce(connection, guest, true, introduction, cancel);
      } catch (error) {
        // Not even "absent": the broker itself may be out of reach without a sign of it.
        if (error instanceof Fault && error.code === 'timeout' && peer === guest) rejoin();
        throw error;
      }
    },
  };
}

/** From PeerJS's connection, still without a word between the two, to a link that PeerJS can do nothing to any more. */
function introduce(
  arranged: DataConnection,
  guest: Peer,
  dialled: boolean,
  { certificate, order, clock }: Introduction,
  cancel: AbortSignal,
): Promise<Link> {
  const { peer: peerId, peerConnection: connection } = arranged;
  const other = dialled ? 'robot' : 'pilot';
  const hangUp = arranged.close.bind(arranged);
  const control = connection.createDataChannel('control', CONTROL_CHANNEL);
  return new Promise((resolve, reject) => {
    const introducing = new AbortController();
    const fail = (fault: Fault) => {
      if (introducing.signal.aborted) return;
      settled();
      hangUp();
      reject(fault);
    };
    const settled = () => {
      introducing.abort();
      guest.off('error', hearError);
      // PeerJS closes connections when ICE fails, when it leaves the broker and when the broker tells it to.
      // The middle carries, the ends decide.
      arranged.close = () => {};
    };
    const hearError = ({ type, message }: { type: string; message: string }) => {
      if (type !== 'peer-unavailable' || !message.endsWith(` ${peerId}`)) return;
      fail(new Fault('absent', other, message));
    };
    guest.on('error', hearError);
    arranged.close = () => fail(new Fault('unreachable', other, 'the connection failed before it was open'));
    arranged.on('open', () => {
      if (introducing.signal.aborted) return;
      // From here candidates travel over the link, and PeerJS must take no other channel or track for its own.
      connection.onicecandidate = connection.ondatachannel = connection.ontrack = null;
      const messages = arranged.dataChannel;
      const parts = { peerId, connection, messages, control, certificate, dialled, order, clock, hangUp };
      openLink(parts).then((link) => {
        if (introducing.signal.aborted) return link.close();
        settled();
        resolve(link);
      }, fail);
    });
    clock.after(
      INTRODUCED_WITHIN_MS,
      () => fail(new Fault('timeout', other, `no connection within ${INTRODUCED_WITHIN_MS} ms`)),
      introducing.signal,
    );
    const stop = () => fail(new Fault('cancelled', other, 'the introduction was called off'));
    if (cancel.aborted) stop();
    cancel.addEventListener('abort', stop, { once: true, signal: introducing.signal });
  });
}

/** Resolves when the broker knows this page. @throws {Fault} */
function joined(state: ReadonlySignal<BrokerState>, cancel: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const watching = new AbortController();
    const settle = (act: () => void) => {
      watching.abort();
      act();
    };
    const stop = () => settle(() => reject(new Fault('cancelled', 'broker', 'the dial was called off')));
    if (cancel.aborted) return stop();
    cancel.addEventListener('abort', stop, { once: true, signal: watching.signal });
    const unwatch = state.subscribe((now) => {
      if (watching.signal.aborted) return;
      if (now.at === 'joined') settle(resolve);
      if (now.at === 'away') settle(() => reject(now.fault ?? new Fault('unreachable', 'broker', 'away')));
    });
    watching.signal.addEventListener('abort', () => unwatch(), { once: true });
    if (watching.signal.aborted) unwatch();
  });
}

/** The offer names the class that PeerJS makes: other serializers hoard what a stranger sends, and "constructor" makes none. */
function isRaw(arrived: DataConnection): boolean {
  return arrived.serialization === 'raw' && arrived.peerConnection instanceof RTCPeerConnection;
}

function turnAway(arrived: DataConnection): void {
  if (typeof arrived.close === 'function') arrived.close();
  // PeerJS keeps even what is no connection, and closes it when it leaves.
  else Object.assign(arrived, { close: () => {} });
}

/** Proves to the broker, after a break, that this is the page that had the id. */
function secretToken(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
