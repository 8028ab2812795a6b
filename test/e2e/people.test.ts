/** Who gets in, by the pages alone: codes, lists, guests, and the way out. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { marks, reading } from './readings.ts';
import { onStage, robotLink, sayYes, twoPages } from './two-pages.ts';

const attribute = async (page: Page, id: string, name: string) =>
  (await marks(page)).find((mark) => mark.id === id)?.attributes[name];
const until = (ask: () => Promise<unknown>, message: string, timeout = 20_000) =>
  expect.poll(ask, { timeout, interval: 50, message });
const at = (pilot: Page) => () => attribute(pilot, 'pilot-state', 'data-at');

async function drive(robot: Page, pilot: Page): Promise<void> {
  await until(() => attribute(pilot, 'pilot-why', 'data-because'), 'only the hold is missing', 40_000).toBe('you');
  await pilot.keyboard.down('Enter');
  await until(() => attribute(pilot, 'pilot-armed', 'data-armed'), 'armed').toBe('true');
  await pilot.keyboard.up('Enter');
  await pilot.keyboard.down('w');
  await until(async () => Number(await attribute(robot, 'robot-pose', 'data-speed')), 'it rolls').toBeGreaterThan(0.15);
}

describe('people', () => {
  it('come in by a typed code, are known from then on, and see from home whether the robot is free', async () => {
    await onStage(async ({ address, open }) => {
      const robot = await open('robot', '#robot');
      const code = robot.getByTestId('robot-code');
      await code.waitFor({ timeout: 30_000 });
      const typed = ((await code.textContent()) ?? '').trim().toLowerCase();
      const pilot = await open('pilot', '');
      await pilot.locator('#address').fill(typed);
      await pilot.locator('#address').press('Enter');
      await sayYes(robot, 'owner');
      await until(at(pilot), 'it sees', 40_000).toBe('watching');
      expect(pilot.url()).toMatch(/#pilot\/[a-z2-7]{25}$/);
      expect(await attribute(robot, 'robot-company-one', 'data-role')).toBe('owner');

      await pilot.goto(`${address}#`);
      await until(() => attribute(pilot, 'home-robot', 'data-at'), 'home says that it is free', 30_000).toBe('free');
      expect(await attribute(robot, 'robot-state', 'data-at')).toBe('waiting');
      await pilot.getByTestId('home-robot').getByRole('link').click();
      await until(at(pilot), 'one tap, and no question', 40_000).toBe('watching');
      await robot.goto('about:blank');
    });
  });

  it('are gone in the middle of a drive when they are taken off the list, and stay out', async () => {
    await twoPages(async ({ robot, pilot }) => {
      await drive(robot, pilot);
      await robot.getByRole('button', { name: 'Settings' }).click();
      await robot.getByTestId('robot-revoke').click();
      await robot.getByTestId('robot-revoke-yes').click();
      await until(at(pilot), 'the pilot hears it').toBe('ended');
      expect(await attribute(pilot, 'fault', 'data-code')).toBe('unknown');
      await until(async () => Math.abs(Number(await attribute(robot, 'robot-pose', 'data-speed'))), 'it stands').toBe(
        0,
      );
      await pilot.reload();
      await until(at(pilot), 'and not again').toBe('ended');
      expect(await reading(pilot, 'fault')).toMatch(/doesn’t know you/);
      await until(() => attribute(robot, 'robot-state', 'data-at'), 'the robot is free').toBe('waiting');
    });
  });

  it('who were told no see nothing, and the link they had is used up', async () => {
    await onStage(async ({ open }) => {
      const robot = await open('robot', '#robot');
      const link = await robotLink(robot);
      const pilot = await open('pilot', link);
      await until(at(pilot), 'somebody is asked', 40_000).toBe('asking');
      expect(pilot.url()).toMatch(/#pilot\/[a-z2-7]{25}$/);
      await pilot.reload();
      await until(at(pilot), 'a reload knocks again with the link that is no longer in the address', 40_000).toBe(
        'asking',
      );
      await robot.getByTestId('robot-ask-no').click({ timeout: 30_000 });
      await until(at(pilot), 'turned down').toBe('ended');
      expect(await attribute(pilot, 'fault', 'data-code')).toBe('denied');
      expect(await robotLink(robot)).not.toBe(link);
      await pilot.reload();
      await until(at(pilot), 'nothing is left of it').toBe('ended');
      expect(await attribute(pilot, 'fault', 'data-code')).toBe('unknown');
      await pilot.goto(link);
      await until(() => attribute(pilot, 'fault', 'data-code'), 'used up').toBe('expired');
      await until(at(pilot), 'used up').toBe('ended');
      expect(await attribute(pilot, 'fault', 'data-code')).toBe('expired');
    });
  });

  it('with a guest link come in once without a question, and only one of them', async () => {
    await onStage(async ({ open }) => {
      const robot = await open('robot', '#robot');
      await robotLink(robot);
      await robot.getByTestId('robot-guest-make').click();
      const mark = robot.getByTestId('robot-guest-link').first();
      await mark.waitFor({ state: 'attached' });
      const link = (await mark.getAttribute('href')) ?? '';
      const guest = await open('guest', link);
      await until(at(guest), 'the guest sees', 40_000).toBe('watching');
      expect(await attribute(robot, 'robot-company-one', 'data-role')).toBe('guest');
      const other = await open('other', link);
      await until(at(other), 'nobody else does', 40_000).toBe('ended');
      expect(await attribute(other, 'fault', 'data-code')).toBe('expired');
      expect(await attribute(robot, 'robot-company', 'data-count')).toBe('1');
    });
  });

  it('the robot open in a second tab of its browser says so, leaves the first alone, and takes over when that is closed', async () => {
    await twoPages(async ({ robot, pilot }) => {
      await until(at(pilot), 'it sees', 40_000).toBe('watching');
      const twin = await robot.context().newPage();
      await twin.goto(robot.url());
      await until(() => attribute(twin, 'robot-state', 'data-at'), 'the twin waits').toBe('failed');
      expect(await reading(twin, 'fault')).toMatch(/another tab/);
      expect(await at(pilot)()).toBe('watching');
      await robot.close();
      await until(() => attribute(twin, 'robot-company', 'data-count'), 'the twin is the robot', 40_000).toBe('1');
      await until(at(pilot), 'it sees again', 40_000).toBe('watching');
    });
  });
});
