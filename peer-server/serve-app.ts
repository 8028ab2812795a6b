/** Serves the app's files, a word that the server is well, and plain answers to everything else; knows no broker. */
import { join } from 'node:path';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { Logger } from './log.ts';

/** Last on `app`: it answers whatever comes. */
export function serveApp(app: Express, folder: string, log: Logger): void {
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
  // Express knows it by its four parameters; its own would show strangers where this machine keeps its files.
  app.use((err: { status?: number }, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) return next(err);
    const status = err.status !== undefined && err.status >= 400 && err.status < 500 ? err.status : 500;
    if (status === 500) log.error({ err }, 'a request failed');
    response.status(status).type('text/plain').send('That did not work.\n');
  });
}
