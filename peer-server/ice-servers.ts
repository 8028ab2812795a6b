/** What a page needs to be reached from any network: addresses of STUN and TURN, and a password of its own for an hour; knows no file and no request. */
import { createHmac } from 'node:crypto';

export const LONGEST_LIFETIME_SECONDS = 3600;

export type IceServer = {
  readonly urls: string | readonly string[];
  readonly username?: string;
  readonly credential?: string;
};

/** A relay that knows the same secret, as coturn's `use-auth-secret` does. */
export type Turn = {
  readonly urls: readonly string[];
  readonly secret: string;
  /** At most one hour. */
  readonly lifetimeSeconds: number;
};

export type IceConfiguration = {
  /** Handed out as they are. */
  readonly iceServers: readonly IceServer[];
  readonly turn?: Turn;
};

export type HandedOut = {
  readonly iceServers: readonly IceServer[];
  /** When a page should ask again. */
  readonly lifetimeSeconds: number;
};

/** TURN REST credentials (draft-uberti-behave-turn-rest-00). `nowMs` is wall-clock time, which the relay compares. */
export function iceServersFor(id: string, { iceServers, turn }: IceConfiguration, nowMs: number): HandedOut {
  if (!turn) return { iceServers, lifetimeSeconds: LONGEST_LIFETIME_SECONDS };
  const { urls, secret, lifetimeSeconds } = turn;
  const username = `${Math.floor(nowMs / 1000) + lifetimeSeconds}:${id}`;
  const credential = createHmac('sha1', secret).update(username).digest('base64');
  return { iceServers: [...iceServers, { urls, username, credential }], lifetimeSeconds };
}
