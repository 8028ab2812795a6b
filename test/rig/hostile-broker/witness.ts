/** Sits in a real page from before its own scripts and notes what it showed, sent and painted; changes nothing. */
import type { Page } from 'playwright-core';

export type Testimony = {
  /** Per mark, every text or `data-` value that it had, in order, `name=value`. */
  readonly marks: Readonly<Record<string, readonly string[]>>;
  /** Names out of the list that were on the page. */
  readonly named: readonly string[];
  /** Frames that any of the page's video elements painted of a track from outside. */
  readonly painted: number;
  /** Video that any of its connections took in or gave out. */
  readonly framesIn: number;
  readonly packetsOut: number;
};

/** A word of the `messages` channel, in plain, as no broker ever sees it. */
export type Spoken = { readonly way: 'out' | 'in'; readonly text: string };

export async function bringWitness(page: Page, names: readonly string[]): Promise<void> {
  await page.addInitScript(witness, [...names]);
}

/** What happened since it was asked last, or since the page was opened. */
export async function testimony(page: Page): Promise<Testimony> {
  return page.evaluate(() => window.witness.testify());
}

export async function spoken(page: Page): Promise<readonly Spoken[]> {
  return page.evaluate(() => window.witness.spoken);
}

function witness(names: readonly string[]): void {
  const marks: Record<string, string[]> = {};
  const named = new Set<string>();
  const spoken: Spoken[] = [];
  const connections: RTCPeerConnection[] = [];
  let before = { painted: 0, framesIn: 0, packetsOut: 0 };

  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(this);
    }
  };
  const heard = new WeakSet<RTCDataChannel>();
  const note = (way: 'out' | 'in', data: unknown) => {
    if (!(data instanceof ArrayBuffer || ArrayBuffer.isView(data))) return;
    if (spoken.length < 500) spoken.push({ way, text: new TextDecoder().decode(data) });
  };
  const send = RTCDataChannel.prototype.send as (this: RTCDataChannel, data: ArrayBuffer) => void;
  RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: unknown) {
    if (this.label !== 'control') {
      note('out', data);
      if (!heard.has(this)) {
        heard.add(this);
        this.addEventListener('message', (event) => note('in', event.data));
      }
    }
    send.call(this, data as ArrayBuffer);
  } as typeof RTCDataChannel.prototype.send;

  function* everything(root: Document | ShadowRoot): Generator<Element> {
    for (const element of root.querySelectorAll('*')) {
      yield element;
      if (element.shadowRoot) yield* everything(element.shadowRoot);
    }
  }
  const painted = () => {
    let frames = 0;
    for (const element of everything(document)) {
      if (!(element instanceof HTMLVideoElement) || !(element.srcObject instanceof MediaStream)) continue;
      frames += element.getVideoPlaybackQuality().totalVideoFrames;
    }
    return frames;
  };
  const put = (id: string, value: string) => {
    marks[id] ??= [];
    const values = marks[id];
    if (values.at(-1) !== value && values.length < 300) values.push(value);
  };
  const look = () => {
    if (!document.body) return;
    let text = '';
    for (const element of everything(document)) {
      for (const node of element.childNodes) {
        if (node.nodeType === Node.TEXT_NODE && element.tagName !== 'STYLE') text += ` ${node.nodeValue}`;
      }
      if (element instanceof HTMLInputElement) text += ` ${element.value}`;
      const id = element.getAttribute('data-testid');
      if (!id) continue;
      for (const { name, value } of element.attributes) {
        if (name.startsWith('data-') && name !== 'data-testid') put(id, `${name.slice(5)}=${value}`);
      }
      if (id === 'robot-told' || id === 'fault')
        put(id, `text=${(element.textContent ?? '').replace(/\s+/g, ' ').trim()}`);
    }
    for (const name of names) if (text.includes(name)) named.add(name);
  };
  setInterval(look, 40);

  const totals = async () => {
    let framesIn = 0;
    let packetsOut = 0;
    for (const connection of connections) {
      for (const stat of (await connection.getStats()).values()) {
        if (stat.kind !== 'video') continue;
        if (stat.type === 'inbound-rtp') framesIn += stat.framesDecoded ?? 0;
        if (stat.type === 'outbound-rtp') packetsOut += stat.packetsSent ?? 0;
      }
    }
    return { painted: painted(), framesIn, packetsOut };
  };

  window.witness = {
    spoken,
    async testify() {
      look();
      const now = await totals();
      // What ended since takes its counts with it.
      const since = (key: keyof typeof now) => Math.max(0, now[key] - before[key]);
      const told = {
        marks: structuredClone(marks),
        named: [...named],
        painted: since('painted'),
        framesIn: since('framesIn'),
        packetsOut: since('packetsOut'),
      };
      before = now;
      for (const key of Object.keys(marks)) delete marks[key];
      named.clear();
      return told;
    },
  };
}

declare global {
  interface Window {
    witness: { readonly spoken: readonly Spoken[]; testify(): Promise<Testimony> };
  }
}
