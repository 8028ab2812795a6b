/** A page as the broker meets it: keys of its own, claims, a socket; knows no test. */
import { once } from 'node:events';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { type ClientOptions, WebSocket } from 'ws';
import { makeClaim, type Purpose } from '../../../src/trust/claim.ts';
import { type Identity, identityOf, makeKeys } from '../../../src/trust/identity.ts';

/** `address` is a server's, as `http://127.0.0.1:8080`; `from` is what a proxy says of the one who asks. */
export type Server = { readonly address: string; readonly from?: string };

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
};

export async function newIdentity(): Promise<Identity> {
  return identityOf(await makeKeys());
}

export function ask(
  { address, from }: Server,
  path: string,
  more: { readonly method?: string; readonly headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const url = new URL(address);
    const { method = 'GET' } = more;
    const headers = { ...(from === undefined ? {} : { 'x-forwarded-for': from }), ...more.headers };
    // Given apart from the host, a path is sent as it stands.
    const where = { host: url.hostname, port: url.port, path, method, headers, rejectUnauthorized: false };
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(where, async (response) => {
      let body = '';
      for await (const chunk of response) body += chunk;
      resolve({ status: response.statusCode!, headers: response.headers, body });
    });
    request.on('error', reject);
    request.end();
  });
}

export async function askChallenge(server: Server): Promise<string> {
  return JSON.parse((await ask(server, '/broker/challenge')).body).challenge;
}

/** A claim as the page itself would make it; `host` is another when it was made for another server. */
export async function claim(
  server: Server,
  identity: Identity,
  purpose: Purpose,
  host = new URL(server.address).host,
): Promise<string> {
  return makeClaim(identity, { purpose, host, challenge: await askChallenge(server) });
}

export async function askWithClaim(
  server: Server,
  identity: Identity,
  purpose: Purpose,
  path: string,
  method = 'GET',
): Promise<Answer> {
  const authorization = `Claim ${await claim(server, identity, purpose)}`;
  return ask(server, `${path}?id=${identity.id}`, { method, headers: { authorization } });
}

/** Joins as `identity`. */
export async function join(server: Server, identity: Identity, more?: ClientOptions) {
  return visit(server, identity.id, await claim(server, identity, 'join'), more);
}

/** A socket at the broker. `next` resolves the type of the next message, or how the socket ended. */
export function visit({ address, from }: Server, id: string, token: string, more: ClientOptions = {}) {
  const url = `${address.replace(/^http/, 'ws')}/broker/peerjs?key=peerjs&id=${id}&token=${token}&version=1.5.5`;
  const headers = from === undefined ? {} : { 'x-forwarded-for': from };
  const socket = new WebSocket(url, { rejectUnauthorized: false, headers, ...more });
  const heard: string[] = [];
  const waiting: ((word: string) => void)[] = [];
  const hear = (word: string) => {
    const resolve = waiting.shift();
    if (resolve) resolve(word);
    else heard.push(word);
  };
  socket.on('message', (data) => {
    const { type, src } = JSON.parse(data.toString());
    hear(src ? `${type} from ${src}` : type);
  });
  socket.on('close', (code) => hear(`closed ${code}`));
  socket.on('error', ({ message }) => hear(message));
  return {
    id,
    socket,
    next: () => new Promise<string>((resolve) => (heard.length > 0 ? resolve(heard.shift()!) : waiting.push(resolve))),
    /** What came and was not taken yet. */
    unread: () => heard.length,
    say: (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    leave: async () => {
      if (socket.readyState === WebSocket.CLOSED) return;
      socket.close();
      await once(socket, 'close');
    },
  };
}
