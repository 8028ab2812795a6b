/** The types of command-line.mjs. */
import type { Decoded } from '../src/core/fault.ts';

export type ServerOptions = {
  /** Of http on this machine alone; 0 picks a free one. */
  readonly port: number;
  /** Of https for the network; 0 picks a free one. */
  readonly httpsPort: number;
  /** The address that https listens on; http, behind a proxy. */
  readonly host: string;
  /** Paths of PEM files; a certificate is made when absent. */
  readonly certificate: { readonly certPath: string; readonly keyPath: string } | undefined;
  /** Whether a proxy does https and says in `X-Forwarded-For` whom it asks for. */
  readonly behindProxy: boolean;
  /** Path of a JSON file with STUN and TURN servers. */
  readonly icePath: string | undefined;
  readonly logLevel: LogLevel;
};

export type LogLevel = 'silent' | 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

export type Command = { readonly do: 'help' } | { readonly do: 'serve'; readonly options: ServerOptions };

export const HELP: string;
export function readCommandLine(
  words: readonly string[],
  env?: Readonly<Record<string, string | undefined>>,
): Decoded<Command>;
