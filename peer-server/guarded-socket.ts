/** A WebSocket that is closed when it talks too much, takes too little or no longer answers; knows no id and no message. */
import { WebSocket } from 'ws';
import { type Allowance, Bucket } from './bucket.ts';

/** Candidates come in a burst when a connection begins; after it a page only sends heartbeats. */
const MESSAGES: Allowance = { burst: 200, perSecond: 20 };
/** A session description with every codec and candidate is about 10 kB; a robot may answer several pilots at once. */
const BYTES: Allowance = { burst: 256 * 1024, perSecond: 64 * 1024 };
/** What a page has not taken yet. */
const MOST_BACKLOG_BYTES = 1024 * 1024;
const ANSWER_WITHIN_MS = 2500;
/** What was sent so lately may have been lost with a connection that nobody knows is dead: enough for one offer and its candidates. */
const LATELY_MS = 3_000;
const MOST_LATELY = 32;
const MOST_LATELY_BYTES = 96 * 1024;
/** How long a page may take to say goodbye too. */
const GOODBYE_MS = 300;

/** WebSocket close codes of RFC 6455, section 7.4.1. */
const NORMAL = 1000;
const POLICY_VIOLATION = 1008;

/** One for all sockets: a listener on each of thousands would be most of what an idle one keeps. */
export type Warden = {
  /** Hears why it was closed. */
  limited(limit: 'messages' | 'bytes' | 'backlog'): void;
  /** Called once, after everybody else heard that it is closed. */
  left(socket: GuardedSocket): void;
};

const NOBODY: Warden = { limited() {}, left() {} };

export class GuardedSocket extends WebSocket {
  warden = NOBODY;
  /** Whose it is, and whom it is counted to: for its warden. */
  id = '';
  address = '';
  /** Size of the message that is being heard. */
  hearingBytes = 0;
  #messages: Bucket | undefined;
  #bytes: Bucket | undefined;
  #lately: { readonly message: unknown; readonly bytes: number; readonly atMs: number }[] | undefined;
  #pingedAtMs: number | undefined;
  #heard = false;
  #dismissed = false;

  override emit(event: string | symbol, ...values: unknown[]): boolean {
    if (event === 'pong' || event === 'message') {
      this.#heard = true;
      this.#pingedAtMs = undefined;
    }
    if (event === 'message' && !this.#mayHear(values[0] as Buffer)) return true;
    const heard = super.emit(event, ...values);
    if (event === 'close') this.warden.left(this);
    return heard;
  }

  override send(data: string): void {
    // Let go of already: PeerServer hears of it a moment later.
    if (this.#dismissed && this.readyState !== WebSocket.OPEN) return;
    super.send(data);
    if (this.bufferedAmount <= MOST_BACKLOG_BYTES) return;
    this.warden.limited('backlog');
    this.#dismissed = true;
    // A closing frame would only stand last in the same queue.
    this.terminate();
  }

  /** Nothing that it still says is heard. */
  dismiss(code = NORMAL): void {
    if (this.#dismissed) return;
    this.#dismissed = true;
    this.close(code);
    setTimeout(() => this.terminate(), GOODBYE_MS).unref();
  }

  /** Keeps a message of `bytes` that is sent to this page now, for the page's next connection. */
  remember(message: unknown, bytes: number): void {
    const nowMs = performance.now();
    const kept = [...this.latelySent(nowMs), { message, bytes, atMs: nowMs }].slice(-MOST_LATELY);
    let total = kept.reduce((sum, one) => sum + one.bytes, 0);
    while (total > MOST_LATELY_BYTES) total -= kept.shift()!.bytes;
    this.#lately = kept;
  }

  /** What was sent in the last 3 s, oldest first. */
  latelySent(nowMs: number): readonly { readonly message: unknown; readonly bytes: number; readonly atMs: number }[] {
    const lately = this.#lately?.filter(({ atMs }) => nowMs - atMs <= LATELY_MS);
    this.#lately = lately && lately.length > 0 ? lately : undefined;
    return this.#lately ?? [];
  }

  /** To be called again and again: who said nothing since the last call is asked, and gone without an answer to it. */
  checkAlive(nowMs: number): void {
    this.latelySent(nowMs);
    if (this.#heard) this.#heard = false;
    else if (this.#pingedAtMs === undefined) {
      if (this.readyState !== WebSocket.OPEN) return;
      this.#pingedAtMs = nowMs;
      this.ping();
    } else if (nowMs - this.#pingedAtMs > ANSWER_WITHIN_MS) this.terminate();
  }

  #mayHear({ length }: Buffer): boolean {
    if (this.#dismissed) return false;
    const nowMs = performance.now();
    // Most sockets are idle: they are counted when they first speak.
    this.#messages ??= new Bucket(MESSAGES, nowMs);
    this.#bytes ??= new Bucket(BYTES, nowMs);
    this.hearingBytes = length;
    const limit = this.#messages.spend(1, nowMs) ? 'bytes' : 'messages';
    if (limit === 'bytes' && this.#bytes.spend(length, nowMs)) return true;
    this.warden.limited(limit);
    this.dismiss(POLICY_VIOLATION);
    return false;
  }
}
