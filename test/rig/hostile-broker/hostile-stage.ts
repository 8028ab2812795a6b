/** The real pages of a robot and its pilots between an attacker's hands, and the count of what he gets; knows no attempt. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { attribute } from '../../e2e/readings.ts';
import { sayYes } from '../../e2e/two-pages.ts';
import { type Visitor, welcomeVisitor } from '../../e2e/visitor.ts';
import type { Loot } from './attacker/attacker.ts';
import { HostileServer, passive } from './hostile-server.ts';
import { type AttackerPages, Mallory, serveAttacker } from './mallory.ts';
import { bringWitness, type Spoken, spoken, type Testimony, testimony } from './witness.ts';

/** What the attacker calls himself, as either. */
export const MALLORY = 'Mallory';

/** What an attempt brought in, over all of its rounds. */
export type Count = {
  readonly attempt: string;
  readonly rounds: number;
  /** Ends of the attacker that came up: what was tried was really tried. */
  links: number;
  /** Video frames decoded at the attacker or painted from him, and packets of video that a robot sent to anybody. */
  video: number;
  /** Signs that the robot took a control frame for good, and frames it sent back. */
  control: number;
  /** Times that a page showed the attacker's name, or went in to the visit. */
  names: number;
  /** What the pages gave as the reason. */
  readonly said: Set<string>;
};

export type HostileStage = {
  readonly server: HostileServer;
  readonly mallory: Mallory;
  readonly robot: Page;
  /** Three tabs of one device, which the robot knows. */
  readonly pilots: readonly Page[];
  readonly robotId: string;
  /** Words of the first visit, by which the device was let in, and of the second. */
  readonly pairing: readonly Spoken[];
  readonly session: readonly Spoken[];
  /** The secret that the first visit used up. */
  readonly usedSecret: string;
  /** Honest visits that were begun, and that came to a picture. */
  readonly honest: { begun: number; arrived: number };
  readonly counts: readonly Count[];
  readonly troubles: () => readonly string[];
  report(): Promise<string>;
  close(): Promise<void>;
};

export async function openHostileStage(): Promise<HostileStage> {
  const closing: (() => Promise<unknown>)[] = [];
  const close = async () => {
    await Promise.allSettled(closing.map((end) => end()));
  };
  try {
    const server = await HostileServer.start();
    closing.push(() => server.close());
    const pages: AttackerPages = await serveAttacker();
    closing.push(() => pages.close());
    const visitors: Visitor[] = [];
    const welcome = async (name: string, origin: string) => {
      const before = async (page: Page) => {
        await bringWitness(page, [MALLORY]);
        await page.addInitScript(movableDate);
      };
      const visitor = await welcomeVisitor(name, [origin], { before });
      visitors.push(visitor);
      closing.push(() => visitor.close());
      return visitor.page;
    };
    const [robot, pilot, attacker] = await Promise.all([
      welcome('robot', server.origin),
      welcome('pilot', server.origin),
      welcome('attacker', new URL(pages.address).origin),
    ]);
    await attacker.goto(pages.address);
    await attacker.waitForFunction(() => window.attacker);
    await robot.goto(`${server.origin}/#robot`);
    const link = (await robot.getByTestId('robot-link').first().getAttribute('href', { timeout: 30_000 })) ?? '';
    const [, robotId = '', usedSecret = ''] = new URL(link).hash.split('/');
    await pilot.goto(link);
    await sayYes(robot);
    await pilot.locator('[data-testid=pilot-state][data-at=watching]').waitFor();
    const pairing = await spoken(pilot);
    const pilots = [pilot];
    for (let i = 0; i < 2; i++) {
      const tab = await pilot.context().newPage();
      await bringWitness(tab, [MALLORY]);
      pilots.push(tab);
    }
    const mallory = new Mallory(attacker, server);
    const counts: Count[] = [];
    const stage = {
      server,
      mallory,
      robot,
      pilots,
      robotId,
      pairing,
      session: [] as readonly Spoken[],
      usedSecret,
      honest: { begun: 0, arrived: 0 },
      counts,
      troubles: () => visitors.flatMap((visitor) => visitor.troubles),
      report: async () => (await Promise.all(visitors.map((visitor) => visitor.report()))).join('\n'),
      close,
    };
    await visit(stage);
    return { ...stage, session: await spoken(pilot) };
  } catch (error) {
    await close();
    throw error;
  }
}

export const until = (ask: () => Promise<unknown>, message: string, timeout = 20_000) =>
  expect.poll(ask, { timeout, interval: 50, message });

/** One honest visit of the pilot, up to a picture; true when it came to that. It is left open. */
export async function visit(
  { server, robot, pilots, robotId, honest }: HostileStage,
  patienceMs = 20_000,
): Promise<boolean> {
  const [pilot] = pilots;
  honest.begun++;
  await open(pilot!, `${server.origin}/#pilot/${robotId}`);
  const lateAtMs = performance.now() + patienceMs;
  let frames = 0;
  while (performance.now() < lateAtMs) {
    if ((await attribute(pilot!, 'pilot-state', 'data-at')) === 'watching')
      frames += (await testimony(pilot!)).framesIn;
    if (frames > 5) {
      honest.arrived++;
      return true;
    }
    await robot.waitForTimeout(100);
  }
  return false;
}

/** Nobody is with the robot, and no failed stranger makes the next one wait. */
export async function afresh({ server, mallory, robot, pilots }: HostileStage): Promise<void> {
  await mallory.leave();
  server.meddle = passive;
  server.lieAboutCode = undefined;
  await Promise.all(pilots.map((pilot) => pilot.goto('about:blank')));
  await robot.reload();
  await until(() => attribute(robot, 'robot-state', 'data-at'), 'the robot waits').toBe('waiting');
  await until(async () => server.ids.length, 'the robot is at the broker').toBe(1);
}

/** Opens an address as if nothing had been open. */
export async function open(page: Page, address: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(address);
}

/**
 * Plays an attempt and counts what it brought. `honest`: somebody honest is at the robot meanwhile, sees and shows, and
 * only the attacker's own side counts for video.
 */
export async function attempt(
  stage: HostileStage,
  name: string,
  rounds: number,
  play: () => Promise<void>,
  honest = false,
): Promise<Count> {
  const { robot, pilots, mallory } = stage;
  const count: Count = { attempt: name, rounds, links: 0, video: 0, control: 0, names: 0, said: new Set() };
  (stage.counts as Count[]).push(count);
  const asked = honest ? [robot] : [robot, ...pilots];
  await Promise.all(asked.filter((page) => page.url() !== 'about:blank').map(testimony));
  await play();
  const loot = await mallory.loot();
  for (const one of loot) countLoot(count, one);
  countRobot(count, await testimony(robot), honest);
  if (!honest) {
    for (const pilot of pilots) if (pilot.url() !== 'about:blank') countPilot(count, await testimony(pilot));
  }
  return count;
}

function countLoot(count: Count, { opened, videoFrames, videoBytes, tracks, reports, heard }: Loot): void {
  if (opened) count.links++;
  count.video += videoFrames + (videoBytes > 0 ? 1 : 0) + (opened ? tracks : 0);
  count.control += reports;
  // A robot that says its name to a stranger takes him for somebody.
  count.names += heard.filter((word) => ['welcome', 'presence', 'asked', 'proof', 'status'].includes(word)).length;
  for (const word of heard) if (word.startsWith('refused:')) count.said.add(`robot: ${word.slice(8)}`);
}

function countRobot(count: Count, { marks, named, packetsOut }: Testimony, honest: boolean): void {
  if (!honest) count.video += packetsOut;
  const driving = (marks['robot-failsafe'] ?? []).filter((value) => /^failsafe=(driving|stopped)$/.test(value));
  const told = (marks['robot-told'] ?? []).filter(
    (value) => /^(left|right)=/.test(value) && Number(value.split('=')[1]) !== 0,
  );
  const rolled = (marks['robot-pose'] ?? []).filter(
    (value) => value.startsWith('speed=') && Math.abs(Number(value.slice(6))) > 0.001,
  );
  count.control += driving.length + told.length + rolled.length;
  count.names += named.length;
  if (honest) return;
  count.names += (marks['robot-state'] ?? []).filter((value) => /^at=(driven|dropped)$/.test(value)).length;
  count.names += (marks['robot-company'] ?? []).filter((value) => /^count=[1-9]/.test(value)).length;
}

function countPilot(count: Count, { marks, named, painted, framesIn }: Testimony): void {
  count.video += painted + framesIn;
  count.names += named.length;
  count.names += (marks['pilot-state'] ?? []).filter((value) => /^at=(watching|driving)$/.test(value)).length;
  for (const value of marks.fault ?? []) if (value.startsWith('code=')) count.said.add(`pilot: ${value.slice(5)}`);
}

/** Lets a page's day be another, by `window.laterMs`. */
function movableDate(): void {
  const now = Date.now;
  window.laterMs = 0;
  Date.now = () => now.call(Date) + window.laterMs;
}

declare global {
  interface Window {
    laterMs: number;
  }
}
