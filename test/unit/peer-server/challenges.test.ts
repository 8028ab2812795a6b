import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CHALLENGE_LIFE_MS, makeChallenges } from '../../../peer-server/challenges.ts';

function make(most?: number) {
  let nowMs = 1_000_000.25;
  const challenges = makeChallenges(() => nowMs, most);
  return { challenges, pass: (ms: number) => (nowMs += ms) };
}

const SPENT = { ok: false, reason: 'spent' };
const EXPIRED = { ok: false, reason: 'expired' };
const FOREIGN = { ok: false, reason: 'foreign' };
const GOOD = { ok: true, value: true };

test('a challenge is good once', () => {
  const { challenges } = make();
  const challenge = challenges.make();
  expect(challenge).toMatch(/^[\w-]{43}$/);
  expect(challenges.make()).not.toBe(challenge);
  expect(challenges.spend(challenge)).toEqual(GOOD);
  expect(challenges.spend(challenge)).toEqual(SPENT);
});

test('a challenge is good for a minute', () => {
  const { challenges, pass } = make();
  const [first, second] = [challenges.make(), challenges.make()];
  pass(CHALLENGE_LIFE_MS - 1);
  expect(challenges.spend(first)).toEqual(GOOD);
  pass(2);
  expect(challenges.spend(second)).toEqual(EXPIRED);
});

test('what was spent is never good again, whenever it was made and spent', () => {
  const wait = fc.integer({ min: 0, max: 3 * CHALLENGE_LIFE_MS });
  fc.assert(
    fc.property(fc.array(fc.record({ before: wait, between: wait, after: wait }), { maxLength: 20 }), (visits) => {
      const { challenges, pass } = make();
      for (const { before, between, after } of visits) {
        pass(before);
        const challenge = challenges.make();
        pass(between);
        challenges.spend(challenge);
        pass(after);
        expect(challenges.spend(challenge).ok).toBe(false);
      }
    }),
  );
});

test('a crowd is refused before anything spent is forgotten, and admitted again a minute later', () => {
  const { challenges, pass } = make(3);
  const spent = [1, 2, 3].map(() => challenges.make());
  for (const challenge of spent) expect(challenges.spend(challenge)).toEqual(GOOD);
  expect(challenges.spend(challenges.make())).toEqual({ ok: false, reason: 'crowded' });
  for (const challenge of spent) expect(challenges.spend(challenge)).toEqual(SPENT);
  pass(CHALLENGE_LIFE_MS);
  expect(challenges.spend(challenges.make())).toEqual(GOOD);
});

test('the challenge of another process is foreign, and so is every altered one', () => {
  const { challenges } = make();
  expect(challenges.spend(make().challenges.make())).toEqual(FOREIGN);
  const challenge = challenges.make();
  for (let at = 0; at < challenge.length; at++) {
    const other = challenge[at] === 'A' ? 'B' : 'A';
    const altered = challenge.slice(0, at) + other + challenge.slice(at + 1);
    expect(challenges.spend(altered).ok).toBe(false);
  }
  for (const respelled of [`${challenge}=`, ` ${challenge}`, challenge.replace(/.$/, (last) => `${last}\n`)]) {
    expect(challenges.spend(respelled)).toEqual(FOREIGN);
  }
  expect(challenges.spend(challenge)).toEqual(GOOD);
});

test('nothing from outside is taken for a challenge, and nothing throws', () => {
  const { challenges } = make();
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !challenges.spend(text).ok));
  const base64url = fc
    .uint8Array({ minLength: 30, maxLength: 34 })
    .map((bytes) => Buffer.from(bytes).toString('base64url'));
  fc.assert(fc.property(base64url, (text) => !challenges.spend(text).ok));
});
