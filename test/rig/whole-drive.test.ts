/** The whole way from a key on the pilot's page to the pins of a chip on the robot's USB socket, and a cable pulled on the way. */
import { expect, test } from 'vitest';
import { attribute } from '../e2e/readings.ts';
import { onStage, robotLink, sayYes } from '../e2e/two-pages.ts';
import { buildRig } from './build-rig.ts';
import { type Pins, still } from './simulated-uno.ts';
import { UsbSocket } from './usb-socket.ts';

const rolling = ({ left, right }: Pins) => left > 100 && right > 100;

test('a key on one page turns the wheels of a board on the other; unplugged, it waits and comes back at rest', async () => {
  buildRig();
  await onStage(async ({ address, open }) => {
    const usb = new UsbSocket(new URL(address).origin);
    try {
      await usb.plugIn();
      const robot = await open('robot', '#robot', { env: usb.env });
      await robot.getByTestId('board-web-serial').click();
      await expect.poll(() => attribute(robot, 'robot-board', 'data-at'), { timeout: 20_000 }).toBe('ready');
      const pilot = await open('pilot', await robotLink(robot));
      await sayYes(robot);
      const armed = () => attribute(pilot, 'pilot-armed', 'data-armed');
      const why = () => attribute(pilot, 'pilot-why', 'data-because');
      const arm = async () => {
        await expect.poll(why, { timeout: 30_000 }).toBe('you');
        await pilot.keyboard.down('Enter');
        await expect.poll(armed, { timeout: 10_000 }).toBe('true');
        await pilot.keyboard.up('Enter');
      };

      await arm();
      await pilot.keyboard.down('ArrowUp');
      await usb.uno.pins(rolling, 'the wheels rolling');
      await pilot.keyboard.up('ArrowUp');
      await usb.uno.pins(still, 'the wheels at rest after letting go');

      await pilot.keyboard.down('ArrowUp');
      await usb.uno.pins(rolling, 'the wheels rolling again');
      await usb.unplug();
      await expect.poll(why, { timeout: 10_000 }).toBe('board');
      await usb.plugIn();
      await expect.poll(() => attribute(robot, 'robot-board', 'data-at'), { timeout: 20_000 }).toBe('ready');
      // The key is still down, and nobody has armed.
      await robot.waitForTimeout(1_000);
      expect(usb.uno.history.every(still)).toBe(true);
      await pilot.keyboard.up('ArrowUp');

      await arm();
      await pilot.keyboard.down('ArrowUp');
      await usb.uno.pins(rolling, 'the wheels rolling after the return');
      await pilot.close();
      await usb.uno.pins(still, 'the wheels at rest after the tab was closed');
    } finally {
      await usb.close();
    }
  });
});
