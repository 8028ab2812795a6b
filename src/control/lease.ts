/** The right to drive: one holder, numbered so that an old holder's frames can be told apart; knows no link. */

export type Lease = {
  /** Of the newest grant, u16 starting at 1; 0 before the first, so that it is nobody's. */
  readonly epoch: number;
  /** Who may drive; undefined: the place is free. */
  readonly holder: string | undefined;
};

export function noLease(): Lease {
  return { epoch: 0, holder: undefined };
}

/** Gives the lease to `holder` under a new number, whoever had it: asking first is up to the caller. */
export function grant(lease: Lease, holder: string): Lease {
  return { epoch: lease.epoch >= 0xffff ? 1 : lease.epoch + 1, holder };
}

/** Nobody's again. The number stays, so that the next holder gets another. */
export function release(lease: Lease): Lease {
  return { ...lease, holder: undefined };
}

export function holds(lease: Lease, holder: string): boolean {
  return lease.holder === holder;
}
