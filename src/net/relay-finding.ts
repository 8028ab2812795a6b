/** What the candidates that a connection gathered tell about the relay; knows no broker and no link. */
import { Fault } from '../core/fault.ts';
import { hasRelay, isTurn } from './ice-servers.ts';

/** What one connection gathered so far. */
export type Gathered = {
  /** Whether a TURN server was named to it. */
  readonly configured: boolean;
  /** Whether nothing but relayed paths is allowed. */
  readonly relayOnly: boolean;
  /** A relay gave it an address. */
  readonly relayed: boolean;
  /** What a TURN server said instead. */
  readonly rejection: string | undefined;
  /** Nothing more will come. */
  readonly complete: boolean;
};

/** The relay does not matter or works; it does not; or that cannot be said yet. */
export type RelayFinding = 'fine' | 'unknown' | Fault;

/** The part of an RTCPeerConnection that is used. */
export type Gathering = Pick<RTCPeerConnection, 'iceGatheringState' | 'getConfiguration'> &
  Pick<EventTarget, 'addEventListener'>;

export function findRelay({ configured, relayed, rejection, complete }: Gathered): RelayFinding {
  if (!configured || relayed) return 'fine';
  if (!complete) return 'unknown';
  if (rejection !== undefined) return new Fault('denied', 'relay', rejection);
  return new Fault('unreachable', 'relay', 'it gave no address');
}

/** Why two ends that had heard of each other found no path; `otherwise` where the relay is not what is wrong. */
export function noPathFault(gathered: Gathered, other: 'robot' | 'pilot', otherwise: Fault): Fault {
  // Whatever might still come comes too late.
  const finding = findRelay({ ...gathered, complete: true });
  if (finding instanceof Fault) return finding;
  if (gathered.configured) return otherwise;
  if (gathered.relayOnly)
    return new Fault('unreachable', 'relay', 'only relayed paths are allowed, and there is no relay');
  return new Fault('unreachable', other, 'there is no direct path, and no relay');
}

/** Watches until `signal` aborts. `told` hears every change; the function returned says how it stands. */
export function watchGathering(
  connection: Gathering,
  told: (gathered: Gathered) => void,
  signal: AbortSignal,
): () => Gathered {
  const { iceServers = [], iceTransportPolicy } = connection.getConfiguration();
  let gathered: Gathered = {
    configured: hasRelay(iceServers),
    relayOnly: iceTransportPolicy === 'relay',
    relayed: false,
    rejection: undefined,
    complete: connection.iceGatheringState === 'complete',
  };
  const learn = (more: Partial<Gathered>) => {
    gathered = { ...gathered, ...more };
    told(gathered);
  };
  const hear = (type: string, heard: (event: never) => void) =>
    connection.addEventListener(type, heard as (event: Event) => void, { signal });
  hear('icecandidate', ({ candidate }: RTCPeerConnectionIceEvent) => {
    if (candidate?.type === 'relay') learn({ relayed: true });
  });
  hear('icecandidateerror', ({ url, errorCode, errorText }: RTCPeerConnectionIceErrorEvent) => {
    if (isTurn(url ?? '') && isRejection(errorCode)) learn({ rejection: `${errorCode} ${errorText}` });
  });
  hear('icegatheringstatechange', () => {
    if (connection.iceGatheringState === 'complete') learn({ complete: true });
  });
  return () => gathered;
}

/** A word of the server itself (RFC 8489, section 14.8); browsers say 600 and above when there was none. */
function isRejection(code: number): boolean {
  return code >= 400 && code < 600;
}
