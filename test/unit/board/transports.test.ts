/** Every transport that needs no hardware keeps the contract. */
import { expect, test } from 'vitest';
import { bluetooth } from '../../../src/board/bluetooth.ts';
import { webSerial } from '../../../src/board/web-serial.ts';
import { FakeBluetooth, FakeDevice } from '../../contract/fake-bluetooth.ts';
import { FakePort, FakeSerial } from '../../contract/fake-serial.ts';
import { memoryTransport } from '../../contract/memory-transport.ts';
import { PretendBoard } from '../../contract/pretend-board.ts';
import { type Bench, transportContract } from '../../contract/transport-contract.ts';

const life = new AbortController().signal;

function bench(board: PretendBoard, rest: Pick<Bench, 'transport' | 'unplug'>): Bench {
  return {
    ...rest,
    farEnd: {
      received: () => Uint8Array.from(board.received),
      largestWrite: () => board.largestWrite,
      say: (bytes) => board.sayBytes(bytes),
    },
    done: () => rest.transport.close(),
  };
}

async function memoryBench(): Promise<Bench> {
  const board = new PretendBoard();
  const transport = memoryTransport(board);
  return bench(board, { transport, unplug: () => transport.unplug() });
}

async function serialBench(): Promise<Bench> {
  const board = new PretendBoard();
  const serial = new FakeSerial();
  const port = new FakePort(board);
  serial.picks = port;
  const transport = await webSerial({ serial, secure: true }).choose(life);
  return bench(board, { transport, unplug: () => port.unplug() });
}

async function bluetoothBench(swapped: boolean): Promise<Bench> {
  const board = new PretendBoard();
  const radio = new FakeBluetooth();
  const device = new FakeDevice(board, { swapped });
  radio.picks = device;
  const transport = await bluetooth({ bluetooth: radio.asBluetooth(), secure: true }).choose(life);
  return bench(board, { transport, unplug: () => device.leave() });
}

const runner = { test, expect };
transportContract('memory', memoryBench, runner);
transportContract('Web Serial', serialBench, runner);
transportContract('Web Bluetooth', () => bluetoothBench(false), runner);
transportContract('Web Bluetooth on a micro:bit', () => bluetoothBench(true), runner);
