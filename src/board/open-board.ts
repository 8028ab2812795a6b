/** Makes a board of a transport: asks who is there, finds its dialect, passes motion on; knows no browser power. */
import { signal as observable } from '@preact/signals-core';
import type { Clock } from '../core/clock.ts';
import { type End, Fault } from '../core/fault.ts';
import { type BoardOrder, decodeNews, encodeOrder, LineSplitter } from '../protocol/board-lines.ts';
import type { Board, BoardNews, BoardState, Dialect } from './driver.ts';
import { recognise } from './drivers/recognise.ts';
import { latestWinsWriter } from './latest-wins-writer.ts';
import type { Transport } from './transport.ts';

/** Opening the port of an Uno resets it, and its bootloader swallows what is said in the first second: so ask again. */
const ASK_EVERY_MS = 400;
const GIVE_UP_AFTER_MS = 4000;
/** A line that takes nothing for so long is as good as unplugged, though nobody says so. */
const STUCK_AFTER_MS = 2000;
/** `x5` not armed, `x6` e-stop latched (docs/WIRE.md). */
const REFUSED_AT_REST = ['5', '6'];
/** How long a close waits for the last stop to leave a line that no longer moves. */
const LAST_WORD_MS = 250;

/**
 * Never writes on its own account what would feed the board's watchdog: no timer here drives.
 * Ends as `gone` with `timeout` when nobody answers, `wrong-protocol` when somebody does who is no board of ours,
 * `wrong-version`, or `lost` when the transport was.
 */
export function openBoard(given: {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Board {
  const { transport, clock, signal } = given;
  const { label } = transport;
  const state = observable<BoardState>({ at: 'waking', label });
  const batteryMv = observable<number | undefined>(undefined);
  const splitter = new LineSplitter();
  const writer = latestWinsWriter({
    writable: transport.writable,
    mtu: transport.mtu,
    now: () => clock.now(),
    failed: (cause) => fail(new Fault('lost', 'board', 'a write failed', { cause })),
  });
  const rests = observable(0);
  let dialect: Dialect | undefined;
  let malformed = 0;
  let refused = 0;
  /** Lines that made no sense since it was last asked who it is. */
  let strange = 0;
  let latched = false;
  let asking = new AbortController();
  let closing: Promise<void> | undefined;

  const ask = () => writer.urgent(encodeOrder({ kind: 'who' } satisfies BoardOrder));

  const wake = () => {
    asking.abort();
    asking = new AbortController();
    dialect = undefined;
    strange = 0;
    state.value = { at: 'waking', label };
    ask();
    clock.every(ASK_EVERY_MS, ask, asking.signal);
    clock.after(GIVE_UP_AFTER_MS, giveUp, asking.signal);
  };

  const giveUp = () =>
    fail(
      strange + splitter.overlong > 0
        ? new Fault('wrong-protocol', 'board', 'lines that make no sense, and no hello')
        : new Fault('timeout', 'board', `no hello for ${GIVE_UP_AFTER_MS} ms`),
    );

  const end = (how: End) => {
    if (state.peek().at === 'gone') return;
    asking.abort();
    dialect = undefined;
    state.value = { at: 'gone', label, end: how };
  };

  const fail = (fault: Fault) => {
    end({ why: 'lost', fault });
    closing ??= transport.close();
  };

  const hear = (line: Uint8Array) => {
    if (state.peek().at === 'gone') return;
    const news = dialect ? dialect.decode(line) : decodeNews(line);
    if (news.ok) return learn(news.value);
    // What the reset at opening tore in two is no news of a bad line.
    if (dialect) malformed++;
    else strange++;
  };

  const learn = (news: BoardNews) => {
    switch (news.kind) {
      case 'boot':
        strange = 0;
        // A reset in the middle of a drive: whatever the board was told is gone. One that only resets is given up.
        return dialect ? wake() : ask();
      case 'hello':
        return dialect ? undefined : greet(recognise(news));
      case 'battery':
        batteryMv.value = news.mv;
        return;
      case 'refused':
        refused++;
        if (dialect && REFUSED_AT_REST.includes(news.reason)) rests.value++;
        return;
      case 'range':
      case 'bumper':
      case 'speeds':
        return;
      case 'stopped':
        if (dialect) rests.value++;
        return;
      default:
        news satisfies never;
    }
  };

  const greet = (found: Dialect | Fault) => {
    if (found instanceof Fault) return fail(found);
    asking.abort();
    dialect = found;
    // A board that kept its power kept its latch, so it is told either way; clearing does not arm.
    writer.urgent(latched ? found.emergencyStop : found.clearStop);
    writer.urgent(found.greeting);
    state.value = { at: 'ready', label, name: found.name, stopsOnSilence: found.stopsOnSilence };
  };

  const listen = async () => {
    const reader = transport.readable.getReader();
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        for (const line of splitter.push(value)) hear(line);
      }
    } catch {
      // How a transport ended is told by its `closed`; a broken stream says no more.
    }
  };

  const close = async () => {
    if (state.peek().at !== 'gone') {
      if (dialect) writer.urgent(dialect.stop);
      end({ why: 'asked' });
      const enough = new AbortController();
      await Promise.race([
        writer.idle(),
        new Promise<void>((resolve) => clock.after(LAST_WORD_MS, resolve, enough.signal)),
      ]);
      enough.abort();
    }
    await transport.close();
  };
  const closeOnce = () => {
    closing ??= close();
    return closing;
  };

  void transport.closed.then(end);
  void listen();
  if (signal.aborted) void closeOnce();
  else {
    signal.addEventListener('abort', () => void closeOnce(), { once: true });
    wake();
  }

  return {
    state,
    batteryMv,
    rests,
    counts: {
      get malformed() {
        return malformed + splitter.overlong;
      },
      get refused() {
        return refused;
      },
    },
    drive(motion, gamepad) {
      // Where the board has no e-stop of its own, this is the latch.
      if (!dialect || latched) return;
      if (writer.stuckMs() > STUCK_AFTER_MS) return fail(new Fault('lost', 'board', 'the line takes no more bytes'));
      writer.newest(dialect.encode(motion, gamepad));
    },
    stop() {
      if (dialect) writer.urgent(dialect.stop);
    },
    latch() {
      latched = true;
      if (!dialect) return;
      writer.urgent(dialect.emergencyStop.length > 0 ? dialect.emergencyStop : dialect.stop);
    },
    unlatch() {
      latched = false;
      if (dialect) writer.urgent(dialect.clearStop);
    },
    close: closeOnce,
  };
}
