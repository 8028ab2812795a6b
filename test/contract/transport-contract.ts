/** What every transport promises, as tests for any runner; knows no transport. */

import type { Transport } from '../../src/board/transport.ts';
import type { End } from '../../src/core/fault.ts';

export type ContractRunner = {
  test(name: string, run: () => Promise<void>): void;
  expect(actual: unknown): { toBe(expected: unknown): void; toEqual(expected: unknown): void };
};

/** A board on the far end that answers `f` with a line that begins with `fTELEPRESENT`. */
export type Bench = {
  readonly transport: Transport;
  /** Pulls the cable; absent where nothing can be pulled. */
  unplug?(): void | Promise<void>;
  /** All that the far end received, and what makes it speak; absent where a real board sits there. */
  readonly farEnd?: { received(): Uint8Array; largestWrite(): number; say(bytes: Uint8Array): void };
  /** Clears the bench away after each test, whatever happened. */
  done(): void | Promise<void>;
};

const WHO = new TextEncoder().encode('f*66\n');
const PATIENCE_MS = 8000;

export function transportContract(name: string, make: () => Promise<Bench>, { test, expect }: ContractRunner): void {
  const check = (what: string, run: (bench: Bench) => Promise<void>) =>
    test(`${name}: ${what}`, async () => {
      const bench = await make();
      try {
        await run(bench);
      } finally {
        await bench.done();
      }
    });
  const checkFarEnd = (what: string, run: (bench: Bench, farEnd: NonNullable<Bench['farEnd']>) => Promise<void>) =>
    check(what, async (bench) => {
      if (bench.farEnd) await run(bench, bench.farEnd);
    });
  const checkUnplug = (what: string, run: (bench: Bench, unplug: () => Promise<void>) => Promise<void>) =>
    check(what, async (bench) => {
      const { unplug } = bench;
      if (unplug) await run(bench, async () => unplug());
    });

  check('has a label and room for a line', async ({ transport }) => {
    expect(transport.label.length > 0).toBe(true);
    expect(transport.mtu >= 20).toBe(true);
  });

  check('carries a question there and the answer back', async ({ transport }) => {
    expect(await answers(transport)).toBe(true);
  });

  checkFarEnd('carries every byte, in order, both ways', async ({ transport }, farEnd) => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    const before = farEnd.received().length;
    const writer = transport.writable.getWriter();
    for (let at = 0; at < all.length; at += transport.mtu) await writer.write(all.subarray(at, at + transport.mtu));
    expect([...farEnd.received().subarray(before)]).toEqual([...all]);
    expect(farEnd.largestWrite() <= transport.mtu).toBe(true);

    const reader = transport.readable.getReader();
    for (let at = 0; at < all.length; at += 20) farEnd.say(all.subarray(at, at + 20));
    const heard: number[] = [];
    while (heard.length < all.length) heard.push(...((await soon(reader.read(), 'bytes')).value ?? []));
    expect(heard).toEqual([...all]);
  });

  check('ends as asked when closed, however often', async ({ transport }) => {
    const reader = transport.readable.getReader();
    const writer = transport.writable.getWriter();
    await soon(Promise.all([transport.close(), transport.close()]), 'close');
    expect((await soon(transport.closed, 'closed')).why).toBe('asked');
    expect(await runsDry(reader)).toBe(true);
    expect(await soon(refuses(writer.write(WHO)), 'write after close')).toBe(true);
    await soon(transport.close(), 'close again');
  });

  check('lets a read that waits end when closed', async ({ transport }) => {
    const reader = transport.readable.getReader();
    const dry = runsDry(reader);
    await soon(transport.close(), 'close');
    expect(await dry).toBe(true);
  });

  checkUnplug('ends as lost, with a fault, when unplugged', async ({ transport }, unplug) => {
    const dry = runsDry(transport.readable.getReader());
    const writer = transport.writable.getWriter();
    await unplug();
    expect(faultOf(await soon(transport.closed, 'closed'))).toBe('lost');
    expect(await dry).toBe(true);
    expect(await soon(refuses(writer.write(WHO)), 'write after unplug')).toBe(true);
  });

  checkUnplug('notices the unplugging when nobody reads', async ({ transport }, unplug) => {
    await unplug();
    expect(faultOf(await soon(transport.closed, 'closed'))).toBe('lost');
  });

  checkUnplug('ends once: a close after the unplugging changes nothing', async ({ transport }, unplug) => {
    await unplug();
    await soon(transport.closed, 'closed');
    await soon(transport.close(), 'close');
    expect(faultOf(await transport.closed)).toBe('lost');
  });

  checkUnplug('ends once: an unplugging after the close changes nothing', async ({ transport }, unplug) => {
    await soon(transport.close(), 'close');
    await unplug();
    expect((await soon(transport.closed, 'closed')).why).toBe('asked');
  });
}

/** Asks again every while: a board that resets when it is opened swallows what comes too early. */
async function answers(transport: Transport): Promise<boolean> {
  const writer = transport.writable.getWriter();
  const reader = transport.readable.getReader();
  const asking = setInterval(() => void refuses(writer.write(WHO)), 400);
  let text = '';
  try {
    await writer.write(WHO);
    while (!/^fTELEPRESENT\d.*\n/m.test(text)) {
      const { value, done } = await soon(reader.read(), 'an answer');
      if (done) return false;
      text += new TextDecoder().decode(value);
    }
    return true;
  } finally {
    clearInterval(asking);
  }
}

/** Whether reading comes to an end: the stream closes or breaks. */
async function runsDry(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<boolean> {
  for (;;) {
    const ended = await soon(
      reader.read().then(
        ({ done }) => done,
        () => true,
      ),
      'the end of reading',
    );
    if (ended) return true;
  }
}

function refuses(writing: Promise<void>): Promise<boolean> {
  return writing.then(
    () => false,
    () => true,
  );
}

function faultOf(end: End): string {
  return end.why === 'lost' ? end.fault.code : end.why;
}

function soon<T>(promise: Promise<T>, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${what}: nothing within ${PATIENCE_MS} ms`)), PATIENCE_MS);
    promise.then(resolve, reject).finally(() => clearTimeout(late));
  });
}
