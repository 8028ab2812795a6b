/** Boards on a USB cable, by the Web Serial API; knows no line and no motor. */
import { type End, Fault } from '../core/fault.ts';
import type { Transport, TransportKind } from './transport.ts';

/** 115200 8N1, as every Arduino sketch of this kind expects. */
const BAUD_RATE = 115200;
/** A third of a second of bytes: a page that stalls that long still misses none. */
const BUFFER_BYTES = 4096;

/** What the page has: `serial` is undefined in a browser without Web Serial. */
export type SerialPage = { readonly serial: Serial | undefined; readonly secure: boolean };

export function webSerial(page: SerialPage = pageSerial()): TransportKind {
  const { serial, secure } = page;
  /** The board of last time. It may come back as a new object, so the same kind of chip counts as the same board… */
  let last: SerialPort | undefined;
  /** …except where several of that kind were here: opening the wrong one would drive another robot. */
  let hadTwin = false;
  let cleaned: Promise<unknown> = Promise.resolve();

  const available = () => {
    if (!secure) throw new Fault('insecure', 'usb', 'Web Serial needs a secure context');
    if (!serial) throw new Fault('unsupported', 'usb', 'no navigator.serial');
    return serial;
  };

  const isLikeLast = (port: SerialPort) => !last || identity(port) === identity(last);

  const open = async (port: SerialPort, signal: AbortSignal) => {
    // A port that was just lost may still be closing.
    await cleaned;
    const alike = (await available().getPorts()).filter((other) => identity(other) === identity(port));
    await openPort(port);
    if (signal.aborted) {
      await closeQuietly(port);
      throw new Fault('cancelled', 'usb', 'not wanted any more');
    }
    last = port;
    hadTwin = alike.length > 1;
    const transport = serialTransport(port);
    cleaned = transport.closed.then(() => transport.close());
    return transport;
  };

  return {
    id: 'web-serial',

    async availability() {
      if (!secure) return 'insecure';
      return serial ? 'available' : 'unsupported';
    },

    async choose(signal) {
      const port = await available()
        .requestPort()
        .catch((cause) => {
          throw whyNotChosen(cause);
        });
      return open(port, signal);
    },

    async reopen(signal) {
      const granted = await available().getPorts();
      if (last && granted.includes(last)) return open(last, signal);
      const [port, ...others] = granted.filter(isLikeLast);
      return port && others.length === 0 && !hadTwin ? open(port, signal) : undefined;
    },

    returned(back, signal) {
      const connected = ({ target }: Event) => {
        if (!target || isLikeLast(target as SerialPort)) back();
      };
      serial?.addEventListener('connect', connected, { signal });
    },
  };
}

function pageSerial(): SerialPage {
  const wired = 'serial' in navigator && reachesCables(navigator.userAgent);
  return { serial: wired ? navigator.serial : undefined, secure: isSecureContext };
}

/** Chrome on Android before 148 has Web Serial for Bluetooth alone. */
export function reachesCables(userAgent: string): boolean {
  const [, version] = /Android.* Chrome\/(\d+)/.exec(userAgent) ?? [];
  return version === undefined || Number(version) >= 148;
}

function identity(port: SerialPort): string {
  const { usbVendorId, usbProductId } = port.getInfo();
  if (usbVendorId === undefined || usbProductId === undefined) return 'not USB';
  return [usbVendorId, usbProductId].map((id) => id.toString(16).padStart(4, '0')).join(':');
}

/** Of https://github.com/arduino/ArduinoCore-avr/blob/master/boards.txt, and the usual bridge chips. */
const NAMES: Readonly<Record<string, string>> = {
  '2341:0043': 'Arduino Uno',
  '2341:0001': 'Arduino Uno',
  '2341:0243': 'Arduino Uno',
  '2a03:0043': 'Arduino Uno',
  '2341:0042': 'Arduino Mega',
  '2341:0010': 'Arduino Mega',
  '2341:8036': 'Arduino Leonardo',
  '1a86:7523': 'CH340',
  '10c4:ea60': 'CP210x',
  '0403:6001': 'FTDI',
};

function labelOf(port: SerialPort): string {
  const id = identity(port);
  return `USB board (${NAMES[id] ?? id})`;
}

function nameOf(cause: unknown): string {
  return cause instanceof Error || cause instanceof DOMException ? cause.name : '';
}

function whyNotChosen(cause: unknown): Fault {
  const detail = String(cause);
  if (nameOf(cause) === 'NotFoundError') return new Fault('cancelled', 'usb', detail, { cause });
  if (nameOf(cause) === 'SecurityError') return new Fault('denied', 'usb', detail, { cause });
  return new Fault('unsupported', 'usb', detail, { cause });
}

async function openPort(port: SerialPort): Promise<void> {
  try {
    await port.open({ baudRate: BAUD_RATE, bufferSize: BUFFER_BYTES });
  } catch (cause) {
    // InvalidStateError: this page holds it. NetworkError: another program does, or the user may not (dialout).
    const taken = ['InvalidStateError', 'NetworkError'].includes(nameOf(cause));
    throw new Fault(taken ? 'in-use' : 'lost', 'usb', String(cause), { cause });
  }
  try {
    // Boards with native USB send nothing before DTR. Both at once: one alone holds an ESP32 in reset.
    await port.setSignals({ dataTerminalReady: true, requestToSend: true });
  } catch {
    // Some adapters have no such lines, and drive all the same.
  }
}

async function closeQuietly(port: SerialPort): Promise<void> {
  try {
    await port.close();
  } catch {
    // Already closed, or gone with its cable.
  }
}

function serialTransport(port: SerialPort): Transport {
  let ended: End | undefined;
  let settle: (end: End) => void = () => {};
  const closed = new Promise<End>((resolve) => {
    settle = resolve;
  });
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  let writer: WritableStreamDefaultWriter<Uint8Array> | undefined;
  let outgoing: WritableStreamDefaultController | undefined;
  let closing: Promise<void> | undefined;
  const listening = new AbortController();

  const end = (how: End) => {
    if (ended) return;
    ended = how;
    listening.abort();
    outgoing?.error(how.why === 'lost' ? how.fault : new Fault('lost', 'usb', 'closed'));
    settle(how);
  };
  const lose = (detail: string, cause?: unknown) =>
    end({ why: 'lost', fault: new Fault('lost', 'usb', detail, { cause }) });

  port.addEventListener('disconnect', () => lose('unplugged'), { signal: listening.signal });

  /** The next bytes, or undefined at the end. After a framing error or an overrun the port goes on with a new stream. */
  const next = async () => {
    while (!ended && port.readable) {
      reader = port.readable.getReader();
      try {
        const { value } = await reader.read();
        if (value) return value;
      } catch (cause) {
        if (!port.readable) lose('read failed', cause);
      } finally {
        reader.releaseLock();
      }
    }
    lose('no longer readable');
    return undefined;
  };

  const close = async () => {
    end({ why: 'asked' });
    // What the device can no longer answer to is no news: the port is only let go.
    await reader?.cancel().catch(() => {});
    await writer?.abort().catch(() => {});
    writer?.releaseLock();
    await closeQuietly(port);
  };

  return {
    label: labelOf(port),
    mtu: BUFFER_BYTES,
    closed,
    readable: new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const bytes = await next();
          if (bytes && !ended) controller.enqueue(bytes);
          else controller.close();
        },
      },
      { highWaterMark: 0 },
    ),
    writable: new WritableStream<Uint8Array>({
      start(controller) {
        outgoing = controller;
      },
      async write(bytes) {
        try {
          writer ??= port.writable?.getWriter();
          if (!writer) throw new Error('the port is not writable');
          await writer.write(bytes);
        } catch (cause) {
          lose('write failed', cause);
          throw cause;
        }
      },
    }),
    close() {
      closing ??= close();
      return closing;
    },
  };
}
