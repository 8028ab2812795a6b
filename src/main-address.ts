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
