/** A radio in the air around Chromium with one Nordic UART board in it, by the DevTools protocol; knows no page of ours. */
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import type { PretendBoard } from '../contract/pretend-board.ts';

/** Web Bluetooth is not on by default on Linux. */
export const BLUETOOTH_FLAGS = ['--enable-blink-features=WebBluetooth'];

const ADDRESS = '09:09:09:09:09:09';
const NUMBERS = {
  uart: '6e400001-b5a3-f393-e0a9-e50e24dcca9e',
  told: '6e400002-b5a3-f393-e0a9-e50e24dcca9e',
  heard: '6e400003-b5a3-f393-e0a9-e50e24dcca9e',
  /** The descriptor that is written to start notifications. */
  configuration: '00002902-0000-1000-8000-00805f9b34fb',
};
const MTU_BYTES = 20;
/** "Connection failed to be established" (Bluetooth Core Specification, volume 1, part F). */
const CONNECTION_FAILED = 0x3e;
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

/** DevTools' experimental domain is not in Playwright's list of commands. */
type AnySession = {
  send(method: string, given: object): Promise<Record<string, string>>;
  on(event: string, got: (event: Record<string, string>) => void): void;
  once(event: string, got: (event: { id: string; devices: { id: string }[] }) => void): void;
};
const anySession = (session: CDPSession) => session as unknown as AnySession;

export class BluetoothRadio {
  readonly #session: AnySession;
  readonly #board: PretendBoard;
  readonly #fetch: () => Promise<void>;
  /** What the board has said and the page has not fetched yet. */
  readonly #said: Uint8Array[] = [];
  #connects = 0;
  /** The board answers when it is called. */
  inRange = true;

  private constructor(session: AnySession, board: PretendBoard, fetch: () => Promise<void>) {
    this.#session = session;
    this.#board = board;
    this.#fetch = fetch;
    board.wire((bytes) => {
      for (let at = 0; at < bytes.length; at += MTU_BYTES) this.#said.push(bytes.slice(at, at + MTU_BYTES));
      // A page that has gone, or is out of range, hears nothing.
      this.#fetch().catch(() => {});
    });
  }

  /**
   * The emulation knows no notifications. But a read fires the event that a notification fires, so whenever the board
   * has said something `fetch` has the page read it, until a read comes back empty.
   */
  static async around(browser: Browser, board: PretendBoard, fetch: () => Promise<void>): Promise<BluetoothRadio> {
    const radio = new BluetoothRadio(anySession(await browser.newBrowserCDPSession()), board, fetch);
    await radio.#begin();
    return radio;
  }

  get connects(): number {
    return this.#connects;
  }

  /** Answers the next picker that `page` opens. */
  async answerPicker(context: BrowserContext, page: Page, answer: 'pick' | 'close'): Promise<void> {
    const session = anySession(await context.newCDPSession(page));
    await session.send('DeviceAccess.enable', {});
    // Once: the event comes twice, and a second answer crashes Chromium.
    session.once('DeviceAccess.deviceRequestPrompted', ({ id, devices }) => {
      const answered =
        answer === 'pick'
          ? session.send('DeviceAccess.selectPrompt', { id, deviceId: devices[0]?.id })
          : session.send('DeviceAccess.cancelPrompt', { id });
      // The page may be gone by then, with its picker.
      answered.catch(() => {});
    });
  }

  /** The board walks out of range, or its battery is taken out. */
  async disconnect(): Promise<void> {
    this.#said.length = 0;
    await this.#call('simulateGATTDisconnection', { address: ADDRESS });
  }

  async #begin(): Promise<void> {
    await this.#call('enable', { state: 'powered-on', leSupported: true });
    await this.#call('simulatePreconnectedPeripheral', {
      address: ADDRESS,
      name: 'Rig UART',
      manufacturerData: [],
      knownServiceUuids: [NUMBERS.uart],
    });
    // Nothing in the emulation answers by itself. An answer that comes after the page has gone is nobody's loss.
    const answer = (method: string, given: object) => void this.#call(method, given).catch(() => {});
    this.#session.on('BluetoothEmulation.gattOperationReceived', ({ address, type }) => {
      const reply = (code: number) => answer('simulateGATTOperationResponse', { address, type, code });
      if (type !== 'connection') return reply(0);
      this.#connects++;
      if (!this.inRange) return reply(CONNECTION_FAILED);
      // Its services go with each disconnection.
      void this.#addUart().then(() => reply(0));
    });
    this.#session.on('BluetoothEmulation.characteristicOperationReceived', ({ characteristicId, type, data }) => {
      const read = type === 'read' ? { data: base64(this.#said.shift() ?? new Uint8Array()) } : {};
      answer('simulateCharacteristicOperationResponse', { characteristicId, type, code: 0, ...read });
      if (data) this.#board.hear(Buffer.from(data, 'base64'));
    });
    this.#session.on('BluetoothEmulation.descriptorOperationReceived', ({ descriptorId, type }) => {
      const read = type === 'read' ? { data: 'AAA=' } : {};
      answer('simulateDescriptorOperationResponse', { descriptorId, type, code: 0, ...read });
    });
  }

  async #addUart(): Promise<void> {
    const { serviceId } = await this.#call('addService', { address: ADDRESS, serviceUuid: NUMBERS.uart });
    await this.#call('addCharacteristic', {
      serviceId,
      characteristicUuid: NUMBERS.told,
      properties: { write: true, writeWithoutResponse: true },
    });
    const { characteristicId } = await this.#call('addCharacteristic', {
      serviceId,
      characteristicUuid: NUMBERS.heard,
      properties: { notify: true, read: true },
    });
    await this.#call('addDescriptor', { characteristicId, descriptorUuid: NUMBERS.configuration });
  }

  #call(method: string, given: object): Promise<Record<string, string>> {
    return this.#session.send(`BluetoothEmulation.${method}`, given);
  }
}
