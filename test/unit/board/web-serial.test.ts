/** What Web Serial promises beyond the contract of all transports. */
import { describe, expect, test } from 'vitest';
import { reachesCables, webSerial } from '../../../src/board/web-serial.ts';
import { FakePort, FakeSerial } from '../../contract/fake-serial.ts';
import { PretendBoard } from '../../contract/pretend-board.ts';

const life = new AbortController().signal;
const uno = () => new FakePort(new PretendBoard());
const clone = () => new FakePort(new PretendBoard(), { usbVendorId: 0x1a86, usbProductId: 0x7523 });

function page() {
  const serial = new FakeSerial();
  return { serial, kind: webSerial({ serial, secure: true }) };
}

describe('availability', () => {
  test('follows the page', async () => {
    expect(await page().kind.availability()).toBe('available');
    expect(await webSerial({ serial: undefined, secure: true }).availability()).toBe('unsupported');
    expect(await webSerial({ serial: undefined, secure: false }).availability()).toBe('insecure');
  });

  test.each([
    [true, 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36'],
    [true, 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0'],
    [
      false,
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
    ],
    [
      true,
      'Mozilla/5.0 (Linux; Android 17; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Mobile Safari/537.36',
    ],
  ])('a cable: %s in %s', (reaches, userAgent) => {
    expect(reachesCables(userAgent)).toBe(reaches);
  });
});

describe('choose', () => {
  test('opens the picker before anything is awaited', () => {
    const { serial, kind } = page();
    let asked = false;
    serial.requestPort = async () => {
      asked = true;
      return uno();
    };
    void kind.choose(life);
    expect(asked).toBe(true);
  });

  test('names the board by its USB ids and raises both modem lines', async () => {
    const { serial, kind } = page();
    const port = uno();
    serial.picks = port;
    const { label } = await kind.choose(life);
    expect(label).toBe('USB board (Arduino Uno)');
    expect(port.signals).toEqual([{ dataTerminalReady: true, requestToSend: true }]);
  });

  test('opens an adapter without modem lines too', async () => {
    const { serial, kind } = page();
    const port = clone();
    port.lineless = true;
    serial.picks = port;
    expect((await kind.choose(life)).label).toBe('USB board (CH340)');
  });

  test.each([
    ['cancelled', undefined],
    ['denied', new DOMException('blocked by permissions policy', 'SecurityError')],
  ])('says %s', async (code, picks) => {
    const { serial, kind } = page();
    serial.picks = picks;
    await expect(kind.choose(life)).rejects.toMatchObject({ name: 'Fault', code, subject: 'usb' });
  });

  test.each([
    ['unsupported', true],
    ['insecure', false],
  ])('says %s', async (code, secure) => {
    const kind = webSerial({ serial: undefined, secure });
    await expect(kind.choose(life)).rejects.toMatchObject({ code });
    await expect(kind.reopen(life)).rejects.toMatchObject({ code });
  });

  test('says in-use when another program holds the port, and when this page does', async () => {
    const { serial, kind } = page();
    const port = uno();
    serial.picks = port;
    port.busy = true;
    await expect(kind.choose(life)).rejects.toMatchObject({ code: 'in-use' });
    port.busy = false;
    await port.open({ baudRate: 115200 });
    await expect(webSerial({ serial, secure: true }).choose(life)).rejects.toMatchObject({ code: 'in-use' });
  });

  test('lets the port go when nobody wants it any more', async () => {
    const { serial, kind } = page();
    const port = uno();
    serial.picks = port;
    await expect(kind.choose(AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    await port.open({ baudRate: 115200 });
    expect(port.opened).toBe(2);
  });
});

describe('reopen', () => {
  test('opens the one granted board without a question', async () => {
    const { serial, kind } = page();
    expect(await kind.reopen(life)).toBeUndefined();
    serial.granted = [uno()];
    expect((await kind.reopen(life))?.label).toBe('USB board (Arduino Uno)');
  });

  test('asks for a click when it cannot know which of several', async () => {
    const { serial, kind } = page();
    serial.granted = [uno(), clone()];
    expect(await kind.reopen(life)).toBeUndefined();
  });

  test('finds the board of last time among others, after a replug', async () => {
    const { serial, kind } = page();
    const first = clone();
    serial.granted = [uno()];
    serial.picks = first;
    const transport = await kind.choose(life);
    first.unplug();
    await transport.closed;
    expect(await kind.reopen(life)).toBeUndefined();
    serial.plugIn(clone());
    expect((await kind.reopen(life))?.label).toBe('USB board (CH340)');
  });

  test('asks for a click when the board of last time had a twin, even while only the twin is here', async () => {
    const { serial, kind } = page();
    const first = clone();
    serial.granted = [clone()];
    serial.picks = first;
    const transport = await kind.choose(life);
    first.unplug();
    await transport.closed;
    expect(await kind.reopen(life)).toBeUndefined();
    serial.plugIn(clone());
    expect(await kind.reopen(life)).toBeUndefined();
  });

  test('asks for a click when two of a kind are here after a replug', async () => {
    const { serial, kind } = page();
    const first = clone();
    serial.picks = first;
    const transport = await kind.choose(life);
    first.unplug();
    await transport.closed;
    serial.plugIn(clone());
    serial.plugIn(clone());
    expect(await kind.reopen(life)).toBeUndefined();
  });

  test('knows the very port of last time from its twin while it stays plugged in', async () => {
    const { serial, kind } = page();
    const [twin, first] = [clone(), clone()];
    serial.granted = [twin];
    serial.picks = first;
    await (await kind.choose(life)).close();
    expect(await kind.reopen(life)).toBeDefined();
    expect([twin.opened, first.opened]).toEqual([0, 2]);
  });

  test('opens the same port again after a close', async () => {
    const { serial, kind } = page();
    const port = uno();
    serial.picks = port;
    const transport = await kind.choose(life);
    void transport.close();
    expect(await kind.reopen(life)).toBeDefined();
    expect(port.opened).toBe(2);
  });
});

test('returned tells of the board of last time, and of no other', async () => {
  const { serial, kind } = page();
  serial.picks = uno();
  await (await kind.choose(life)).close();
  const listening = new AbortController();
  let times = 0;
  kind.returned(() => times++, listening.signal);
  serial.plugIn(clone());
  expect(times).toBe(0);
  serial.plugIn(uno());
  expect(times).toBe(1);
  listening.abort();
  serial.plugIn(uno());
  expect(times).toBe(1);
});

test('reading goes on after an overrun and a framing error', async () => {
  const { serial, kind } = page();
  const board = new PretendBoard();
  const port = new FakePort(board);
  serial.picks = port;
  const transport = await kind.choose(life);
  const reader = transport.readable.getReader();
  for (const name of ['BufferOverrunError', 'FramingError'] as const) {
    const read = reader.read();
    await Promise.resolve();
    port.stumble(name);
    // The transport takes its next stream a moment later; what a board says before that is lost, as on a real port.
    await new Promise((resolve) => setTimeout(resolve));
    board.say('v7.90');
    expect(new TextDecoder().decode((await read).value)).toMatch(/^v7.90\*/);
  }
});
