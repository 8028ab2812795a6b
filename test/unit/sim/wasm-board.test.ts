/** The golden vectors of the board's wire, by the firmware's core as WebAssembly. */
import { describe, expect, test } from 'vitest';
import vectors from '../../../src/protocol/vectors/board-lines.json' with { type: 'json' };
import { WasmBoard } from '../../sim/wasm-board.ts';

type Pins = { lamp?: boolean; buzzer?: boolean; servo0?: number | null; servo1?: number | null };
type Step = {
  atMs: number;
  send?: string;
  expect?: string[];
  pwm?: { left: number; right: number; within: number };
  pins?: Pins;
};
type Scenario = { name: string; batteryMv?: number; steps: Step[] };

const scenarios: readonly Scenario[] = vectors.scenarios;
const core = await WasmBoard.load();
/** Shortly before the board's clock wraps around, so that each scenario proves that this does not matter. */
const START_MS = 2 ** 32 - 60;

/** A board and the lines it said, LF left out. */
function bench(): { board: WasmBoard; heard: () => string[] } {
  const board = new WasmBoard(core);
  const said: string[] = [];
  board.heard = (line) => said.push(new TextDecoder().decode(line).replace(/\n$/, ''));
  return { board, heard: () => said.splice(0) };
}

const bytes = (line: string) => new TextEncoder().encode(`${line}\n`);

describe('golden vectors in WebAssembly', () => {
  test.each(scenarios)('$name', ({ batteryMv, steps }) => {
    const { board, heard } = bench();
    if (batteryMv !== undefined) board.batteryMv = batteryMv;
    board.reset(START_MS);
    expect(heard()).toEqual(vectors.boot);

    let atMs = 0;
    for (const step of steps) {
      while (atMs < step.atMs) board.tick(START_MS + ++atMs);
      const at = `at ${atMs} ms`;
      if (step.send !== undefined) board.send(bytes(step.send), START_MS + atMs);
      if (step.expect) expect(heard(), at).toEqual(step.expect);
      if (step.pwm) {
        const { left, right, within } = step.pwm;
        expect(Math.abs(board.power.left * 255 - left), `left ${at}`).toBeLessThanOrEqual(within + 1e-9);
        expect(Math.abs(board.power.right * 255 - right), `right ${at}`).toBeLessThanOrEqual(within + 1e-9);
      }
      if (step.pins) expect(pinsOf(board), at).toMatchObject(step.pins);
    }
  });
});

function pinsOf(board: WasmBoard): Required<Pins> {
  const [servo0, servo1] = board.servoDegrees;
  return { lamp: board.lamp, buzzer: board.buzzer, servo0: servo0 ?? null, servo1: servo1 ?? null };
}

test('two boards share nothing', () => {
  const one = bench();
  const other = bench();
  one.board.send(bytes('c0,0'), 1);
  one.board.send(bytes('c255,-255'), 1);
  other.board.send(bytes('e1'), 1);
  for (let ms = 2; ms < 400; ms++) {
    one.board.tick(ms);
    other.board.tick(ms);
  }
  expect(one.board).toMatchObject({ armed: true, latched: false, power: { left: 1, right: -1 } });
  expect(other.board).toMatchObject({ armed: false, latched: true, power: { left: 0, right: 0 } });
  expect(one.heard()).toEqual([]);
  expect(other.heard()).toEqual(['k2*9D']);
});

test('a reset leaves nothing of before', () => {
  const { board, heard } = bench();
  board.send(bytes('h100'), 0);
  board.send(bytes('a0,90'), 0);
  board.send(bytes('e1'), 0);
  board.send(new TextEncoder().encode('c0,'), 0);
  heard();
  board.reset(50);
  expect(heard()).toEqual(['r*72', 'k0*9B']);
  expect(board).toMatchObject({ armed: false, latched: false, servoDegrees: [undefined, undefined] });
  board.send(bytes('c0,0'), 60);
  board.tick(559);
  expect(board.armed).toBe(true);
  board.tick(560);
  expect(board.armed).toBe(false);
  expect(heard()).toEqual(['k1*9C']);
});

test('broken milliseconds are those that began', () => {
  const { board } = bench();
  board.send(bytes('c0,0'), 10.9);
  board.tick(509.9);
  expect(board.armed).toBe(true);
  board.tick(510);
  expect(board.armed).toBe(false);
});
