/** The one server process: the app's files and the broker, by http here and by https for the network. */
import { existsSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express, { type Express } from 'express';
import { networkAddress, networkAddresses, networkNames } from './addresses.ts';
import { mountBroker } from './broker.ts';
import { keptCertificate, readCertificate } from './certificate.ts';
import type { ServerOptions } from './command-line.mjs';
import { Complaint } from './complaint.ts';
import { strictHeaders } from './headers.ts';

export const BROKER_PATH = '/broker';
const LOOPBACK = '127.0.0.1';
/** As a browser says them in `Host`. */
const LOCAL_NAMES = ['localhost', LOOPBACK];
/** Addresses that stand for all of a machine's. */
const EVERY_ADDRESS = ['0.0.0.0', '::'];

export type ServerFolders = {
  /** The built app. */
  readonly app: string;
  /** Where the certificate made here is kept. */
  readonly kept: string;
};

export type RunningServer = {
  readonly port: number;
  readonly httpsPort: number;
  /** The hosts that https is reached by. */
  readonly hosts: readonly string[];
  readonly selfSigned: boolean;
  close(): Promise<void>;
};

/** Resolves once both listen. @throws {Complaint} for what the person who started it can cure */
export async function startServer(options: ServerOptions, folders: ServerFolders): Promise<RunningServer> {
  if (!existsSync(join(folders.app, 'index.html'))) {
    throw new Complaint('The app is not built yet. Run npm run build first.');
  }
  const hosts = EVERY_ADDRESS.includes(options.host) ? networkAddresses() : [options.host];
  const names = [...new Set(['localhost', LOOPBACK, ...networkNames(), ...hosts])];
  const certificate = options.certificate
    ? await readCertificate(options.certificate.certPath, options.certificate.keyPath)
    : await keptCertificate(folders.kept, names, Date.now());

  const app = express();
  const http = createHttpServer(app);
  const https = createHttpsServer(certificate, app);
  app.disable('x-powered-by');
  app.use(strictHeaders());
  const broker = mountBroker(app, BROKER_PATH, () => {
    // A stranger's bad message, or a socket that broke: PeerServer has dropped it already.
  });
  broker.listenTo(http);
  broker.listenTo(https);
  // For a page opened here as "localhost", which cannot know; behind a proxy the world has no business with them.
  app.get('/addresses.json', (request, response, next) => {
    if (!LOCAL_NAMES.includes(request.hostname)) return next();
    const port = (https.address() as AddressInfo).port;
    response.set('Cache-Control', 'no-store').json({ network: hosts.map((host) => networkAddress(host, port)) });
  });
  serveApp(app, folders.app);

  const close = async () => {
    broker.close();
    await Promise.all([stop(http), stop(https)]);
  };
  try {
    const port = await listen(http, options.port, LOOPBACK, '--port');
    const httpsPort = await listen(https, options.httpsPort, options.host, '--https-port');
    return { port, httpsPort, hosts, selfSigned: options.certificate === undefined, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function serveApp(app: Express, folder: string): void {
  app.get('/healthz', (_request, response) => {
    response.set('Cache-Control', 'no-store').type('text/plain').send('ok\n');
  });
  const assets = join(folder, 'assets');
  app.use(
    express.static(folder, {
      cacheControl: false,
      // Names under assets/ carry a hash of the content; everything else may change under the same name.
      setHeaders: (response, path) =>
        response.setHeader(
          'Cache-Control',
          path.startsWith(assets) ? 'public, max-age=31536000, immutable' : 'no-cache',
        ),
    }),
  );
  app.use((_request, response) => {
    response.status(404).type('text/plain').send('There is nothing here.\n');
  });
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
