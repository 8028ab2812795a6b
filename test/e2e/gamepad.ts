/** A gamepad that a test plugs into a page and holds; knows not what the page makes of it. */
import type { Page } from 'playwright-core';
import { type GamepadState, NEUTRAL } from '../../src/core/gamepad-state.ts';

declare global {
  interface Window {
    holdGamepad?: (state: GamepadState) => void;
  }
}

/** Plugs it in before the page's own scripts run: for a visitor's `before`. Nothing is pushed. */
export async function plugGamepad(page: Page): Promise<void> {
  await page.addInitScript((neutral) => {
    let held: GamepadState = neutral;
    let changedAtMs = performance.now();
    const triggerOf = new Map([
      [6, 0],
      [7, 1],
    ] as const);
    const button = (_: unknown, i: number) => {
      const trigger = triggerOf.get(i as 6 | 7);
      const pressed = (held.buttons & (1 << i)) !== 0;
      const value = trigger === undefined ? Number(pressed) : (held.triggers[trigger] ?? 0);
      return { pressed: pressed || value > 0, touched: pressed, value };
    };
    const gamepad = () => ({
      id: 'Test pad (STANDARD GAMEPAD Vendor: 0000 Product: 0000)',
      index: 0,
      connected: true,
      mapping: 'standard',
      timestamp: changedAtMs,
      axes: [...held.axes],
      buttons: Array.from({ length: 17 }, button),
      vibrationActuator: null,
    });
    navigator.getGamepads = () => [gamepad() as unknown as Gamepad, null, null, null];
    window.holdGamepad = (state) => {
      held = state;
      changedAtMs = performance.now();
    };
    addEventListener('DOMContentLoaded', () => {
      const event = new Event('gamepadconnected');
      Object.defineProperty(event, 'gamepad', { value: gamepad() });
      dispatchEvent(event);
    });
  }, NEUTRAL);
}

/** Pushes what is named and lets go of everything else. */
export async function hold(page: Page, pushed: Partial<GamepadState>): Promise<void> {
  await page.evaluate((state) => window.holdGamepad?.(state), { ...NEUTRAL, ...pushed });
}
