/** The attacker's own WebRTC: any number of ends, each to one page, that say and ask for whatever they like; knows no broker. */
import { encodeControl } from '../../../../src/protocol/control-frame.ts';
import { PROTOCOL_VERSION as VERSION } from '../../../../src/protocol/messages.ts';
import {
  type End,
  invitationOfSecret,
  type Keys,
  macOf,
  makeKeys,
  randomBytes,
  randomSecret,
  randomText,
  type Said,
  transcript,
} from './keys.ts';

/** What an attacker got out of one end. */
export type Loot = {
  /** Now, and ever. */
  readonly open: boolean;
  readonly opened: boolean;
  /** Video sections and tracks that the other side ever agreed to send. */
  readonly tracks: number;
  readonly videoBytes: number;
  readonly videoFrames: number;
  /** Frames that came back on the control channel. */
  readonly reports: number;
  /** `type`, or `refused:reason`, of each word heard. */
  readonly heard: readonly string[];
};

export type EndOptions = {
  /** Puts a picture and the wish for one into the first description. */
  readonly media?: boolean;
};

/** A word of the messages, without looking at whether it is a right one. */
export type Word = Readonly<Record<string, unknown>> & { readonly type: string };

export type PilotPlan = {
  /** Of the key that is shown; its owner's own signature is missing unless it is the attacker's. */
  readonly key?: string;
  readonly version?: number;
  /** A secret of 26 characters that the handshake is bound to. */
  readonly secret?: string;
  /** The public name of an invitation whose secret is not known. */
  readonly invitation?: string;
  /** `own`: by the attacker's key; `echo`: the robot's own, given back; else as it is. */
  readonly signature?: string;
  readonly mac?: string;
  readonly name?: string;
  readonly wants?: string;
  /** Said as they are, in place of one's own. */
  readonly hello?: Word;
  readonly proof?: Word;
};

export type RobotPlan = {
  readonly key?: string;
  readonly version?: number;
  readonly secret?: string;
  /** `random`: some bytes; `none`. */
  readonly mac?: 'random' | 'none';
  readonly signature?: string;
  /** Said as it is, in place of one's own. */
  readonly identity?: Word;
  /** Gives each word back. */
  readonly echo?: boolean;
  /** Says nothing about who it is. */
  readonly silent?: boolean;
  readonly name?: string;
};

const CONTROL = { negotiated: true, id: 100, ordered: false, maxPacketLifeTime: 100 };
const PATIENCE_MS = 3_000;
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

class AttackerEnd {
  readonly words: Word[] = [];
  wasOpen = false;
  reports = 0;
  tracks = 0;
  messages: RTCDataChannel | undefined;
  readonly control: RTCDataChannel;
  steering: ReturnType<typeof setInterval> | undefined;
  /** Another end that is sent the frames this one hears. */
  twin: AttackerEnd | undefined;
  onWord: ((word: Word) => void) | undefined;

  constructor(
    readonly connection: RTCPeerConnection,
    readonly certificate: RTCCertificate,
  ) {
    this.control = connection.createDataChannel('control', CONTROL);
    this.control.binaryType = 'arraybuffer';
    this.control.onmessage = ({ data }) => {
      this.reports++;
      if (this.twin?.control.readyState === 'open') this.twin.control.send(data);
    };
    connection.ontrack = () => this.tracks++;
    connection.ondatachannel = ({ channel }) => this.listen(channel);
  }

  listen(channel: RTCDataChannel): void {
    this.messages = channel;
    channel.binaryType = 'arraybuffer';
    if (channel.readyState === 'open') this.wasOpen = true;
    channel.onopen = () => {
      this.wasOpen = true;
    };
    channel.onmessage = ({ data }) => {
      const text = typeof data === 'string' ? data : new TextDecoder().decode(data);
      const word = parsed(text);
      this.words.push(word);
      this.onWord?.(word);
      // His own certificates are at both ends of the middle, so the tracks are agreed on with each apart.
      void this.negotiate(word).catch(() => {});
    };
  }

  /** Takes every track that is offered. */
  async negotiate(word: Word): Promise<void> {
    if (word.type === 'candidate') await this.connection.addIceCandidate(word.candidate as RTCIceCandidateInit);
    if (word.type !== 'description') return;
    await this.connection.setRemoteDescription(word.description as RTCSessionDescriptionInit);
    if (this.connection.signalingState !== 'have-remote-offer') return;
    await this.connection.setLocalDescription();
    this.say({ type: 'description', description: this.connection.localDescription?.toJSON() });
  }

  say(word: Word): void {
    this.sayText(JSON.stringify(word));
  }

  sayText(text: string): void {
    try {
      if (this.messages?.readyState === 'open') this.messages.send(new TextEncoder().encode(text));
    } catch {
      // The other side has hung up.
    }
  }

  hears(type: string, patienceMs = PATIENCE_MS): Promise<Word | undefined> {
    return until(
      () => this.words.find((word) => word.type === type),
      patienceMs,
      () => this.over,
    );
  }

  get over(): boolean {
    return this.messages?.readyState === 'closed' || this.connection.connectionState === 'failed';
  }

  get fingerprint(): string {
    const own = this.certificate.getFingerprints().find(({ algorithm }) => algorithm === 'sha-256');
    return own?.value?.toLowerCase() ?? '';
  }

  async otherFingerprint(): Promise<string> {
    const [shown] = this.connection.sctp?.transport.getRemoteCertificates() ?? [];
    return hex(shown ? await crypto.subtle.digest('SHA-256', shown) : new ArrayBuffer(32));
  }

  async opened(): Promise<boolean> {
    const open = await until(
      () => this.messages?.readyState === 'open' && this.control.readyState === 'open',
      PATIENCE_MS,
      () => this.over,
    );
    return open === true;
  }
}

export class Attacker {
  readonly #ends = new Map<string, AttackerEnd>();
  #keys: Promise<Keys> | undefined;
  #picture: MediaStream | undefined;

  /** The attacker's own lasting key. */
  async own(): Promise<{ key: string; id: string }> {
    const { key, id } = await this.keys();
    return { key, id };
  }

  /** Offers to a page; all candidates are in it. */
  async dial(name: string, options: EndOptions = {}): Promise<string> {
    const end = await this.#make(name);
    end.listen(end.connection.createDataChannel('dc_attacker', { ordered: true }));
    if (options.media) this.#addMedia(end);
    await end.connection.setLocalDescription();
    return this.#described(end);
  }

  async answer(name: string, offer: string, options: EndOptions = {}): Promise<string> {
    const end = await this.#make(name);
    await end.connection.setRemoteDescription({ type: 'offer', sdp: offer });
    if (options.media) this.#addMedia(end);
    await end.connection.setLocalDescription();
    return this.#described(end);
  }

  async accept(name: string, answer: string): Promise<void> {
    await this.end(name).connection.setRemoteDescription({ type: 'answer', sdp: answer });
  }

  async candidate(name: string, candidate: RTCIceCandidateInit): Promise<void> {
    // It may come before the description, or be for a connection that has gone.
    const { connection } = this.end(name);
    await until(() => connection.remoteDescription !== null, 2_000);
    await connection.addIceCandidate(candidate).catch(() => {});
  }

  opened(name: string): Promise<boolean> {
    return this.end(name).opened();
  }

  /** Two ends of one middle: what one hears, and has heard, the other says. */
  bridge(one: string, other: string, change?: 'version'): void {
    const [a, b] = [this.end(one), this.end(other)];
    a.twin = b;
    b.twin = a;
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const carry = (word: Word) => {
        if (word.type === 'description' || word.type === 'candidate') return;
        to.say(change === 'version' && 'version' in word ? { ...word, version: 1 } : word);
      };
      from.words.forEach(carry);
      from.onWord = carry;
    }
  }

  say(name: string, word: Word): void {
    this.end(name).say(word);
  }

  sayText(name: string, text: string): void {
    this.end(name).sayText(text);
  }

  /** A whole visit as a pilot; resolves with what the robot said last, when the handshake came to its end either way. */
  async visit(name: string, plan: PilotPlan = {}): Promise<void> {
    const end = this.end(name);
    if (!(await end.opened())) return;
    const own = await this.keys();
    const invited = plan.secret === undefined ? undefined : await invitationOfSecret(plan.secret);
    const invitation = invited?.id ?? plan.invitation;
    const hello: Word = plan.hello ?? {
      type: 'hello',
      app: 'telepresent',
      version: plan.version ?? VERSION,
      key: plan.key ?? own.key,
      nonce: randomText(32),
      ...(invitation === undefined ? {} : { invitation }),
    };
    end.say(hello);
    // Strangers who fail make the next one wait, for up to 8 s.
    const identity = await end.hears('identity', 9_000);
    const proof = plan.proof ?? (await this.#proof(end, plan, hello, identity, invited?.mac, invitation));
    end.say(proof);
    await Promise.race([end.hears('welcome', 2_000), end.hears('refused', 2_000), end.hears('asked', 2_000)]);
  }

  /** Plays the robot to whoever is at this end, as far as they go along, and shows its own picture. */
  async pose(name: string, plan: RobotPlan = {}): Promise<void> {
    const end = this.end(name);
    if (plan.echo) end.onWord = (word) => end.say(word);
    if (!(await end.opened())) return;
    const hello = await end.hears('hello', 4_000);
    if (!plan.silent && !plan.echo) end.say(plan.identity ?? (await this.#identity(end, plan, hello)));
    await Promise.race([end.hears('proof', 700), wait(700)]);
    const name_ = plan.name ?? 'Mallory';
    end.say({ type: 'welcome', name: name_, epoch: 1, simulated: false, role: 'pilot', presses: 0 });
    end.say({ type: 'status', board: name_, awake: true, camera: true, microphone: true });
    end.say({ type: 'presence', name: name_ });
    await this.offerPicture(name);
  }

  /** Asks for a place for its own picture, and for the other's, by the words of the link. */
  async offerPicture(name: string): Promise<void> {
    const end = this.end(name);
    if (end.over) return;
    this.#addMedia(end);
    try {
      await end.connection.setLocalDescription();
      end.say({ type: 'description', description: end.connection.localDescription?.toJSON() });
    } catch {
      // The other side has hung up.
    }
  }

  /** Frames as a hand on the stick sends them: rest, enabled, full ahead, for every lease that is likely. */
  steer(name: string): void {
    const end = this.end(name);
    let sequence = 0;
    const startedAtMs = performance.now();
    const neutral = { axes: [0, 0, 0, 0], buttons: 0, triggers: [0, 0] } as const;
    end.steering ??= setInterval(() => {
      if (end.control.readyState !== 'open') return;
      const sinceMs = performance.now() - startedAtMs;
      sequence++;
      for (const epoch of [0, 1, 2, 3]) {
        const frame = encodeControl({
          epoch,
          sequence,
          sampledAtMs: performance.now(),
          pictureAgeMs: 0,
          enabled: sinceMs > 300,
          stop: false,
          gamepad: sinceMs > 600 ? { ...neutral, axes: [0, -1, 0, -1] } : neutral,
        });
        try {
          end.control.send(frame);
        } catch {
          // Its queue is full, or it has just closed.
        }
      }
    }, 20);
  }

  /** Words longer than a stranger may say, of every kind that there is. */
  shout(name: string): void {
    const end = this.end(name);
    for (const bytes of [2_100, 20_000, 65_000, 200_000]) {
      end.say({ type: 'hello', app: 'telepresent', version: VERSION, key: 'A'.repeat(bytes), nonce: 'A' });
      end.sayText('['.repeat(bytes));
    }
  }

  async loot(name: string): Promise<Loot> {
    const end = this.#ends.get(name);
    if (!end) return { open: false, opened: false, tracks: 0, videoBytes: 0, videoFrames: 0, reports: 0, heard: [] };
    const stats = [...(await end.connection.getStats()).values()];
    const video = stats.filter(({ type, kind }) => type === 'inbound-rtp' && kind === 'video');
    const sum = (of: string) => video.reduce((total, stat) => total + Number(stat[of] ?? 0), 0);
    return {
      open: end.messages?.readyState === 'open',
      opened: end.wasOpen,
      tracks: end.tracks,
      videoBytes: sum('bytesReceived'),
      videoFrames: sum('framesDecoded'),
      reports: end.reports,
      heard: end.words.map((word) => (word.type === 'refused' ? `refused:${word.reason}` : word.type)),
    };
  }

  words(name: string): readonly Word[] {
    return this.#ends.get(name)?.words ?? [];
  }

  /** Waits for a word, for at most so long. */
  hears(name: string, type: string, patienceMs?: number): Promise<Word | undefined> {
    return this.end(name).hears(type, patienceMs);
  }

  /** Of each end's certificate, as an SDP line names it. SHA-1 has to be taken from what the other side is shown. */
  async sha1(): Promise<{ certificate: string; sha1: string }> {
    const name = `sha1 ${randomText(4)}`;
    const offer = await this.dial(name);
    const end = this.end(name);
    const other = new RTCPeerConnection();
    await other.setRemoteDescription({ type: 'offer', sdp: offer });
    await other.setLocalDescription();
    await until(() => other.iceGatheringState === 'complete', 2_000);
    await end.connection.setRemoteDescription(other.localDescription!);
    await end.hears('nothing', 500);
    await until(() => other.sctp?.transport.state === 'connected', 3_000);
    const [der] = other.sctp?.transport.getRemoteCertificates() ?? [];
    const sha1 = der ? hex(await crypto.subtle.digest('SHA-1', der)) : '';
    other.close();
    this.#kept = end.certificate;
    return { certificate: end.fingerprint, sha1 };
  }

  /** The certificate whose SHA-1 is known, for the ends to come. */
  #kept: RTCCertificate | undefined;

  leave(name: string): void {
    const end = this.#ends.get(name);
    clearInterval(end?.steering);
    end?.connection.close();
    this.#ends.delete(name);
  }

  randomSecret(): string {
    return randomSecret();
  }

  async invitationOf(secret: string): Promise<string> {
    return (await invitationOfSecret(secret)).id;
  }

  end(name: string): AttackerEnd {
    const end = this.#ends.get(name);
    if (!end) throw new Error(`there is no end ${name}`);
    return end;
  }

  keys(): Promise<Keys> {
    this.#keys ??= makeKeys();
    return this.#keys;
  }

  async #make(name: string): Promise<AttackerEnd> {
    this.leave(name);
    const certificate =
      this.#kept ??
      (await RTCPeerConnection.generateCertificate({ name: 'ECDSA', namedCurve: 'P-256' } as EcKeyGenParams));
    const end = new AttackerEnd(new RTCPeerConnection({ certificates: [certificate] }), certificate);
    this.#ends.set(name, end);
    return end;
  }

  async #described({ connection }: AttackerEnd): Promise<string> {
    await until(() => connection.iceGatheringState === 'complete', 2_000);
    return connection.localDescription?.sdp ?? '';
  }

  async #proof(
    end: AttackerEnd,
    plan: PilotPlan,
    hello: Word,
    identity: Word | undefined,
    mac: Uint8Array<ArrayBuffer> | undefined,
    invitation: string | undefined,
  ): Promise<Word> {
    const own = await this.keys();
    const said: Said = {
      pilot: endOf(hello, end.fingerprint),
      robot: endOf(identity ?? {}, await end.otherFingerprint()),
      ...(invitation === undefined ? {} : { invitation }),
    };
    const bytes = await transcript('pilot', said);
    const signature =
      plan.signature === 'echo' ? String(identity?.signature) : (plan.signature ?? (await own.sign(bytes)));
    const madeMac = plan.mac ?? (mac ? await macOf(mac, bytes) : invitation ? randomText(32) : undefined);
    return {
      type: 'proof',
      signature,
      ...(madeMac === undefined ? {} : { mac: madeMac }),
      name: plan.name ?? 'Mallory',
      visit: 'mallory',
      wants: plan.wants ?? 'drive',
    };
  }

  async #identity(end: AttackerEnd, plan: RobotPlan, hello: Word | undefined): Promise<Word> {
    const own = await this.keys();
    const head = { version: plan.version ?? VERSION, key: plan.key ?? own.key, nonce: randomText(32) };
    const invitation = typeof hello?.invitation === 'string' ? hello.invitation : undefined;
    const said: Said = {
      pilot: endOf(hello ?? {}, await end.otherFingerprint()),
      robot: { ...head, fingerprint: end.fingerprint },
      ...(invitation === undefined ? {} : { invitation }),
    };
    const bytes = await transcript('robot', said);
    const mac =
      plan.secret !== undefined
        ? await macOf((await invitationOfSecret(plan.secret)).mac, bytes)
        : plan.mac === 'random'
          ? await macOf(randomBytes(32), bytes)
          : undefined;
    return {
      type: 'identity',
      ...head,
      signature: plan.signature ?? (await own.sign(bytes)),
      ...(mac === undefined ? {} : { mac }),
    };
  }

  #addMedia({ connection }: AttackerEnd): void {
    connection.addTransceiver(this.#film(), { direction: 'sendrecv' });
    connection.addTransceiver('audio', { direction: 'recvonly' });
  }

  #film(): MediaStreamTrack {
    if (!this.#picture) {
      const canvas = document.createElement('canvas');
      const brush = canvas.getContext('2d');
      let hue = 0;
      setInterval(() => {
        if (!brush) return;
        brush.fillStyle = `hsl(${hue++} 100% 50%)`;
        brush.fillRect(0, 0, canvas.width, canvas.height);
      }, 40);
      this.#picture = canvas.captureStream(25);
    }
    return this.#picture.getVideoTracks()[0]!;
  }
}

function endOf(word: Readonly<Record<string, unknown>>, fingerprint: string): End {
  const text = (value: unknown) => (typeof value === 'string' && /^[\w-]+$/.test(value) ? value : '');
  return { version: Number(word.version ?? 0), key: text(word.key), nonce: text(word.nonce), fingerprint };
}

function parsed(text: string): Word {
  try {
    return JSON.parse(text);
  } catch {
    return { type: 'unreadable' };
  }
}

function hex(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

async function until<T>(
  ask: () => T | undefined | false,
  patienceMs: number,
  over: () => boolean = () => false,
): Promise<T | undefined> {
  const lateAtMs = performance.now() + patienceMs;
  while (performance.now() < lateAtMs && !over()) {
    const answer = ask();
    if (answer) return answer;
    await wait(10);
  }
  return ask() || undefined;
}

declare global {
  interface Window {
    attacker: Attacker;
  }
}
window.attacker = new Attacker();
