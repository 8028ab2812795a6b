/** What the server says about its work, for the one who runs it; never an id, a token or what pages tell each other. */
import { type DestinationStream, type Logger, pino } from 'pino';
import type { LogLevel } from './command-line.mjs';

export type { Logger };

/** Whatever their depth, these never leave the process. */
const SECRET = ['id', 'src', 'dst', 'token', 'lookup', 'url', 'headers', 'authorization', 'secret', 'credential'];

/** One JSON object a line. */
export function makeLog(level: LogLevel, out?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    redact: { paths: [...SECRET, ...SECRET.map((name) => `*.${name}`)], censor: '[redacted]' },
    serializers: { err: describeError },
  };
  return out ? pino(options, out) : pino(options);
}

/** Its kind only: V8 quotes what it could not parse in the message, and the stack repeats the message. */
function describeError(error: unknown) {
  if (!(error instanceof Error)) return { name: typeof error };
  const { name, code } = error as NodeJS.ErrnoException;
  return code === undefined ? { name } : { name, code };
}
