/** The judge finds each wrong that it is there to find, and none in a trial that went well; knows no page. */
import { describe, expect, it } from 'vitest';
import { type Evidence, type HeardFrame, judge, type SeenPins } from './oracle.ts';

const FRAME_EVERY_MS = 20;

/** Pushed forward, 10 ms on the way. */
const frame = (atMs: number, change: Partial<HeardFrame> = {}): HeardFrame => ({
  atMs,
  sentAtMs: atMs - 10,
  by: 'pilot',
  epoch: 1,
  x: 0,
  y: -1,
  enabled: true,
  stop: false,
  pictureAgeMs: 90,
  ...change,
});
const frames = (fromMs: number, toMs: number, change?: (atMs: number) => Partial<HeardFrame>) =>
  Array.from({ length: Math.ceil((toMs - fromMs) / FRAME_EVERY_MS) }, (_, i) => {
    const atMs = fromMs + i * FRAME_EVERY_MS;
    return frame(atMs, change?.(atMs));
  });
const wheels = (atMs: number, speed: number): SeenPins => ({ atMs, left: speed, right: speed });

/** Driven from 0 to 1000 ms; the last frame is heard at 980. */
const trial = (change: Partial<Evidence>): Evidence => ({
  span: { fromMs: 0, toMs: 3000 },
  frames: frames(0, 1000),
  pins: [wheels(-100, 0), wheels(10, 100), wheels(1200, 0)],
  robotDead: [],
  machineStalls: [],
  handOff: [],
  stoppedAtMs: [],
  hungAtMs: [],
  calm: { fromMs: 0, toMs: 900 },
  ...change,
});
const rules = (change: Partial<Evidence>) => judge(trial(change)).breaches.map(({ rule }) => rule);

describe('judge', () => {
  it('finds nothing where wheels stop 220 ms after the last frame, and says how long it took', () => {
    const judgement = judge(trial({}));
    expect(judgement.breaches).toEqual([]);
    expect(judgement.falseStopsAtMs).toEqual([]);
    expect(judgement.stopsInMs).toEqual([220]);
    expect(judgement.movedMs).toBe(1190);
  });

  it('calls it a runaway from 301 ms on, and from 551 ms on where the page of the robot was dead', () => {
    const until = (toMs: number) => [wheels(10, 100), wheels(toMs, 0)];
    expect(rules({ pins: until(980 + 300) })).toEqual([]);
    expect(rules({ pins: until(980 + 301) })).toEqual(['runaway']);
    const robotDead = [{ fromMs: 990, toMs: 2000 }];
    expect(rules({ robotDead, pins: until(980 + 550) })).toEqual([]);
    expect(rules({ robotDead, pins: until(980 + 551) })).toEqual(['runaway']);
    expect(rules({ machineStalls: robotDead, pins: until(980 + 551) })).toEqual(['runaway']);
    expect(rules({ machineStalls: robotDead, pins: until(980 + 550) })).toEqual([]);
    expect(rules({ robotDead: [{ fromMs: 1400, toMs: 2000 }], pins: until(980 + 450) })).toEqual(['runaway']);
    expect(rules({ pins: [wheels(10, 100)] })).toEqual(['runaway']);
  });

  it('calls it stale when wheels start by a replayed burst, by an old frame, or by nothing', () => {
    const again = [wheels(10, 100), wheels(1200, 0), wheels(2010, 80), wheels(2100, 0)];
    expect(rules({ pins: again })).toEqual(['stale']);
    const burst = frames(1000, 1900).map((late) => ({ ...late, atMs: 2000 }));
    expect(
      rules({ frames: [...frames(0, 1000), ...burst.filter(({ sentAtMs }) => sentAtMs! < 1700)], pins: again }),
    ).toEqual(['stale']);
    const repeated = frame(2000, { sentAtMs: 970 });
    expect(rules({ frames: [...frames(0, 1000), repeated], pins: again })).toEqual(['stale']);
    const unseen = frame(2000, { sentAtMs: undefined });
    expect(rules({ frames: [...frames(0, 1000), unseen], pins: again })).toEqual(['stale']);
    expect(rules({ frames: [...frames(0, 1000), frame(2000)], pins: again })).toEqual([]);
  });

  it('does not take an older frame that comes later for a fresh one', () => {
    const overtaken = frame(1150, { sentAtMs: 950 });
    expect(rules({ frames: [...frames(0, 1000), overtaken], pins: [wheels(10, 100), wheels(1400, 0)] })).toEqual([
      'runaway',
    ]);
  });

  it('does not take rest, a hand that is off, or a lost gamepad for driving', () => {
    const longer = [wheels(10, 100), wheels(1700, 0)];
    const goOn = (change: Partial<HeardFrame>) => [...frames(0, 1000), ...frames(1000, 1700, () => change)];
    expect(rules({ frames: goOn({}), pins: longer })).toEqual([]);
    expect(rules({ frames: goOn({ y: 0 }), pins: longer })).toEqual(['runaway']);
    expect(rules({ frames: goOn({ enabled: false }), pins: longer })).toEqual(['runaway']);
    const handOff = [{ fromMs: 1000, toMs: 2000 }];
    expect(rules({ frames: goOn({}), handOff, pins: longer })).toEqual(['runaway']);
  });

  it('takes no frame of an old lease for a fresh one, and each of two pages for itself', () => {
    const longer = [wheels(10, 100), wheels(1700, 0)];
    const second = (epoch: number) => frames(980, 1700, () => ({ by: 'second', epoch }));
    expect(rules({ frames: [...frames(0, 980), ...second(2)], pins: longer })).toEqual([]);
    const taken = [...frames(0, 980), frame(980, { by: 'second', epoch: 2, enabled: false })];
    expect(rules({ frames: [...taken, ...frames(1000, 1700)], pins: longer })).toEqual(['runaway']);
    // The second is twice as far away.
    const far = second(2).map((late) => ({ ...late, sentAtMs: late.atMs - 60 }));
    expect(rules({ frames: [...frames(0, 1000), ...far], pins: longer })).toEqual([]);
    const handOff = [{ fromMs: 900, toMs: 2000 }];
    expect(rules({ frames: [...frames(0, 900), ...second(2)], handOff, pins: longer })).toEqual([]);
    const robotDead = [{ fromMs: 900, toMs: 950 }];
    const before = frames(0, 900, () => ({ epoch: 7 }));
    expect(rules({ frames: [...before, ...frames(1000, 1700)], robotDead, pins: longer })).toEqual([]);
  });

  it('finds wheels that turn the other way', () => {
    const reversed = [...frames(0, 1000), ...frames(1000, 2000, () => ({ y: 1 }))];
    const pins = [wheels(10, 100), wheels(1050, 0), wheels(1060, -100), wheels(2100, 0)];
    expect(rules({ frames: reversed, pins })).toEqual([]);
    expect(rules({ frames: reversed, pins: [wheels(10, 100), wheels(1500, 90), wheels(2100, 0)] })).toEqual(['stale']);
  });

  it('lets nothing move 300 ms after STOP, wherever it was pressed', () => {
    const longer = { frames: frames(0, 2000), pins: [wheels(10, 100), wheels(2100, 0)] };
    expect(rules({ ...longer, stoppedAtMs: [1000] })).toEqual(['after-stop']);
    expect(rules({ frames: frames(0, 2000, (atMs) => ({ stop: atMs >= 1500 })), pins: longer.pins })).toContain(
      'after-stop',
    );
    expect(rules({ stoppedAtMs: [950] })).toEqual([]);
    const again = [wheels(10, 100), wheels(1100, 0), wheels(1600, 50), wheels(1700, 0)];
    expect(rules({ frames: longer.frames, pins: again, stoppedAtMs: [1000] })).toEqual(['after-stop']);
  });

  it('wants a board that hangs to stop by itself', () => {
    const longer = { frames: frames(0, 2000), hungAtMs: [500] };
    expect(rules({ ...longer, pins: [wheels(10, 100), wheels(900, 0), wheels(1000, 100), wheels(2100, 0)] })).toEqual(
      [],
    );
    expect(rules({ ...longer, pins: [wheels(10, 100), wheels(2100, 0)] })).toEqual(['hung']);
  });

  it('counts a stop in calm weather as false unless the hand made it', () => {
    const gap = [wheels(10, 100), wheels(400, 0), wheels(480, 100), wheels(1200, 0)];
    expect(judge(trial({ pins: gap })).falseStopsAtMs).toEqual([400]);
    expect(judge(trial({ pins: gap, calm: { fromMs: 0, toMs: 300 } })).falseStopsAtMs).toEqual([]);
    const reversing = frames(0, 1000, (atMs) => ({ y: atMs < 400 ? -1 : 1 }));
    const turned = [wheels(10, 100), wheels(430, 0), wheels(435, -100), wheels(1200, 0)];
    expect(judge(trial({ frames: reversing, pins: turned })).falseStopsAtMs).toEqual([]);
    const resting = frames(0, 1000, (atMs) => ({ y: Math.abs(atMs - 400) < 60 ? 0 : -1 }));
    expect(judge(trial({ frames: resting, pins: gap })).falseStopsAtMs).toEqual([]);
  });

  it('tells apart a stop that the governor wanted', () => {
    const gap = [wheels(10, 100), wheels(400, 0), wheels(480, 100), wheels(1200, 0)];
    const late = (pictureAgeMs: number) =>
      frames(0, 1000, (atMs) => ({ pictureAgeMs: atMs < 300 ? pictureAgeMs : 90 }));
    const judgement = judge(trial({ frames: late(501), pins: gap }));
    expect(judgement.falseStopsAtMs).toEqual([]);
    expect(judgement.governedStopsAtMs).toEqual([400]);
    expect(judge(trial({ frames: late(500), pins: gap })).falseStopsAtMs).toEqual([400]);
  });
});
