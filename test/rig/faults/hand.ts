/** A hand on a gamepad that follows a plan by itself, so that a busy wire to the page changes nothing; knows not what the page makes of it. */
import type { Page } from 'playwright-core';
import type { Push } from '../../faults/fault-list.ts';

declare global {
  interface Window {
    /** Follows these pushes over and over from now on; none: rests. */
    pushGamepad?: (pushes: readonly Push[]) => void;
    /** Whether it is plugged in. */
    plugGamepad?: (plugged: boolean) => void;
    /** Whether it goes on saying what it said last, whatever the hand does. */
    stickGamepad?: (stuck: boolean) => void;
  }
}

/**
 * Plugs a gamepad in before the page's own scripts run. Its `timestamp` is true: it stands still when nothing changes.
 * Whatever the plan says, the stick stays short of its rim, where a hand trembles: one that does not is stuck.
 */
export async function giveGamepad(page: Page): Promise<void> {
  await page.addInitScript(() => {
    let plan: readonly Push[] = [];
    let beganAtMs = 0;
    let plugged = true;
    let stuck: readonly [number, number] | undefined;
    let last: readonly [number, number] = [0, 0];
    let changedAtMs = performance.now();
    const RIM = 0.95;
    const TREMBLES_EVERY_MS = 120;
    const TREMBLES_BY = 0.004;
    const held = (x: number, y: number): readonly [number, number] => {
      if (x === 0 && y === 0) return [0, 0];
      const reach = Math.min(1, RIM / Math.hypot(x, y));
      const trembles = ((Math.floor(performance.now() / TREMBLES_EVERY_MS) * 4) % 5) - 2;
      // Along its own direction, so that what goes straight goes straight.
      return [x * reach, y * reach + (y === 0 ? 0 : (trembles / 2) * TREMBLES_BY)];
    };
    const planned = (): readonly [number, number] => {
      const wholeMs = plan.reduce((sum, { forMs }) => sum + forMs, 0);
      if (wholeMs === 0) return [0, 0];
      let atMs = (performance.now() - beganAtMs) % wholeMs;
      for (const { x, y, forMs } of plan) {
        if (atMs < forMs) return held(x, y);
        atMs -= forMs;
      }
      return [0, 0];
    };
    const released = { pressed: false, touched: false, value: 0 };
    const gamepad = () => {
      const [x, y] = stuck ?? planned();
      if (x !== last[0] || y !== last[1]) changedAtMs = performance.now();
      last = [x, y];
      return {
        id: 'Rig pad (STANDARD GAMEPAD Vendor: 0000 Product: 0000)',
        index: 0,
        connected: plugged,
        mapping: 'standard',
        timestamp: changedAtMs,
        axes: [x, y, 0, 0],
        buttons: Array.from({ length: 17 }, () => released),
        vibrationActuator: null,
      };
    };
    const tell = (name: string) => {
      const event = new Event(name);
      Object.defineProperty(event, 'gamepad', { value: gamepad() });
      dispatchEvent(event);
    };
    navigator.getGamepads = () => [plugged ? (gamepad() as unknown as Gamepad) : null, null, null, null];
    window.pushGamepad = (pushes) => {
      plan = pushes;
      beganAtMs = performance.now();
    };
    window.plugGamepad = (now) => {
      if (plugged === now) return;
      plugged = now;
      tell(now ? 'gamepadconnected' : 'gamepaddisconnected');
    };
    window.stickGamepad = (now) => {
      stuck = now ? last : undefined;
    };
    addEventListener('DOMContentLoaded', () => tell('gamepadconnected'));
  });
}
