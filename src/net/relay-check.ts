/** Asks a relay for an address before anybody needs one, with a connection to nobody; knows no broker. */
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import { findRelay, watchGathering } from './relay-finding.ts';

const FOUND_WITHIN_MS = 5_000;

/** Resolves what is wrong with the relay among `iceServers`; undefined: nothing, or the question was called off. */
export async function checkRelay(
  iceServers: readonly RTCIceServer[],
  clock: Clock,
  signal: AbortSignal,
): Promise<Fault | undefined> {
  if (signal.aborted) return undefined;
  const checking = new AbortController();
  const ended = new Promise<void>((resolve) => {
    checking.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const end = () => checking.abort();
  const connection = new RTCPeerConnection({ iceServers: [...iceServers], iceTransportPolicy: 'relay' });
  try {
    const gathered = watchGathering(
      connection,
      (now) => {
        if (findRelay(now) !== 'unknown') end();
      },
      checking.signal,
    );
    clock.after(FOUND_WITHIN_MS, end, checking.signal);
    signal.addEventListener('abort', end, { once: true, signal: checking.signal });
    // Without anything to carry nothing is gathered.
    connection.createDataChannel('check');
    await connection.setLocalDescription();
    await ended;
    const finding = findRelay({ ...gathered(), complete: true });
    return finding instanceof Fault && !signal.aborted ? finding : undefined;
  } finally {
    end();
    connection.close();
  }
}
