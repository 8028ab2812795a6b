/** The app without a network: it opens, and says what is missing. */
import { expect, it } from 'vitest';
import { onStage } from './two-pages.ts';

it('opens without a network once it was seen, and says so', async () => {
  await onStage(async ({ open, expectTrouble }) => {
    expectTrouble(/Failed to fetch|ERR_INTERNET_DISCONNECTED/);
    const page = await open('visitor', '');
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.reload();
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await page.context().setOffline(true);
    await page.reload();
    await expect.poll(() => page.locator('tp-home .notices').textContent(), { timeout: 20_000 }).toMatch(/network/i);
    await page.goto(`${page.url().split('#')[0]}#robot`);
    await expect
      .poll(() => page.getByTestId('robot-state').getAttribute('data-at'), { timeout: 20_000 })
      .toBe('waiting');
    await expect.poll(() => page.getByTestId('fault').first().textContent(), { timeout: 30_000 }).toMatch(/server/i);
  });
});
