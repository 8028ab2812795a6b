/** The addresses of this app's pages, which live in the fragment so that no server sees them; knows no page. */

export type Route =
  /** `asking`: somebody wants to drive and has not said which robot. */
  | { readonly page: 'home'; readonly asking: boolean }
  | { readonly page: 'robot' }
  | {
      readonly page: 'pilot';
      readonly robotId: string;
      readonly wants: 'drive' | 'watch';
      /** The one-time secret of a link, or the code that was typed. */
      readonly invitation?: string;
    };

/** The first 125 bits of a key's hash in base32 (RFC 4648, lower case). */
const ID = /^[a-z2-7]{25}$/;
/** 128 bits in base32, or 80 bits in Crockford's base32. */
const INVITATION = /^(?:[a-z2-7]{26}|[0-9A-HJKMNP-TV-Z]{16})$/;

/** `#robot`, `#pilot/<id>`, `#watch/<id>`, `#pair/<id>/<secret or code>`; anything else is home. */
export function routeOf(hash: string): Route {
  const [page, robotId = '', invitation = ''] = hash.replace(/^#\/?/, '').split('/');
  if (page === 'robot') return { page };
  if (ID.test(robotId)) {
    if (page === 'pilot') return { page: 'pilot', robotId, wants: 'drive' };
    if (page === 'watch') return { page: 'pilot', robotId, wants: 'watch' };
    if (page === 'pair' && INVITATION.test(invitation)) return { page: 'pilot', robotId, wants: 'drive', invitation };
  }
  return { page: 'home', asking: page === 'pilot' || page === 'watch' || page === 'pair' };
}

/** An invitation that is no longer in the address, where history, screenshots and copied links would show it. */
export type Kept = {
  readonly invitation: string | undefined;
  /** It was used, or the robot does not take it. */
  forget(): void;
};

const KEPT = 'invitation';

/**
 * Moves the invitation from the address into `tab`, so that a reload before the robot's answer finds it again.
 * `rename` gives the page another address. A tab that keeps nothing leaves it where it is until it is forgotten.
 */
export function keepInvitation(
  {
    robotId,
    wants,
    invitation,
  }: { readonly robotId: string; readonly wants: string; readonly invitation?: string | undefined },
  tab: () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
  rename: (hash: string) => void,
): Kept {
  if (wants !== 'drive') return { invitation: undefined, forget() {} };
  const mark = (secret: string) => `${robotId}/${secret}`;
  const bare = () => rename(`#pilot/${robotId}`);
  let known = invitation;
  let left = false;
  try {
    const stored = tab().getItem(KEPT) ?? '';
    if (invitation !== undefined) {
      tab().setItem(KEPT, mark(invitation));
      bare();
    } else if (stored.startsWith(mark(''))) {
      const secret = stored.slice(mark('').length);
      known = INVITATION.test(secret) ? secret : undefined;
    }
  } catch {
    // Storage refused.
    left = invitation !== undefined;
  }
  return {
    invitation: known,
    forget() {
      if (known === undefined) return;
      if (left) return bare();
      // Another page of this tab may keep another one by now.
      if (tab().getItem(KEPT) === mark(known)) tab().removeItem(KEPT);
    },
  };
}

/** The page of whoever was invited, on the server that `base` is on. */
export function pairLink(base: string, id: string, secret: string): string {
  const url = new URL(base);
  url.hash = `pair/${id}/${secret}`;
  return url.href;
}

/** What a visit is called: 125 random bits. */
export function randomId(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567';
  return [...crypto.getRandomValues(new Uint8Array(25))].map((byte) => letters[byte % 32]).join('');
}
