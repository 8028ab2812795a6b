/** What pages ask the broker by http: a challenge to sign, ways through the network, and whose a typed code is; knows no WebSocket. */
import express, { type NextFunction, type Request, type RequestHandler, type Response, type Router } from 'express';
import type { Purpose } from '../src/trust/claim.ts';
import { type Admit, tokenOf } from './admission.ts';
import type { Challenges } from './challenges.ts';
import { type Codes, isLookup } from './codes.ts';
import { type IceConfiguration, iceServersFor } from './ice-servers.ts';
import {
  type AddressOf,
  BROKER_REQUESTS_A_MINUTE,
  CODE_CHANGES_A_MINUTE,
  type Limit,
  LOOKUPS_A_MINUTE,
  limitRequests,
} from './limits.ts';
import { isSameOrigin } from './origin.ts';

export type BrokerApi = {
  readonly challenges: Challenges;
  readonly admit: Admit;
  readonly codes: Codes;
  readonly ice: IceConfiguration;
  readonly addressOf: AddressOf;
  limited(limit: Limit): void;
};

export function brokerApi({ challenges, admit, codes, ice, addressOf, limited }: BrokerApi): Router {
  const limit = (most: number, name: 'requests' | 'lookups') => limitRequests(most, addressOf, () => limited(name));
  const proven = (purpose: Purpose, answer: (id: string, request: Request, response: Response) => void) =>
    waitFor(async (request, response) => {
      const { authorization, host } = request.headers;
      const admission = await admit({ purpose, host, id: request.query.id, token: tokenOf(authorization) });
      if (admission.verdict === 'admitted') return answer(admission.id, request, response);
      response.status(401).set('WWW-Authenticate', 'Claim').json({ reason: admission.verdict });
    });

  const api = express.Router();
  api.use(limit(BROKER_REQUESTS_A_MINUTE, 'requests'));
  api.use((request, response, next) => {
    response.set('Cache-Control', 'no-store');
    if (isSameOrigin(request)) return next();
    response.status(403).json({ reason: 'origin' });
  });
  api.get('/challenge', (_request, response) => void response.json({ challenge: challenges.make() }));
  api.get(
    '/ice',
    proven('ice', (id, _request, response) => void response.json(iceServersFor(id, ice, Date.now()))),
  );

  const changes = limit(CODE_CHANGES_A_MINUTE, 'requests');
  const lookup: RequestHandler = ({ params }, response, next) => {
    if (isLookup(params.lookup ?? '')) return next();
    response.status(404).json({ reason: 'lookup' });
  };
  const path = '/codes/:lookup';
  api.get(path, limit(LOOKUPS_A_MINUTE, 'lookups'), lookup, ({ params }, response) => {
    const id = codes.find(params.lookup!);
    if (id === undefined) response.status(404).json({ reason: 'unknown' });
    else response.json({ id });
  });
  api.put(
    path,
    changes,
    lookup,
    proven('code', (id, { params }, response) => {
      const kept = codes.put(params.lookup!, id);
      if (kept === 'kept') response.status(204).end();
      else response.status(kept === 'taken' ? 409 : 503).json({ reason: kept });
    }),
  );
  api.delete(
    path,
    changes,
    lookup,
    proven('code', (id, { params }, response) => {
      codes.remove(params.lookup!, id);
      response.status(204).end();
    }),
  );
  api.use((_request, response) => void response.status(404).json({ reason: 'path' }));
  return api;
}

/** Express 4 hears nothing of a promise that fails. */
function waitFor(handle: (request: Request, response: Response) => Promise<void>): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => void handle(request, response).catch(next);
}
