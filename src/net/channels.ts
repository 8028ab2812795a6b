/** Data channels as the house sees them, whole binary messages in and out; knows no connection and no word. */
import type { Channel } from './link.ts';

/** The longest message either way; browsers differ beyond it (RFC 8841, section 6.1). */
export const LONGEST_MESSAGE = 64 * 1024;

/** Messages that came before anybody listened. */
const KEPT_MESSAGES = 16;

/**
 * The `control` channel, made alike on both sides without a word between them. A frame that could not leave within this
 * time is dropped by the sender. Measured by `npm run bench -- channel`: after 5 s of outage at most one stale frame and
 * fresh ones again in 0.2 s, where `maxRetransmits: 0` replays 150 up to 3 s old.
 */
export const CONTROL_CHANNEL: Readonly<RTCDataChannelInit> = Object.freeze({
  negotiated: true,
  id: 100,
  ordered: false,
  maxPacketLifeTime: 100,
});

export type Patience = {
  /** A message is dropped when more bytes than this still wait to leave. */
  readonly waitingBytes: number;
  /** Which of too many early messages are kept. */
  readonly keep: 'oldest' | 'newest';
};

/**
 * Old frames leave by their age, not by their number: skipping while anything waits was measured too, and it delays the
 * first fresh frame after an outage from 0.2 to 0.9 s, because only a new send wakes SCTP from its back-off. The limit is for a
 * path that has died, and more than what 50 frames a second pile up until the link is given up.
 */
export const LOSSY: Patience = Object.freeze({ waitingBytes: 16 * 1024, keep: 'newest' });
/** Words wait for each other. Beyond a megabyte nobody is reading. */
export const RELIABLE: Patience = Object.freeze({ waitingBytes: 1024 * 1024, keep: 'oldest' });

/** The part of an RTCDataChannel that is used. */
export type Wire = Pick<RTCDataChannel, 'readyState' | 'bufferedAmount' | 'send'> & {
  binaryType: string;
  addEventListener(type: 'message', heard: (event: MessageEvent) => void): void;
};

/** What stands between a wire and the house. */
export type Screen = {
  /** Sees the length of each message first, however long, and returns true to drop it. */
  readonly drops?: (bytes: number) => boolean;
  /** Sees each message then, and returns true to keep it from everybody else. */
  readonly intercept?: (message: Uint8Array) => boolean;
  /** How many early messages are kept now. */
  readonly mostKept?: () => number;
  /** Whether anything may leave now. */
  readonly maySend?: () => boolean;
};

/** Starts listening at once. */
export function wrapChannel(wire: Wire, patience: Patience, screen: Screen = {}): Channel {
  const early: Uint8Array<ArrayBuffer>[] = [];
  let receiver: ((message: Uint8Array<ArrayBuffer>) => void) | undefined;

  const keep = (message: Uint8Array<ArrayBuffer>) => {
    if (early.length >= (screen.mostKept?.() ?? KEPT_MESSAGES)) {
      if (patience.keep === 'oldest') return;
      early.shift();
    }
    early.push(message);
  };

  wire.binaryType = 'arraybuffer';
  wire.addEventListener('message', ({ data }) => {
    if (screen.drops?.(lengthOf(data))) return;
    if (!(data instanceof ArrayBuffer) || data.byteLength > LONGEST_MESSAGE) return;
    const message = new Uint8Array(data);
    if (screen.intercept?.(message)) return;
    if (receiver) receiver(message);
    else keep(message);
  });

  return {
    send(message) {
      if (screen.maySend?.() === false) return false;
      if (wire.readyState !== 'open' || message.byteLength > LONGEST_MESSAGE) return false;
      if (wire.bufferedAmount > patience.waitingBytes) return false;
      try {
        wire.send(message);
        return true;
      } catch {
        // The state may change between the question and the sending; a full buffer throws too. Dropped either way.
        return false;
      }
    },
    receive(got, signal) {
      if (signal.aborted) return;
      receiver = got;
      const leave = () => {
        if (receiver === got) receiver = undefined;
      };
      signal.addEventListener('abort', leave, { once: true });
      // The receiver may leave, or hand over to another, in the middle of what waited.
      while (receiver === got && early.length > 0) got(early.shift()!);
    },
  };
}

/** Of text the number of characters, which is the least number of bytes. */
function lengthOf(data: unknown): number {
  if (data instanceof ArrayBuffer) return data.byteLength;
  return typeof data === 'string' ? data.length : 0;
}
