/** One word at a time from the other end, for handshakes; knows not what the words mean. */
import type { Link } from '../net/link.ts';
import { decodeMessage, type Message } from '../protocol/messages.ts';

/** Resolves the next message, undefined for one that made no sense or when `signal` aborts first. What follows waits for its own receiver. */
export function nextMessage(link: Link, signal: AbortSignal): Promise<Message | undefined> {
  return new Promise((resolve) => {
    const listening = new AbortController();
    const settle = (message: Message | undefined) => {
      listening.abort();
      resolve(message);
    };
    if (signal.aborted) return settle(undefined);
    signal.addEventListener('abort', () => settle(undefined), { once: true, signal: listening.signal });
    link.messages.receive((bytes) => {
      const decoded = decodeMessage(bytes);
      settle(decoded.ok ? decoded.value : undefined);
    }, listening.signal);
  });
}

/** Aborts when `ms` have passed, when the link closed, or with `life`. `end` lets go of all three. */
export function within(
  ms: number,
  link: Link,
  clock: { after(ms: number, run: () => void, signal: AbortSignal): void },
  life: AbortSignal,
): { readonly signal: AbortSignal; readonly end: () => void } {
  const limit = new AbortController();
  const end = () => limit.abort();
  clock.after(ms, end, limit.signal);
  void link.closed.then(end);
  if (life.aborted) end();
  life.addEventListener('abort', end, { once: true, signal: limit.signal });
  return { signal: limit.signal, end };
}
