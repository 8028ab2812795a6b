/** The machine's monotonic clock, and how long the machine let a program wait for its turn; knows no trial. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Milliseconds, the same for every process of this machine. */
export function machineMs(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}

/** Wakes every few milliseconds, and says when it was not woken in time. */
const HEARTBEAT = `
const now = () => Number(process.hrtime.bigint() / 1000n) / 1000;
const cell = new Int32Array(new SharedArrayBuffer(4));
process.stdout.on('error', () => process.exit());
for (let before = now(); ; ) {
  Atomics.wait(cell, 0, 0, 4);
  const after = now();
  if (after - before > 25) process.stdout.write(before + ' ' + after + '\\n');
  before = after;
}`;

export type Heartbeat = {
  /** The longest wait that touches this span, in milliseconds; 0 when there was none over 25. */
  longestGapMs(fromMs: number, toMs: number): number;
  /** The waits over `ms` that touch this span. */
  gapsOver(ms: number, fromMs: number, toMs: number): readonly { readonly fromMs: number; readonly toMs: number }[];
  end(): void;
};

export function startHeartbeat(): Heartbeat {
  const child = spawn(process.execPath, ['-e', HEARTBEAT], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gaps: { readonly fromMs: number; readonly toMs: number }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [fromMs = 0, toMs = 0] = line.split(' ').map(Number);
    gaps.push({ fromMs, toMs });
    if (gaps.length > 5000) gaps.shift();
  });
  const touching = (fromMs: number, toMs: number) => gaps.filter((gap) => gap.toMs > fromMs && gap.fromMs < toMs);
  return {
    longestGapMs: (fromMs, toMs) => Math.max(0, ...touching(fromMs, toMs).map((gap) => gap.toMs - gap.fromMs)),
    gapsOver: (ms, fromMs, toMs) => touching(fromMs, toMs).filter((gap) => gap.toMs - gap.fromMs > ms),
    end: () => void child.kill('SIGKILL'),
  };
}
