/** "Perfect negotiation" over the link itself (https://www.w3.org/TR/webrtc/#perfect-negotiation-example); knows no broker. */
import type { Message } from '../protocol/messages.ts';

export type NegotiationMessage = Extract<Message, { type: 'description' | 'candidate' }>;

export type Negotiable = Pick<
  RTCPeerConnection,
  'signalingState' | 'localDescription' | 'setLocalDescription' | 'setRemoteDescription' | 'addIceCandidate'
> & {
  addEventListener(type: 'negotiationneeded', needed: () => void, options: { signal: AbortSignal }): void;
  addEventListener(
    type: 'icecandidate',
    found: (event: { readonly candidate: RTCIceCandidate | null }) => void,
    options: { signal: AbortSignal },
  ): void;
};

export type Negotiation = {
  readonly connection: Negotiable;
  /** When both offer at once, the polite side takes its own offer back. The sides differ in it. */
  readonly polite: boolean;
  readonly send: (message: NegotiationMessage) => void;
  /** A last look at what the other side says, before the browser reads it. */
  readonly adjust: (sdp: string) => string;
  /** The two ends no longer agree, and cannot. */
  readonly failed: (error: unknown) => void;
  readonly signal: AbortSignal;
};

export type Negotiator = {
  /** Reads what the other side said, and answers it. */
  readonly hear: (message: NegotiationMessage) => void;
  /** From now on this side may begin; until then its wishes and candidates wait. */
  readonly speak: () => void;
};

/** Candidates of a connection with every kind of path. */
const MOST_WAITING = 64;

/** Candidates are carried too, so that the broker is not needed any more. */
export function negotiate(negotiation: Negotiation): Negotiator {
  const { connection, polite, send, adjust, failed, signal } = negotiation;
  const waiting: NegotiationMessage[] = [];
  let speaking = false;
  let needed = false;
  let offering = false;
  let settingAnswer = false;
  let ignoring = false;

  const describe = async () => {
    await connection.setLocalDescription();
    const described = connection.localDescription;
    if (!signal.aborted && described)
      send({ type: 'description', description: { type: described.type, sdp: described.sdp } });
  };

  const offer = async () => {
    offering = true;
    try {
      await describe();
    } finally {
      offering = false;
    }
  };

  const hearDescription = async ({ type, sdp }: RTCSessionDescriptionInit) => {
    if (type !== 'offer' && type !== 'answer') return;
    const ready = !offering && (connection.signalingState === 'stable' || settingAnswer);
    const collision = type === 'offer' && !ready;
    ignoring = collision && !polite;
    if (ignoring) return;
    settingAnswer = type === 'answer';
    try {
      await connection.setRemoteDescription({ type, sdp: adjust(sdp ?? '') });
    } finally {
      settingAnswer = false;
    }
    if (type === 'offer') await describe();
  };

  const fail = (error: unknown) => {
    if (!signal.aborted) failed(error);
  };

  const beginOffer = () => void offer().catch(fail);

  connection.addEventListener(
    'negotiationneeded',
    () => {
      if (speaking) beginOffer();
      else needed = true;
    },
    { signal },
  );
  connection.addEventListener(
    'icecandidate',
    ({ candidate }) => {
      if (!candidate?.candidate) return;
      const message: NegotiationMessage = { type: 'candidate', candidate: candidate.toJSON() };
      if (speaking) send(message);
      else if (waiting.length < MOST_WAITING) waiting.push(message);
    },
    { signal },
  );

  return {
    hear(message) {
      if (signal.aborted) return;
      switch (message.type) {
        case 'description':
          void hearDescription(message.description).catch(fail);
          return;
        case 'candidate':
          connection.addIceCandidate(message.candidate).catch((error: unknown) => {
            // A candidate of an offer that was ignored has nowhere to go; any other bad one costs a path, not the link.
            if (!ignoring) console.debug('A network candidate was not understood.', error);
          });
          return;
        default:
          message satisfies never;
      }
    },
    speak() {
      if (speaking || signal.aborted) return;
      speaking = true;
      for (const message of waiting.splice(0)) send(message);
      // In the middle of an exchange the browser says again afterwards what is still needed.
      if (needed && connection.signalingState === 'stable') beginOffer();
    },
  };
}
