/** Words that a page signs to show that it is here now, each good for five minutes and once; knows no claim and no request. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Decoded } from '../src/core/fault.ts';

/** Pages keep one at hand, for when their network changes under them. */
export const CHALLENGE_LIFE_MS = 300_000;
/** Of one life. Beyond it nobody is admitted until that is over: what is forgotten could be replayed. */
const MOST_SPENT = 500_000;
const TIME_BYTES = 6;
const NONCE_BYTES = 10;
const SEAL_BYTES = 16;
const SEALED_BYTES = TIME_BYTES + NONCE_BYTES;

export type Challenges = {
  /** 43 characters of base64url; nothing is kept of it until it comes back. */
  make(): string;
  /** True once. The reason is one of 'foreign', 'expired', 'spent', 'crowded'. */
  spend(challenge: string): Decoded<true>;
};

/** `nowMs` never goes back. A restart makes a new key, and so every older challenge foreign. */
export function makeChallenges(nowMs: () => number, mostSpent = MOST_SPENT): Challenges {
  const key = randomBytes(32);
  const seal = (bytes: Buffer) => createHmac('sha256', key).update(bytes).digest().subarray(0, SEAL_BYTES);
  // Two generations of at least one life each: what was spent is remembered for as long as it would be good.
  let recent = new Set<string>();
  let former = new Set<string>();
  let recentSinceMs = nowMs();

  const turn = (now: number) => {
    const age = now - recentSinceMs;
    if (age < CHALLENGE_LIFE_MS) return;
    former = age < 2 * CHALLENGE_LIFE_MS ? recent : new Set();
    recent = new Set();
    recentSinceMs = now;
  };

  return {
    make() {
      const sealed = Buffer.allocUnsafe(SEALED_BYTES);
      sealed.writeUIntBE(Math.floor(nowMs()), 0, TIME_BYTES);
      randomBytes(NONCE_BYTES).copy(sealed, TIME_BYTES);
      return Buffer.concat([sealed, seal(sealed)]).toString('base64url');
    },
    spend(challenge) {
      const bytes = Buffer.from(challenge, 'base64url');
      // Node skips what is not base64url: two spellings must not be two challenges.
      if (bytes.length !== SEALED_BYTES + SEAL_BYTES || bytes.toString('base64url') !== challenge) {
        return { ok: false, reason: 'foreign' };
      }
      const sealed = bytes.subarray(0, SEALED_BYTES);
      if (!timingSafeEqual(bytes.subarray(SEALED_BYTES), seal(sealed))) return { ok: false, reason: 'foreign' };
      const now = nowMs();
      if (now - sealed.readUIntBE(0, TIME_BYTES) > CHALLENGE_LIFE_MS) return { ok: false, reason: 'expired' };
      turn(now);
      const nonce = sealed.toString('latin1', TIME_BYTES);
      if (recent.has(nonce) || former.has(nonce)) return { ok: false, reason: 'spent' };
      if (recent.size >= mostSpent) return { ok: false, reason: 'crowded' };
      recent.add(nonce);
      return { ok: true, value: true };
    },
  };
}
