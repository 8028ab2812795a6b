/** Asks every socket from time to time whether its page is still there; knows not what it is for. */

/** A page that vanished without closing its socket is gone after three times this time. */
const ROUND_MS = 5000;
/** Thousands at once would keep every message waiting: each step takes a few. */
const STEP_MS = 25;
const STEPS = ROUND_MS / STEP_MS;

export type Pulsed = { checkAlive(nowMs: number): void };

/** `sockets` is read as it is at each time. Returns what ends it. */
export function watchSockets(sockets: ReadonlySet<Pulsed>, nowMs: () => number): () => void {
  let round = sockets.values();
  let roundSinceMs = nowMs();
  let isOver = false;
  const step = () => {
    const now = nowMs();
    if (isOver) {
      if (now - roundSinceMs < ROUND_MS) return;
      round = sockets.values();
      roundSinceMs = now;
      isOver = false;
    }
    for (let left = Math.ceil(sockets.size / STEPS); left > 0; left--) {
      const { value, done } = round.next();
      if (done) {
        isOver = true;
        return;
      }
      value.checkAlive(now);
    }
    // None at all is a round too.
    isOver ||= sockets.size === 0;
  };
  const stepping = setInterval(step, STEP_MS);
  return () => clearInterval(stepping);
}
