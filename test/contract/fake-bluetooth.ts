/** As much of `navigator.bluetooth` as a board needs (https://webbluetoothcg.github.io/web-bluetooth/), with one board. */
import type { PretendBoard } from './pretend-board.ts';

const lost = () => new DOMException('GATT Server is disconnected.', 'NetworkError');

class FakeCharacteristic extends EventTarget {
  value: DataView | undefined;
  readonly properties: Readonly<Record<string, boolean>>;
  readonly #device: FakeDevice;

  constructor(device: FakeDevice, properties: Record<string, boolean>) {
    super();
    this.#device = device;
    this.properties = properties;
  }

  async startNotifications(): Promise<this> {
    if (!this.#device.gatt.connected) throw lost();
    return this;
  }

  async writeValueWithoutResponse(bytes: Uint8Array): Promise<void> {
    if (!this.properties.writeWithoutResponse)
      throw new DOMException('GATT operation not permitted.', 'NotSupportedError');
    await this.#device.write(bytes);
  }

  async writeValueWithResponse(bytes: Uint8Array): Promise<void> {
    await this.#device.write(bytes);
  }

  /** Inside a larger buffer, as browsers may do. */
  notify(bytes: Uint8Array): void {
    const buffer = new Uint8Array(bytes.length + 4);
    buffer.set(bytes, 2);
    this.value = new DataView(buffer.buffer, 2, bytes.length);
    this.dispatchEvent(new Event('characteristicvaluechanged'));
  }
}

type Shape = {
  /** The two characteristics' numbers exchanged, as on the micro:bit, which also indicates instead of notifying. */
  readonly swapped?: boolean;
  readonly withResponseOnly?: boolean;
  readonly uart?: boolean;
};

export class FakeDevice extends EventTarget {
  readonly id = 'fake';
  name: string | undefined = 'Fake UART';
  inRange = true;
  connects = 0;
  writesInFlight = 0;
  mostWritesInFlight = 0;
  readonly gatt: {
    connected: boolean;
    connect(): Promise<unknown>;
    disconnect(): void;
    getPrimaryService(uuid: string): Promise<unknown>;
  };
  readonly #board: PretendBoard;

  constructor(board: PretendBoard, { swapped = false, withResponseOnly = false, uart = true }: Shape = {}) {
    super();
    this.#board = board;
    const tx = new FakeCharacteristic(this, swapped ? { indicate: true } : { notify: true });
    const rx = new FakeCharacteristic(this, { write: true, writeWithoutResponse: !withResponseOnly });
    this.gatt = {
      connected: false,
      connect: async () => {
        if (!this.inRange) throw new DOMException('Connection attempt failed.', 'NetworkError');
        this.connects++;
        this.gatt.connected = true;
        board.wire((bytes) => this.gatt.connected && tx.notify(bytes));
        return this.gatt;
      },
      disconnect: () => this.#drop(),
      getPrimaryService: async (uuid) => {
        if (!uart || !uuid.startsWith('6e400001')) throw new DOMException('No Services matching UUID', 'NotFoundError');
        return { getCharacteristics: async () => (swapped ? [tx, rx] : [rx, tx]) };
      },
    };
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.gatt.connected) throw lost();
    this.mostWritesInFlight = Math.max(this.mostWritesInFlight, ++this.writesInFlight);
    await Promise.resolve();
    this.writesInFlight--;
    this.#board.hear(bytes);
  }

  leave(): void {
    this.inRange = false;
    this.#drop();
  }

  #drop(): void {
    if (!this.gatt.connected) return;
    this.gatt.connected = false;
    this.dispatchEvent(new Event('gattserverdisconnected'));
  }
}

export class FakeBluetooth extends EventTarget {
  on = true;
  picks: FakeDevice | DOMException | undefined;
  requests: RequestDeviceOptions[] = [];

  async getAvailability(): Promise<boolean> {
    return this.on;
  }

  async requestDevice(options: RequestDeviceOptions): Promise<FakeDevice> {
    this.requests.push(options);
    const { picks } = this;
    if (!this.on) throw new DOMException('Bluetooth adapter not available.', 'NotFoundError');
    if (!picks) throw new DOMException('User cancelled the requestDevice() chooser.', 'NotFoundError');
    if (picks instanceof DOMException) throw picks;
    return picks;
  }

  switchOn(): void {
    this.on = true;
    this.dispatchEvent(Object.assign(new Event('availabilitychanged'), { value: true }));
  }

  /** The browser's own type is far wider than what a board needs. */
  asBluetooth(): Bluetooth {
    return this as unknown as Bluetooth;
  }
}
