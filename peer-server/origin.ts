/** Whether a request comes from a page of this server; knows not what it asks. */
import type { IncomingMessage } from 'node:http';

/** Browsers always say where a page came from: pages of other sites have no business here. */
export function isSameOrigin({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const { origin, host } = headers;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}
