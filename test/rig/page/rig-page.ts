/** The boards of the app on a page of their own, held by a test from outside; knows no session and no element. */
import { bluetooth } from '../../../src/board/bluetooth.ts';
import type { Board, BoardState } from '../../../src/board/driver.ts';
import { boardDoor } from '../../../src/board/lasting-board.ts';
import type { Transport, TransportKind } from '../../../src/board/transport.ts';
import { webSerial } from '../../../src/board/web-serial.ts';
import { pageClock } from '../../../src/core/clock.ts';
import { NEUTRAL } from '../../../src/core/gamepad-state.ts';
import type { Motion } from '../../../src/core/motion.ts';
import { type Bench, transportContract } from '../../contract/transport-contract.ts';
import { playContract, type Verdict } from './play-contract.ts';

/** What the test does when the page asks: pulls or plugs the cable. */
declare global {
  interface Window {
    rig: typeof rig;
    cable(action: 'plug in' | 'unplug'): Promise<void>;
  }
}

type Moment = { readonly at: BoardState['at']; readonly code: string | undefined; readonly epochMs: number };

const FRAME_MS = 20;
const NORDIC_UART = ['6e400001', '6e400003'].map((number) => `${number}-b5a3-f393-e0a9-e50e24dcca9e`);
const clock = pageClock();
const forever = new AbortController().signal;
const kinds = { 'web-serial': webSerial(), bluetooth: bluetooth() };
const moments: Moment[] = [];
let board: Board | undefined;
let failed: string | undefined;
let told: Motion = { left: 0, right: 0 };
let hand = new AbortController();
/** Every device that was chosen here, the newest last. */
const devices: BluetoothDevice[] = [];
let fetching = false;

function take(opened: Board | undefined): void {
  board = opened;
  opened?.state.subscribe((state) => {
    const fault =
      state.at === 'returning' ? state.fault : state.at === 'gone' && 'fault' in state.end && state.end.fault;
    moments.push({ at: state.at, code: fault ? fault.code : undefined, epochMs: Date.now() });
  });
}

async function reopened(kind: TransportKind): Promise<Transport> {
  for (;;) {
    const transport = await kind.reopen(forever);
    if (transport) return transport;
    await new Promise<void>((resolve) => clock.after(50, resolve, forever));
  }
}

async function serialBench(): Promise<Bench> {
  await window.cable('plug in');
  const transport = await reopened(webSerial());
  return {
    transport,
    unplug: () => window.cable('unplug'),
    async done() {
      await transport.close();
      await window.cable('unplug');
    },
  };
}

async function bluetoothBench(): Promise<Bench> {
  const transport = await reopened(kinds.bluetooth);
  return { transport, unplug: () => window.cable('unplug'), done: () => transport.close() };
}

/** Lets the test reach the devices that the app chooses. */
function watchChoices(): void {
  if (!('bluetooth' in navigator)) return;
  const request = navigator.bluetooth.requestDevice.bind(navigator.bluetooth);
  const watched: typeof request = async (options) => {
    const device = await request(options);
    devices.push(device);
    return device;
  };
  Object.defineProperty(navigator.bluetooth, 'requestDevice', { value: watched });
}

const rig = {
  async reopen(kind: keyof typeof kinds): Promise<boolean> {
    take(await boardDoor(kinds[kind], clock).reopen(forever));
    return board !== undefined;
  },

  /** The next click chooses. */
  chooseOnClick(kind: keyof typeof kinds): void {
    const choose = async () => take(await boardDoor(kinds[kind], clock).choose(forever));
    const click = () => {
      choose().catch((fault) => {
        failed = String(fault);
      });
    };
    document.querySelector('button')?.addEventListener('click', click, { once: true });
  },

  /** Sends this motion at once and 50 times a second, as a session with a living pilot does. Returns when it began. */
  hold(motion: Motion): number {
    told = motion;
    hand.abort();
    hand = new AbortController();
    const drive = () => board?.drive(told, NEUTRAL);
    clock.every(FRAME_MS, drive, hand.signal);
    drive();
    return Date.now();
  },

  /** No more motions and no stop either: what a page that died leaves behind. */
  fallSilent(): number {
    hand.abort();
    return Date.now();
  },

  stop(): number {
    hand.abort();
    board?.stop();
    return Date.now();
  },

  /** As many motions in a row as nobody could send, 1/255 to count/255. */
  flood(count: number): void {
    hand.abort();
    for (let i = 1; i <= count; i++) board?.drive({ left: i / 255, right: 0 }, NEUTRAL);
  },

  /** Reads what a Bluetooth board has said, until a read is empty. */
  async fetch(): Promise<void> {
    const gatt = devices.at(-1)?.gatt;
    if (fetching || !gatt?.connected) return;
    fetching = true;
    try {
      const service = await gatt.getPrimaryService(NORDIC_UART[0]!);
      const heard = await service.getCharacteristic(NORDIC_UART[1]!);
      while ((await heard.readValue()).byteLength > 0);
    } finally {
      fetching = false;
    }
  },

  latch: () => board?.latch(),
  unlatch: () => board?.unlatch(),
  close: () => board?.close(),

  report() {
    return {
      moments,
      failed,
      state: board?.state.value.at,
      name: board?.state.value.at === 'ready' ? board.state.value.name : undefined,
      batteryMv: board?.batteryMv.value,
      malformed: board?.counts.malformed,
      refused: board?.counts.refused,
    };
  },

  bluetoothContract: (): Promise<Verdict[]> =>
    playContract((runner) => transportContract('Web Bluetooth on an emulated radio', bluetoothBench, runner)),
  serialContract: (): Promise<Verdict[]> =>
    playContract((runner) => transportContract('Web Serial on a pty', serialBench, runner)),
};

watchChoices();
window.rig = rig;
