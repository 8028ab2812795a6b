/** One seed's world from its beginning to its verdict: both real sessions, the real firmware, a schedule of faults, and a judge. */
import { setMaxListeners } from 'node:events';
import { type Identity, identityOf } from '../../src/trust/identity.ts';
import { calmAtMs, type Fault, inWords, type Schedule, scheduleOf } from '../faults/fault-list.ts';
import { type Chance, seeded } from '../faults/seeded.ts';
import { installInstantCrypto, keysOf } from './instant-crypto.ts';
import { clearStops, type World, wreak } from './mischief.ts';
import { Network } from './network.ts';
import { type FrameMeta, type Hand, Oracle, type Violation } from './oracle.ts';
import { PageThread } from './page-thread.ts';
import { PilotPage } from './pilot-page.ts';
import { RobotPage } from './robot-page.ts';
import { type Firmware, SimBoard } from './sim-board.ts';
import { SimBroker } from './sim-broker.ts';
import { SimLink } from './sim-link.ts';
import { simSettings } from './sim-settings.ts';
import { VirtualTime } from './virtual-time.ts';

/** A robot is driven for the first time within this, or something is wrong with the world. */
const FIRST_DRIVE_WITHIN_MS = 15_000;
/** After the last fault everybody who may arms again. */
const DRIVES_AGAIN_WITHIN_MS = 15_000;
const DRIVES_FOR_MS = 400;
const LAST_LOOK_MS = 900;
const LOOK_EVERY_MS = 50;
/** 2026-01-01. */
const TODAY_MS = 1_767_225_600_000;

export type Verdict = {
  readonly seed: number;
  readonly violations: readonly Violation[];
  /** Of each stop whose robot lived, and of each other one. */
  readonly stopsInMs: readonly number[];
  readonly deadStopsInMs: readonly number[];
  readonly staleExecuted: number;
  readonly falseStops: number;
  readonly stuck: boolean;
  /** From the end of the last fault until wheels turned again. */
  readonly droveAgainInMs: number | undefined;
  readonly virtualMs: number;
  readonly kinds: readonly Fault['kind'][];
};

export type TrialOptions = {
  readonly seed: number;
  readonly firmware: Firmware;
  /** Gets each line of what happened. */
  readonly note?: (atMs: number, says: string) => void;
  readonly schedule?: Schedule;
};

type Devices = readonly [robot: Identity, pilot: Identity, second: Identity, watcher: Identity];

const cryptoSource = installInstantCrypto();
let devices: Devices | undefined;

async function identities(): Promise<Devices> {
  devices ??= (await Promise.all([0, 1, 2, 3].map((n) => identityOf(keysOf(n))))) as unknown as Devices;
  return devices;
}

export class Stage {
  readonly time = new VirtualTime();
  readonly chance: Chance;
  readonly schedule: Schedule;
  readonly oracle: Oracle;
  readonly world: World;
  readonly pilots: PilotPage[] = [];
  readonly #note: (says: string) => void;
  readonly #links: SimLink<FrameMeta>[] = [];
  #unsettled = false;

  private constructor(options: TrialOptions, [robotIs, pilotIs, secondIs, watcherIs]: Devices) {
    const { time } = this;
    this.schedule = options.schedule ?? scheduleOf(options.seed);
    const { faults, path, pushes } = this.schedule;
    const chance = seeded(options.seed).branch('world');
    this.chance = chance;
    cryptoSource.chance = chance.branch('crypto');
    this.#note = (says) => options.note?.(time.nowMs, says);
    this.oracle = new Oracle(time, (page) => this.#handOf(page));
    this.oracle.note = this.#note;
    const { oracle } = this;
    const ppm = { robot: chance.between(-50, 50), pilot: chance.between(-50, 50) };
    for (const fault of faults) if (fault.kind === 'clock-drift') ppm[fault.side] = fault.ppm;
    const wallClocks = { robot: TODAY_MS, pilot: TODAY_MS };
    const newPage = (of: 'robot' | 'pilot') => {
      // Near the end of 32 bits now and then.
      const firstMs = chance.happens(0.02) ? 2 ** 32 - chance.between(0, 8_000) : chance.between(0, 500_000);
      const page = new PageThread(time, chance.branch(`${of} ${time.nowMs}`), ppm[of], firstMs, () => {
        this.#unsettled = true;
      });
      if (of === 'robot') oracle.robotStarted(page);
      return page;
    };
    const network = new Network(time, chance.branch('network'), path);
    const otherNetwork = new Network(time, chance.branch('other network'), { delayMs: 20, jitterMs: 8, loss: 0 });
    const broker = new SimBroker(time, chance.branch('broker'));
    const board: SimBoard = new SimBoard({
      time,
      chance: chance.branch('board'),
      firmware: options.firmware,
      page: () => robot.page,
    });
    board.looked = (power) => oracle.looked(power);
    board.told = (line) => oracle.line(line);
    board.booted = () => oracle.boardBooted(!board.garbles);

    const role = chance.pick(['owner', 'owner', 'pilot', 'guest'] as const);
    const second = faults.find((fault) => fault.kind === 'second-pilot');
    const secondRole = second?.wants === 'take' ? 'owner' : chance.pick(['pilot', 'guest'] as const);
    const untilMs = TODAY_MS + 24 * 3_600_000;
    const person = (id: string, name: string, as: 'owner' | 'pilot' | 'guest' | 'watcher') => {
      return { id, name, role: as, addedAtMs: TODAY_MS, ...(as === 'guest' ? { untilMs } : {}) };
    };
    const robot: RobotPage = new RobotPage(() => newPage('robot'), {
      identity: robotIs,
      broker,
      board,
      today: () => wallClocks.robot + time.nowMs,
      settings: simSettings({
        boardKind: 'web-serial',
        camera: 'default',
        people: [
          person(pilotIs.id, 'Anna', role),
          person(secondIs.id, 'Ben', secondRole),
          person(watcherIs.id, 'Cleo', 'watcher'),
        ],
      }),
    });
    const pilotPage = (
      name: string,
      identity: Identity,
      way: Network,
      more: Pick<PilotPage['given'], 'role' | 'wants' | 'claims'>,
    ) =>
      new PilotPage(() => newPage('pilot'), {
        time,
        today: () => wallClocks.pilot + time.nowMs,
        chance: chance.branch(name),
        name,
        identity,
        robotId: robotIs.id,
        settings: simSettings({}),
        broker,
        pushes,
        note: this.#note,
        introducing: (page) => ({
          passes: () => robot.page.onNetwork && this.#passes(way),
          link: () => {
            if (robot.page.condition === 'dead') return undefined;
            const link = new SimLink<FrameMeta>({
              time,
              chance: chance.branch(`link ${time.nowMs} ${this.#links.length}`),
              network: way,
              pages: { robot: robot.page, pilot: page },
              relayed: this.#links.length === 0 && chance.happens(0.5),
              tap: oracle,
            });
            this.#links.push(link);
            this.#note(`${name}: a link opens`);
            return { near: link.ends.pilot, far: link.ends.robot };
          },
        }),
        ...more,
      });
    const pilot = pilotPage('Anna', pilotIs, network, { role, wants: 'drive', claims: chance.pick(['ask', 'take']) });
    const needsWatcher = faults.some((fault) => fault.kind === 'e-stop' && fault.by === 'watcher');
    const watcher = needsWatcher
      ? pilotPage('Cleo', watcherIs, otherNetwork, { role: 'watcher', wants: 'watch', claims: 'ask' })
      : undefined;
    this.pilots.push(pilot, ...(watcher ? [watcher] : []));
    this.world = {
      time,
      chance: chance.branch('mischief'),
      network,
      broker,
      board,
      oracle,
      robot,
      pilot,
      watcher,
      wallClocks,
      startSecond: () => {
        if (this.pilots.some(({ given }) => given.name === 'Ben')) return;
        const claims = second?.wants ?? 'ask';
        const ben = pilotPage('Ben', secondIs, otherNetwork, { role: secondRole, wants: 'drive', claims });
        this.pilots.push(ben);
        ben.start();
      },
      cutRelay: () => {
        for (const link of this.#links) if (link.relayed) link.cut();
      },
    };
    robot.start();
    time.after(chance.between(0, 300), () => pilot.start());
    if (watcher) time.after(chance.between(0, 500), () => watcher.start());
  }

  static async open(options: TrialOptions): Promise<Stage> {
    setMaxListeners(0);
    return new Stage(options, await identities());
  }

  get note(): (says: string) => void {
    return this.#note;
  }

  /** Runs until `isSo` is (looked at every 50 ms) or `untilMs`. Says whether it was. */
  async run(untilMs: number, isSo: () => boolean): Promise<boolean> {
    const { time } = this;
    let lookAtMs = time.nowMs;
    while (time.step(untilMs)) {
      if (this.#unsettled) {
        this.#unsettled = false;
        await settled();
      }
      if (time.nowMs < lookAtMs) continue;
      lookAtMs = time.nowMs + LOOK_EVERY_MS;
      this.oracle.looked(this.world.board.power);
      if (isSo()) return true;
    }
    return false;
  }

  get isDriven(): boolean {
    return this.pilots.some((pilot) => pilot.drives);
  }

  /** Somebody drives, and the wheels turn. */
  get drives(): boolean {
    return this.oracle.moving && this.isDriven;
  }

  /** What each page shows, for the timeline. */
  get states(): string {
    const { robot } = this.world;
    const { state, board, failsafe, speedCap, stoppedBy, loopDelayMs } = robot.session;
    const robotShows = {
      page: robot.page.condition,
      state: state.peek(),
      board: board.peek(),
      failsafe: failsafe.peek(),
    };
    const more = { cap: speedCap.peek(), stoppedBy: stoppedBy.peek(), loopDelayMs: loopDelayMs.peek() };
    const pilots = this.pilots.map(({ page, session, given }) => {
      return [given.name, page.condition, session?.state.peek(), session?.report.peek(), session?.pictureAgeMs.peek()];
    });
    return JSON.stringify({ ...robotShows, ...more, pilots });
  }

  /** Nothing of it goes on in the next trial. */
  close(): void {
    for (const { page, session } of this.pilots) {
      page.die();
      session?.close();
    }
    this.world.robot.page.die();
    this.world.robot.session.close();
  }

  #handOf(page: PageThread): Hand {
    const pilot = this.pilots.find((one) => one.page === page) ?? this.world.pilot;
    return pilot.hand;
  }

  /** A few packets of a handshake, there and back. */
  #passes(way: Network): boolean {
    const { generation } = way;
    return way.send('robot', generation, 200, () => {}) && way.send('pilot', generation, 200, () => {});
  }
}

/** When nothing is left of what followed from a task. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export async function runTrial(options: TrialOptions): Promise<Verdict> {
  const stage = await Stage.open(options);
  const { time, oracle, world, schedule, chance } = stage;
  let stuck = false;
  let droveAgainInMs: number | undefined;
  const drivesFor = (ms: number) => {
    let sinceMs: number | undefined;
    return () => {
      // The hand lets go now and then: what lasts is that the page drives.
      if (!stage.isDriven) sinceMs = undefined;
      else if (stage.drives) sinceMs ??= time.nowMs;
      return sinceMs !== undefined && stage.drives && time.nowMs - sinceMs >= ms;
    };
  };
  try {
    if (!(await stage.run(FIRST_DRIVE_WITHIN_MS, () => stage.drives))) {
      stage.note(`never driven: ${stage.states}`);
      stuck = true;
    } else {
      const firstMs = time.nowMs;
      stage.note('driven for the first time');
      clearStops(world);
      for (const fault of schedule.faults) {
        time.at(firstMs + fault.atMs, () => {
          oracle.calm = false;
          stage.note(inWords(fault));
          const end = wreak(fault, world);
          time.after(fault.forMs, () => {
            if (fault.forMs > 0) stage.note(`over: ${fault.kind}`);
            end();
          });
        });
      }
      const calmMs = firstMs + calmAtMs(schedule);
      await stage.run(calmMs, () => false);
      stage.note('calm');
      stuck = !(await stage.run(calmMs + DRIVES_AGAIN_WITHIN_MS, drivesFor(DRIVES_FOR_MS)));
      if (stuck) stage.note(`stuck: ${stage.states}`);
      else droveAgainInMs = Math.max(0, time.nowMs - DRIVES_FOR_MS - calmMs);
      // Last of all the page that drives is gone in the middle of it.
      const driver = stage.pilots.find(({ drives }) => drives);
      await stage.run(time.nowMs + chance.between(0, 300), () => false);
      driver?.page.die();
      await stage.run(time.nowMs + LAST_LOOK_MS, () => false);
    }
  } finally {
    stage.close();
  }
  return {
    seed: options.seed >>> 0,
    violations: oracle.violations,
    stopsInMs: oracle.stops.filter(({ lives }) => lives).map(({ inMs }) => inMs),
    deadStopsInMs: oracle.stops.filter(({ lives }) => !lives).map(({ inMs }) => inMs),
    staleExecuted: oracle.staleExecuted,
    falseStops: oracle.falseStops,
    stuck,
    droveAgainInMs,
    virtualMs: time.nowMs,
    kinds: schedule.faults.map(({ kind }) => kind),
  };
}
