/** What is read of gamepads of many kinds, plugged in and out. */
import { describe, expect, it } from 'vitest';
import { isNeutral } from '../../../src/core/gamepad-state.ts';
import { openGamepads } from '../../../src/input/gamepad.ts';
import { type FakePad, fakePad, push } from './fakes.ts';

const read = (pad: FakePad) => openGamepads(() => [pad])()[0]!;

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
    const pads = openGamepads(() => [null, fakePad({ connected: false }), null, fakePad({ index: 3 })])();
    expect(pads.map(({ key }) => key)).toEqual([expect.stringMatching(/^3 /)]);
  });

  it('has none where the page may not ask', () => {
    const pads = openGamepads(() => {
      throw new Error('SecurityError');
    });
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
      const pads = openGamepads(() => [pad]);
      expect(pads()[0]!.state).toMatchObject({ axes: [0.1, 0.2, 0.3, 0.4], triggers: [0, 0] });
      pad.axes[left] = 0;
      pad.axes[right] = 1;
      expect(pads()[0]!.state).toMatchObject({ axes: [0.1, 0.2, 0.3, 0.4], triggers: [0.5, 1] });
    });

    it('leaves alone further axes that it does not know, so that none of them drives', () => {
      const pad = raw([0, 0, 0, 0, 0, 0]);
      const pads = openGamepads(() => [pad]);
      pads();
      pad.axes = [0, 0, -1, 1, -1, 1];
      expect(isNeutral(pads()[0]!.state)).toBe(true);
      pad.axes[1] = -1;
      expect(pads()[0]!.state.axes).toEqual([0, -1, 0, 0]);
    });
  });
});
