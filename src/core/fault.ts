/** How things fail in front of a person, end, and are read from outside; knows no room that fails. */

/** Why something that can fail in front of a person failed. Every code has a sentence in `ui/words`, or nothing compiles. */
export type FaultCode =
  | 'unsupported' // this browser lacks what it takes
  | 'insecure' // the page is not a secure context
  | 'denied' // a person or a policy said no
  | 'cancelled' // the person closed the question
  | 'in-use' // somebody else holds it
  | 'not-found' // there is none
  | 'absent' // the other device is not at the broker
  | 'unreachable' // the broker or the path is not there
  | 'lost' // it was there and went away
  | 'timeout' // it never answered
  | 'refused' // the other end said no
  | 'busy' // another pilot drives
  | 'unknown' // the robot does not know this device
  | 'expired' // the code, the link or the permission has run out
  | 'impostor' // the other end could not prove who it is
  | 'unsafe' // it did not stop by itself when it was tried
  | 'wrong-version' // the other end speaks another version
  | 'wrong-protocol'; // the other end speaks another language

/** What failed: a sentence may differ by it. */
export type FaultSubject =
  | 'camera'
  | 'microphone'
  | 'usb'
  | 'bluetooth'
  | 'board'
  | 'robot'
  | 'pilot'
  | 'broker'
  | 'relay'
  | 'code'
  | 'page';

export class Fault extends Error {
  override readonly name = 'Fault';
  /** `detail` is for the one who mends it, never shown as the sentence. */
  constructor(
    readonly code: FaultCode,
    readonly subject: FaultSubject,
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(`${subject} ${code}: ${detail}`, options);
  }
}

/** What was thrown as a `Fault`; what is none becomes one of this kind. */
export function asFault(thrown: unknown, code: FaultCode, subject: FaultSubject): Fault {
  return thrown instanceof Fault ? thrown : new Fault(code, subject, String(thrown), { cause: thrown });
}

/** How anything with a life ended. Carried by a `closed` promise that settles once and never rejects. */
export type End = { readonly why: 'asked' } | { readonly why: 'lost'; readonly fault: Fault };

/** What a decoder says of bytes from outside: bad bytes are news, not an exception. */
export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };
