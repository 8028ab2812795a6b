/** Boards behind a Nordic UART service, by the Web Bluetooth API; knows no line and no motor. */
import { type End, Fault } from '../core/fault.ts';
import type { Transport, TransportKind } from './transport.ts';

/** https://docs.nordicsemi.com/bundle/ncs-latest/page/nrf/libraries/bluetooth/services/nus.html */
const NORDIC_UART = '6e400001-b5a3-f393-e0a9-e50e24dcca9e';
/** What fits a packet when nobody negotiated more: an ATT MTU of 23 less 3 bytes of header. */
const MTU_BYTES = 20;
/** Notifications nobody has read yet; more are dropped, and the checksums tell. */
const UNREAD_LIMIT = 256;

/** What the page has: `bluetooth` is undefined in a browser without Web Bluetooth. */
export type BluetoothPage = { readonly bluetooth: Bluetooth | undefined; readonly secure: boolean };

export function bluetooth(page: BluetoothPage = pageBluetooth()): TransportKind {
  const { secure } = page;
  let last: BluetoothDevice | undefined;

  const available = () => {
    if (!secure) throw new Fault('insecure', 'bluetooth', 'Web Bluetooth needs a secure context');
    if (!page.bluetooth) throw new Fault('unsupported', 'bluetooth', 'no navigator.bluetooth');
    return page.bluetooth;
  };

  const open = async (device: BluetoothDevice, signal: AbortSignal) => {
    const transport = await connect(device, signal);
    last = device;
    return transport;
  };

  return {
    id: 'bluetooth',

    async availability() {
      if (!secure) return 'insecure';
      if (!page.bluetooth) return 'unsupported';
      return (await page.bluetooth.getAvailability()) ? 'available' : 'switched-off';
    },

    async choose(signal) {
      const radio = available();
      const device = await radio.requestDevice({ filters: [{ services: [NORDIC_UART] }] }).catch(async (cause) => {
        throw await whyNotChosen(radio, cause);
      });
      return open(device, signal);
    },

    async reopen(signal) {
      const radio = available();
      if (last) return open(last, signal);
      // Only some browsers still know a device after a reload.
      const known = 'getDevices' in radio ? await radio.getDevices() : [];
      const [device] = known;
      return device && known.length === 1 ? open(device, signal) : undefined;
    },

    // Nothing in a browser tells that a device is back in range, only that the radio is on again: the rest is trying.
    returned(back, signal) {
      const changed = (event: Event & { readonly value?: boolean }) => {
        if (event.value) back();
      };
      page.bluetooth?.addEventListener('availabilitychanged', changed, { signal });
    },
  };
}

function pageBluetooth(): BluetoothPage {
  return { bluetooth: 'bluetooth' in navigator ? navigator.bluetooth : undefined, secure: isSecureContext };
}

async function whyNotChosen(radio: Bluetooth, cause: unknown): Promise<Fault> {
  const name = cause instanceof Error || cause instanceof DOMException ? cause.name : '';
  if (name === 'SecurityError') return new Fault('denied', 'bluetooth', String(cause), { cause });
  if (name !== 'NotFoundError') return new Fault('unsupported', 'bluetooth', String(cause), { cause });
  // Both "closed the picker" and "there is no radio" come as NotFoundError.
  if (await radio.getAvailability()) return new Fault('cancelled', 'bluetooth', String(cause), { cause });
  return new Fault('unreachable', 'bluetooth', 'the radio is off or missing', { cause });
}

/** @throws {Fault} cancelled | unreachable (no answer, out of range) | wrong-protocol (no Nordic UART) */
async function connect(device: BluetoothDevice, signal: AbortSignal): Promise<Transport> {
  const { gatt } = device;
  if (!gatt) throw new Fault('wrong-protocol', 'bluetooth', 'not a GATT device');
  const giveUp = () => gatt.disconnect();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    const { heard, told } = await findUart(gatt);
    const transport = uartTransport(device, gatt, heard, told);
    await heard.startNotifications();
    if (signal.aborted) throw new Error('aborted');
    return transport;
  } catch (cause) {
    gatt.disconnect();
    if (signal.aborted) throw new Fault('cancelled', 'bluetooth', 'not wanted any more', { cause });
    if (cause instanceof Fault) throw cause;
    const missing = cause instanceof Error || cause instanceof DOMException ? cause.name === 'NotFoundError' : false;
    throw new Fault(missing ? 'wrong-protocol' : 'unreachable', 'bluetooth', String(cause), { cause });
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

type Characteristic = BluetoothRemoteGATTCharacteristic;

/** By what they can do, not by their numbers: the micro:bit has the two the other way round. */
async function findUart(gatt: BluetoothRemoteGATTServer): Promise<{ heard: Characteristic; told: Characteristic }> {
  const server = await gatt.connect();
  const service = await server.getPrimaryService(NORDIC_UART);
  const characteristics = await service.getCharacteristics();
  const heard = characteristics.find(({ properties }) => properties.notify || properties.indicate);
  const told =
    characteristics.find(({ properties }) => properties.writeWithoutResponse) ??
    characteristics.find(({ properties }) => properties.write);
  if (!heard || !told) throw new Fault('wrong-protocol', 'bluetooth', 'its UART service is not complete');
  return { heard, told };
}

function uartTransport(
  device: BluetoothDevice,
  gatt: BluetoothRemoteGATTServer,
  heard: Characteristic,
  told: Characteristic,
): Transport {
  let ended = false;
  /** Once let go, `gatt` may belong to the transport that came after this one. */
  let letGo = false;
  let settle: (end: End) => void = () => {};
  const closed = new Promise<End>((resolve) => {
    settle = resolve;
  });
  const listening = new AbortController();
  let incoming: ReadableStreamDefaultController<Uint8Array> | undefined;
  let outgoing: WritableStreamDefaultController | undefined;

  const end = (how: End) => {
    if (ended) return;
    ended = true;
    listening.abort();
    incoming?.close();
    outgoing?.error(how.why === 'lost' ? how.fault : new Fault('lost', 'bluetooth', 'closed'));
    settle(how);
  };
  const lose = (detail: string, cause?: unknown) =>
    end({ why: 'lost', fault: new Fault('lost', 'bluetooth', detail, { cause }) });

  const { signal } = listening;
  device.addEventListener(
    'gattserverdisconnected',
    () => {
      letGo = true;
      lose('disconnected');
    },
    { signal },
  );
  heard.addEventListener(
    'characteristicvaluechanged',
    () => {
      const { value } = heard;
      if (!value || !incoming || (incoming.desiredSize ?? 0) <= 0) return;
      incoming.enqueue(new Uint8Array(value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength)));
    },
    { signal },
  );

  return {
    label: `Bluetooth board (${device.name || 'no name'})`,
    mtu: MTU_BYTES,
    closed,
    readable: new ReadableStream<Uint8Array>(
      {
        start(controller) {
          incoming = controller;
        },
        cancel() {
          incoming = undefined;
        },
      },
      new CountQueuingStrategy({ highWaterMark: UNREAD_LIMIT }),
    ),
    writable: new WritableStream<Uint8Array>({
      start(controller) {
        outgoing = controller;
      },
      async write(bytes) {
        const packet = new Uint8Array(bytes);
        try {
          if (told.properties.writeWithoutResponse) await told.writeValueWithoutResponse(packet);
          else await told.writeValueWithResponse(packet);
        } catch (cause) {
          lose('write failed', cause);
          throw cause;
        }
      },
    }),
    async close() {
      end({ why: 'asked' });
      if (!letGo) gatt.disconnect();
      letGo = true;
    },
  };
}
