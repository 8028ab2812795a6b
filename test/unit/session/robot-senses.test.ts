/** A camera that ends, will not open, or is not allowed: when it is tried again, and what is shown meanwhile. */
import { beforeEach, describe, expect, it } from 'vitest';
import { Fault, type FaultCode } from '../../../src/core/fault.ts';
import type { Capture } from '../../../src/media/capture.ts';
import { lendSense } from '../../../src/session/robot-senses.ts';
import { FakeClock } from '../../fake-clock.ts';

const CAMERA = [{ id: 'front', label: 'Front' }];
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a sense', () => {
  let clock: FakeClock;
  let life: AbortController;
  /** Ids asked for, oldest first, and the fault that the next asking ends with. */
  let asked: { readonly id: string; readonly atMs: number }[];
  let refusal: Fault | undefined;
  let end: (why: Fault) => void;
  let sense: ReturnType<typeof lendSense>;

  const fault = (code: FaultCode) => new Fault(code, 'camera', code);
  const pass = async (ms: number) => {
    await settle();
    for (let i = 0; i < ms; i += 100) {
      clock.pass(100);
      await settle();
    }
  };
  const askedAtMs = () => asked.map(({ atMs }) => atMs);

  beforeEach(() => {
    clock = new FakeClock();
    life = new AbortController();
    asked = [];
    refusal = undefined;
    sense = lendSense({
      open: async (id): Promise<Capture> => {
        asked.push({ id, atMs: clock.now() });
        if (refusal) throw refusal;
        const lost = new Promise<Fault>((resolve) => {
          end = resolve;
        });
        return { track: { kind: 'video' } as MediaStreamTrack, lost };
      },
      subject: 'camera',
      remember: () => {},
      // As the page does: it looks for names of devices after each opening.
      opened: () => sense.list(CAMERA),
      clock,
      signal: life.signal,
    });
  });

  it('that ended is opened again after a second, with its fault shown until it is back', async () => {
    await sense.choose('front');
    end(fault('lost'));
    await settle();
    expect(sense.track.value).toBeUndefined();
    expect(sense.fault.value?.code).toBe('lost');
    await pass(900);
    expect(asked).toHaveLength(1);
    await pass(200);
    expect(asked).toHaveLength(2);
    expect(sense.track.value).toBeDefined();
    expect(sense.fault.value).toBeUndefined();
    await pass(60_000);
    expect(asked).toHaveLength(2);
  });

  it('is tried after growing pauses, up to 15 s, and goes on saying what happened first', async () => {
    await sense.choose('front');
    refusal = fault('not-found');
    end(fault('lost'));
    await pass(61_000);
    expect(askedAtMs()).toEqual([0, 1_000, 3_000, 7_000, 15_000, 30_000, 45_000, 60_000]);
    expect(sense.fault.value?.code).toBe('lost');
    refusal = undefined;
    await pass(15_000);
    expect(sense.track.value).toBeDefined();
    end(fault('lost'));
    await pass(1_100);
    expect(asked).toHaveLength(10);
  });

  it('is tried at once when devices come or go', async () => {
    await sense.choose('front');
    refusal = fault('not-found');
    end(fault('lost'));
    await pass(3_500);
    refusal = undefined;
    sense.list(CAMERA);
    await settle();
    expect(sense.track.value).toBeDefined();
    expect(askedAtMs()).toEqual([0, 1_000, 3_000, 3_500]);
    await pass(30_000);
    sense.list(CAMERA);
    expect(asked).toHaveLength(4);
  });

  it('that did not open at first is tried again', async () => {
    refusal = fault('in-use');
    await sense.choose('front');
    expect(sense.fault.value?.code).toBe('in-use');
    refusal = undefined;
    await pass(1_100);
    expect(sense.track.value).toBeDefined();
  });

  it.each(['denied', 'cancelled', 'insecure', 'unsupported'] as const)(
    'that is %s is not asked for again',
    async (code) => {
      refusal = fault(code);
      await sense.choose('front');
      await pass(60_000);
      sense.list(CAMERA);
      expect(asked).toHaveLength(1);
      expect(sense.fault.value?.code).toBe(code);
    },
  );

  it('whose permission was taken back says so and rests', async () => {
    await sense.choose('front');
    refusal = fault('denied');
    end(fault('lost'));
    await pass(60_000);
    expect(asked).toHaveLength(2);
    expect(sense.fault.value?.code).toBe('denied');
  });

  it('is left alone once another is chosen, or none, or the page ends', async () => {
    refusal = fault('in-use');
    await sense.choose('front');
    await sense.choose(undefined);
    await pass(20_000);
    sense.list(CAMERA);
    expect(asked).toHaveLength(1);
    expect(sense.fault.value).toBeUndefined();
    await sense.choose('front');
    await sense.choose('back');
    refusal = undefined;
    await pass(20_000);
    expect(asked.map(({ id }) => id)).toEqual(['front', 'front', 'back', 'back']);
    end(fault('lost'));
    life.abort();
    await pass(20_000);
    expect(asked).toHaveLength(4);
  });
});
