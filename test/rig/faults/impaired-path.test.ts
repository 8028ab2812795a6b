/** A bad path does to packets what it is told, from the moment it is told; knows no browser. */
import type { Socket } from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildRig } from '../build-rig.ts';
import { type ImpairedPath, openImpairedPath, UNIMPAIRED } from '../impaired-path.ts';

type Got = { readonly number: number; readonly afterMs: number };

const life = new AbortController();
let path: ImpairedPath;
let sender: Socket;
let receiver: Socket;

beforeAll(async () => {
  buildRig();
  path = await openImpairedPath(life.signal);
  const [robot, pilot] = path.ends;
  receiver = await robot.namespace.udp(robot.address);
  sender = await pilot.namespace.udp(pilot.address);
});
beforeEach(() => path.set('both', UNIMPAIRED));
afterAll(async () => {
  for (const socket of [sender, receiver]) socket?.close();
  await path?.close();
  life.abort();
});

/** Numbered packets from the pilot's end to the robot's. */
async function send(count: number, { everyMs = 1, waitMs = 100, bytes = 12 } = {}): Promise<readonly Got[]> {
  const got: Got[] = [];
  const listen = (packet: Buffer) =>
    got.push({ number: packet.readUInt32LE(0), afterMs: performance.now() - packet.readDoubleLE(4) });
  receiver.on('message', listen);
  for (let number = 0; number < count; number++) {
    const packet = Buffer.alloc(bytes);
    packet.writeUInt32LE(number, 0);
    packet.writeDoubleLE(performance.now(), 4);
    sender.send(packet, receiver.address().port, path.ends[0].address);
    // A device forgets what comes faster than it is emptied.
    if (everyMs || number % 100 === 99) await sleep(everyMs || 10);
  }
  await sleep(waitMs);
  receiver.off('message', listen);
  return got;
}

const quantile = (values: readonly number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? Number.NaN;

test('untouched, everything arrives, once, in order and at once', async () => {
  const got = await send(200);
  expect(got.map(({ number }) => number)).toEqual(Array.from({ length: 200 }, (_, i) => i));
  expect(
    quantile(
      got.map(({ afterMs }) => afterMs),
      0.5,
    ),
  ).toBeLessThan(10);
});

test('delay counts from the next packet on, and in the direction it was set for', async () => {
  await path.set('toPilot', { delayMs: 500 });
  expect(
    quantile(
      (await send(50)).map(({ afterMs }) => afterMs),
      0.5,
    ),
  ).toBeLessThan(20);
  await path.set('toRobot', { delayMs: 80 });
  const [first] = await send(50, { waitMs: 200 });
  expect(first?.afterMs).toBeGreaterThanOrEqual(79);
});

test('a lossy path loses its share, and in bursts when told', async () => {
  await path.set('both', { lossPercent: 30 });
  const single = await send(2000, { everyMs: 1, waitMs: 500 });
  expect(2000 - single.length).toBeGreaterThan(480);
  expect(2000 - single.length).toBeLessThan(720);
  await path.set('both', { lossPercent: 30, burstLoss: 10 });
  const bursts = await send(2000, { everyMs: 1, waitMs: 500 });
  const gaps = (got: readonly Got[]) => got.filter(({ number }, i) => number !== (got[i - 1]?.number ?? -1) + 1).length;
  expect(gaps(bursts)).toBeLessThan(gaps(single) / 3);
});

test('blackout lets nothing through, hold keeps all for one burst, duplicates come twice', async () => {
  await path.set('both', { blackout: true });
  expect(await send(50)).toEqual([]);
  await path.set('both', { blackout: false, hold: true });
  const late = send(20, { waitMs: 400 });
  await sleep(250);
  await path.set('both', { hold: false });
  const burst = await late;
  expect(burst.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  expect(Math.min(...burst.map(({ afterMs }) => afterMs))).toBeGreaterThan(100);
  await path.set('both', { duplicatePercent: 100 });
  expect(await send(10)).toHaveLength(20);
});

test('a limited rate makes packets wait their turn', async () => {
  await path.set('both', { rateKbps: 800 });
  const got = await send(20, { everyMs: 0, bytes: 972, waitMs: 500 });
  // 20 packets of 1000 bytes with their headers, at 100 bytes a millisecond.
  expect(
    quantile(
      got.map(({ afterMs }) => afterMs),
      1,
    ),
  ).toBeGreaterThan(190);
});

test('the robot gets another address on a path beside, and is reached there when the first is closed', async () => {
  const first = await openImpairedPath(life.signal);
  const second = await openImpairedPath(life.signal, { beside: first });
  try {
    await first.set('both', { blackout: true });
    const [robot, pilot] = second.ends;
    expect(robot.address).not.toBe(first.ends[0].address);
    const [to, from] = [await robot.namespace.udp(robot.address), await pilot.namespace.udp(pilot.address)];
    const heard = new Promise((resolve) => to.once('message', (_, who) => resolve(who.address)));
    from.send('hello', to.address().port, robot.address);
    expect(await heard).toBe(pilot.address);
    for (const socket of [to, from]) socket.close();
  } finally {
    await second.close();
    await first.close();
  }
});
