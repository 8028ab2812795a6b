/** The right to drive: one holder, numbered so that an old holder's frames can be told apart; knows no link. */

/** Unheard for longer than this, the holder has gone: time for one fresh link after a bad one, and no more. */
export const LEASE_LAPSES_MS = 6_000;
/** Who asks behind so many others is not written down: the word on the wire has room for no more. */
const MOST_ASKING = 8;

/** Holders and askers are opaque keys, the caller's. Who may drive at all is the caller's to know too. */
export type Lease = {
  /** Of the newest grant, u16 starting at 1; 0 before the first, so that it is nobody's. */
  readonly epoch: number;
  /** Who may drive; undefined: the place is free. */
  readonly holder: string | undefined;
  /** When the holder was heard last, in ms of the caller's clock. */
  readonly heardAtMs: number;
  /** Who fell silent and left the place free: heard again, they have it back. */
  readonly lapsedFrom: string | undefined;
  /** Who waits for it, the first first. Never the holder, nobody twice. */
  readonly asking: readonly string[];
};

export function noLease(): Lease {
  return { epoch: 0, holder: undefined, heardAtMs: 0, lapsedFrom: undefined, asking: [] };
}

/**
 * Gives the lease to `holder` under a new number, whoever had it: asking first is up to the caller. A number comes again after
 * 65535 grants, no sooner.
 */
export function grant(lease: Lease, holder: string, nowMs: number): Lease {
  return {
    epoch: lease.epoch >= 0xffff ? 1 : lease.epoch + 1,
    holder,
    heardAtMs: nowMs,
    lapsedFrom: undefined,
    asking: without(lease.asking, holder),
  };
}

/** The holder goes: whoever asked first has it, else nobody. Without a grant the number stays, so that the next holder gets another. */
export function release(lease: Lease, nowMs: number): Lease {
  const [first] = lease.asking;
  return first === undefined ? { ...lease, holder: undefined } : grant(lease, first, nowMs);
}

/** Waits for it, or has it at once while it is free. */
export function ask(lease: Lease, asker: string, nowMs: number): Lease {
  if (lease.holder === undefined) return grant(lease, asker, nowMs);
  if (holds(lease, asker) || lease.asking.includes(asker) || lease.asking.length >= MOST_ASKING) return lease;
  return { ...lease, asking: [...lease.asking, asker] };
}

/** Waits no longer: asks no more, or has left. */
export function withdraw(lease: Lease, asker: string): Lease {
  const known = lease.asking.includes(asker) || lease.lapsedFrom === asker;
  if (!known) return lease;
  return {
    ...lease,
    lapsedFrom: lease.lapsedFrom === asker ? undefined : lease.lapsedFrom,
    asking: without(lease.asking, asker),
  };
}

/** `from` lets `to` drive: who holds it may, and who `mayGive` what is another's. */
export function give(lease: Lease, from: string, to: string, mayGive: boolean, nowMs: number): Lease {
  if (holds(lease, to) || !(mayGive || holds(lease, from))) return lease;
  return grant(lease, to, nowMs);
}

/** `by` drives from now on, whoever did, if they `mayTake`. */
export function take(lease: Lease, by: string, mayTake: boolean, nowMs: number): Lease {
  return give(lease, by, by, mayTake, nowMs);
}

/** Something that counts came from them: the holder keeps it, and who fell silent has it back while nobody else does. */
export function heardFrom(lease: Lease, who: string, nowMs: number): Lease {
  if (holds(lease, who)) return { ...lease, heardAtMs: nowMs };
  return lease.holder === undefined && lease.lapsedFrom === who ? grant(lease, who, nowMs) : lease;
}

/** What time alone changes: after 6 s of silence whoever asked first has it, else nobody. The same lease while nothing does. */
export function lapsed(lease: Lease, nowMs: number): Lease {
  if (lease.holder === undefined || nowMs - lease.heardAtMs <= LEASE_LAPSES_MS) return lease;
  const next = release(lease, nowMs);
  return next.holder === undefined ? { ...next, lapsedFrom: lease.holder } : next;
}

export function holds(lease: Lease, who: string): boolean {
  return lease.holder === who;
}

/** The number under which their frames count; 0: under none. */
export function epochOf(lease: Lease, who: string): number {
  return holds(lease, who) ? lease.epoch : 0;
}

function without(keys: readonly string[], key: string): readonly string[] {
  return keys.filter((each) => each !== key);
}
