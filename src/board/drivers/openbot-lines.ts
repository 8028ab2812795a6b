/** What OpenBot's firmware is told (https://github.com/ob-f/OpenBot, firmware/openbot.ino); knows no transport. */
import { decodeNews } from '../../protocol/board-lines.ts';
import type { Dialect } from '../driver.ts';
import { lines, wheels } from './telepresent-lines.ts';

/** The bodies that OpenBot's firmware is built for, as its hello names them. */
const BODIES: readonly string[] = [
  'DIY',
  'DIY_ESP32',
  'PCB_V1',
  'PCB_V2',
  'RTR_V1',
  'RTR_TT',
  'RTR_TT2',
  'RTR_520',
  'RC_CAR',
  'LITE',
  'MTV',
];

const WINDOW_MS = 500;

/** The dialect of an OpenBot body, or undefined when OpenBot has none of this name. */
export function openbotLines(body: string, features: readonly string[]): Dialect | undefined {
  if (!BODIES.includes(body)) return undefined;
  const nothing = new Uint8Array();
  return {
    id: 'openbot',
    name: `OpenBot ${body}`,
    silenceMs: WINDOW_MS,
    // It stops without a word about it.
    selfTest: undefined,
    greeting: features.includes('v') ? lines({ kind: 'battery', everyMs: 1000 }) : nothing,
    // Only `h` feeds this watchdog, and it is off before the first: so each motion carries one. A stop carries none.
    encode: (motion) => lines({ kind: 'heartbeat', ms: WINDOW_MS }, wheels(motion)),
    stop: lines({ kind: 'wheels', left: 0, right: 0 }),
    emergencyStop: nothing,
    clearStop: nothing,
    decode: (line) => decodeNews(line),
  };
}
