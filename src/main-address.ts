/** The addresses of this app's pages, which live in the fragment so that no server sees them; knows no page. */

export type Route =
  /** `asking`: somebody wants to drive and has not said which robot. */
  | { readonly page: 'home'; readonly asking: boolean }
  | { readonly page: 'robot' }
  | { readonly page: 'pilot'; readonly robotId: string };

/** 125 random bits in base32 (RFC 4648, lower case). */
const ID = /^[a-z2-7]{25}$/;

/** `#robot`, `#pilot/<id of the robot>`; anything else is home. */
export function routeOf(hash: string): Route {
  const [page, id] = hash.replace(/^#\/?/, '').split('/');
  if (page === 'robot') return { page };
  if (page === 'pilot' && id !== undefined && ID.test(id)) return { page, robotId: id };
  return { page: 'home', asking: page === 'pilot' };
}

/** The pilot's page for a robot, on the server that `base` is on. */
export function robotLink(base: string, id: string): string {
  const url = new URL(base);
  url.hash = `pilot/${id}`;
  return url.href;
}

/** What a robot is called: nobody guesses it, so that having its link is being let in. */
export function randomId(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567';
  return [...crypto.getRandomValues(new Uint8Array(25))].map((byte) => letters[byte % 32]).join('');
}
