/** The worker behind the worker clock: counts time and says which timer is due; knows nothing else. */
import type { TimerOrder } from './worker-clock.ts';

function countTime(): void {
  const running = new Map<number, () => void>();
  const start = ({ id, ms, repeat }: Extract<TimerOrder, { ms: number }>) => {
    if (repeat) {
      const timer = setInterval(() => postMessage(id), ms);
      running.set(id, () => clearInterval(timer));
      return;
    }
    const timer = setTimeout(() => {
      running.delete(id);
      postMessage(id);
    }, ms);
    running.set(id, () => clearTimeout(timer));
  };
  addEventListener('message', ({ data: order }: MessageEvent<TimerOrder>) => {
    if (!('forget' in order)) return start(order);
    running.get(order.id)?.();
    running.delete(order.id);
  });
}

countTime();
