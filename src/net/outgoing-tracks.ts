/** The tracks that one connection sends, each in a place of its own; knows neither camera nor microphone. */
import type { CodecOrder } from './codec-order.ts';

type Place = { readonly transceiver: RTCRtpTransceiver; readonly kind: string; taken: boolean };

/**
 * Returns what sends a track until its signal aborts. A track that follows another of its kind at once takes its place:
 * the other side sees a new picture on the same track, and nothing is negotiated.
 */
export function outgoingTracks(
  connection: RTCPeerConnection,
  order: CodecOrder,
  life: AbortSignal,
): (track: MediaStreamTrack, signal: AbortSignal) => void {
  const places = new Set<Place>();

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
  };

  return (track, signal) => {
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
