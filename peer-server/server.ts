/** The one server process: the app's files and the broker, by http here and by https for the network, or by http behind a proxy. */
import { existsSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express, { type Express } from 'express';
import { networkAddress, networkAddresses, networkNames } from './addresses.ts';
import { makeAdmission } from './admission.ts';
import { openBroker } from './broker.ts';
import { brokerApi } from './broker-api.ts';
import { keptCertificate, NO_AUTHORITIES, readCertificate } from './certificate.ts';
import { makeChallenges } from './challenges.ts';
import { makeCodes } from './codes.ts';
import type { ServerOptions } from './command-line.mjs';
import { Complaint } from './complaint.ts';
import { strictHeaders } from './headers.ts';
import type { IceConfiguration } from './ice-servers.ts';
import { addressReader, limitRequests, REQUESTS_A_MINUTE } from './limits.ts';
import { type Logger, makeLog } from './log.ts';
import { makeMetrics } from './metrics.ts';
import { isFromHere } from './own-machine.ts';
import { serveApp } from './serve-app.ts';

export const BROKER_PATH = '/broker';
const LOOPBACK = '127.0.0.1';
/** Addresses that stand for all of a machine's. */
const EVERY_ADDRESS = ['0.0.0.0', '::'];
/** Whoever takes longer to ask keeps a socket busy on purpose. */
const ASKED_WITHIN_MS = 20_000;

export type ServerFolders = {
  /** The built app. */
  readonly app: string;
  /** Where the certificate made here is kept. */
  readonly kept: string;
};

export type ServerSurroundings = {
  /** No STUN and no TURN when absent. */
  readonly ice?: IceConfiguration;
  /** Silent when absent. */
  readonly log?: Logger;
};

export type RunningServer = {
  readonly port: number;
  /** Absent behind a proxy. */
  readonly httpsPort: number | undefined;
  /** The hosts that https is reached by. */
  readonly hosts: readonly string[];
  readonly selfSigned: boolean;
  close(): Promise<void>;
};

/** Resolves once it listens. @throws {Complaint} for what the person who started it can cure */
export async function startServer(
  options: Pick<ServerOptions, 'port' | 'httpsPort' | 'host' | 'certificate'> & Partial<ServerOptions>,
  folders: ServerFolders,
  { ice = { iceServers: [] }, log = makeLog('silent') }: ServerSurroundings = {},
): Promise<RunningServer> {
  if (!existsSync(join(folders.app, 'index.html'))) {
    throw new Complaint('The app is not built yet. Run npm run build first.');
  }
  const { behindProxy = false } = options;
  const app = express();
  const http = createHttpServer(app);
  const secure = behindProxy ? undefined : await makeSecure(options, folders.kept, app);
  const listeners: readonly Server[] = secure ? [http, secure.https] : [http];
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(strictHeaders());

  const nowMs = () => performance.now();
  const addressOf = addressReader(behindProxy);
  const metrics = makeMetrics();
  const { limited } = metrics;
  app.use(limitRequests(REQUESTS_A_MINUTE, addressOf, () => limited('requests')));
  const challenges = makeChallenges(nowMs);
  const admit = makeAdmission(challenges, (verdict) => {
    metrics.admission(verdict);
    // All of them at once tell of a proxy that changes `Host`.
    if (verdict !== 'admitted') log.info({ verdict }, 'a claim was refused');
  });
  const codes = makeCodes(nowMs);
  const broker = openBroker(BROKER_PATH, admit, addressOf, { log, relayed: metrics.relayed, limited });
  metrics.watch({ sockets: broker.count, codes: codes.count });
  for (const listener of listeners) {
    listener.headersTimeout = listener.requestTimeout = ASKED_WITHIN_MS;
    broker.listenTo(listener);
  }
  app.use(BROKER_PATH, brokerApi({ challenges, admit, codes, ice, addressOf, limited }));
  app.get('/metrics', (request, response, next) => {
    if (!isFromHere(request)) return next();
    metrics.text().then((text) => response.set('Cache-Control', 'no-store').type(metrics.contentType).send(text), next);
  });
  // For a page opened here as "localhost", which cannot know; behind a proxy the world has no business with them.
  app.get('/addresses.json', (request, response, next) => {
    if (!secure || !isFromHere(request)) return next();
    const { port } = secure.https.address() as AddressInfo;
    response.set('Cache-Control', 'no-store').json({ network: secure.hosts.map((host) => networkAddress(host, port)) });
  });
  serveApp(app, folders.app, log);

  const close = async () => {
    broker.close();
    await Promise.all(listeners.map(stop));
    log.info('stopped');
  };
  try {
    const port = await listen(http, options.port, secure ? LOOPBACK : options.host, '--port');
    const httpsPort = secure && (await listen(secure.https, options.httpsPort, options.host, '--https-port'));
    log.info({ port, httpsPort, behindProxy }, 'listening');
    return { port, httpsPort, hosts: secure?.hosts ?? [], selfSigned: secure?.selfSigned ?? false, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function makeSecure(
  { host, certificate: own }: Pick<ServerOptions, 'host' | 'certificate'>,
  kept: string,
  app: Express,
) {
  const hosts = EVERY_ADDRESS.includes(host) ? networkAddresses() : [host];
  const names = [...new Set(['localhost', LOOPBACK, ...networkNames(), ...hosts])];
  const certificate = own
    ? await readCertificate(own.certPath, own.keyPath)
    : await keptCertificate(kept, names, Date.now());
  return {
    https: createHttpsServer({ ...certificate, ca: NO_AUTHORITIES }, app),
    hosts,
    selfSigned: own === undefined,
  };
}

function listen(server: Server, port: number, host: string, option: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, port, host, option)));
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function explain(error: NodeJS.ErrnoException, port: number, host: string, option: string): Error {
  const { code } = error;
  const other = `choose another: npm start -- ${option} ${Math.min(port + 10, 65535)}`;
  if (code === 'EADDRINUSE') return new Complaint(`Port ${port} is taken. Close what uses it, or ${other}`);
  if (code === 'EACCES')
    return new Complaint(`Port ${port} needs more rights than you have. Run as an administrator, or ${other}`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EINVAL') {
    return new Complaint(`This machine has no address ${host}. Leave --host away, or name one it has.`);
  }
  return error;
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // Also called when it never listened, which is an error to `close` and none to us.
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
