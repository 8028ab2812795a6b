/** The tracks that one connection sends, each in a place of its own; knows neither camera nor microphone. */
import type { CodecOrder } from './codec-order.ts';

export type OutgoingTracks = {
  /** Sends a track until `signal` aborts. */
  show(track: MediaStreamTrack, signal: AbortSignal): void;
  /** Sends no picture, or goes on with a whole one. */
  rest(on: boolean): void;
};

type Place = { readonly transceiver: RTCRtpTransceiver; readonly kind: string; taken: boolean };

/**
 * A track that follows another of its kind at once takes its place: the other side sees a new picture on the same track, and
 * nothing is negotiated.
 */
export function outgoingTracks(connection: RTCPeerConnection, order: CodecOrder, life: AbortSignal): OutgoingTracks {
  const places = new Set<Place>();
  let resting = false;

  const vacate = (place: Place) => {
    place.taken = false;
    queueMicrotask(() => {
      if (!place.taken) remove(place);
    });
  };
  const remove = (place: Place) => {
    places.delete(place);
    if (!life.aborted) place.transceiver.stop();
  };
  const hold = (place: Place, signal: AbortSignal) => {
    place.taken = true;
    signal.addEventListener('abort', () => vacate(place), { once: true });
  };
  const add = (track: MediaStreamTrack, signal: AbortSignal) => {
    const place = { transceiver: addTransceiver(connection, track, order), kind: track.kind, taken: true };
    places.add(place);
    hold(place, signal);
    if (resting) letRest(place);
  };
  const letRest = ({ transceiver: { sender }, kind }: Place) => {
    if (kind !== 'video') return;
    const parameters = sender.getParameters();
    for (const encoding of parameters.encodings) encoding.active = !resting;
    sender.setParameters(parameters).catch(() => {
      // Gone in between, or a browser that can't: it then sends into the dark, as it would have.
    });
  };

  const show = (track: MediaStreamTrack, signal: AbortSignal) => {
    if (signal.aborted || life.aborted) return;
    const free = [...places].find(({ taken, kind }) => !taken && kind === track.kind);
    if (!free) return add(track, signal);
    hold(free, signal);
    free.transceiver.sender.replaceTrack(track).catch(() => {
      // A track of quite another shape needs a place of its own.
      remove(free);
      if (!signal.aborted && !life.aborted) add(track, signal);
    });
  };
  return {
    show,
    rest(on) {
      if (resting === on || life.aborted) return;
      resting = on;
      for (const place of places) letRest(place);
    },
  };
}

function addTransceiver(connection: RTCPeerConnection, track: MediaStreamTrack, order: CodecOrder): RTCRtpTransceiver {
  // A stream of its own: tracks of one stream wait for each other, and sound would hold the picture back.
  const transceiver = connection.addTransceiver(track, { direction: 'sendonly', streams: [new MediaStream([track])] });
  if (track.kind === 'video') {
    preferCodecs(transceiver, order);
    keepFrameRate(transceiver.sender);
  }
  return transceiver;
}

function preferCodecs(transceiver: RTCRtpTransceiver, order: CodecOrder): void {
  const codecs = RTCRtpReceiver.getCapabilities('video')?.codecs;
  if (codecs) transceiver.setCodecPreferences(order(codecs));
}

/** Who drives wants the newest picture more than the sharpest. */
function keepFrameRate(sender: RTCRtpSender): void {
  sender.setParameters({ ...sender.getParameters(), degradationPreference: 'maintain-framerate' }).catch(() => {
    // Firefox does not know it: the picture then gives up sharpness and rate by its own rule.
  });
}
