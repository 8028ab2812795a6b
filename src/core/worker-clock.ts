/** A clock that keeps time in a worker, where a hidden page's timers are not slowed; knows nothing of what waits. */
import { type Clock, pageClock } from './clock.ts';

/** What the worker is told: start timer `id`, or forget it. */
export type TimerOrder =
  | { readonly id: number; readonly ms: number; readonly repeat: boolean }
  | { readonly id: number; readonly forget: true };

type Timer = { readonly ms: number; readonly run: () => void; readonly repeat: boolean; readonly signal: AbortSignal };

/** The worker lives until `life` aborts; from then on no timer runs. */
export function workerClock(life: AbortSignal): Clock {
  const timers = new Map<number, Timer>();
  const worker = new Worker(new URL('./worker-clock-ticker.ts', import.meta.url), { type: 'module', name: 'clock' });
  const fallback = pageClock();
  let broken = false;
  let lastId = 0;

  const tell = (order: TimerOrder) => worker.postMessage(order);
  const inPage = ({ ms, run, repeat, signal }: Timer) => (repeat ? fallback.every : fallback.after)(ms, run, signal);
  const start = (timer: Timer) => {
    if (timer.signal.aborted || life.aborted) return;
    if (broken) return inPage(timer);
    const id = ++lastId;
    timers.set(id, timer);
    timer.signal.addEventListener(
      'abort',
      () => {
        if (timers.delete(id)) tell({ id, forget: true });
      },
      { once: true },
    );
    tell({ id, ms: timer.ms, repeat: timer.repeat });
  };

  worker.addEventListener('message', ({ data: id }: MessageEvent<number>) => {
    const timer = timers.get(id);
    if (!timer) return;
    if (!timer.repeat) timers.delete(id);
    timer.run();
  });
  // A worker that can't be fetched must not stop time: the page's own timers are slow when hidden, yet they run.
  worker.addEventListener('error', () => {
    if (broken) return;
    broken = true;
    const waiting = [...timers.values()];
    timers.clear();
    for (const timer of waiting) inPage(timer);
  });
  life.addEventListener(
    'abort',
    () => {
      timers.clear();
      worker.terminate();
    },
    { once: true },
  );

  return {
    now: () => performance.now(),
    after: (ms, run, signal) => start({ ms, run, signal, repeat: false }),
    every: (ms, run, signal) => start({ ms, run, signal, repeat: true }),
  };
}
