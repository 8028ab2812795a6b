/** What the judge of the simulation makes of STOP, its clearing, and hands that never let go. */
import { describe, expect, it } from 'vitest';
import { NEUTRAL } from '../../../src/core/gamepad-state.ts';
import { encodeControl } from '../../../src/protocol/control-frame.ts';
import { encodeMessage } from '../../../src/protocol/messages.ts';
import { seeded } from '../../faults/seeded.ts';
import { type Hand, Oracle } from '../../sim/oracle.ts';
import { PageThread } from '../../sim/page-thread.ts';
import { VirtualTime } from '../../sim/virtual-time.ts';

function court() {
  const time = new VirtualTime();
  const page = new PageThread(time, seeded(1), 0, 0, () => {});
  const hand: Hand = {
    page,
    owner: true,
    sampledAtMs: 0,
    x: 0,
    y: 0,
    attentive: true,
    paintedAtMs: 0,
    pushedSinceMs: 0,
  };
  const oracle = new Oracle(time, () => ({ ...hand, sampledAtMs: time.nowMs, paintedAtMs: time.nowMs }));
  oracle.robotStarted(new PageThread(time, seeded(2), 0, 0, () => {}));
  oracle.said('robot', page, encodeMessage({ type: 'lease', epoch: 1, asking: [] }));
  let sequence = 0;
  const hear = (enabled: boolean, stop = false) => {
    const bytes = encodeControl({
      epoch: 1,
      sequence: ++sequence,
      sampledAtMs: time.nowMs,
      pictureAgeMs: 20,
      enabled,
      stop,
      gamepad: NEUTRAL,
    });
    oracle.heard(page, bytes, oracle.framed(page, bytes), false);
  };
  const pass = (ms: number) => {
    const untilMs = time.nowMs + ms;
    while (time.step(untilMs));
  };
  const moves = () => {
    oracle.looked({ left: 1, right: 1 });
    return oracle.violations.map(({ kind }) => kind);
  };
  return { time, page, oracle, hear, pass, moves };
}

describe('the oracle', () => {
  it.each([
    [
      'a STOP that was cleared',
      ({ oracle }: ReturnType<typeof court>) => {
        oracle.stopHeard();
        oracle.cleared();
      },
    ],
    ['a long silence', ({ pass }: ReturnType<typeof court>) => pass(2_200)],
  ])('lets nobody drive after %s whose hand was never off', (_what, ended) => {
    for (const letsGo of [false, true]) {
      const all = court();
      all.hear(true);
      ended(all);
      all.pass(50);
      all.hear(!letsGo);
      all.pass(50);
      all.hear(true);
      all.pass(20);
      expect(all.moves().includes('unarmed')).toBe(!letsGo);
    }
  });

  it('counts a press once, however long its page says it, and the next one anew', () => {
    const { oracle, hear, pass } = court();
    const says = (times: number) => {
      for (let i = 0; i < times; i++) {
        hear(false, true);
        pass(20);
      }
    };
    says(5);
    expect(oracle.stopped).toBe(true);
    oracle.cleared();
    says(100);
    expect(oracle.stopped).toBe(false);
    hear(false);
    says(1);
    expect(oracle.stopped).toBe(true);
  });

  it('counts a press that nobody heard before the last one was cleared', () => {
    const { page, oracle } = court();
    const word = encodeMessage({ type: 'stop' });
    oracle.said('pilot', page, word);
    oracle.stopHeard();
    oracle.cleared();
    oracle.told('robot', page, word);
    expect(oracle.stopped).toBe(true);
  });
});
