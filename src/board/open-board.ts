/** Makes a board of a transport: asks who is there, tries its watchdog, passes motion on; knows no browser power. */
import { signal as observable } from '@preact/signals-core';
import type { Clock } from '../core/clock.ts';
import { type End, Fault } from '../core/fault.ts';
import { type BoardOrder, decodeNews, encodeOrder, LineSplitter } from '../protocol/board-lines.ts';
import { boardLatch } from './board-latch.ts';
import type { Board, BoardNews, BoardState, Dialect } from './driver.ts';
import { recognise } from './drivers/recognise.ts';
import { latestWinsWriter } from './latest-wins-writer.ts';
import { runSelfTest } from './self-test.ts';
import type { Transport } from './transport.ts';

/** Opening the port of an Uno resets it, and its bootloader swallows what is said in the first second: so ask again. */
const ASK_EVERY_MS = 400;
const GIVE_UP_AFTER_MS = 4000;
/** A line that takes nothing for so long is as good as unplugged, though nobody says so. */
const STUCK_AFTER_MS = 2000;
/** Reasons of an `x` line (docs/WIRE.md). */
const NOT_ARMED = '5';
const LATCHED = '6';
/** One stop may be lost on the way. A board that stops this soon without it needs no second… */
const STOPS_SOON_MS = 250;
/** …any other is told again. */
const STOP_AGAIN_MS = [30, 60];
/** A board that was told to report its battery every second, and is silent for so long, did not hear it. */
const BATTERY_LATE_MS = 3000;
/** How long a close waits for the last stop to leave a line that no longer moves. */
const LAST_WORD_MS = 250;

/**
 * Never writes on its own account what would feed the watchdog of a board that may move: outside the self-test, which is
 * over before anything drives, no timer here feeds anything but a stop.
 * Ends as `gone` with `timeout` when nobody answers, `wrong-protocol` when somebody does who is no board of ours,
 * `wrong-version`, `unsafe` when silence did not stop it, or `lost` when the transport was.
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
  let stopping = new AbortController();
  const sayStop = (to: Dialect) => {
    writer.urgent(to.stop);
    stopping.abort();
    if (to.silenceMs <= STOPS_SOON_MS) return;
    stopping = new AbortController();
    for (const ms of STOP_AGAIN_MS) clock.after(ms, () => writer.urgent(to.stop), stopping.signal);
  };
  const eStop = boardLatch({ say: (line) => writer.urgent(line), stop: sayStop, clock });
  const rests = observable(0);
  let dialect: Dialect | undefined;
  let malformed = 0;
  let refused = 0;
  /** Lines that made no sense since it was last asked who it is. */
  let strange = 0;
  let torn = 0;
  /** Why nobody could speak with it, by its last hello. */
  let doubted: string | undefined;
  let answers = 0;
  let droveAtMs = Number.NEGATIVE_INFINITY;
  /** From ready on, until the battery is late. */
  let reporting = new AbortController();
  /** Of one question or one self-test. */
  let waking = new AbortController();
  let counting = new AbortController();
  let closing: Promise<void> | undefined;

  const ask = () => writer.urgent(encodeOrder({ kind: 'who' } satisfies BoardOrder));

  const ready = () => state.peek().at === 'ready';

  const wake = () => {
    strange = 0;
    doubted = undefined;
    eStop.heard();
    stopping.abort();
    reporting.abort();
    droveAtMs = Number.NEGATIVE_INFINITY;
    state.value = { at: 'waking', label };
    countTime();
    askUntilKnown();
  };

  /** Gives up on who never says who it is: a self-test is left to end by itself. */
  const countTime = () => {
    counting.abort();
    counting = new AbortController();
    let awakeMs = 0;
    let lookedAtMs = clock.now();
    const look = () => {
      // Ticks that piled up behind a blocked thread come all at once, before the answer that waited behind them.
      awakeMs += Math.min(clock.now() - lookedAtMs, ASK_EVERY_MS);
      lookedAtMs = clock.now();
      if (awakeMs >= GIVE_UP_AFTER_MS && !dialect) giveUp();
    };
    clock.every(ASK_EVERY_MS, look, counting.signal);
  };

  const askUntilKnown = () => {
    waking.abort();
    waking = new AbortController();
    dialect = undefined;
    ask();
    clock.every(ASK_EVERY_MS, ask, waking.signal);
  };

  const giveUp = () =>
    fail(
      strange + splitter.overlong > 0
        ? new Fault('wrong-protocol', 'board', 'lines that make no sense, and no hello')
        : new Fault('timeout', 'board', `no hello for ${GIVE_UP_AFTER_MS} ms`),
    );

  const end = (how: End) => {
    if (state.peek().at === 'gone') return;
    waking.abort();
    counting.abort();
    stopping.abort();
    reporting.abort();
    eStop.heard();
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
        return bootAgain();
      case 'hello':
        answers++;
        return dialect ? undefined : greet(recognise(news));
      case 'battery':
        batteryMv.value = news.mv;
        if (dialect && ready()) expectBattery(dialect);
        return;
      case 'refused':
        return refuse(news.reason);
      case 'range':
      case 'bumper':
      case 'speeds':
        return;
      case 'stopped':
        return stopped(news);
      default:
        news satisfies never;
    }
  };

  const greet = (found: Dialect | Fault) => {
    if (found instanceof Fault) {
      // A hello that lost a byte on the way may look like another's: only what is said twice counts.
      if (doubted === found.detail) return fail(found);
      doubted = found.detail;
      return;
    }
    waking.abort();
    dialect = found;
    tryOut(found);
  };

  const tryOut = (found: Dialect) => {
    if (!found.selfTest) return welcome(found);
    waking.abort();
    waking = new AbortController();
    runSelfTest({
      test: found.selfTest,
      first: () => eStop.beforeTrial(found),
      ask,
      writer,
      clock,
      signal: waking.signal,
      stuckAfterMs: STUCK_AFTER_MS,
      tornLines: () => torn + malformed + splitter.overlong,
      answers: () => answers,
      failed: condemn,
    });
  };

  const welcome = (found: Dialect) => {
    waking.abort();
    counting.abort();
    if (found.selfTest) writer.urgent(found.selfTest.end);
    eStop.remind(found);
    greetReady(found);
  };

  const greetReady = (found: Dialect) => {
    writer.urgent(found.greeting);
    state.value = { at: 'ready', label, name: found.name };
    expectBattery(found);
  };

  const expectBattery = ({ greeting }: Dialect) => {
    reporting.abort();
    if (greeting.length === 0) return;
    reporting = new AbortController();
    const askAgain = () => {
      batteryMv.value = undefined;
      writer.urgent(greeting);
    };
    clock.every(BATTERY_LATE_MS, askAgain, reporting.signal);
  };

  /** Until somebody who may clears it there is nothing to try: it can't move. */
  const keepStopped = (found: Dialect) => {
    waking.abort();
    counting.abort();
    greetReady(found);
  };

  const condemn = (fault: Fault) => {
    // One that may come back must not come back with a stop that nobody pressed. It stands still.
    if (fault.code !== 'unsafe') return fail(fault);
    const lastWord = dialect?.emergencyStop;
    end({ why: 'lost', fault });
    if (lastWord) writer.urgent(lastWord);
    closing ??= closeAfterLastWord();
  };

  const bootAgain = () => {
    strange = 0;
    eStop.reset();
    // A reset in the middle of a drive: whatever the board was told is gone. One that only resets is given up.
    if (ready()) wake();
    else if (dialect) askUntilKnown();
    else ask();
  };

  const stopped = ({ by }: BoardNews & { readonly kind: 'stopped' }) => {
    if (!dialect) return;
    // Its `r` was lost on the way.
    if (by === 'boot') return bootAgain();
    if (by === 'e-stop') eStop.heard();
    // It was armed, so it was not latched.
    else eStop.disproved();
    if (!ready()) return dialect.selfTest?.passedBy({ kind: 'stopped', by }) ? welcome(dialect) : undefined;
    rest();
    // One that forgets its window stops too soon. It is disarmed now, so this feeds nothing.
    if (by === 'silence' && dialect.selfTest) writer.urgent(dialect.selfTest.end);
  };

  const refuse = (reason: string) => {
    refused++;
    if (reason !== NOT_ARMED && reason !== LATCHED) torn++;
    else if (ready()) rest();
    if (reason !== LATCHED || !dialect) return;
    eStop.refused(dialect);
    if (eStop.kept.peek() && !ready()) keepStopped(dialect);
  };

  const rest = () => {
    if (!dialect || eStop.isOn() || clock.now() - droveAtMs > dialect.silenceMs) return;
    rests.value++;
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
    if (state.peek().at === 'gone') return transport.close();
    if (dialect) writer.urgent(dialect.stop);
    end({ why: 'asked' });
    await closeAfterLastWord();
  };
  const closeAfterLastWord = async () => {
    const enough = new AbortController();
    await Promise.race([
      writer.idle(),
      new Promise<void>((resolve) => clock.after(LAST_WORD_MS, resolve, enough.signal)),
    ]);
    enough.abort();
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
    keptStop: eStop.kept,
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
      if (!dialect || !ready() || eStop.isOn() || eStop.kept.peek()) return;
      if (writer.stuckMs() > STUCK_AFTER_MS) return fail(new Fault('lost', 'board', 'the line takes no more bytes'));
      droveAtMs = clock.now();
      stopping.abort();
      writer.newest(dialect.encode(motion, gamepad));
    },
    stop() {
      if (dialect && ready()) sayStop(dialect);
    },
    latch() {
      eStop.latch(ready() ? dialect : undefined);
    },
    unlatch() {
      const untried = eStop.kept.peek();
      eStop.clear(ready() && !untried ? dialect : undefined);
      if (!untried || !dialect || !ready()) return;
      state.value = { at: 'waking', label };
      countTime();
      tryOut(dialect);
    },
    close: closeOnce,
  };
}
