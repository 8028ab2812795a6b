/** What Web Bluetooth promises beyond the contract of all transports. */
import { describe, expect, test } from 'vitest';
import { bluetooth } from '../../../src/board/bluetooth.ts';
import { FakeBluetooth, FakeDevice } from '../../contract/fake-bluetooth.ts';
import { PretendBoard } from '../../contract/pretend-board.ts';

const life = new AbortController().signal;
const uart = (shape?: ConstructorParameters<typeof FakeDevice>[1]) => new FakeDevice(new PretendBoard(), shape);

function page(picks?: FakeDevice) {
  const radio = new FakeBluetooth();
  radio.picks = picks;
  return { radio, kind: bluetooth({ bluetooth: radio.asBluetooth(), secure: true }) };
}

test('availability follows page and radio', async () => {
  const { radio, kind } = page();
  expect(await kind.availability()).toBe('available');
  radio.on = false;
  expect(await kind.availability()).toBe('switched-off');
  expect(await bluetooth({ bluetooth: undefined, secure: true }).availability()).toBe('unsupported');
  expect(await bluetooth({ bluetooth: undefined, secure: false }).availability()).toBe('insecure');
});

describe('choose', () => {
  test('asks for a Nordic UART before anything is awaited', () => {
    const { radio, kind } = page(uart());
    void kind.choose(life);
    expect(radio.requests).toEqual([{ filters: [{ services: ['6e400001-b5a3-f393-e0a9-e50e24dcca9e'] }] }]);
  });

  test('carries the name of the device', async () => {
    expect((await page(uart()).kind.choose(life)).label).toBe('Bluetooth board (Fake UART)');
    const nameless = uart();
    nameless.name = undefined;
    expect((await page(nameless).kind.choose(life)).label).toBe('Bluetooth board (no name)');
  });

  test('writes with response where nothing else is offered', async () => {
    const board = new PretendBoard();
    const transport = await page(new FakeDevice(board, { withResponseOnly: true })).kind.choose(life);
    await transport.writable.getWriter().write(new TextEncoder().encode('f*66\n'));
    expect(board.heard).toEqual(['f']);
  });

  test('says cancelled when the picker was closed, unreachable when the radio is off', async () => {
    const { radio, kind } = page();
    await expect(kind.choose(life)).rejects.toMatchObject({ code: 'cancelled', subject: 'bluetooth' });
    radio.on = false;
    await expect(kind.choose(life)).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('says denied, unsupported and insecure', async () => {
    const { radio, kind } = page();
    radio.picks = new DOMException('blocked', 'SecurityError');
    await expect(kind.choose(life)).rejects.toMatchObject({ code: 'denied' });
    await expect(bluetooth({ bluetooth: undefined, secure: true }).choose(life)).rejects.toMatchObject({
      code: 'unsupported',
    });
    await expect(bluetooth({ bluetooth: undefined, secure: false }).choose(life)).rejects.toMatchObject({
      code: 'insecure',
    });
  });

  test('says unreachable out of range, and wrong-protocol without a UART', async () => {
    const far = uart();
    far.inRange = false;
    await expect(page(far).kind.choose(life)).rejects.toMatchObject({ code: 'unreachable' });
    const other = uart({ uart: false });
    await expect(page(other).kind.choose(life)).rejects.toMatchObject({ code: 'wrong-protocol' });
    expect(other.gatt.connected).toBe(false);
  });

  test('lets the device go when nobody wants it any more', async () => {
    const device = uart();
    await expect(page(device).kind.choose(AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    expect(device.gatt.connected).toBe(false);
  });
});

describe('reopen', () => {
  test('connects the device of this visit again, and says why not', async () => {
    const device = uart();
    const { kind } = page(device);
    expect(await kind.reopen(life)).toBeUndefined();
    const transport = await kind.choose(life);
    device.leave();
    await transport.closed;
    await expect(kind.reopen(life)).rejects.toMatchObject({ code: 'unreachable' });
    device.inRange = true;
    expect(await kind.reopen(life)).toBeDefined();
    expect(device.connects).toBe(2);
  });

  test('a transport that was lost does not cut the one after it', async () => {
    const device = uart();
    const { kind } = page(device);
    const lost = await kind.choose(life);
    device.leave();
    device.inRange = true;
    await kind.reopen(life);
    await lost.close();
    expect(device.gatt.connected).toBe(true);
  });

  test('after a reload takes the one device that the browser still knows', async () => {
    const { radio, kind } = page();
    const known = [uart()];
    Object.assign(radio, { getDevices: async () => known });
    expect((await kind.reopen(life))?.label).toBe('Bluetooth board (Fake UART)');
    const again = page();
    Object.assign(again.radio, { getDevices: async () => [uart(), uart()] });
    expect(await again.kind.reopen(life)).toBeUndefined();
  });
});

test('returned tells when the radio is on again', () => {
  const { radio, kind } = page();
  let times = 0;
  kind.returned(() => times++, life);
  radio.switchOn();
  expect(times).toBe(1);
});
