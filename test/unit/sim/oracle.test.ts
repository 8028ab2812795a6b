/** The judge of the simulation: what it lets pass, and what it does not. */
import { describe, expect, it } from 'vitest';
import { NEUTRAL } from '../../../src/core/gamepad-state.ts';
import { encodeControl } from '../../../src/protocol/control-frame.ts';
import { encodeMessage } from '../../../src/protocol/messages.ts';
import { seeded } from '../../faults/seeded.ts';
import { type Hand, Oracle } from '../../sim/oracle.ts';
import { PageThread } from '../../sim/page-thread.ts';
import { VirtualTime } from '../../sim/virtual-time.ts';

const FULL = { left: 1, right: 1 };
const STILL = { left: 0, right: 0 };

function court({ owner = false } = {}) {
  const time = new VirtualTime();
  const page = new PageThread(time, seeded(1), 0, 0, () => {});
  const robot = new PageThread(time, seeded(2), 0, 0, () => {});
  let hand: Hand = {
    page,
    owner,
    sampledAtMs: 0,
    x: 0,
    y: 0,
    attentive: true,
    paintedAtMs: 0,
    pushedSinceMs: 0,
  };
  const oracle = new Oracle(time, () => hand);
  oracle.robotStarted(robot);
  let sequence = 0;
  const pass = (ms: number) => {
    const untilMs = time.nowMs + ms;
    while (time.step(untilMs));
  };
  const frame = (y: number, more: { epoch?: number; stop?: boolean } = {}) => {
    hand = { ...hand, sampledAtMs: time.nowMs, paintedAtMs: time.nowMs, y };
    const bytes = encodeControl({
      epoch: more.epoch ?? 1,
      sequence: ++sequence,
      sampledAtMs: time.nowMs,
      pictureAgeMs: 20,
      enabled: true,
      stop: more.stop ?? false,
      gamepad: { ...NEUTRAL, axes: [0, y, 0, 0] },
    });
    return { bytes, meta: oracle.framed(page, bytes) };
  };
  const hear = (y: number, more: { epoch?: number; stop?: boolean } = {}) => {
    const { bytes, meta } = frame(y, more);
    oracle.heard(page, bytes, meta, false);
  };
  const lease = (epoch: number) => oracle.said('robot', page, encodeMessage({ type: 'lease', epoch, asking: [] }));
  const kinds = () => oracle.violations.map(({ kind }) => kind);
  lease(1);
  return { time, page, robot, oracle, pass, frame, hear, lease, kinds };
}

function driving(more: { owner?: boolean } = {}) {
  const all = court(more);
  all.hear(0);
  all.pass(20);
  all.hear(-1);
  all.pass(5);
  all.oracle.looked(FULL);
  return all;
}

describe('the oracle', () => {
  it('lets who armed at rest drive', () => {
    expect(driving().kinds()).toEqual([]);
  });

  it('calls wheels that turn 300 ms after the last fresh frame a runaway, once', () => {
    const { oracle, pass, kinds } = driving();
    pass(290);
    oracle.looked(FULL);
    expect(kinds()).toEqual([]);
    pass(10);
    oracle.looked(FULL);
    oracle.looked(FULL);
    expect(kinds()).toEqual(['runaway']);
  });

  it('waits 550 ms where the robot page is gone', () => {
    const { oracle, robot, pass, kinds } = driving();
    robot.die();
    pass(540);
    oracle.looked(FULL);
    expect(kinds()).toEqual([]);
    pass(10);
    oracle.looked(FULL);
    expect(kinds()).toEqual(['runaway']);
  });

  it.each([
    ['of an old lease', (all: ReturnType<typeof court>) => all.lease(2)],
    ['that is late', (all: ReturnType<typeof court>) => all.pass(301)],
  ])('does not take a frame %s for a fresh one', (_what, happens) => {
    const all = driving();
    const { bytes, meta } = all.frame(-1);
    happens(all);
    all.oracle.heard(all.page, bytes, meta, false);
    all.pass(299);
    all.oracle.looked(FULL);
    all.pass(10);
    all.oracle.looked(FULL);
    expect(all.kinds()).toContain('runaway');
  });

  it('does not count a copy', () => {
    const all = driving();
    const { bytes, meta } = all.frame(-1);
    all.pass(200);
    all.oracle.heard(all.page, bytes, meta, true);
    all.pass(101);
    all.oracle.looked(FULL);
    expect(all.kinds()).toEqual(['runaway']);
  });

  it('does not let wheels turn that nobody armed at rest', () => {
    const { oracle, hear, kinds } = court();
    hear(-1);
    oracle.looked(FULL);
    expect(kinds()).toEqual(['unarmed']);
  });

  it('does not let wheels turn after STOP until it is cleared and armed again', () => {
    const { oracle, page, hear, pass, kinds } = driving({ owner: true });
    oracle.told('robot', page, encodeMessage({ type: 'stop' }));
    oracle.looked(STILL);
    pass(301);
    hear(-1);
    oracle.looked(FULL);
    expect(kinds()).toEqual(['unarmed', 'stop-ignored']);
  });

  it("heeds an owner's clear and nobody else's", () => {
    for (const owner of [true, false]) {
      const { oracle, page } = driving({ owner });
      oracle.told('robot', page, encodeMessage({ type: 'stop' }));
      oracle.told('robot', page, encodeMessage({ type: 'clear', press: 1 }));
      expect(oracle.stopped).toBe(!owner);
    }
  });

  it('finds a line that follows no fresh frame, when wheels follow it', () => {
    const { oracle, pass, kinds } = driving();
    pass(60);
    oracle.line('c255,255*52');
    oracle.looked(FULL);
    expect(kinds()).toEqual([]);
    oracle.line('c255,255*C7');
    oracle.looked(FULL);
    expect(kinds()).toEqual(['stale']);
    expect(oracle.staleExecuted).toBe(1);
  });

  it('measures each stop from the last frame that meant motion', () => {
    const { oracle, pass } = driving();
    pass(195);
    oracle.looked(STILL);
    expect(oracle.stops).toEqual([{ inMs: 200, lives: true }]);
  });
});
