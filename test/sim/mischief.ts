/** Makes the faults of a schedule happen in a simulated world, and ends them; knows no oracle's rule. */
import type { Fault, Side } from '../faults/fault-list.ts';
import type { Chance } from '../faults/seeded.ts';
import type { Network } from './network.ts';
import type { Oracle } from './oracle.ts';
import type { PilotPage } from './pilot-page.ts';
import type { RobotPage } from './robot-page.ts';
import type { SimBoard } from './sim-board.ts';
import type { SimBroker } from './sim-broker.ts';
import type { VirtualTime } from './virtual-time.ts';

const NETWORK_NOTICED_MS = { least: 20, most: 400 };
/** `WDTO_250MS` at its slowest. */
const BOARD_HANGS_MS = 275;
const CLEARED_AFTER_MS = { least: 600, most: 1_800 };

export type World = {
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly network: Network;
  readonly broker: SimBroker;
  readonly board: SimBoard;
  readonly oracle: Oracle;
  readonly robot: RobotPage;
  readonly pilot: PilotPage;
  readonly watcher: PilotPage | undefined;
  readonly wallClocks: Record<Side, number>;
  readonly startSecond: () => void;
  /** Links through the relay die. */
  readonly cutRelay: () => void;
};

/** Begins it now. Returns what ends it. */
export function wreak(fault: Fault, world: World): () => void {
  const { time, chance, network, broker, board, oracle, robot, pilot } = world;
  const nothing = () => {};
  switch (fault.kind) {
    case 'blackout':
    case 'one-way-loss':
    case 'loss':
    case 'bursty-loss':
    case 'jitter':
    case 'outage-replayed':
    case 'rate-collapse':
    case 'duplicates':
    case 'reordering':
      network.begin(fault);
      return () => network.end(fault);
    case 'path-change':
      network.change(fault.delayMs);
      time.after(chance.between(NETWORK_NOTICED_MS.least, NETWORK_NOTICED_MS.most), () => pilot.networkChanged());
      return nothing;
    case 'broker-killed':
      broker.kill();
      return () => broker.restart();
    case 'broker-restarted':
      broker.restart();
      return nothing;
    case 'relay-killed':
      world.cutRelay();
      return nothing;
    case 'page-closed':
    case 'page-crashed': {
      const device = fault.side === 'robot' ? robot : pilot;
      const { page } = device;
      if (page.condition === 'dead') return nothing;
      if (fault.kind === 'page-closed') device.close();
      // A goodbye needs the moment that a closing tab has.
      time.after(fault.kind === 'page-closed' ? 5 : 0, () => page.die());
      return () => {
        if (device.page === page) device.reopen();
      };
    }
    case 'page-frozen':
    case 'thread-blocked':
      (fault.side === 'robot' ? robot : pilot).page.sleep(
        fault.kind === 'page-frozen' ? 'frozen' : 'blocked',
        fault.forMs,
      );
      return nothing;
    case 'page-hidden': {
      const [{ page }, shown] = fault.side === 'robot' ? [robot, robot.visible] : [pilot, pilot.attentive];
      const show = (on: boolean) =>
        page.task(() => {
          shown.value = on;
        });
      show(false);
      return () => show(true);
    }
    case 'gamepad-unplugged':
      pilot.gone = true;
      return () => {
        pilot.gone = false;
      };
    case 'gamepad-stale':
      pilot.stale = true;
      return () => {
        pilot.stale = false;
      };
    case 'usb-unplugged':
      board.unplug();
      return () => board.plugIn();
    case 'board-reset':
      board.reset();
      return nothing;
    case 'board-hung':
      oracle.boardHangs(BOARD_HANGS_MS);
      board.hang();
      return nothing;
    case 'board-garbage':
    case 'board-loses-bytes':
      board.begin(fault);
      return () => board.end(fault);
    case 'clock-jumped':
      world.wallClocks[fault.side] += fault.byMs;
      return nothing;
    case 'clock-drift':
      // The clock drifted from the beginning.
      return nothing;
    case 'second-pilot':
      world.startSecond();
      return nothing;
    case 'e-stop':
      pressStop(fault.by, world);
      return nothing;
    case 'camera-stopped':
      robot.cameraFilms = false;
      return () => {
        robot.cameraFilms = true;
      };
    default:
      return fault satisfies never;
  }
}

function pressStop(by: 'driver' | 'robot' | 'watcher', { oracle, robot, pilot, watcher }: World): void {
  if (by === 'robot') {
    robot.page.task(() => {
      if (!robot.shows) return;
      oracle.stopHeard();
      robot.session.stop();
    });
    return;
  }
  const presser = by === 'driver' ? pilot : watcher;
  presser?.page.task(() => presser.session?.stop());
}

/** Whoever may ends a STOP some time after it, for as long as the trial runs: an owner on their page, else the robot's screen. */
export function clearStops({ time, chance, oracle, robot, pilot }: World): void {
  /** Whoever stands at the robot waits no longer than once. */
  let waited = false;
  const look = () => {
    time.after(chance.between(CLEARED_AFTER_MS.least, CLEARED_AFTER_MS.most), () => {
      const isStopped = robot.session.stoppedBy.peek() !== undefined;
      // Who may not clear tries all the same.
      if (isStopped && pilot.page.awake) pilot.page.task(() => pilot.session?.clearStop());
      const clears = waited || chance.happens(0.5);
      waited = isStopped && !clears;
      if (isStopped && robot.page.awake && clears) {
        robot.page.task(() => {
          oracle.cleared();
          robot.session.clearStop();
        });
      }
      look();
    });
  };
  look();
}
