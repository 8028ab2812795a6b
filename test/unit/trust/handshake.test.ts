/** Holds the handshake to its golden vectors, to every way of cheating, and to any proof at all. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import vectors from '../../../src/protocol/vectors/handshake.json' with { type: 'json' };
import {
  check,
  newNonce,
  type Proof,
  prove,
  type Side,
  type Transcript,
  transcriptBytes,
} from '../../../src/trust/handshake.ts';
import { type Identity, identityOf, makeKeys } from '../../../src/trust/identity.ts';
import { anyText, bytesOf, fixedIdentity, flipped, hexOf } from './keys.ts';

type TextEnd = { version: number; key: string; nonce: string; fingerprint: string };
type Case = {
  name: string;
  side: string;
  transcript: { pilot: TextEnd; robot: TextEnd; invitation?: string };
  pairing?: string;
  bytes?: string;
  reason?: string;
  proof: Proof;
};
const accepted: readonly Case[] = vectors.accepted as readonly Case[];
const refused: readonly Case[] = vectors.refused as readonly Case[];

const endOf = ({ key, nonce, ...end }: TextEnd) => ({ ...end, key: bytesOf(key), nonce: bytesOf(nonce) });
const read = ({ side, transcript, pairing, proof }: Case) => ({
  side: side as Side,
  transcript: { ...transcript, pilot: endOf(transcript.pilot), robot: endOf(transcript.robot) } satisfies Transcript,
  mac: pairing === undefined ? undefined : bytesOf(pairing),
  proof,
});
const OK = { ok: true, value: true };
const INVITATION = 'abcdefghijklmnop';
const sides = fc.constantFrom<Side>('pilot', 'robot');
const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((some) => new Uint8Array(some));
const fingerprints = bytes(32).map((some) => Buffer.from(some).toString('hex').match(/../g)!.join(':'));

let pilot: Identity;
let robot: Identity;
beforeAll(async () => {
  [pilot, robot] = await Promise.all([makeKeys().then(identityOf), makeKeys().then(identityOf)]);
});

function honest(): Transcript {
  const print = (byte: number) => Array(32).fill(byte.toString(16).padStart(2, '0')).join(':');
  return {
    pilot: { version: 2, key: pilot.publicKey, nonce: newNonce(), fingerprint: print(0xa1) },
    robot: { version: 2, key: robot.publicKey, nonce: newNonce(), fingerprint: print(0xb2) },
  };
}

async function proofOf(side: Side, transcript: Transcript, mac?: Uint8Array<ArrayBuffer>): Promise<Proof> {
  const proof = await prove(side === 'pilot' ? pilot : robot, side, transcript, mac);
  if (!proof.ok) throw new Error(proof.reason);
  return proof.value;
}

describe('golden', () => {
  it.each(accepted)('$name', async (vector) => {
    const { side, transcript, mac, proof } = read(vector);
    const laidOut = transcriptBytes(side, transcript);
    expect(laidOut.ok && hexOf(laidOut.value)).toBe(vector.bytes);
    expect(await check(side, transcript, proof, mac)).toEqual(OK);
    const device = side === 'pilot' ? vectors.devices.pilot : vectors.devices.robot;
    const mine = await prove(await fixedIdentity(device), side, transcript, mac);
    if (!mine.ok) throw new Error(mine.reason);
    expect(mine.value.mac).toBe(proof.mac);
    expect(await check(side, transcript, mine.value, mac)).toEqual(OK);
  });

  it.each(refused)('refused: $name', async (vector) => {
    const { side, transcript, mac, proof } = read(vector);
    expect(await check(side, transcript, proof, mac)).toEqual({ ok: false, reason: vector.reason });
  });
});

describe('a whole handshake', () => {
  it('convinces both ends, with and without a secret', async () => {
    const mac = crypto.getRandomValues(new Uint8Array(32));
    for (const transcript of [honest(), { ...honest(), invitation: INVITATION }]) {
      for (const side of ['robot', 'pilot'] as const) {
        expect(await check(side, transcript, await proofOf(side, transcript), undefined)).toEqual(OK);
        expect(await check(side, transcript, await proofOf(side, transcript, mac), mac)).toEqual(OK);
      }
    }
  });

  it('is new each time', () => {
    const nonces = Array.from({ length: 200 }, () => hexOf(newNonce()));
    expect(new Set(nonces).size).toBe(200);
    expect(nonces[0]).toHaveLength(64);
  });

  it('fails when the ends do not see the same, whatever differs', async () => {
    const transcript: Transcript = { ...honest(), invitation: INVITATION };
    const proofs = { pilot: await proofOf('pilot', transcript), robot: await proofOf('robot', transcript) };
    const stranger = await identityOf(await makeKeys());
    const other = fc.oneof(
      fc.integer({ min: 0, max: 0xffff }).map((version) => ({ version })),
      bytes(32).map((nonce) => ({ nonce })),
      fingerprints.map((fingerprint) => ({ fingerprint })),
      fc.constant({ key: stranger.publicKey }),
    );
    await fc.assert(
      fc.asyncProperty(sides, sides, other, async (prover, changed, change) => {
        const seen = { ...transcript, [changed]: { ...transcript[changed], ...change } };
        fc.pre(seen[changed].version !== transcript[changed].version || !('version' in change));
        expect(await check(prover, seen, proofs[prover])).toEqual({ ok: false, reason: 'signature' });
      }),
    );
    const { invitation: _, ...without } = transcript;
    for (const seen of [without, { ...without, invitation: `${INVITATION.slice(1)}a` }]) {
      expect(await check('pilot', seen, proofs.pilot)).toEqual({ ok: false, reason: 'signature' });
    }
  });

  it('fails with any bit of the signature or the mac changed', async () => {
    const mac = crypto.getRandomValues(new Uint8Array(32));
    const transcript: Transcript = { ...honest(), invitation: INVITATION };
    const proof = await proofOf('pilot', transcript, mac);
    const raw = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));
    const text = (some: Uint8Array) => Buffer.from(some).toString('base64url');
    for (let at = 0; at < 64; at++) {
      const signature = text(flipped(raw(proof.signature), at));
      expect(await check('pilot', transcript, { ...proof, signature }, mac)).toEqual({
        ok: false,
        reason: 'signature',
      });
    }
    for (let at = 0; at < 32; at++) {
      const wrong = { ...proof, mac: text(flipped(raw(proof.mac!), at)) };
      expect(await check('pilot', transcript, wrong, mac)).toEqual({ ok: false, reason: 'mac' });
      expect(await check('pilot', transcript, proof, flipped(mac, at))).toEqual({ ok: false, reason: 'mac' });
    }
  });

  it('is refused to whoever shows the other end its own key', async () => {
    const transcript = honest();
    const mirrored = { ...transcript, robot: { ...transcript.robot, key: pilot.publicKey } };
    expect(await prove(pilot, 'pilot', mirrored)).toEqual({ ok: false, reason: 'reflection' });
    const echoed = await proofOf('pilot', transcript);
    expect(await check('robot', mirrored, echoed)).toEqual({ ok: false, reason: 'reflection' });
    expect(await check('robot', transcript, echoed)).toEqual({ ok: false, reason: 'signature' });
  });
});

describe('any fields', () => {
  it('of a proof are refused, and none throws', async () => {
    const transcript: Transcript = { ...honest(), invitation: INVITATION };
    const mac = crypto.getRandomValues(new Uint8Array(32));
    const good = await proofOf('pilot', transcript, mac);
    const text = fc.oneof(
      fc.string(),
      anyText,
      fc.uint8Array({ maxLength: 70 }).map((some) => Buffer.from(some).toString('base64url')),
      bytes(64).map((some) => Buffer.from(some).toString('base64url')),
    );
    const proofs = fc.oneof(
      fc.record({ signature: text, mac: text }, { requiredKeys: ['signature'] }),
      fc.record({ signature: fc.constant(good.signature), mac: text }, { requiredKeys: ['signature'] }),
    );
    await fc.assert(
      fc.asyncProperty(sides, proofs, async (side, proof) => {
        const { ok } = await check(side, transcript, proof, mac);
        expect(ok).toBe(false);
      }),
    );
  });

  it('of a transcript are laid out in one way only, or refused with a reason', async () => {
    const end = fc.record({
      version: fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.double(), fc.integer()),
      key: fc.oneof(
        { weight: 5, arbitrary: bytes(65) },
        fc.uint8Array({ maxLength: 70 }).map((some) => new Uint8Array(some)),
      ),
      nonce: fc.oneof(
        { weight: 5, arbitrary: bytes(32) },
        fc.uint8Array({ maxLength: 40 }).map((some) => new Uint8Array(some)),
      ),
      fingerprint: fc.oneof({ weight: 5, arbitrary: fingerprints }, fc.string()),
    });
    const transcripts = fc.record(
      { pilot: end, robot: end, invitation: fc.oneof(fc.stringMatching(/^[a-z2-7]{16}$/), fc.string()) },
      { requiredKeys: ['pilot', 'robot'] },
    );
    await fc.assert(
      fc.asyncProperty(sides, transcripts, bytes(64), async (side, transcript, signature) => {
        const laidOut = transcriptBytes(side, transcript);
        const proof = { signature: Buffer.from(signature).toString('base64url') };
        const checked = await check(side, transcript, proof);
        if (laidOut.ok) {
          const fixed = 24 + side.length + 1 + 2 * (2 + 65 + 32 + 32);
          expect(laidOut.value.length).toBe(fixed + (transcript.invitation === undefined ? 0 : 16));
          expect(checked).toEqual({ ok: false, reason: 'signature' });
        } else {
          expect(['length', 'fingerprint', 'reflection']).toContain(laidOut.reason);
          expect(checked).toEqual(laidOut);
        }
      }),
      { numRuns: 300 },
    );
  });
});
