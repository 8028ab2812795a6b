/** What Telepresent's own firmware is told, version 1; knows no transport. */
import type { Motion } from '../../core/motion.ts';
import { type BoardOrder, decodeNews, encodeOrder } from '../../protocol/board-lines.ts';
import type { Dialect, SelfTest } from '../driver.ts';

/** The version of docs/WIRE.md that this driver speaks. */
export const TELEPRESENT_VERSION = 1;

/** Shorter than the board's own 500: with the 60 ms ramp of a stop that was told, either way ends within 300 ms. */
const WINDOW_MS = 190;
/** What a board has that does not obey `h`. */
const WINDOW_WITHOUT_HEARTBEAT_MS = 500;
/** The shortest window the board takes, so that the self-test is over soon. */
const TRIED_WINDOW_MS = 100;
/** Beyond the window: a slow radio there and back. */
const ANSWER_MS = 400;

/** `features`: the letters of the commands this board obeys, from its hello. */
export function telepresentLines(features: readonly string[]): Dialect {
  const obeys = (letter: string) => features.includes(letter);
  return {
    id: 'telepresent',
    name: 'Telepresent',
    silenceMs: obeys('h') ? WINDOW_MS : WINDOW_WITHOUT_HEARTBEAT_MS,
    selfTest: selfTest(obeys),
    greeting: obeys('v') ? lines({ kind: 'battery', everyMs: 1000 }) : NOTHING,
    // `c` itself feeds this board's watchdog, so no heartbeat goes out.
    encode: (motion, gamepad) =>
      lines(
        wheels(motion),
        ...(obeys('a') ? servos(motion) : []),
        ...(obeys('g') ? [{ kind: 'gamepad', gamepad } as const] : []),
      ),
    stop: lines({ kind: 'wheels', left: 0, right: 0 }),
    emergencyStop: obeys('e') ? lines({ kind: 'latch' }) : NOTHING,
    clearStop: obeys('e') ? lines({ kind: 'unlatch' }) : NOTHING,
    decode: (line) => decodeNews(line, true),
  };
}

function selfTest(obeys: (letter: string) => boolean): SelfTest {
  const shortened = obeys('h');
  return {
    begin: lines(...(shortened ? [{ kind: 'heartbeat', ms: TRIED_WINDOW_MS } as const] : []), {
      kind: 'wheels',
      left: 0,
      right: 0,
    }),
    passedBy: (news) => news.kind === 'stopped' && news.by === 'silence',
    withinMs: (shortened ? TRIED_WINDOW_MS : WINDOW_WITHOUT_HEARTBEAT_MS) + ANSWER_MS,
    end: shortened ? lines({ kind: 'heartbeat', ms: WINDOW_MS }) : NOTHING,
  };
}

const NOTHING = new Uint8Array();

export function wheels(motion: Motion): BoardOrder {
  return { kind: 'wheels', left: motion.left * 255, right: motion.right * 255 };
}

function servos(motion: Motion): BoardOrder[] {
  return Object.entries(motion.servos ?? {}).map(([channel, degrees]) => ({
    kind: 'servo',
    channel: Number(channel),
    degrees,
  }));
}

export function lines(...orders: readonly BoardOrder[]): Uint8Array<ArrayBuffer> {
  const encoded = orders.map(encodeOrder);
  const all = new Uint8Array(encoded.reduce((length, line) => length + line.length, 0));
  let at = 0;
  for (const line of encoded) {
    all.set(line, at);
    at += line.length;
  }
  return all;
}
