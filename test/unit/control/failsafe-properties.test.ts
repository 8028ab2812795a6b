/** Whatever frames come whenever: compares the failsafe with a second opinion that remembers everything. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleared, disarmed, failsafeFor, halted, heard, type Verdict, waited } from '../../../src/control/failsafe.ts';
import { isNeutral, NEUTRAL } from '../../../src/core/gamepad-state.ts';
import type { ControlFrame } from '../../../src/protocol/control-frame.ts';

const EPOCH = 3;
type Step =
  | { readonly do: 'hear'; readonly frame: ControlFrame; readonly ageMs: number }
  | { readonly do: 'wait' | 'halt' | 'clear' | 'disarm' };

/** Mostly a well-behaved pilot, with everything that can go wrong mixed in. */
const frames: fc.Arbitrary<ControlFrame> = fc.record({
  epoch: fc.oneof({ weight: 9, arbitrary: fc.constant(EPOCH) }, { weight: 1, arbitrary: fc.nat({ max: 5 }) }),
  sequence: fc.nat({ max: 40 }),
  sampledAtMs: fc.nat(),
  pictureAgeMs: fc.oneof({ weight: 9, arbitrary: fc.nat({ max: 700 }) }, fc.integer({ min: 600, max: 65535 })),
  enabled: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.boolean()),
  stop: fc.oneof({ weight: 19, arbitrary: fc.constant(false) }, fc.boolean()),
  gamepad: fc.oneof(
    fc.constant(NEUTRAL),
    fc.record({
      axes: fc.tuple(
        ...([0, 1, 2, 3].map(() => fc.double({ min: -1, max: 1, noNaN: true })) as [
          fc.Arbitrary<number>,
          fc.Arbitrary<number>,
          fc.Arbitrary<number>,
          fc.Arbitrary<number>,
        ]),
      ),
      buttons: fc.nat({ max: 0x1ffff }),
      triggers: fc.constant([0, 0] as const),
    }),
  ),
});
const hearing = fc.record({
  do: fc.constant('hear' as const),
  frame: frames,
  ageMs: fc.oneof({ weight: 8, arbitrary: fc.nat({ max: 250 }) }, fc.double({ min: 0, max: 1e6 })),
});
const others = fc.record({
  do: fc.constantFrom('wait' as const, 'halt' as const, 'clear' as const, 'disarm' as const),
});
const pauses = fc.oneof(
  { weight: 8, arbitrary: fc.nat({ max: 60 }) },
  { weight: 2, arbitrary: fc.nat({ max: 400 }) },
  fc.nat({ max: 5000 }),
);
const story = fc.array(
  fc.tuple(pauses, fc.oneof({ weight: 8, arbitrary: hearing }, { weight: 2, arbitrary: others })),
  { maxLength: 60 },
);
/** The same with sequences that mostly rise, so that the drive gets far. */
const longDrive = story.map((steps) =>
  steps.map(([pause, step], i): [number, Step] =>
    step.do === 'hear' && step.frame.sequence > 4
      ? [pause, { ...step, frame: { ...step.frame, sequence: 100 + i } }]
      : [pause, step],
  ),
);

/** What the rules say about the past, written down as a list and judged from the start each time. */
function play(steps: readonly (readonly [number, Step])[], check: (verdict: Verdict, known: Known) => void): number {
  let failsafe = failsafeFor(EPOCH);
  let nowMs = 0;
  let drove = 0;
  const known: Known = {
    nowMs: 0,
    fresh: [],
    stopped: false,
    mayDriveSince: undefined,
    restsSince: undefined,
    mustLetGo: false,
  };
  for (const [pauseMs, step] of steps) {
    nowMs += pauseMs;
    known.nowMs = nowMs;
    const last = known.fresh.at(-1);
    if (last && nowMs - last.atMs > 2000) {
      known.mustLetGo = true;
      known.mayDriveSince = undefined;
    }
    if (known.mayDriveSince === undefined) known.restsSince = undefined;
    if (known.restsSince !== undefined && nowMs - known.restsSince > 60_000) {
      known.mustLetGo = true;
      known.mayDriveSince = known.restsSince = undefined;
    }
    if (step.do === 'halt') failsafe = halted(failsafe);
    if (step.do === 'clear') failsafe = cleared(failsafe);
    if (step.do === 'disarm') failsafe = disarmed(failsafe);
    if (step.do === 'halt') known.stopped = true;
    if (step.do === 'clear') known.stopped = false;
    if (step.do !== 'wait' && step.do !== 'hear') {
      known.mustLetGo = true;
      known.mayDriveSince = undefined;
    }
    let verdict: Verdict;
    if (step.do === 'hear') {
      const { frame, ageMs } = step;
      verdict = heard(failsafe, frame, ageMs, nowMs);
      if (frame.epoch === EPOCH && frame.stop) {
        known.stopped = known.mustLetGo = true;
        known.mayDriveSince = undefined;
      }
      const newest = known.fresh.at(-1)?.frame.sequence ?? -1;
      const fresh = frame.epoch === EPOCH && frame.sequence > newest && ageMs <= 250;
      expect(verdict.accepted).toBe(fresh);
      expect(verdict.refused === undefined).toBe(fresh);
      if (fresh) {
        known.fresh.push({ frame, atMs: nowMs });
        if (!frame.enabled) known.mustLetGo = false;
        const may = frame.enabled && frame.pictureAgeMs <= 700 && !known.stopped && !known.mustLetGo;
        if (!may) known.mayDriveSince = undefined;
        else if (known.mayDriveSince === undefined && isNeutral(frame.gamepad)) known.mayDriveSince = nowMs;
        if (known.mayDriveSince === undefined || !isNeutral(frame.gamepad)) known.restsSince = undefined;
        else known.restsSince ??= nowMs;
      } else if (frame.epoch === EPOCH && frame.sequence > newest && !frame.enabled) {
        known.mayDriveSince = undefined;
      }
    } else {
      verdict = waited(failsafe, nowMs);
    }
    if (known.mayDriveSince === undefined) known.restsSince = undefined;
    failsafe = verdict.next;
    if (verdict.gamepad) drove++;
    check(verdict, known);
  }
  return drove;
}
type Known = {
  nowMs: number;
  readonly fresh: { readonly frame: ControlFrame; readonly atMs: number }[];
  stopped: boolean;
  mayDriveSince: number | undefined;
  restsSince: number | undefined;
  mustLetGo: boolean;
};

describe('failsafe, whatever comes', () => {
  it('gives a gamepad only while it says driving', () => {
    fc.assert(
      fc.property(
        longDrive,
        (steps) =>
          void play(steps, ({ gamepad, state }) => {
            expect(gamepad !== undefined).toBe(state === 'driving');
          }),
      ),
    );
  });

  it('drives exactly by the newest fresh frame, at most 150 ms old', () => {
    fc.assert(
      fc.property(
        longDrive,
        (steps) =>
          void play(steps, ({ gamepad }, { fresh, nowMs }) => {
            if (!gamepad) return;
            const last = fresh.at(-1)!;
            expect(nowMs - last.atMs).toBeLessThanOrEqual(150);
            expect(gamepad).toBe(last.frame.gamepad);
            expect(last.frame).toMatchObject({ enabled: true, epoch: EPOCH });
          }),
      ),
    );
  });

  it('never drives after a stop until it was cleared, the hand was off and the sticks have rested', () => {
    fc.assert(
      fc.property(
        longDrive,
        (steps) =>
          void play(steps, ({ state }, { stopped, mustLetGo, mayDriveSince }) => {
            expect(state === 'stopped').toBe(stopped);
            if (state !== 'driving') return;
            expect(mayDriveSince).toBeDefined();
            expect(mustLetGo).toBe(false);
          }),
      ),
    );
  });

  it('drives whenever the rules allow it: safe is not the same as broken', () => {
    let drove = 0;
    fc.assert(
      fc.property(longDrive, (steps) => {
        drove += play(steps, ({ state }, { fresh, nowMs, mayDriveSince }) => {
          const last = fresh.at(-1);
          const due = mayDriveSince !== undefined && last !== undefined && nowMs - last.atMs <= 150;
          expect(state === 'driving').toBe(due);
        });
      }),
    );
    expect(drove).toBeGreaterThan(100);
  });

  it('knows who is not there any more, by the same rules', () => {
    let slept = 0;
    const resting = fc.array(
      fc.tuple(
        fc.nat({ max: 1900 }),
        fc.constantFrom('rest' as const, 'rest' as const, 'rest' as const, 'push' as const, 'off' as const),
        fc.nat({ max: 60 }),
      ),
      { minLength: 80, maxLength: 160 },
    );
    fc.assert(
      fc.property(resting, (moves) => {
        const steps = moves.map(([pause, what, rarely], i): [number, Step] => {
          const pushed = what === 'push' && rarely < 3;
          const gamepad = pushed ? { ...NEUTRAL, axes: [0, -1, 0, 0] as const } : NEUTRAL;
          const enabled = !(what === 'off' && rarely < 3);
          const frame = {
            epoch: EPOCH,
            sequence: i + 1,
            sampledAtMs: 0,
            pictureAgeMs: 80,
            enabled,
            stop: false,
            gamepad,
          };
          return [pause, { do: 'hear', frame, ageMs: 20 }];
        });
        play(steps, ({ state }, { mustLetGo, mayDriveSince }) => {
          if (mustLetGo) slept++;
          expect(state === 'driving').toBe(mayDriveSince !== undefined);
          if (mustLetGo) expect(state).toBe('disarmed');
        });
      }),
      { numRuns: 300 },
    );
    expect(slept).toBeGreaterThan(100);
  });

  it('never moves for another epoch', () => {
    const strangers = story.map((steps) =>
      steps.map(([pause, step]): [number, Step] =>
        step.do === 'hear'
          ? [
              pause,
              { ...step, frame: { ...step.frame, epoch: step.frame.epoch === EPOCH ? EPOCH + 1 : step.frame.epoch } },
            ]
          : [pause, step],
      ),
    );
    fc.assert(fc.property(strangers, (steps) => play(steps, () => {}) === 0));
  });
});
