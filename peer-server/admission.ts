/** Whether a page may act for an id: it signed a fresh challenge with the key that the id is the hash of; knows no socket. */
import { type Purpose, readClaim } from '../src/trust/claim.ts';
import { isId } from '../src/trust/identity.ts';
import type { Challenges } from './challenges.ts';

export type Asked = {
  readonly purpose: Purpose;
  /** As the request's `Host` says it: a claim that was made for another server is worth nothing here. */
  readonly host: string | undefined;
  /** From outside, of any type. */
  readonly id: unknown;
  readonly token: unknown;
};

export const VERDICTS = ['admitted', 'no-claim', 'bad-claim', 'bad-challenge'] as const;

export type Admission =
  | { readonly verdict: 'admitted'; readonly id: string }
  | { readonly verdict: Exclude<(typeof VERDICTS)[number], 'admitted'> };

export type Admit = (asked: Asked) => Promise<Admission>;

/** Longer than any claim: 88 characters of key, 43 of challenge, 86 of signature. */
const LONGEST_TOKEN = 400;

/** `heard` is told each verdict, for whoever counts them. */
export function makeAdmission(challenges: Challenges, heard: (verdict: Admission['verdict']) => void): Admit {
  const judge = async ({ purpose, host, id, token }: Asked): Promise<Admission> => {
    if (typeof id !== 'string' || typeof token !== 'string' || host === undefined) return { verdict: 'no-claim' };
    if (!isId(id) || token.length > LONGEST_TOKEN) return { verdict: 'bad-claim' };
    const claim = await readClaim(token, { purpose, host, id });
    if (!claim.ok) return { verdict: 'bad-claim' };
    // Last, so that nobody can spend the challenge of another.
    return challenges.spend(claim.value.challenge).ok ? { verdict: 'admitted', id } : { verdict: 'bad-challenge' };
  };
  return async (asked) => {
    const admission = await judge(asked);
    heard(admission.verdict);
    return admission;
  };
}

/** The token of `Authorization: Claim <token>`. */
export function tokenOf(authorization: string | undefined): string | undefined {
  return /^Claim ([\w.-]+)$/i.exec(authorization ?? '')?.[1];
}
