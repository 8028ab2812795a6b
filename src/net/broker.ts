/** Introduces this page to others through PeerJS, and lets go of them there; the only file that knows PeerJS. */
import { signal as makeSignal, type ReadonlySignal } from '@preact/signals-core';
import { type DataConnection, Peer } from 'peerjs';
import { backoffMs } from '../control/backoff.ts';
import type { Clock } from '../core/clock.ts';
import { asFault, Fault } from '../core/fault.ts';
import type { Identity } from '../trust/identity.ts';
import type { BrokerAddress } from './broker-address.ts';
import { efficientFirst } from './codec-order.ts';
import { readFirstDescription } from './first-description.ts';
import { askChallenge, freshClaim } from './fresh-claim.ts';
import { borrowIceServers, hasRelay, keepIceServers } from './ice-servers.ts';
import { introduce } from './introduction.ts';
import type { Broker, BrokerState, Link } from './link.ts';
import { checkRelay } from './relay-check.ts';
import { findRelay, type Gathered, watchGathering } from './relay-finding.ts';
import { keepSpareChallenge } from './spare-challenge.ts';
import { watchNetwork } from './watch-network.ts';

export type JoinOptions = {
  /** Its id is what this page is called at the broker. */
  readonly identity: Identity;
  readonly address: BrokerAddress;
  /** Whether the other end must not see this one's addresses; asked for each connection. */
  readonly relayOnly: () => boolean;
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
/** The same for a stranger, who takes a place meanwhile. */
const STRANGER_INTRODUCED_WITHIN_MS = 10_000;
/** Strangers that are being introduced, or have not proved yet who they are. */
const MOST_STRANGERS = 3;
/** Whoever asks for it may ask again and again. */
const REJOIN_AT_MOST_EVERY_MS = 1_000;
/** A connection that died with its network shows it to nobody for many minutes: so it is asked, and soon after each new one, for networks change in steps. */
const PULSE_EVERY_MS = 8_000;
const FIRST_PULSES_AT_MS = [0, 1_000, 2_500, 5_000];
const ANSWERED_WITHIN_MS = 2_500;
const LISTEN_EVERY_MS = 250;
/** PeerJS's own heartbeat is slowed down in a hidden page. */
const NEVER_MS = 0x7fff_ffff;
/** Another page has the same key: two that take turns by the second serve nobody. */
const REPLACED_RETRY_MS = 60_000;

/** Joins, and joins again whenever the broker was away. @throws {Fault} unsupported without WebRTC */
export async function joinBroker(options: JoinOptions): Promise<Broker> {
  const { identity, address, relayOnly, clock, random = Math.random, signal } = options;
  if (typeof RTCPeerConnection === 'undefined') throw new Fault('unsupported', 'page', 'no RTCPeerConnection');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const [certificate, order] = await Promise.all([RTCPeerConnection.generateCertificate(algorithm), efficientFirst()]);
  const desk = { address, identity, clock, signal };
  const ask = () => borrowIceServers(desk);
  const ice = keepIceServers({ ask, clock, random, signal });
  const config: RTCConfiguration = {
    certificates: [certificate],
    // PeerJS hands this to every connection it makes, also for an offer that comes in.
    get iceServers() {
      return [...ice.servers.peek()];
    },
    get iceTransportPolicy() {
      return relayOnly() ? 'relay' : 'all';
    },
  };
  const living = new Set<RTCPeerConnection>();
  const state = makeSignal<BrokerState>({ at: 'joining' });
  const relay = makeSignal<Fault | undefined>(undefined);
  const spare = keepSpareChallenge({ ask: () => askChallenge(desk), clock, signal });
  let peer: Peer | undefined;
  let rejoin = () => {};
  let attempt = 0;
  let strangers = 0;
  /** By what the broker calls them, until they are linked. */
  const arriving = new Map<string, AbortController>();
  let ring: ((link: Link) => Promise<void>) | undefined;

  /** One PeerJS peer for one visit to the broker: links were taken over from it and outlive it. */
  const visit = (challenge?: string) => {
    if (signal.aborted) return;
    const visiting = new AbortController();
    const joining = new AbortController();
    let guest: Peer | undefined;
    let fault = new Fault('unreachable', 'broker', 'it never answered');
    let replaced = false;
    state.value = { at: 'joining' };

    const part = () => {
      if (visiting.signal.aborted) return false;
      visiting.abort();
      joining.abort();
      guest?.destroy();
      return !signal.aborted;
    };
    const leave = () => {
      if (!part()) return;
      // A broker that has begun anew does not know what it gave out before.
      spare.take();
      const retryInMs = replaced ? REPLACED_RETRY_MS : backoffMs(attempt++, random);
      state.value = { at: 'away', retryInMs, fault };
      const waiting = new AbortController();
      rejoin = () => {
        if (waiting.signal.aborted) return;
        waiting.abort();
        visit();
      };
      clock.after(retryInMs, rejoin, waiting.signal);
    };
    rejoin = () => {
      if (part()) visit(spare.take());
    };
    const watchPulse = ({ socket }: Peer) => {
      let isAsked = false;
      let silentMs = 0;
      let listenedAtMs = clock.now();
      socket.on('message', () => {
        isAsked = false;
        silentMs = 0;
      });
      const ask = () => {
        isAsked = true;
        socket.send({ type: 'HEARTBEAT' });
      };
      const listen = () => {
        // A page that was held up comes here before it hears what waited for it.
        const sinceMs = Math.min(clock.now() - listenedAtMs, LISTEN_EVERY_MS);
        listenedAtMs = clock.now();
        if (isAsked) silentMs += sinceMs;
        if (silentMs > ANSWERED_WITHIN_MS) rejoin();
      };
      for (const ms of FIRST_PULSES_AT_MS) clock.after(ms, ask, visiting.signal);
      clock.every(PULSE_EVERY_MS, ask, visiting.signal);
      clock.every(LISTEN_EVERY_MS, listen, visiting.signal);
    };
    const enter = (token: string) => {
      if (visiting.signal.aborted) return;
      // It answered a moment ago: a door that stays shut now is a no. Browsers do not tell the status.
      fault = new Fault('refused', 'broker', 'it closed the connection before it said a word');
      const arrived = new Peer(identity.id, { ...address, token, debug: 0, config, pingInterval: NEVER_MS });
      peer = guest = arrived;
      arrived.on('open', () => {
        watchPulse(arrived);
        joining.abort();
        attempt = 0;
        spare.fill();
        fault = new Fault('unreachable', 'broker', 'the connection to it ended');
        if (state.peek().at !== 'joined') state.value = { at: 'joined' };
      });
      arrived.on('error', ({ type, message }) => {
        if (type !== 'unavailable-id') return;
        fault = new Fault('in-use', 'broker', message);
        replaced = true;
      });
      arrived.on('disconnected', leave);
      arrived.on('close', leave);
      arrived.on('connection', (stranger) => arrive(stranger, arrived));
      arrived.on('call', (call) => call.close());
    };
    clock.after(JOINED_WITHIN_MS, leave, joining.signal);
    signal.addEventListener('abort', leave, { signal: visiting.signal });
    const claim = freshClaim({ ...desk, signal: visiting.signal }, 'join', challenge);
    Promise.all([claim, ice.ready]).then(
      ([token]) => enter(token),
      (error: unknown) => {
        fault = asFault(error, 'unreachable', 'broker');
        leave();
      },
    );
  };

  const learn = (gathered: Gathered) => {
    const finding = findRelay(gathered);
    if (finding !== 'unknown') relay.value = finding === 'fine' ? undefined : finding;
  };
  const meet = async (
    arranged: DataConnection,
    guest: Peer,
    promised: string | undefined,
    cancel: AbortSignal,
    answerWithinMs = INTRODUCED_WITHIN_MS,
  ) => {
    const { peerConnection: connection } = arranged;
    const gathering = new AbortController();
    living.add(connection);
    const part = () => {
      gathering.abort();
      living.delete(connection);
    };
    const gathered = watchGathering(connection, learn, gathering.signal);
    const withinMs = promised === undefined ? INTRODUCED_WITHIN_MS : STRANGER_INTRODUCED_WITHIN_MS;
    try {
      const means = { certificate, order, clock, gathered, cancel, withinMs, answerWithinMs };
      const link = await introduce({ arranged, visit: guest, promised, ...means });
      void link.closed.then(part);
      return link;
    } catch (error) {
      part();
      if (error instanceof Fault && error.subject === 'relay') relay.value = error;
      throw error;
    }
  };
  const arrive = (arrived: DataConnection, guest: Peer) => {
    if (!isRaw(arrived)) return turnAway(arrived);
    const offer = readFirstDescription(arrived.options._payload);
    const full = strangers >= MOST_STRANGERS && !arriving.has(arrived.peer);
    if (!offer.ok || !ring || full) return arrived.close();
    strangers++;
    // Who rings again has given up what it began before.
    arriving.get(arrived.peer)?.abort();
    const introducing = new AbortController();
    arriving.set(arrived.peer, introducing);
    const stop = () => introducing.abort();
    signal.addEventListener('abort', stop, { once: true, signal: introducing.signal });
    meet(arrived, guest, offer.value, introducing.signal)
      .finally(() => arriving.get(arrived.peer) === introducing && arriving.delete(arrived.peer))
      .then(
        (link) => (ring ? ring(link) : link.close()),
        () => {
          // Who rang hears the reason on their own side.
        },
      )
      .finally(() => {
        strangers--;
        stop();
      });
  };

  /** Links that live go on with what was lent anew, and the relay is tried before anybody needs it. */
  const lend = (iceServers: readonly RTCIceServer[]) => {
    for (const connection of living) {
      try {
        connection.setConfiguration({
          ...connection.getConfiguration(),
          certificates: [certificate],
          iceServers: [...iceServers],
        });
      } catch {
        // Closed in between, or Firefox before 119: it goes on with the path it has.
      }
    }
    if (!hasRelay(iceServers)) {
      relay.value = undefined;
      return;
    }
    checkRelay(iceServers, clock, signal).then((fault) => {
      if (!signal.aborted && ice.servers.peek() === iceServers) relay.value = fault;
    }, console.debug);
  };
  const unlend = ice.servers.subscribe(lend);
  signal.addEventListener('abort', unlend, { once: true });
  let rejoinedAtMs = Number.NEGATIVE_INFINITY;
  let isDeferred = false;
  const refresh = () => {
    // Whoever rings right now proves that the broker can be heard.
    if (signal.aborted || arriving.size > 0) return;
    const waitMs = rejoinedAtMs + REJOIN_AT_MOST_EVERY_MS - clock.now();
    if (waitMs > 0) {
      // The network may have changed just after the last time.
      if (!isDeferred) clock.after(waitMs, refreshLater, signal);
      isDeferred = true;
      return;
    }
    rejoinedAtMs = clock.now();
    rejoin();
  };
  const refreshLater = () => {
    isDeferred = false;
    refresh();
  };
  // What was waiting for its next try, or talks into a network that is gone, begins afresh.
  watchNetwork(refresh, signal);
  visit();

  return {
    state,
    relay,
    answer(answered, until) {
      ring = answered;
      const hush = () => {
        if (ring === answered) ring = undefined;
      };
      until.addEventListener('abort', hush, { once: true });
    },
    rejoin: refresh,
    async dial(peerId, cancel, answerWithinMs = INTRODUCED_WITHIN_MS) {
      await joined(state, cancel);
      const guest = peer!;
      const connection: DataConnection | undefined = guest.connect(peerId, { serialization: 'raw', reliable: true });
      if (!connection) throw new Fault('unreachable', 'broker', 'left while dialling');
      try {
        return await meet(connection, guest, undefined, cancel, answerWithinMs);
      } catch (error) {
        // Not even "absent": the broker itself may be out of reach without a sign of it.
        if (error instanceof Fault && error.code === 'timeout' && peer === guest) refresh();
        throw error;
      }
    },
  };
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
