/** The main job with everything real but the hardware: two browsers, the server, the firmware in its simulated chip. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hold, plugGamepad } from './gamepad.ts';
import { difference, lookAt } from './picture.ts';
import { attribute, reading } from './readings.ts';
import { twoPages } from './two-pages.ts';

const speed = async (robot: Page) => Math.abs(Number(await attribute(robot, 'robot-pose', 'data-speed')));
const until = (ask: () => Promise<unknown>, message: string, timeout = 20_000) =>
  expect.poll(ask, { timeout, interval: 50, message });

async function arm(pilot: Page): Promise<void> {
  await until(() => attribute(pilot, 'pilot-why', 'data-because'), 'only the hold is missing', 40_000).toBe('you');
  await pilot.keyboard.down('Enter');
  await until(() => attribute(pilot, 'pilot-armed', 'data-armed'), 'armed').toBe('true');
  await pilot.keyboard.up('Enter');
}

describe('two browsers', () => {
  it('drive the simulated robot by keyboard: the wheels turn, the picture changes, and letting go stops', async () => {
    await twoPages(async ({ robot, pilot }) => {
      await arm(pilot);
      const before = await lookAt(pilot);
      await pilot.keyboard.down('w');
      await until(() => speed(robot), 'it rolls').toBeGreaterThan(0.15);
      expect(await reading(robot, 'robot-told')).toMatch(/L [1-9]\d* %.*R [1-9]\d* %/);
      // Rolling on, so that how far it came does not decide.
      await until(async () => difference(before ?? [], (await lookAt(pilot)) ?? []), 'another picture').toBeGreaterThan(
        2,
      );
      await pilot.keyboard.up('w');
      await until(() => speed(robot), 'it stands').toBe(0);

      const place = () => attribute(robot, 'robot-pose', 'data-x');
      const stood = await place();
      await robot.waitForTimeout(1000);
      expect(await place()).toBe(stood);
      expect(await reading(pilot, 'pilot-simulated')).toMatch(/simulated/i);
      expect(await reading(pilot, 'pilot-path')).toMatch(/direct/i);
    });
  });

  it.each(['owner', 'pilot'] as const)('STOP latches, and clearing it does not move (%s)', async (role) => {
    await twoPages(
      async ({ robot, pilot }) => {
        await arm(pilot);
        await pilot.keyboard.down('w');
        await until(() => speed(robot), 'it rolls').toBeGreaterThan(0.15);
        await pilot.keyboard.press('Space');
        const failsafe = () => attribute(robot, 'robot-failsafe', 'data-failsafe');
        await until(failsafe, 'stopped').toBe('stopped');
        await until(() => speed(robot), 'it stands').toBe(0);
        await pilot.keyboard.down('Enter');
        if (role === 'pilot') {
          await robot.waitForTimeout(2_000);
          expect(await failsafe()).toBe('stopped');
          await robot.getByTestId('robot-clear').click({ delay: 2_000 });
        }
        await until(failsafe, 'cleared').toBe('disarmed');
        await pilot.keyboard.up('Enter');
        await robot.waitForTimeout(500);
        expect(await speed(robot)).toBeLessThan(0.01);
      },
      { role },
    );
  });

  it('the gamepad has a STOP of its own: button 1 latches while it is held, and afterwards', async () => {
    await twoPages(
      async ({ robot, pilot }) => {
        await arm(pilot);
        await hold(pilot, { axes: [0, -1, 0, 0] });
        await until(() => speed(robot), 'it rolls').toBeGreaterThan(0.15);
        await hold(pilot, { axes: [0, -1, 0, 0], buttons: 1 << 1 });
        await until(() => attribute(robot, 'robot-failsafe', 'data-failsafe'), 'stopped').toBe('stopped');
        await until(() => speed(robot), 'it stands').toBe(0);
        await hold(pilot, { axes: [0, -1, 0, 0] });
        await robot.waitForTimeout(500);
        expect(await speed(robot)).toBeLessThan(0.01);
      },
      { pilot: { before: plugGamepad } },
    );
  });

  it.each(['close', 'crash'] as const)(
    "the pilot's tab goes (%s): the robot says so within a second and stands",
    async (how) => {
      await twoPages(async ({ robot, pilot, expectTrouble }) => {
        expectTrouble(/pilot: the page crashed/);
        await arm(pilot);
        await pilot.keyboard.down('w');
        await until(() => speed(robot), 'it rolls').toBeGreaterThan(0.15);
        const went = performance.now();
        if (how === 'close') await pilot.close();
        else pilot.goto('chrome://crash').catch(() => {});
        await until(() => attribute(robot, 'robot-state', 'data-at'), 'the robot says so').not.toBe('driven');
        expect(performance.now() - went).toBeLessThan(1_500);
        await until(() => speed(robot), 'it stands', 2_000).toBeLessThan(0.01);
      });
    },
  );

  it("the robot's page goes: the pilot says so within a second, and finds it again when it is back", async () => {
    await twoPages(async ({ address, robot, pilot }) => {
      await arm(pilot);
      const state = () => attribute(pilot, 'pilot-state', 'data-at');
      const went = performance.now();
      await robot.goto('about:blank');
      await until(state, 'the pilot says so').not.toMatch(/driving|watching/);
      expect(performance.now() - went).toBeLessThan(1_500);
      await robot.goto(`${address}#robot`);
      await until(state, 'the pilot is back', 40_000).toBe('watching');
      expect(await attribute(pilot, 'pilot-armed', 'data-armed')).toBe('false');
    });
  });

  it('a second pilot sees who drives, asks, and drives once the first lets them', async () => {
    await twoPages(async ({ robot, pilot }) => {
      await until(() => attribute(robot, 'robot-state', 'data-at'), 'somebody is there').toBe('driven');
      // Another tab of the same device: known to the robot, and not the one who drives.
      const second = await pilot.context().newPage();
      await second.goto(pilot.url());
      const because = () => attribute(second, 'pilot-state', 'data-because');
      await until(because, 'the place is taken').toBe('lease');
      await until(() => attribute(robot, 'robot-company', 'data-count'), 'the robot says that two see').toBe('2');
      await until(async () => (await lookAt(second))?.length ?? 0, 'a picture').toBeGreaterThan(0);
      await second.getByTestId('pilot-ask').click();
      await pilot.bringToFront();
      await pilot.locator('[data-testid^="pilot-give-"]').click();
      await until(() => attribute(pilot, 'pilot-state', 'data-because'), 'it is given').toBe('lease');
      await second.bringToFront();
      await arm(second);
      await second.keyboard.down('w');
      await until(() => speed(robot), 'it rolls').toBeGreaterThan(0.15);
      await second.close();
      await until(() => speed(robot), 'it stands').toBe(0);
      await until(() => attribute(robot, 'robot-company', 'data-count'), 'one is left').toBe('1');
    });
  });

  it.each(['gamepad', 'touch'] as const)('drives by %s, and stands when it is let go', async (device) => {
    const touch = device === 'touch';
    await twoPages(
      async ({ robot, pilot }) => {
        await until(() => attribute(pilot, 'pilot-why', 'data-because'), 'only the hold is missing', 40_000).toBe(
          'you',
        );
        await pilot.keyboard.down('Enter');
        await until(() => attribute(pilot, 'pilot-armed', 'data-armed'), 'armed').toBe('true');
        await pilot.keyboard.up('Enter');
        if (touch) {
          const box = await pilot.getByTestId('pilot-stick-left').boundingBox();
          if (!box) throw new Error('no stick');
          await pilot.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
          await pilot.mouse.down();
          await pilot.mouse.move(box.x + box.width / 2, box.y, { steps: 4 });
        } else await hold(pilot, { axes: [0, -1, 0, 0] });
        await until(() => speed(robot), 'it rolls').toBeGreaterThan(0.15);
        if (touch) await pilot.mouse.up();
        else await hold(pilot, {});
        await until(() => speed(robot), 'it stands').toBe(0);
      },
      { pilot: touch ? { viewport: { width: 740, height: 360 }, touch: true } : { before: plugGamepad } },
    );
  });
});
