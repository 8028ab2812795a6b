/** A robot and a pilot, each in a browser of their own, on the real server; knows not what they do. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { marks } from './readings.ts';
import { startServer } from './server.ts';
import { type Visitor, type VisitorOptions, welcomeVisitor } from './visitor.ts';

const LINK_WITHIN_MS = 30_000;

export type Stage = {
  /** Of the server, with a slash at the end. */
  readonly address: string;
  /** Opens an address or a fragment such as `#robot` in a new browser of its own. */
  open(name: string, where: string, options?: VisitorOptions): Promise<Page>;
  /** Troubles that match are part of this test. */
  expectTrouble(pattern: RegExp): void;
};

/** A server for as long as `play` takes. Whatever happens, everything is closed; unexpected troubles fail the test. */
export async function onStage(play: (stage: Stage) => Promise<void>): Promise<void> {
  const server = await startServer();
  const visitors: Visitor[] = [];
  const expected: RegExp[] = [];
  try {
    await play({
      address: server.address,
      async open(name, where, options) {
        const visitor = await welcomeVisitor(name, server.origins, options);
        visitors.push(visitor);
        await visitor.page.goto(new URL(where, server.address).href);
        return visitor.page;
      },
      expectTrouble: (pattern) => void expected.push(pattern),
    });
    const troubles = visitors.flatMap((visitor) => visitor.troubles);
    expect(troubles.filter((trouble) => !expected.some((pattern) => pattern.test(trouble)))).toEqual([]);
  } catch (error) {
    for (const visitor of visitors) console.error(await visitor.report());
    console.error(`── server\n${server.said().replace(/^.*[█▀▄].*\n/gm, '')}`);
    throw error;
  } finally {
    await Promise.allSettled([...visitors.map((visitor) => visitor.close()), server.stop()]);
  }
}

/** The simulated robot's page, and the pilot's page that its link opens. */
export async function twoPages(
  play: (pages: Stage & { readonly robot: Page; readonly pilot: Page }) => Promise<void>,
  options: {
    readonly robot?: VisitorOptions;
    readonly pilot?: VisitorOptions;
    readonly role?: Parameters<typeof sayYes>[1];
  } = {},
): Promise<void> {
  await onStage(async (stage) => {
    const robot = await stage.open('robot', '#robot', options.robot);
    const pilot = await stage.open('pilot', await robotLink(robot), options.pilot);
    await sayYes(robot, options.role);
    await play({ ...stage, robot, pilot });
  });
}

/** Taps what the robot's screen asks, as the one who stands beside it. */
export async function sayYes(robot: Page, role: 'owner' | 'pilot' | 'watcher' | 'guest' = 'pilot'): Promise<void> {
  const asking = robot.getByTestId('robot-asking');
  await asking.waitFor({ state: 'visible', timeout: LINK_WITHIN_MS });
  await robot.getByTestId(`robot-ask-role-${role}`).click();
  await robot.getByTestId('robot-ask-yes').click();
}

/** The address that the robot's page shows, once it does. */
export async function robotLink(robot: Page): Promise<string> {
  let link: string | undefined;
  await expect
    .poll(
      async () => {
        const mark = (await marks(robot)).find(({ id }) => id === 'robot-link');
        link = [mark?.attributes.href, mark?.text]
          .map((text) => (text && URL.canParse(text, robot.url()) ? new URL(text, robot.url()).href : undefined))
          .find((address) => address?.includes('#'));
        return link;
      },
      { timeout: LINK_WITHIN_MS, message: 'the robot shows its link' },
    )
    .toMatch(/#.+/);
  return link ?? '';
}
