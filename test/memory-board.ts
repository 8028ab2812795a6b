/** A board that notes what it was told; knows no wire. */
import { signal } from '@preact/signals-core';
import type { Board, BoardState } from '../src/board/driver.ts';
import type { Motion } from '../src/core/motion.ts';

export class MemoryBoard implements Board {
  readonly state = signal<BoardState>({ at: 'ready', label: 'Memory', name: 'Memory' });
  readonly batteryMv = signal<number | undefined>(7900);
  readonly rests = signal(0);
  readonly keptStop = signal(false);
  readonly counts = { malformed: 0, refused: 0 };
  /** Every order, oldest first. */
  readonly told: (Motion | 'stop' | 'latch' | 'unlatch')[] = [];

  get moving(): boolean {
    const last = this.told.at(-1);
    return typeof last === 'object' && (last.left !== 0 || last.right !== 0);
  }
  drive(motion: Motion): void {
    this.told.push(motion);
  }
  stop(): void {
    this.told.push('stop');
  }
  latch(): void {
    this.told.push('latch');
  }
  unlatch(): void {
    this.told.push('unlatch');
  }
  async close(): Promise<void> {
    this.state.value = { at: 'gone', label: 'Memory', end: { why: 'asked' } };
  }
}
