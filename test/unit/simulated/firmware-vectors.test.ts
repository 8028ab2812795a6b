/** The golden vectors of the board's wire, by the committed image on the simulated chip. */
import { describe, expect, test } from 'vitest';
import vectors from '../../../src/protocol/vectors/board-lines.json' with { type: 'json' };
import { Bench, firmwareImage } from './firmware.ts';

type Pins = { lamp?: boolean; buzzer?: boolean; servo0?: number | null; servo1?: number | null };
type Step = {
  atMs: number;
  send?: string;
  expect?: string[];
  pwm?: { left: number; right: number; within: number };
  pins?: Pins;
};
type Scenario = { name: string; batteryMv?: number; steps: Step[] };

const image = firmwareImage();
const scenarios: readonly Scenario[] = vectors.scenarios;
/** The bootless chip needs a few; the vectors count from the last line of its boot. */
const BOOT_WITHIN_MS = 100;

describe('golden vectors in the simulator', () => {
  test.each(scenarios)('$name', ({ batteryMv, steps }) => {
    const bench = new Bench(image);
    const { board } = bench;
    if (batteryMv !== undefined) board.batteryVolts = batteryMv / 1000;
    const boot: string[] = [];
    for (let ms = 0; boot.length < vectors.boot.length && ms < BOOT_WITHIN_MS; ms++) {
      board.run(1);
      boot.push(...bench.heard());
    }
    expect(boot).toEqual(vectors.boot);

    let atMs = 0;
    for (const step of steps) {
      board.run(step.atMs - atMs);
      atMs = step.atMs;
      const at = `at ${atMs} ms`;
      if (step.send !== undefined) board.send(new TextEncoder().encode(`${step.send}\n`));
      if (step.expect) expect(bench.heard(), at).toEqual(step.expect);
      if (step.pwm) {
        const { left, right, within } = step.pwm;
        expect(Math.abs(board.power.left * 255 - left), `left ${at}`).toBeLessThanOrEqual(within + 1e-9);
        expect(Math.abs(board.power.right * 255 - right), `right ${at}`).toBeLessThanOrEqual(within + 1e-9);
      }
      if (step.pins) expectPins(bench, step.pins, at);
    }
  });
});

function expectPins({ board }: Bench, pins: Pins, at: string): void {
  if (pins.lamp !== undefined) expect(board.lamp, `lamp ${at}`).toBe(pins.lamp);
  if (pins.buzzer !== undefined) expect(board.buzzer, `buzzer ${at}`).toBe(pins.buzzer);
  for (const [channel, wanted] of [pins.servo0, pins.servo1].entries()) {
    if (wanted === undefined) continue;
    const angle = board.servoDegrees[channel];
    if (wanted === null) expect(angle, `servo ${channel} ${at}`).toBeUndefined();
    else expect(angle, `servo ${channel} ${at}`).toBeCloseTo(wanted, 0);
  }
}
