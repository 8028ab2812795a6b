/** Who may come in to this robot: the people it knows, invitations, and the question at its screen; knows no link. */
import { effect, type ReadonlySignal, signal } from '@preact/signals-core';
import type { Clock } from '../core/clock.ts';
import type { Refusal } from '../protocol/messages.ts';
import type { Settings } from '../storage/settings.ts';
import { admission, letIn, type Person, type Role, revoked } from '../trust/allowlist.ts';
import { keyOfCode, keyOfSecret, newCode, newSecret, type PairingKey } from '../trust/invitation.ts';
import type { Proven } from './robot-door.ts';
import type { Asking, GuestLink, Invitation, RobotAddress } from './robot-state.ts';

const INVITATION_LASTS_MS = 10 * 60_000;
const TRIES = 5;
/** Whoever stands at the robot has this long to say yes. */
const ANSWER_WITHIN_MS = 60_000;
const MOST_GUEST_LINKS = 20;
/** Until the broker is back. */
const ANNOUNCE_AGAIN_MS = 15_000;

export type Judgement =
  | { readonly yes: true; readonly person: Person }
  | { readonly yes: false; readonly reason: Refusal };

export type People = {
  readonly people: ReadonlySignal<readonly Person[]>;
  readonly invitation: ReadonlySignal<Invitation | undefined>;
  readonly asking: ReadonlySignal<Asking | undefined>;
  readonly guestLinks: ReadonlySignal<readonly GuestLink[]>;
  /** The secret behind an invitation that is still good. */
  pairing(invitation: string): PairingKey | undefined;
  /** Somebody failed to know the secret they named. After five a new one is made. */
  wrongTry(): void;
  /** Whether a device that proved itself comes in, and as what. `ask` is called when somebody at the robot has to say so. */
  judge(stranger: Proven, ask: () => void, gone: AbortSignal): Promise<Judgement>;
  /** The role this device has at this moment. */
  roleOf(who: string): Person | undefined;
  /** The robot can be found, for the first time or again. */
  open(): void;
  letIn(as: Role, untilMs?: number): void;
  turnDown(): void;
  renewInvitation(): void;
  makeGuestLink(untilMs: number): Promise<void>;
  dropGuestLink(id: string): void;
  revoke(who: string): void;
};

type Secret = { readonly key: PairingKey; readonly secret: string; readonly untilMs: number };
type Current = {
  /** Empty while they are derived. */
  keys: readonly PairingKey[];
  readonly life: AbortController;
  triesLeft: number;
  announce?: () => Promise<void>;
};

export async function keepPeople(given: {
  readonly settings: Settings;
  readonly clock: Clock;
  /** Wall-clock milliseconds. */
  readonly today: () => number;
  readonly addressOf: (secret: string) => RobotAddress;
  /** Lets whoever types the code find this robot, until `signal` aborts. @throws {Fault} */
  readonly announce: (lookup: string, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}): Promise<People> {
  const { settings, clock, today } = given;
  const people = signal<readonly Person[]>((await settings.get('people')) ?? []);
  const asking = signal<Asking | undefined>(undefined);
  const invitation = signal<Invitation | undefined>(undefined);
  const guests = signal<readonly Secret[]>(await storedGuests(settings, today()));
  const guestLinks = signal<readonly GuestLink[]>([]);
  let current: Current | undefined;
  let answer: ((judgement: { readonly as: Role; readonly untilMs?: number } | undefined) => void) | undefined;

  const store = (next: readonly Person[]) => {
    people.value = next;
    void settings.set('people', next);
  };
  const storeGuests = (next: readonly Secret[]) => {
    guests.value = next;
    void settings.set(
      'guestLinks',
      next.map(({ secret, untilMs }) => ({ secret, untilMs })),
    );
  };
  const showGuests = effect(() => {
    guestLinks.value = guests.value.map(({ key, secret, untilMs }) => ({
      id: key.id,
      untilMs,
      ...given.addressOf(secret),
    }));
  });
  given.signal.addEventListener('abort', showGuests, { once: true });

  const renew = async () => {
    current?.life.abort();
    const life = new AbortController();
    current = undefined;
    invitation.value = undefined;
    if (given.signal.aborted) return;
    given.signal.addEventListener('abort', () => life.abort(), { once: true, signal: life.signal });
    const [secret, code] = [newSecret(), newCode()];
    const mine: Current = { keys: [], life, triesLeft: TRIES };
    current = mine;
    const expiresAtMs = today() + INVITATION_LASTS_MS;
    const [byLink, byCode] = await Promise.all([keyOfSecret(secret), keyOfCode(code)]);
    if (current !== mine) return life.abort();
    mine.keys = [byLink, byCode];
    const shown = { ...given.addressOf(secret), expiresAtMs };
    invitation.value = { ...shown, code: undefined };
    clock.after(INVITATION_LASTS_MS, () => void renew(), life.signal);
    mine.announce = async () => {
      try {
        await given.announce(byCode.lookup, life.signal);
        if (!life.signal.aborted) invitation.value = { ...shown, code };
      } catch {
        // The link works without; the code is shown once the broker can look it up.
        if (!life.signal.aborted) clock.after(ANNOUNCE_AGAIN_MS, () => void mine.announce?.(), life.signal);
      }
    };
    await mine.announce();
  };

  const askAtTheScreen = (stranger: Proven, gone: AbortSignal) =>
    new Promise<{ readonly as: Role; readonly untilMs?: number } | undefined>((resolve) => {
      const waiting = new AbortController();
      const settle: NonNullable<typeof answer> = (judgement) => {
        if (waiting.signal.aborted) return;
        waiting.abort();
        asking.value = undefined;
        answer = undefined;
        resolve(judgement);
      };
      answer = settle;
      asking.value = { name: shownName(stranger.name), sinceMs: clock.now() };
      clock.after(ANSWER_WITHIN_MS, () => settle(undefined), waiting.signal);
      if (gone.aborted) settle(undefined);
      gone.addEventListener('abort', () => settle(undefined), { once: true, signal: waiting.signal });
    });

  return {
    people,
    invitation,
    asking,
    guestLinks,
    pairing(id) {
      const guest = guests.peek().find(({ key, untilMs }) => key.id === id && untilMs > today());
      return guest?.key ?? current?.keys.find((key) => key.id === id);
    },
    wrongTry() {
      if (current && --current.triesLeft <= 0) void renew();
    },
    roleOf(who) {
      const known = admission(people.peek(), who, today());
      return known.admitted ? known.person : undefined;
    },
    async judge(stranger, ask, gone) {
      const { who } = stranger;
      const name = shownName(stranger.name);
      const nowMs = today();
      const known = admission(people.peek(), who, nowMs);
      const admit = (person: Person): Judgement => {
        store(letIn(people.peek(), person, today()));
        return { yes: true, person };
      };
      const wantsMore = stranger.invited && stranger.wants !== 'look';
      if (known.admitted && !(wantsMore && (known.person.role === 'watcher' || known.person.role === 'guest'))) {
        // The name is the one that somebody at the screen said yes to, whatever the device calls itself today.
        return { yes: true, person: known.person };
      }
      if (!wantsMore || stranger.invitation === undefined) {
        if (stranger.invitation !== undefined) return { yes: false, reason: 'expired' };
        return { yes: false, reason: known.admitted ? 'unknown' : known.reason };
      }
      const guest = guests.peek().find(({ key }) => key.id === stranger.invitation);
      if (guest) {
        storeGuests(guests.peek().filter((other) => other !== guest));
        if (guest.untilMs <= nowMs) return { yes: false, reason: 'expired' };
        return admit({ id: who, name, role: 'guest', untilMs: guest.untilMs, addedAtMs: nowMs });
      }
      if (!current?.keys.some(({ id }) => id === stranger.invitation)) return { yes: false, reason: 'expired' };
      if (asking.peek() !== undefined) return { yes: false, reason: 'busy' };
      ask();
      const judgement = await askAtTheScreen(stranger, gone);
      // Used up by any answer, but not by a link that broke before there was one.
      if (judgement !== undefined || !gone.aborted) void renew();
      if (judgement === undefined) return { yes: false, reason: 'declined' };
      const { as, untilMs } = judgement;
      return admit({ id: who, name, role: as, addedAtMs: today(), ...(untilMs === undefined ? {} : { untilMs }) });
    },
    open() {
      if (current === undefined) void renew();
      else void current.announce?.();
    },
    letIn(as, untilMs) {
      answer?.(as === 'guest' ? { as, untilMs: untilMs ?? today() + 60 * 60_000 } : { as });
    },
    turnDown: () => answer?.(undefined),
    renewInvitation: () => void renew(),
    async makeGuestLink(untilMs) {
      const secret = newSecret();
      const key = await keyOfSecret(secret);
      const alive = guests.peek().filter((guest) => guest.untilMs > today());
      storeGuests([...alive, { key, secret, untilMs }].slice(-MOST_GUEST_LINKS));
    },
    dropGuestLink(id) {
      storeGuests(guests.peek().filter(({ key }) => key.id !== id));
    },
    revoke(who) {
      store(revoked(people.peek(), who));
    },
  };
}

/** Something to see, also where the name is made of marks that show nothing. */
function shownName(name: string): string {
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(name) ? name : 'Somebody';
}

async function storedGuests(settings: Settings, nowMs: number): Promise<readonly Secret[]> {
  const stored = ((await settings.get('guestLinks')) ?? []).filter(({ untilMs }) => untilMs > nowMs);
  return Promise.all(stored.map(async ({ secret, untilMs }) => ({ secret, untilMs, key: await keyOfSecret(secret) })));
}
