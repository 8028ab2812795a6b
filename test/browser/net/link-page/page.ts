/** What the tests of links call in their pages: one broker and one link at a time, by plain values. */
import { pageClock } from '../../../../src/core/clock.ts';
import { Fault } from '../../../../src/core/fault.ts';
import { workerClock } from '../../../../src/core/worker-clock.ts';
import { joinBroker } from '../../../../src/net/broker.ts';
import { brokerAddress } from '../../../../src/net/broker-address.ts';
import type { Broker, Link } from '../../../../src/net/link.ts';
import { identityOf, makeKeys } from '../../../../src/trust/identity.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (message: Uint8Array) => new TextDecoder().decode(message);
const camera = async () =>
  (await navigator.mediaDevices.getUserMedia({ video: { width: 1280, height: 720 } })).getTracks()[0]!;
const microphone = async () => (await navigator.mediaDevices.getUserMedia({ audio: true })).getTracks()[0]!;

export class LinkBench {
  readonly life = new AbortController();
  readonly states: string[] = [];
  readonly messages: string[] = [];
  readonly control: string[] = [];
  end: { readonly why: string; readonly atMs: number; readonly code: string; readonly detail: string } | undefined;
  broker!: Broker;
  link!: Link;
  /** What this page is called at the broker. */
  id = '';
  rung = 0;
  relayOnly = false;
  /** Whether links are admitted as soon as they are there. */
  trusting = true;
  /** Lets the strangers go who rang while this page was not trusting. */
  readonly letGo: (() => void)[] = [];
  #keys = makeKeys();
  #send: WebSocket['send'] | undefined;
  shows = new Map<string, AbortController>();

  /** Resolves the id. */
  async join(): Promise<string> {
    const identity = await identityOf(await this.#keys);
    this.id = identity.id;
    this.broker = await joinBroker({
      identity,
      address: brokerAddress(location),
      relayOnly: () => this.relayOnly,
      clock: pageClock(),
      signal: this.life.signal,
    });
    this.broker.state.subscribe(({ at, ...more }) => {
      this.states.push('fault' in more && more.fault ? `${at} ${more.fault.code}` : at);
    });
    return this.id;
  }

  distrust(): void {
    this.trusting = false;
  }

  allowOnlyRelayed(): void {
    this.relayOnly = true;
  }

  /** Somebody else who joins with the very key of this page. */
  async joinTwin(): Promise<LinkBench> {
    const twin = new LinkBench();
    twin.#keys = this.#keys;
    await twin.join();
    return twin;
  }

  answer(): void {
    this.broker.answer((link) => {
      this.rung++;
      this.hold(link);
      return this.trusting ? Promise.resolve() : new Promise((resolve) => this.letGo.push(resolve));
    }, this.life.signal);
  }

  /** The code of the fault, or 'open'. */
  async dial(id: string, signal = new AbortController().signal): Promise<string> {
    try {
      this.hold(await this.broker.dial(id, signal));
      return 'open';
    } catch (error) {
      return error instanceof Fault ? error.code : String(error);
    }
  }

  async dialAndCancel(id: string): Promise<string> {
    const cancel = new AbortController();
    const dialling = this.dial(id, cancel.signal);
    cancel.abort();
    return dialling;
  }

  /** As `dial`, called off after `ms`. */
  async dialFor(id: string, ms: number): Promise<string> {
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), ms);
    return this.dial(id, cancel.signal);
  }

  /** What failed, too. */
  async dialFully(id: string): Promise<string> {
    try {
      this.hold(await this.broker.dial(id, new AbortController().signal));
      return 'open';
    } catch (error) {
      return error instanceof Fault ? `${error.subject} ${error.code}` : String(error);
    }
  }

  /** As if the broker added a line to every description that this page sends. */
  mungeDescriptions(line: string | undefined): void {
    this.#send ??= WebSocket.prototype.send;
    const send = this.#send;
    WebSocket.prototype.send = function (this: WebSocket, words) {
      const added = `$&\\r\\n${line}`;
      const munged =
        line && typeof words === 'string' ? words.replace(/a=fingerprint:sha-256 [0-9A-F:]+/, added) : words;
      send.call(this, munged);
    };
  }

  private hold(link: Link): void {
    this.link = link;
    if (this.trusting) link.admit();
    this.end = undefined;
    const forever = new AbortController().signal;
    link.messages.receive((message) => this.messages.push(text(message)), forever);
    link.control.receive((message) => this.control.push(text(message)), forever);
    link.remoteTracks.subscribe((tracks) => {
      const picture = tracks.find(({ kind }) => kind === 'video');
      const video = document.querySelector('video')!;
      if (picture && (video.srcObject as MediaStream | null)?.getTracks()[0] !== picture) {
        video.srcObject = new MediaStream([picture]);
      }
    });
    void link.closed.then((end) => {
      const { code, detail } = end.why === 'lost' ? end.fault : { code: '', detail: '' };
      this.end = { why: end.why, atMs: Date.now(), code, detail };
    });
  }

  say(words: string): boolean {
    return this.link.messages.send(bytes(words));
  }

  steer(words: string): boolean {
    return this.link.control.send(bytes(words));
  }

  /** A newly opened one, or the very track of another show. */
  async show(kind: 'camera' | 'microphone', name: string = kind): Promise<void> {
    const track = kind === 'camera' ? await camera() : await microphone();
    const showing = new AbortController();
    this.shows.set(name, showing);
    this.link.show(track, showing.signal);
  }

  hide(name: string): void {
    this.shows.get(name)?.abort();
  }

  /** One camera for another, in one go. */
  async swapCamera(): Promise<void> {
    const track = await camera();
    this.hide('camera');
    const showing = new AbortController();
    this.shows.set('camera', showing);
    this.link.show(track, showing.signal);
  }

  tracks(): string[] {
    return this.link.remoteTracks.value.map(({ kind, id }) => `${kind} ${id}`).sort();
  }

  painted(): number {
    return document.querySelector('video')!.getVideoPlaybackQuality().totalVideoFrames;
  }

  /** How often a 20 ms timer of the worker clock ran within half a second. */
  async ticks(): Promise<{ every: number; after: number }> {
    const life = new AbortController();
    const clock = workerClock(life.signal);
    let every = 0;
    let after = 0;
    const stopped = new AbortController();
    clock.every(20, () => every++, life.signal);
    clock.after(20, () => after++, life.signal);
    clock.after(20, () => after--, stopped.signal);
    stopped.abort();
    await new Promise((resolve) => setTimeout(resolve, 500));
    life.abort();
    const counted = { every, after };
    await new Promise((resolve) => setTimeout(resolve, 100));
    if (every !== counted.every) throw new Error('a timer ran after its life');
    return counted;
  }
}

declare global {
  interface Window {
    bench: LinkBench;
  }
}
window.bench = new LinkBench();
