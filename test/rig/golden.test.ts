/** The golden scenarios of the board's wire, in the firmware on a simulated ATmega328P, in the chip's own time. */
import { execFileSync } from 'node:child_process';
import { beforeAll, expect, test } from 'vitest';
import vectors from '../../src/protocol/vectors/board-lines.json' with { type: 'json' };
import { buildRig, built, FIRMWARE } from './build-rig.ts';
import type { Pins } from './simulated-uno.ts';

type Step = {
  readonly atMs: number;
  readonly send?: string;
  readonly expect?: readonly string[];
  readonly pwm?: { readonly left: number; readonly right: number; readonly within: number };
  readonly pins?: Readonly<Record<string, boolean | number | null>>;
};
type Heard = { readonly atMs: number; readonly heard: string };

const scenarios: readonly { readonly name: string; readonly batteryMv?: number; readonly steps: readonly Step[] }[] =
  vectors.scenarios;

/** What the board said and, step by step, what its pins did. */
function play(steps: readonly Step[], batteryMv: number): { said: Heard[]; looks: Pins[] } {
  const script = steps.flatMap(({ atMs, send }) => [
    ...(send === undefined ? [] : [`${atMs} send ${send}`]),
    `${atMs} look`,
  ]);
  const printed = execFileSync(built('simulated-uno'), ['play', FIRMWARE, String(batteryMv)], {
    input: `${script.join('\n')}\n`,
    encoding: 'utf8',
  });
  const all = printed
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line): Heard | Pins => JSON.parse(line));
  return {
    said: all.filter((entry): entry is Heard => 'heard' in entry),
    looks: all.filter((entry): entry is Pins => 'left' in entry),
  };
}

beforeAll(buildRig);

test.each(scenarios)('$name', ({ steps, batteryMv = 7900 }) => {
  const { said, looks } = play(steps, batteryMv);
  expect(said.slice(0, vectors.boot.length).map(({ heard }) => heard)).toEqual(vectors.boot);
  const unread = said.slice(vectors.boot.length);
  for (const [i, step] of steps.entries()) {
    const pins = looks[i]!;
    const where = `at ${step.atMs} ms`;
    if (step.expect) {
      const later = unread.findIndex(({ atMs }) => atMs > step.atMs);
      const now = unread.splice(0, later < 0 ? unread.length : later);
      expect(
        now.map(({ heard }) => heard),
        where,
      ).toEqual(step.expect);
    }
    if (step.pwm) {
      expect(Math.abs(pins.left - step.pwm.left), `${where}: left is ${pins.left}`).toBeLessThanOrEqual(
        step.pwm.within,
      );
      expect(Math.abs(pins.right - step.pwm.right), `${where}: right is ${pins.right}`).toBeLessThanOrEqual(
        step.pwm.within,
      );
    }
    for (const [pin, level] of Object.entries(step.pins ?? {})) {
      expect(pins[pin as keyof Pins], `${where}: ${pin}`).toBe(level ?? -1);
    }
  }
});
