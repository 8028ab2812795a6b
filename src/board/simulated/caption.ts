/** The word SIMULATED and a running clock in the drawn picture, so that a drawn or frozen one shows; knows no flat. */
import { rgb } from './paint.ts';

/** Five rows of three bits a letter, from the top; the left bit is the highest. */
const LETTERS: Readonly<Record<string, readonly number[]>> = {
  '0': [7, 5, 5, 5, 7],
  '1': [2, 6, 2, 2, 7],
  '2': [7, 1, 7, 4, 7],
  '3': [7, 1, 7, 1, 7],
  '4': [5, 5, 7, 1, 1],
  '5': [7, 4, 7, 1, 7],
  '6': [7, 4, 7, 5, 7],
  '7': [7, 1, 2, 2, 2],
  '8': [7, 5, 7, 5, 7],
  '9': [7, 5, 7, 1, 7],
  ':': [0, 2, 0, 2, 0],
  '.': [0, 0, 0, 0, 2],
  ' ': [0, 0, 0, 0, 0],
  A: [2, 5, 7, 5, 5],
  D: [6, 5, 5, 5, 6],
  E: [7, 4, 6, 4, 7],
  I: [7, 2, 2, 2, 7],
  L: [4, 4, 4, 4, 7],
  M: [5, 7, 7, 5, 5],
  S: [3, 4, 2, 1, 6],
  T: [7, 2, 2, 2, 2],
  U: [5, 5, 5, 5, 7],
};
const DOT = 2;
const LETTER_WIDTH = 4 * DOT;
const MARGIN = 8;
const INK = rgb(0xfff4dc);

/** Draws over the top middle of a frame `width` pixels wide. */
export function drawCaption(frame: Uint32Array, width: number, timeMs: number): void {
  const text = `SIMULATED ${clock(timeMs)}`;
  const left = Math.round((width - text.length * LETTER_WIDTH) / 2);
  for (let row = MARGIN - 4; row < MARGIN + 5 * DOT + 4; row++) {
    for (let x = left - 6; x < left + text.length * LETTER_WIDTH + 4; x++) {
      const at = row * width + x;
      frame[at] = (0xff000000 | (((frame[at] ?? 0) >>> 1) & 0x7f7f7f)) >>> 0;
    }
  }
  for (const [index, letter] of [...text].entries()) {
    for (const [row, bits] of (LETTERS[letter] ?? []).entries()) {
      for (let column = 0; column < 3; column++) {
        if ((bits >> (2 - column)) & 1)
          dot(frame, width, left + index * LETTER_WIDTH + column * DOT, MARGIN + row * DOT);
      }
    }
  }
}

/** Minutes, seconds and tenths since the simulation began. */
function clock(timeMs: number): string {
  const tenths = Math.floor(timeMs / 100);
  const minutes = String(Math.floor(tenths / 600) % 100).padStart(2, '0');
  const seconds = String(Math.floor(tenths / 10) % 60).padStart(2, '0');
  return `${minutes}:${seconds}.${tenths % 10}`;
}

function dot(frame: Uint32Array, width: number, x: number, y: number): void {
  for (let row = y; row < y + DOT; row++) frame.fill(INK, row * width + x, row * width + x + DOT);
}
