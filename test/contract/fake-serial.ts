/** `navigator.serial` as its specification has it (https://wicg.github.io/serial/), with boards to plug in and out. */
import type { PretendBoard } from './pretend-board.ts';

type Ids = { readonly usbVendorId?: number; readonly usbProductId?: number };

export class FakePort extends EventTarget implements SerialPort {
  onconnect = null;
  ondisconnect = null;
  readonly signals: SerialOutputSignals[] = [];
  connected = true;
  /** Somebody else holds it, or the user may not. */
  busy = false;
  /** A pty or an adapter without modem lines. */
  lineless = false;
  opened = 0;
  readonly #board: PretendBoard;
  readonly #ids: Ids;
  /** What came before anybody read: the system keeps it. */
  #unread: Uint8Array<ArrayBuffer>[] = [];
  #open = false;
  #fatal = false;
  #readable: ReadableStream<Uint8Array<ArrayBuffer>> | null = null;
  #incoming: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  #writable: WritableStream<Uint8Array<ArrayBuffer>> | null = null;
  #outgoing: WritableStreamDefaultController | undefined;

  constructor(board: PretendBoard, ids: Ids = { usbVendorId: 0x2341, usbProductId: 0x43 }) {
    super();
    this.#board = board;
    this.#ids = ids;
  }

  /** A new stream each time the last one ended, but none after a fatal error. */
  get readable() {
    if (!this.#open || this.#fatal) return null as never;
    this.#readable ??= new ReadableStream({
      start: (controller) => {
        this.#incoming = controller;
        for (const bytes of this.#unread) controller.enqueue(bytes);
        this.#unread = [];
      },
      cancel: () => {
        this.#readable = null;
        this.#incoming = undefined;
      },
    });
    return this.#readable;
  }

  get writable() {
    if (!this.#open || this.#fatal) return null as never;
    this.#writable ??= new WritableStream({
      start: (controller) => {
        this.#outgoing = controller;
      },
      write: (bytes) => {
        if (!this.connected) throw new DOMException('The device has been lost.', 'NetworkError');
        this.#board.hear(bytes);
      },
      abort: () => {
        this.#writable = null;
      },
    });
    return this.#writable;
  }

  getInfo() {
    return this.#ids;
  }

  async open({ baudRate }: SerialOptions): Promise<void> {
    if (this.#open) throw new DOMException('The port is already open.', 'InvalidStateError');
    if (this.busy || !this.connected) throw new DOMException('Failed to open serial port.', 'NetworkError');
    if (baudRate !== 115200) throw new Error(`the board speaks 115200, not ${baudRate}`);
    this.#open = true;
    this.#fatal = false;
    this.opened++;
    this.#board.wire((bytes) => {
      if (this.#incoming) this.#incoming.enqueue(new Uint8Array(bytes));
      else this.#unread.push(new Uint8Array(bytes));
    });
  }

  async setSignals(signals: SerialOutputSignals = {}): Promise<void> {
    if (this.lineless) throw new DOMException('Failed to set control signals.', 'NetworkError');
    this.signals.push(signals);
  }

  async getSignals(): Promise<SerialInputSignals> {
    return { dataCarrierDetect: false, clearToSend: false, ringIndicator: false, dataSetReady: false };
  }

  async close(): Promise<void> {
    if (this.#readable?.locked || this.#writable?.locked) throw new TypeError('Cannot close a locked stream.');
    this.#open = false;
    this.#readable = null;
    this.#incoming = undefined;
    this.#writable = null;
  }

  async forget(): Promise<void> {}

  /** A disturbance after which the port goes on, with a new `readable`. */
  stumble(name: 'BufferOverrunError' | 'FramingError'): void {
    const incoming = this.#incoming;
    this.#readable = null;
    this.#incoming = undefined;
    incoming?.error(new DOMException('disturbed', name));
  }

  unplug(): void {
    this.connected = false;
    this.#fatal = true;
    if (this.#readable) this.#incoming?.error(new DOMException('The device has been lost.', 'NetworkError'));
    if (this.#writable) this.#outgoing?.error(new DOMException('The device has been lost.', 'NetworkError'));
    this.#readable = null;
    this.#writable = null;
    this.dispatchEvent(new Event('disconnect'));
  }
}

export class FakeSerial extends EventTarget implements Serial {
  onconnect = null;
  ondisconnect = null;
  granted: FakePort[] = [];
  /** What the person picks; undefined: closes the picker; an error: the browser's own answer. */
  picks: FakePort | DOMException | undefined;

  async getPorts(): Promise<SerialPort[]> {
    return this.granted.filter(({ connected }) => connected);
  }

  async requestPort(): Promise<SerialPort> {
    const { picks } = this;
    if (!picks) throw new DOMException('No port selected by the user.', 'NotFoundError');
    if (picks instanceof DOMException) throw picks;
    if (!this.granted.includes(picks)) this.granted.push(picks);
    return picks;
  }

  /** A granted board comes back, as a new object. */
  plugIn(port: FakePort): void {
    this.granted.push(port);
    const event = new Event('connect');
    Object.defineProperty(event, 'target', { value: port });
    this.dispatchEvent(event);
  }
}
