/** Somebody else at a page of their own, who wants to drive while another does, and drives; knows no fault besides. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Push } from '../../faults/fault-list.ts';
import { arm, isArmed } from './arm.ts';
import { machineMs } from './machine-clock.ts';
import type { Tab } from './tab.ts';

const LOOK_EVERY_MS = 60;
/** Whatever else is wrong may keep them out. */
const TRIES_FOR_MS = 6_000;
/** Nobody hands over in the first moment. */
const GIVES_AFTER_MS = 300;
const DRIVES_FOR_MS = 1_200;
const PUSH: Push = { x: 0, y: 0.8, forMs: 10_000 };

/** Resolves whether they drove, with their stick still pushed. `first` lets them when asked. */
export async function driveToo(second: Tab, first: Tab, wants: 'ask' | 'take'): Promise<boolean> {
  const endMs = machineMs() + TRIES_FOR_MS;
  let askedAtMs: number | undefined;
  while (machineMs() < endMs) {
    await sleep(LOOK_EVERY_MS);
    if (await isArmed(second)) {
      await second.run((plan) => window.pushGamepad?.(plan), [PUSH]);
      await sleep(DRIVES_FOR_MS);
      return true;
    }
    const because = await second.read('pilot-why', 'data-because');
    if (because === 'you') await arm(second);
    if (because !== 'lease') continue;
    if (wants === 'take') await second.tell('pilot-take', 'held');
    else if (askedAtMs === undefined) await second.tell('pilot-ask', 'click');
    askedAtMs ??= machineMs();
    if (wants === 'ask' && machineMs() - askedAtMs > GIVES_AFTER_MS) await letThem(first);
  }
  return false;
}

async function letThem(first: Tab): Promise<void> {
  const seat = await first.read('pilot-asker', 'data-seat');
  if (seat !== undefined) await first.tell(`pilot-give-${seat}`, 'click');
}
