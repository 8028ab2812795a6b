/** What is read of gamepads of many kinds, plugged in and out. */
import { describe, expect, it } from 'vitest';
import { isNeutral } from '../../../src/core/gamepad-state.ts';
import { FROZEN_AFTER_MS, openGamepads } from '../../../src/input/gamepad.ts';
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
      ['stick', (pad: FakePad) => Object.assign(pad, { axes: [0, -1, 0, 0] })],
      ['trigger', (pad: FakePad) => push(pad, 7, 0.4)],
      ['button', (pad: FakePad) => push(pad, 4)],
    ])('of a held %s is frozen after ten seconds, until its time goes on', (_, hold) => {
      const { pad, frozenAt } = open();
      expect(frozenAt(0)).toBe(false);
      hold(pad);
      pad.timestamp = 5016;
      expect(frozenAt(1000)).toBe(false);
      expect(frozenAt(1000 + FROZEN_AFTER_MS)).toBe(false);
      expect(frozenAt(1001 + FROZEN_AFTER_MS)).toBe(true);
      expect(frozenAt(60_000)).toBe(true);
      pad.timestamp = 5032;
      expect(frozenAt(60_010)).toBe(false);
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

    it('is believed where the browser tells no time, and where its data change all the same', () => {
      for (const timestamp of [undefined, 0]) {
        const { pad, frozenAt } = open({ axes: [0, -1, 0, 0] });
        if (timestamp === undefined) delete pad.timestamp;
        else pad.timestamp = timestamp;
        frozenAt(0);
        expect(frozenAt(60_000)).toBe(false);
      }
      const { pad, frozenAt } = open({ axes: [0, -1, 0, 0] });
      frozenAt(0);
      pad.axes[1] = -0.99;
      expect(frozenAt(9000)).toBe(false);
      expect(frozenAt(9000 + FROZEN_AFTER_MS)).toBe(false);
      expect(frozenAt(9001 + FROZEN_AFTER_MS)).toBe(true);
    });

    it('starts anew when it was unplugged', () => {
      const pad = fakePad({ timestamp: 5000, axes: [0, -1, 0, 0] });
      let nowMs = 0;
      const pads = openGamepads(
        () => [pad],
        () => nowMs,
      );
      pads();
      nowMs = 9000;
      pad.connected = false;
      pads();
      pad.connected = true;
      nowMs = 12_000;
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
