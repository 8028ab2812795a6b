/** Who a board says it is, into the dialect to speak with it; knows no transport. */
import { Fault } from '../../core/fault.ts';
import type { BoardNews, Dialect } from '../driver.ts';
import { openbotLines } from './openbot-lines.ts';
import { TELEPRESENT_VERSION, telepresentLines } from './telepresent-lines.ts';

/** A dialect, or why there is none: `wrong-version` or `wrong-protocol`. */
export function recognise(hello: BoardNews & { readonly kind: 'hello' }): Dialect | Fault {
  const { name, version, features } = hello;
  if (name === 'TELEPRESENT') {
    if (version === TELEPRESENT_VERSION) return telepresentLines(features);
    return new Fault('wrong-version', 'board', `speaks version ${version}, this page ${TELEPRESENT_VERSION}`);
  }
  return openbotLines(name, features) ?? new Fault('wrong-protocol', 'board', `calls itself ${name}`);
}
