/** Sees from outside which control frames leave pilots' pages and reach a robot's, on this machine's clock; knows no failsafe. */
import type { CDPSession, Page } from 'playwright-core';

/** `second`: whoever else wants to drive. */
export type Role = 'robot' | 'pilot' | 'second';

/** What passed an RTCDataChannel, on the machine's monotonic clock. */
export type Sighting = { readonly role: Role; readonly atMs: number; readonly frame: string };

/** The `control` channel of docs/WIRE.md. */
const CONTROL_CHANNEL_ID = 100;

declare global {
  interface Window {
    sawFrame?: (what: string) => void;
  }
}

export type Witness = {
  /** From the page's `performance.now()` to the machine's monotonic clock; undefined before the first page has loaded. */
  toMachineMs(pageMs: number): number | undefined;
  /** Call after each navigation: a new page has a new beginning. */
  setClock(): Promise<void>;
};

/** Call before the page goes anywhere. Stamps are made on the page, so that a slow wire from it to here does not count. */
export async function witness(page: Page, role: Role, saw: (sighting: Sighting) => void): Promise<Witness> {
  const session = await page.context().newCDPSession(page);
  let beganAtMs: number | undefined;
  session.on('Runtime.bindingCalled', ({ name, payload }) => {
    const [pageMs, frame] = payload.split(' ');
    if (name !== 'sawFrame' || frame === undefined || beganAtMs === undefined) return;
    saw({ role, atMs: beganAtMs + Number(pageMs), frame });
  });
  await session.send('Runtime.enable');
  await session.send('Runtime.addBinding', { name: 'sawFrame' });
  await session.send('Performance.enable');
  await page.addInitScript(watchChannels, { role, id: CONTROL_CHANNEL_ID });
  return {
    toMachineMs: (pageMs) => (beganAtMs === undefined ? undefined : beganAtMs + pageMs),
    async setClock() {
      beganAtMs = await beginning(session);
    },
  };
}

/** Chromium's ticks are the machine's monotonic clock, and a page's clock begins with its navigation. */
async function beginning(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  const seconds = metrics.find(({ name }) => name === 'NavigationStart')?.value;
  if (!seconds) throw new Error('the page does not say when it began');
  return seconds * 1000;
}

/** Runs on the page. */
function watchChannels({ role, id }: { readonly role: Role; readonly id: number }): void {
  const inHex = (data: ArrayBuffer | ArrayBufferView<ArrayBuffer>) => {
    const bytes = ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data);
    return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  };
  const create = RTCPeerConnection.prototype.createDataChannel;
  RTCPeerConnection.prototype.createDataChannel = function (label, options) {
    const channel = create.call(this, label, options);
    if (options?.id !== id) return channel;
    if (role === 'robot') {
      channel.addEventListener('message', ({ data }) => window.sawFrame?.(`${performance.now()} ${inHex(data)}`));
    } else {
      const send = channel.send.bind(channel) as (data: ArrayBufferView<ArrayBuffer>) => void;
      channel.send = (data: unknown) => {
        const atMs = performance.now();
        send(data as ArrayBufferView<ArrayBuffer>);
        window.sawFrame?.(`${atMs} ${inHex(data as ArrayBufferView<ArrayBuffer>)}`);
      };
    }
    return channel;
  };
}
