/** The types of command-line.mjs. */
import type { Decoded } from '../src/core/fault.ts';

export type ServerOptions = {
  /** Of http on this machine alone; 0 picks a free one. */
  readonly port: number;
  /** Of https for the network; 0 picks a free one. */
  readonly httpsPort: number;
  /** The address that https listens on. */
  readonly host: string;
  /** Paths of PEM files; a certificate is made when absent. */
  readonly certificate: { readonly certPath: string; readonly keyPath: string } | undefined;
};

export type Command = { readonly do: 'help' } | { readonly do: 'serve'; readonly options: ServerOptions };

export const HELP: string;
export function readCommandLine(words: readonly string[]): Decoded<Command>;
