/** One open camera or microphone, from asking to unplugging; knows not which of the two, nor who looks or listens. */
import { Fault, type FaultCode } from '../core/fault.ts';

export type Capture = {
  readonly track: MediaStreamTrack;
  /** Settles when the device went away by itself: unplugged, or its permission was taken back. Never after an abort. */
  readonly lost: Promise<Fault>;
};

/** What getUserMedia's exceptions mean to a person, by name (https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia). */
const CODES: Readonly<Record<string, FaultCode>> = {
  NotAllowedError: 'denied',
  SecurityError: 'insecure',
  NotFoundError: 'not-found',
  OverconstrainedError: 'not-found',
  NotReadableError: 'in-use',
  // Firefox says so when another program holds the device.
  AbortError: 'in-use',
};

/** The fault behind what getUserMedia threw. */
export function captureFault(subject: 'camera' | 'microphone', error: unknown): Fault {
  const { name = '', message = '' } = error instanceof Error || error instanceof DOMException ? error : {};
  // Chromium has one name for "no" and for closing the question, and tells them apart in the message alone.
  const code = /dismissed/i.test(message) ? 'cancelled' : (CODES[name] ?? 'unsupported');
  return new Fault(code, subject, `${name}: ${message}`, { cause: error });
}

/**
 * Asks for one track and stops it when `signal` aborts.
 * @throws {Fault} denied | cancelled | not-found | in-use | insecure | unsupported
 */
export async function openCapture(
  subject: 'camera' | 'microphone',
  constraints: MediaStreamConstraints,
  signal: AbortSignal,
): Promise<Capture> {
  // Browsers hide mediaDevices from pages that came over plain http from another machine.
  if (navigator.mediaDevices === undefined) {
    throw new Fault(isSecureContext ? 'unsupported' : 'insecure', subject, 'no navigator.mediaDevices');
  }
  const stream = await navigator.mediaDevices.getUserMedia(constraints).catch((error: unknown) => {
    throw captureFault(subject, error);
  });
  const [track] = stream.getTracks();
  if (!track) throw new Fault('not-found', subject, 'a stream without a track');
  if (signal.aborted) {
    track.stop();
    throw new Fault('cancelled', subject, 'no longer wanted');
  }
  signal.addEventListener('abort', () => track.stop(), { once: true });
  const lost = new Promise<Fault>((resolve) => {
    // Fires only for what the page did not stop itself.
    track.addEventListener('ended', () => resolve(new Fault('lost', subject, `"${track.label}" ended`)), { signal });
  });
  return { track, lost };
}
