/** Whether a request was made on this very machine, and passed on by nobody; knows not what it asks. */
import type { IncomingMessage } from 'node:http';

const LOOPBACK = /^(127\.|::ffff:127\.|::1$)/;
/** As a browser says them in `Host`. */
const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;
const PASSED_ON = ['x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via'];

/** A name of another kind in `Host` may be a page's trick to read what is only for this machine. */
export function isFromHere({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): boolean {
  return (
    LOOPBACK.test(socket.remoteAddress ?? '') &&
    LOCAL_HOST.test(headers.host ?? '') &&
    PASSED_ON.every((name) => headers[name] === undefined)
  );
}
