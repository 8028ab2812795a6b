/** The routers that pages are tried behind are of the kinds they are named after. */
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Internet, RELAY_ADDRESS, type RouterKind, SERVER_ADDRESS } from './internet.ts';

const HOME = '192.168.1.2';
const ROUTER = '11.77.1.2';
const NOTHING_AFTER_MS = 300;

type Manners = {
  /** Whether UDP gets out. */
  readonly lets: boolean;
  /** Whether two who are written to see one port. */
  readonly onePort: boolean;
  /** Whether one that was not written to gets in by that port. */
  readonly strangers: boolean;
  readonly webPort: 'open';
  readonly otherPort: 'open' | 'shut';
};

const KINDS = {
  'full-cone': { lets: true, onePort: true, strangers: true, webPort: 'open', otherPort: 'open' },
  restricted: { lets: true, onePort: true, strangers: false, webPort: 'open', otherPort: 'open' },
  symmetric: { lets: true, onePort: false, strangers: false, webPort: 'open', otherPort: 'open' },
  'web-only': { lets: false, onePort: false, strangers: false, webPort: 'open', otherPort: 'shut' },
} satisfies Record<RouterKind, Manners>;

let internet: Internet;
beforeEach(() => {
  internet = new Internet();
});
afterEach(() => internet.close());

const whenNothing = <T>(value: T) =>
  new Promise<T>((resolve) => {
    setTimeout(() => resolve(value), NOTHING_AFTER_MS);
  });

/** The port that `to` sees a message from `from` come from; undefined when none comes. */
async function portSeen(from: Socket, to: Socket): Promise<number | undefined> {
  const arrival = (once(to, 'message') as Promise<[Buffer, { port: number }]>).then(([, { port }]) => port);
  const { address, port } = to.address();
  from.send('hello', port, address);
  return Promise.race([arrival, whenNothing(undefined)]);
}

/** Whether `to` hears a message from `from` at this port of the router. */
async function getsIn(from: Socket, port: number, to: Socket): Promise<boolean> {
  const arrival = once(to, 'message').then(() => true);
  from.send('may I', port, ROUTER);
  return Promise.race([arrival, whenNothing(false)]);
}

test.each(Object.entries(KINDS) as [RouterKind, Manners][])('the %s router is one', async (kind, manners) => {
  const device = internet.addHome(kind);
  const home = await device.udp(HOME);
  const one = await internet.server.udp(SERVER_ADDRESS);
  const other = await internet.server.udp(RELAY_ADDRESS);
  const stranger = await internet.server.udp(RELAY_ADDRESS);
  const web = internet.server.spawn(process.execPath, ['-e', LISTENER], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [first, second] = [await portSeen(home, one), await portSeen(home, other)];
    const strangers = await getsIn(stranger, first ?? home.address().port, home);
    if (first !== undefined) expect(await getsIn(one, first, home)).toBe(true);
    if (web.stdout) await once(web.stdout, 'data');
    expect({
      lets: first !== undefined && second !== undefined,
      onePort: first !== undefined && first === second,
      strangers,
      webPort: await tryPort(device, 443),
      otherPort: await tryPort(device, 3478),
    }).toEqual(manners);
  } finally {
    for (const socket of [home, one, other, stranger]) socket.close();
  }
});

const LISTENER = `
  const { createServer } = require('node:net');
  let open = 0;
  for (const port of [443, 3478]) createServer().listen(port, '${SERVER_ADDRESS}', () => ++open === 2 && console.log('open'));
`;

async function tryPort(device: ReturnType<Internet['addHome']>, port: number): Promise<'open' | 'shut'> {
  const connected = device.tcp(SERVER_ADDRESS, port).then((socket) => {
    socket.destroy();
    return 'open' as const;
  });
  // What is still trying ends with its network.
  connected.catch(() => {});
  return Promise.race([connected, whenNothing('shut' as const)]);
}
