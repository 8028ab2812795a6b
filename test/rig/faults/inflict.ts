/** Does to real pages, processes and cables what a fault of the list says, and undoes it; knows no schedule and judges nothing. */
import { setTimeout as sleep } from 'node:timers/promises';
import { FAULT_KINDS, type Fault, type FaultKind, type Side } from '../../faults/fault-list.ts';
import type { PathDirection } from '../impaired-path.ts';
import type { FaultStage } from './fault-stage.ts';
import { machineMs } from './machine-clock.ts';
import { driveToo } from './second-driver.ts';

/** All pages of one machine have one clock's rhythm, and 200 ppm are a millisecond in a trial: clocks drift in the simulation. */
const ELSEWHERE: readonly FaultKind[] = ['clock-drift'];

export const REAL_KINDS = FAULT_KINDS.filter((kind) => !ELSEWHERE.includes(kind));

/** What the product needs to hear of a page that is gone for good. */
const UNTIL_MENDED = Number.POSITIVE_INFINITY;

/** So long a stick that stands still short of its rim may be believed: this rig's hand goes no further. */
const STALE_COUNTS_MS = 1_500;

/** Resolves when it has begun; what it resolves with ends it. */
export async function inflict(stage: FaultStage, fault: Fault): Promise<() => Promise<void>> {
  switch (fault.kind) {
    case 'blackout':
      return stage.weather.add('both', { blackout: true });
    case 'one-way-loss':
      return stage.weather.add(toward(fault.toward), { blackout: true });
    case 'loss':
      return stage.weather.add('both', { lossPercent: 100 * fault.share });
    case 'bursty-loss':
      return stage.weather.add('both', { lossPercent: 100 * fault.share, burstLoss: fault.packets });
    case 'jitter':
      return stage.weather.add('both', { delayMs: fault.upToMs / 2, jitterMs: fault.upToMs / 2 });
    case 'outage-replayed':
      return stage.weather.add('both', { hold: true });
    case 'rate-collapse':
      return stage.weather.add('both', { rateKbps: fault.kbps });
    case 'duplicates':
      return stage.weather.add('both', { duplicatePercent: 100 * fault.share });
    case 'reordering':
      return stage.weather.add('both', { reorderPercent: 100 * fault.share, reorderMs: fault.byMs });
    case 'path-change':
      await stage.weather.change(fault.delayMs);
      return done;
    case 'broker-killed':
      await stage.server.kill();
      return () => stage.server.start();
    case 'broker-restarted':
      await stage.server.kill();
      await stage.server.start();
      return done;
    case 'page-closed':
      return losePage(stage, fault.side, () => tabOf(stage, fault.side).close());
    case 'page-crashed':
      return losePage(stage, fault.side, () => tabOf(stage, fault.side).crash());
    case 'page-frozen':
      return freeze(stage, fault.side);
    case 'page-hidden':
      return hide(stage, fault.side);
    case 'thread-blocked':
      tabOf(stage, fault.side).block(fault.forMs);
      return done;
    case 'gamepad-unplugged':
      return handOff(stage, async (gone) => stage.pilot.run((there) => window.plugGamepad?.(there), !gone));
    case 'gamepad-stale':
      return handOff(
        stage,
        async (stale) => stage.pilot.run((on) => window.stickGamepad?.(on), stale),
        STALE_COUNTS_MS,
      );
    case 'usb-unplugged':
      await stage.unplug();
      return () => stage.putBack();
    case 'board-reset':
      stage.usb.pressReset();
      return done;
    case 'board-hung':
      stage.marks.hungAtMs.push(machineMs());
      stage.sayToBoard('h');
      return done;
    case 'board-garbage':
      stage.sayToBoard('g');
      return async () => stage.sayToBoard('G');
    case 'board-loses-bytes':
      stage.sayToBoard(`l${Math.max(1, Math.round(10 * fault.share))}`);
      return async () => stage.sayToBoard('l0');
    case 'clock-jumped':
      await tabOf(stage, fault.side).run((byMs) => {
        window.clockJumpMs = byMs;
      }, fault.byMs);
      return done;
    case 'e-stop':
      await stop(stage, fault.by);
      return done;
    case 'camera-stopped':
      await showCamera(stage, false);
      return () => showCamera(stage, true);
    case 'relay-killed':
      // The way that a fresh link finds opens in the same moment.
      stage.relay.isOnlyWay = false;
      await stage.relay.kill();
      return () => stage.relay.start();
    case 'second-pilot':
      await stage.openSecond();
      stage.marks.secondDrove.push(await driveToo(stage.second, stage.pilot, fault.wants));
      return done;
    case 'clock-drift':
      throw new Error(`${fault.kind} is not of this rig`);
    default:
      return fault satisfies never;
  }
}

const done = async () => {};
const tabOf = (stage: FaultStage, side: Side) => (side === 'robot' ? stage.robot : stage.pilot);
const toward = (side: Side): PathDirection => (side === 'robot' ? 'toRobot' : 'toPilot');

async function losePage(stage: FaultStage, side: Side, lose: () => Promise<void>): Promise<() => Promise<void>> {
  const dead = { fromMs: machineMs(), toMs: UNTIL_MENDED };
  if (side === 'robot') stage.marks.robotDead.push(dead);
  await lose();
  return async () => {
    // A server that is away gives no page: then it is opened when the stage is made ready.
    await (side === 'robot' ? stage.openRobot() : stage.openPilot()).catch(() => tabOf(stage, side).close());
    dead.toMs = machineMs();
  };
}

async function freeze(stage: FaultStage, side: Side): Promise<() => Promise<void>> {
  const dead = { fromMs: machineMs(), toMs: UNTIL_MENDED };
  if (side === 'robot') stage.marks.robotDead.push(dead);
  await tabOf(stage, side).freeze();
  return async () => {
    tabOf(stage, side).thaw();
    dead.toMs = machineMs();
  };
}

async function hide(stage: FaultStage, side: Side): Promise<() => Promise<void>> {
  const tab = tabOf(stage, side);
  if (side === 'pilot') return handOff(stage, (hidden) => tab.hide(hidden));
  await tab.hide(true);
  return async () => void (await tab.hide(false));
}

/** A track that is off gives no pictures of what is there, and can be switched on again, as a cable that is put back. */
async function showCamera(stage: FaultStage, on: boolean): Promise<void> {
  await stage.robot.run((enabled) => {
    for (const camera of window.cameras ?? []) camera.enabled = enabled;
  }, on);
}

/** From so long after `turn(true)` on no hand is behind a frame. */
async function handOff(
  stage: FaultStage,
  turn: (off: boolean) => Promise<number | undefined>,
  afterMs = 0,
): Promise<() => Promise<void>> {
  const turnedAtMs = await turn(true);
  if (turnedAtMs === undefined) return done;
  const off = { fromMs: turnedAtMs + afterMs, toMs: UNTIL_MENDED };
  stage.marks.handOff.push(off);
  return async () => {
    off.toMs = machineMs();
    await turn(false);
  };
}

async function stop(stage: FaultStage, by: Extract<Fault, { kind: 'e-stop' }>['by']): Promise<void> {
  if (by !== 'robot') {
    // A key also goes to a page that has lost its link, where it waits.
    if (stage.pilot.isOpen) void stage.pilot.page.keyboard.press('Space').catch(() => {});
    await sleep(0);
    return;
  }
  await stage.robot.tell('robot-stop', 'stop');
  // Where it was pressed it is heard; a page that did not answer was not pressed.
  if ((await stage.robot.read('robot-failsafe', 'data-failsafe')) === 'stopped') {
    stage.marks.stoppedAtMs.push(machineMs());
  }
}
