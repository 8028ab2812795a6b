/** What is read of gamepads of many kinds, plugged in and out. */
import { describe, expect, it } from 'vitest';
import { isNeutral } from '../../../src/core/gamepad-state.ts';
import { ANALOGUE_FROZEN_AFTER_MS, FROZEN_AFTER_MS } from '../../../src/input/frozen-after.ts';
import { openGamepads } from '../../../src/input/gamepad.ts';
import { type FakePad, fakePad, push } from './fakes.ts';

const read = (pad: FakePad) =>
  openGamepads(
    () => [pad],
    () => 0,
  )()[0]!;

describe('gamepad', () => {
  it('reads the standard mapping as it is', () => {
    const pad = fakePad({ axes: [0.1, -0.2, 0.3, -0.4] });
    push(pad, 0);
    push(pad, 7, 0.75);
    push(pad, 16);
    expect(read(pad).state).toEqual({
      axes: [0.1, -0.2, 0.3, -0.4],
      buttons: 1 | (1 << 7) | (1 << 16),
      triggers: [0, 0.75],
    });
  });

  it('skips empty places and unplugged gamepads', () => {
    const pads = openGamepads(
      () => [null, fakePad({ connected: false }), null, fakePad({ index: 3 })],
      () => 0,
    )();
    expect(pads.map(({ key }) => key)).toEqual([expect.stringMatching(/^3 /)]);
  });

  it('has none where the page may not ask', () => {
    const pads = openGamepads(
      () => {
        throw new Error('SecurityError');
      },
      () => 0,
    );
    expect(pads()).toEqual([]);
  });

  it('keeps what is no number, missing or too much within −1…1', () => {
    const pad = fakePad({ axes: [Number.NaN, -7, 2] });
    pad.buttons[6] = { pressed: false, value: Number.NaN };
    pad.buttons.length = 7;
    expect(read(pad).state).toEqual({ axes: [0, -1, 1, 0], buttons: 0, triggers: [0, 0] });
  });

  it('is called what a person calls it', () => {
    const label = (id: string) => read(fakePad({ id })).label;
    expect(label('Xbox Controller (STANDARD GAMEPAD Vendor: 045e Product: 028e)')).toBe('Xbox Controller');
    expect(label('DualSense Wireless Controller (Vendor: 054c Product: 0ce6)')).toBe('DualSense Wireless Controller');
    expect(label('054c-0ce6-Wireless Controller')).toBe('Wireless Controller');
    expect(label('')).toBe('Gamepad');
  });

  describe('that goes on saying the same', () => {
    /** Reads at `atMs` of the page's clock; the pad's own time is the browser's to tell. */
    function open(over: Partial<FakePad> = {}) {
      const pad = fakePad({ timestamp: 5000, ...over });
      let nowMs = 0;
      const pads = openGamepads(
        () => [pad],
        () => nowMs,
      );
      const frozenAt = (atMs: number) => {
        nowMs = atMs;
        return pads()[0]!.frozen;
      };
      return { pad, frozenAt };
    }

    it.each([
      ['stick at its end', FROZEN_AFTER_MS, (pad: FakePad) => Object.assign(pad, { axes: [0, -1, 0, 0] })],
      ['stick at its rim', FROZEN_AFTER_MS, (pad: FakePad) => Object.assign(pad, { axes: [0, 0, 0.71, -0.71] })],
      ['trigger at its end', FROZEN_AFTER_MS, (pad: FakePad) => push(pad, 7)],
      ['button', FROZEN_AFTER_MS, (pad: FakePad) => push(pad, 4)],
      ['half-pushed stick', ANALOGUE_FROZEN_AFTER_MS, (pad: FakePad) => Object.assign(pad, { axes: [0, -0.6, 0, 0] })],
      ['half-pushed trigger', ANALOGUE_FROZEN_AFTER_MS, (pad: FakePad) => push(pad, 7, 0.4)],
      [
        'half-pushed stick beside one at its end',
        ANALOGUE_FROZEN_AFTER_MS,
        (pad: FakePad) => Object.assign(pad, { axes: [0, -1, 0.5, 0] }),
      ],
    ])('of a held %s is frozen after %i ms, whether its browser tells the time or not', (_, afterMs, hold) => {
      for (const timestamp of [5016, 0, undefined]) {
        const { pad, frozenAt } = open();
        if (timestamp === undefined) delete pad.timestamp;
        else pad.timestamp = timestamp;
        expect(frozenAt(0)).toBe(false);
        hold(pad);
        expect(frozenAt(1000)).toBe(false);
        expect(frozenAt(1000 + afterMs)).toBe(false);
        expect(frozenAt(1001 + afterMs)).toBe(true);
        expect(frozenAt(60_000)).toBe(true);
      }
    });

    it('stays frozen after its first news until it was seen at rest', () => {
      const { pad, frozenAt } = open({ axes: [0, -0.6, 0, 0] });
      frozenAt(0);
      expect(frozenAt(2000)).toBe(true);
      pad.axes[1] = -0.5;
      pad.timestamp = 7000;
      expect(frozenAt(2010)).toBe(true);
      pad.axes[1] = 0;
      expect(frozenAt(2020)).toBe(false);
      pad.axes[1] = -0.6;
      expect(frozenAt(2030)).toBe(false);
    });

    it('is believed again by news of its time alone where only buttons are held', () => {
      const { pad, frozenAt } = open();
      push(pad, 4);
      frozenAt(0);
      expect(frozenAt(5001)).toBe(true);
      pad.timestamp = 10_001;
      expect(frozenAt(5002)).toBe(false);
    });

    it('is believed for as long as a hand trembles', () => {
      const { pad, frozenAt } = open({ axes: [0, -0.6, 0, 0], timestamp: 0 });
      for (let atMs = 0; atMs < 60_000; atMs += 1000) {
        pad.axes[1] = atMs % 2000 === 0 ? -0.6 : -0.604;
        expect(frozenAt(atMs)).toBe(false);
      }
    });

    it('at rest is not frozen, nor is a worn stick, however long', () => {
      const { pad, frozenAt } = open({ axes: [0.1, -0.1, 0, 0] });
      expect(frozenAt(0)).toBe(false);
      expect(frozenAt(3_600_000)).toBe(false);
      pad.axes[0] = 0.5;
      pad.timestamp = 9000;
      expect(frozenAt(3_600_005)).toBe(false);
    });

    it('keeps its state, for whoever compares', () => {
      const { pad, frozenAt } = open({ axes: [0, -1, 0, 0] });
      frozenAt(0);
      expect(frozenAt(20_000)).toBe(true);
      expect(read(pad).state.axes).toEqual([0, -1, 0, 0]);
    });

    it('starts anew when it was unplugged', () => {
      const pad = fakePad({ timestamp: 5000, axes: [0, -1, 0, 0] });
      let nowMs = 0;
      const pads = openGamepads(
        () => [pad],
        () => nowMs,
      );
      pads();
      nowMs = 4000;
      pad.connected = false;
      pads();
      pad.connected = true;
      nowMs = 6000;
      expect(pads()[0]!.frozen).toBe(false);
    });
  });

  describe('without the standard mapping', () => {
    const raw = (axes: number[]) => fakePad({ mapping: '', axes });

    it('takes four axes for two sticks', () => {
      expect(read(raw([0.1, 0.2, 0.3, 0.4])).state.axes).toEqual([0.1, 0.2, 0.3, 0.4]);
    });

    it.each([
      ['2 and 5', [0.1, 0.2, -1, 0.3, 0.4, -1, 0, 0], 2, 5],
      ['3 and 4', [0.1, 0.2, 0.3, -1, -1, 0.4, 0, 0], 3, 4],
    ] as const)('finds triggers on axes %s by where they rest', (_, axes, left, right) => {
      const pad = raw([...axes]);
      const pads = openGamepads(
        () => [pad],
        () => 0,
      );
      expect(pads()[0]!.state).toMatchObject({ axes: [0.1, 0.2, 0.3, 0.4], triggers: [0, 0] });
      pad.axes[left] = 0;
      pad.axes[right] = 1;
      expect(pads()[0]!.state).toMatchObject({ axes: [0.1, 0.2, 0.3, 0.4], triggers: [0.5, 1] });
    });

    it('leaves alone further axes that it does not know, so that none of them drives', () => {
      const pad = raw([0, 0, 0, 0, 0, 0]);
      const pads = openGamepads(
        () => [pad],
        () => 0,
      );
      pads();
      pad.axes = [0, 0, -1, 1, -1, 1];
      expect(isNeutral(pads()[0]!.state)).toBe(true);
      pad.axes[1] = -1;
      expect(pads()[0]!.state.axes).toEqual([0, -1, 0, 0]);
    });
  });
});
