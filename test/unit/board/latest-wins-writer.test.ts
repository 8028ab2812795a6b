/** A slow line never carries stale motion, and never a line inside another. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { latestWinsWriter } from '../../../src/board/latest-wins-writer.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** A line that takes one write at a time and waits for `go` before each. */
function slowLine(mtu = 64) {
  const written: string[] = [];
  const failures: unknown[] = [];
  let go = () => {};
  let breakOff = (_: Error) => {};
  let inFlight = 0;
  const writable = new WritableStream<Uint8Array>({
    async write(chunk) {
      inFlight++;
      written.push(new TextDecoder().decode(chunk));
      await new Promise<void>((resolve, reject) => {
        go = resolve;
        breakOff = reject;
      });
      inFlight--;
    },
  });
  const writer = latestWinsWriter({ writable, mtu, now: () => 0, failed: (cause) => failures.push(cause) });
  const turn = () => new Promise((resolve) => setTimeout(resolve));
  return {
    writer,
    written,
    failures,
    inFlight: () => inFlight,
    async flow() {
      await turn();
      go();
      await turn();
    },
    async fail() {
      await turn();
      breakOff(new Error('stuck'));
      await turn();
    },
    turn,
  };
}

test('one write is in flight, and of what waits only the newest goes out', async () => {
  const { writer, written, flow, turn, inFlight } = slowLine();
  for (const message of ['1', '2', '3', '4']) writer.newest(bytes(message));
  await turn();
  expect(written).toEqual(['1']);
  expect(inFlight()).toBe(1);
  await flow();
  expect(written).toEqual(['1', '4']);
  await flow();
  expect(written).toEqual(['1', '4']);
  await writer.idle();
});

test('a message is cut at the mtu and never mixed with the next', async () => {
  const { writer, written, flow, turn } = slowLine(4);
  writer.newest(bytes('abcdefghij'));
  await turn();
  writer.newest(bytes('second'));
  writer.urgent(bytes('stop'));
  for (let i = 0; i < 4; i++) await flow();
  expect(written).toEqual(['abcd', 'efgh', 'ij', 'stop']);
});

test('an urgent message drops the motion that waits and goes before what follows', async () => {
  const { writer, written, flow, turn } = slowLine();
  writer.newest(bytes('1'));
  await turn();
  writer.newest(bytes('fast'));
  writer.urgent(bytes('stop'));
  writer.newest(bytes('after'));
  for (let i = 0; i < 4; i++) await flow();
  expect(written).toEqual(['1', 'stop', 'after']);
});

test('urgent messages all go out, in the order of their last asking', async () => {
  const { writer, written, flow, turn } = slowLine();
  writer.newest(bytes('1'));
  await turn();
  for (const message of ['clear', 'latch', 'stop', 'clear', 'latch', 'latch']) writer.urgent(bytes(message));
  for (let i = 0; i < 6; i++) await flow();
  expect(written).toEqual(['1', 'stop', 'clear', 'latch']);
});

describe('a failing line', () => {
  test('is told once, and what comes after is dropped', async () => {
    const { writer, written, failures, fail, turn } = slowLine();
    writer.newest(bytes('1'));
    writer.urgent(bytes('2'));
    await fail();
    writer.newest(bytes('3'));
    writer.urgent(bytes('4'));
    await turn();
    await writer.idle();
    expect(written).toEqual(['1']);
    expect(failures).toHaveLength(1);
  });

  test('is told when it was already closed', async () => {
    const failures: unknown[] = [];
    const writable = new WritableStream<Uint8Array>();
    const writer = latestWinsWriter({ writable, mtu: 20, now: () => 0, failed: (cause) => failures.push(cause) });
    await writable.abort().catch(() => {});
    writer.newest(bytes('1'));
    await writer.idle();
    expect(failures.length).toBeLessThanOrEqual(1);
  });
});

test('whatever is asked and however the line flows: whole messages, the last one last', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.boolean(), fc.string({ minLength: 1, maxLength: 40, unit: fc.constantFrom('a', 'b') })), {
        minLength: 1,
        maxLength: 12,
      }),
      fc.integer({ min: 1, max: 20 }),
      async (asked, mtu) => {
        let out = '';
        let largest = 0;
        const writable = new WritableStream<Uint8Array>({
          async write(chunk) {
            largest = Math.max(largest, chunk.length);
            await Promise.resolve();
            out += new TextDecoder().decode(chunk);
          },
        });
        const writer = latestWinsWriter({ writable, mtu, now: () => 0, failed: (cause) => expect.fail(String(cause)) });
        for (const [urgent, text] of asked) {
          if (urgent) writer.urgent(bytes(`${text}\n`));
          else writer.newest(bytes(`${text}\n`));
          await Promise.resolve();
        }
        await writer.idle();
        const known = asked.map(([, text]) => text);
        const lines = out.split('\n').slice(0, -1);
        expect(largest).toBeLessThanOrEqual(mtu);
        for (const line of lines) expect(known).toContain(line);
        expect(lines.at(-1)).toBe(known.at(-1));
      },
    ),
    { numRuns: 200 },
  );
});
