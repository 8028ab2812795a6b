/** Arms a pilot's page as a person does who holds the key for as long as it takes; knows not whether it may. */
import { setTimeout as sleep } from 'node:timers/promises';
import { machineMs } from './machine-clock.ts';
import type { Tab } from './tab.ts';

const LOOK_EVERY_MS = 60;
const HOLDS_FOR_MS = 2_500;

export const isArmed = async (tab: Tab) => (await tab.read('pilot-armed', 'data-armed')) === 'true';

export async function arm(tab: Tab): Promise<void> {
  if (!tab.isOpen) return;
  const { keyboard } = tab.page;
  await keyboard.down('Enter').catch(() => {});
  const endMs = machineMs() + HOLDS_FOR_MS;
  while (machineMs() < endMs && !(await isArmed(tab))) await sleep(LOOK_EVERY_MS);
  await keyboard.up('Enter').catch(() => {});
}
