/** A link made of one open RTCPeerConnection, whoever introduced its ends; knows no broker. */
import { type Signal, signal } from '@preact/signals-core';
import type { Clock } from '../core/clock.ts';
import { type End, Fault } from '../core/fault.ts';
import { decodeMessage, encodeMessage, type Message } from '../protocol/messages.ts';
import { LOSSY, RELIABLE, wrapChannel } from './channels.ts';
import type { CodecOrder } from './codec-order.ts';
import { describedFingerprint, fingerprintsOf } from './fingerprints.ts';
import type { Link } from './link.ts';
import { type NegotiationMessage, negotiate } from './negotiation.ts';
import { outgoingTracks } from './outgoing-tracks.ts';
import { START_KBPS, withStartBitrate } from './start-bitrate.ts';
import { watchVitals } from './vitals.ts';

/** How long a goodbye may take to arrive before the connection is cut. */
const FAREWELL_MS = 250;
/** The longest word of a stranger, and how many wait for a receiver. */
const STRANGERS_BYTES = 2048;
const STRANGERS_KEPT = 4;
const ALL_KEPT = 16;
/** The longest on `control`, in either direction. */
const CONTROL_BYTES = 64;

export type LinkParts = {
  readonly peerId: string;
  readonly connection: RTCPeerConnection;
  /** Open, and heard by nobody yet. */
  readonly messages: RTCDataChannel;
  readonly control: RTCDataChannel;
  readonly certificate: RTCCertificate;
  /** The fingerprint in the other side's first description. */
  readonly promised: string;
  /** Whether this side began. It is the pilot, then, and the polite one: the robot's picture must not wait. */
  readonly dialled: boolean;
  readonly order: CodecOrder;
  readonly clock: Clock;
  /** Closes the connection, and lets go of it wherever it is known. */
  readonly hangUp: () => void;
};

/** Listens at once; resolves when both channels are open. @throws {Fault} when it ended before */
export async function openLink(parts: LinkParts): Promise<Link> {
  const { peerId, connection, messages: messagesWire, control: controlWire, clock, hangUp } = parts;
  const life = new AbortController();
  const other = parts.dialled ? 'robot' : 'pilot';
  let settle: (end: End) => void = () => {};
  const closed = new Promise<End>((resolve) => {
    settle = resolve;
  });

  const finish = (end: End) => {
    if (life.signal.aborted) return false;
    life.abort();
    settle(end);
    return true;
  };
  const loseBy = (fault: Fault) => {
    if (finish({ why: 'lost', fault })) hangUp();
  };
  const lose = (detail: string, cause?: unknown) => loseBy(new Fault('lost', other, detail, { cause }));
  const close = () => {
    const farewell = new AbortController();
    const sent = messages.send(encodeMessage({ type: 'bye' }));
    if (!finish({ why: 'asked' })) return;
    if (!sent) return hangUp();
    const part = () => {
      farewell.abort();
      hangUp();
    };
    // The other side hangs up as soon as it hears it.
    messagesWire.addEventListener('close', part, { once: true });
    clock.after(FAREWELL_MS, part, farewell.signal);
  };

  let admitted = false;
  const negotiator = negotiate({
    connection,
    polite: parts.dialled,
    send: (message) => void messages.send(encodeMessage(message)),
    adjust: (sdp) => withStartBitrate(sdp, START_KBPS),
    failed: (error) => lose('the two ends could not agree on the tracks', error),
    signal: life.signal,
  });
  const hear = (message: NegotiationMessage) => {
    if (!admitted) return;
    if (message.type === 'description' && breaksPromise(message, parts.promised)) {
      return loseBy(new Fault('impostor', other, 'a later description promises another certificate'));
    }
    negotiator.hear(message);
  };
  /** What is between the two ends of the link itself never reaches the session. */
  const intercept = (bytes: Uint8Array) => {
    const decoded = decodeMessage(bytes);
    if (!decoded.ok) return false;
    const message = decoded.value;
    // Who was dialled is the last to admit the other. Whatever came before that would be lost there.
    if (admitted && showsAdmission(message)) negotiator.speak();
    if (message.type === 'description' || message.type === 'candidate') {
      hear(message);
      return true;
    }
    if (message.type === 'bye') {
      if (finish({ why: 'asked' })) hangUp();
      return true;
    }
    return false;
  };
  const messages = wrapChannel(messagesWire, RELIABLE, {
    intercept,
    mostKept: () => (admitted ? ALL_KEPT : STRANGERS_KEPT),
    drops(bytes) {
      if (admitted || bytes <= STRANGERS_BYTES) return false;
      loseBy(new Fault('refused', other, `${bytes} bytes from somebody who has not proved anything`));
      return true;
    },
  });
  const control = wrapChannel(controlWire, LOSSY, {
    drops: (bytes) => !admitted || bytes > CONTROL_BYTES,
    maySend: () => admitted,
  });
  const remoteTracks = signal<readonly MediaStreamTrack[]>([]);
  const outgoing = outgoingTracks(connection, parts.order, life.signal);
  const waiting: (() => void)[] = [];
  const admit = () => {
    if (admitted || life.signal.aborted) return;
    admitted = true;
    watchRemoteTracks(connection, remoteTracks, life.signal);
    if (!parts.dialled) negotiator.speak();
    for (const show of waiting.splice(0)) show();
  };

  for (const wire of [messagesWire, controlWire]) {
    wire.addEventListener('close', () => lose(`the ${wire.label} channel closed`), { signal: life.signal });
  }
  connection.addEventListener(
    'connectionstatechange',
    () => {
      const { connectionState } = connection;
      if (connectionState === 'failed' || connectionState === 'closed') lose(`the connection is ${connectionState}`);
    },
    { signal: life.signal },
  );
  // There are two channels. Whoever opens more of them has no use for them that this side knows of.
  connection.addEventListener('datachannel', ({ channel }) => channel.close(), { signal: life.signal });
  addEventListener('pagehide', close, { signal: life.signal });

  const early = closed.then((end) => {
    throw end.why === 'lost' ? end.fault : new Fault('refused', other, 'closed before it was open');
  });
  await Promise.race([opened(controlWire), early]);
  const fingerprints = await Promise.race([
    fingerprintsOf(connection, parts.certificate, other, parts.promised),
    early,
  ]);
  return {
    peerId,
    fingerprints,
    messages,
    control,
    remoteTracks,
    vitals: watchVitals(connection, clock, life.signal),
    admit,
    show(track, until) {
      if (admitted) outgoing.show(track, until);
      else waiting.push(() => outgoing.show(track, until));
    },
    rest: outgoing.rest,
    closed,
    close,
  };
}

function opened(wire: RTCDataChannel): Promise<void> {
  return new Promise((resolve) => {
    if (wire.readyState === 'open') return resolve();
    wire.addEventListener('open', () => resolve(), { once: true });
  });
}

/** A later description binds the same certificate. Rolling back binds none. */
function breaksPromise({ description }: Extract<Message, { type: 'description' }>, promised: string): boolean {
  const { type, sdp } = description;
  return (type === 'offer' || type === 'answer') && describedFingerprint(sdp) !== promised;
}

/** Words that an end says only after it admitted the other. */
function showsAdmission({ type }: Message): boolean {
  return type === 'welcome' || type === 'description' || type === 'candidate';
}

/** A track stays until the other side gives up its place, or the link ends. */
function watchRemoteTracks(
  connection: RTCPeerConnection,
  tracks: Signal<readonly MediaStreamTrack[]>,
  life: AbortSignal,
): void {
  const drop = (track: MediaStreamTrack) => {
    tracks.value = tracks.peek().filter((kept) => kept !== track);
  };
  connection.addEventListener(
    'track',
    ({ track }) => {
      if (tracks.peek().includes(track)) return;
      tracks.value = [...tracks.peek(), track];
      track.addEventListener('ended', () => drop(track), { once: true, signal: life });
    },
    { signal: life },
  );
  life.addEventListener('abort', () => (tracks.value = []), { once: true });
}
