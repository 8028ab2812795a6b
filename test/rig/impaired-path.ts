/** A bad network path between two namespaces of their own, worse or better at any time; knows no program that uses it. */
// How to use it: `const path = await openImpairedPath(signal)`; `path.ends[0]` is the robot's end, `path.ends[1]` the
// pilot's: start programs with `ends[0].namespace.spawn(…)` or `openChromium(ends[0].namespace)`, serve at
// `ends[1].address`; then `await path.set('toRobot', { lossPercent: 20 })`. A change of path: `const other = await
// openImpairedPath(signal, { beside: path })` gives the robot's end a second address and the default route over it;
// `path.set('both', { blackout: true })` or `path.close()` ends the first. It needs root and what `buildRig()` builds.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { built } from './build-rig.ts';
import { type Namespace, Namespaces } from './namespaces.ts';

export type Impairment = {
  readonly delayMs: number;
  /** Plus or minus, evenly spread; packets overtake each other. */
  readonly jitterMs: number;
  /** 0…100. */
  readonly lossPercent: number;
  /** Mean number of packets lost in a row; 1: each by itself. */
  readonly burstLoss: number;
  /** 0: no limit. What waits for longer than a second is thrown away. */
  readonly rateKbps: number;
  readonly duplicatePercent: number;
  /** Of packets that fall behind. */
  readonly reorderPercent: number;
  /** How far at most. */
  readonly reorderMs: number;
  /** Drops all, also what is on the way. */
  readonly blackout: boolean;
  /** Keeps all, and lets it go as one burst at the end. */
  readonly hold: boolean;
};

export type PathEnd = { readonly namespace: Namespace; readonly address: string };
export type PathDirection = 'toRobot' | 'toPilot' | 'both';

export type ImpairedPath = {
  /** The robot's, then the pilot's. The pilot's is the same on every path beside the first. */
  readonly ends: readonly [PathEnd, PathEnd];
  /** Changes what is named and leaves the rest. Resolves when it counts. */
  set(direction: PathDirection, change: Partial<Impairment>): Promise<void>;
  /** The last of paths that are beside each other takes their ends with it, and whatever still runs there. */
  close(): Promise<void>;
};

export const UNIMPAIRED: Impairment = Object.freeze({
  delayMs: 0,
  jitterMs: 0,
  lossPercent: 0,
  burstLoss: 1,
  rateKbps: 0,
  duplicatePercent: 0,
  reorderPercent: 0,
  reorderMs: 40,
  blackout: false,
  hold: false,
});

/** Public addresses, since a relay refuses every other kind. No packet leaves the namespaces. */
const PILOT_ADDRESS = '11.78.0.2';
const TO = { toRobot: [0], toPilot: [1], both: [0, 1] } as const;
/** What paths beside each other share. */
type Ground = { readonly net: Namespaces; readonly ends: readonly [Namespace, Namespace]; made: number; open: number };
const grounds = new WeakMap<ImpairedPath, Ground>();

/**
 * Opens a path without impairment; the pilot's end has the address whatever becomes of paths.
 * @param beside the robot gets another address on the same two ends, and its default route from now on
 * @param seed of the dice that drop, delay and repeat
 */
export async function openImpairedPath(
  signal: AbortSignal,
  { beside, seed = 1 }: { readonly beside?: ImpairedPath; readonly seed?: number } = {},
): Promise<ImpairedPath> {
  signal.throwIfAborted();
  const ground = (beside && grounds.get(beside)) ?? layGround();
  const [robot, pilot] = ground.ends;
  const leave = async () => {
    if (--ground.open === 0) await ground.net.close();
  };
  ground.open++;
  try {
    const number = ++ground.made;
    const device = `path${number}`;
    const address = `11.78.${number}.1`;
    const emulator = await startEmulator([robot.name, device, pilot.name, device], seed);
    robot.address(device, `${address}/32`);
    robot.ip('route', 'replace', 'default', 'dev', device, 'src', address);
    pilot.ip('link', 'set', device, 'up');
    // Its one address stays when a path goes, as the address of a home does when the robot changes networks.
    pilot.ip('route', 'replace', `${address}/32`, 'dev', device, 'src', PILOT_ADDRESS);
    let closing: Promise<void> | undefined;
    const path: ImpairedPath = {
      ends: [
        { namespace: robot, address },
        { namespace: pilot, address: PILOT_ADDRESS },
      ],
      set: setterOf(emulator),
      close() {
        closing ??= emulator.end().then(leave);
        return closing;
      },
    };
    grounds.set(path, ground);
    signal.addEventListener('abort', () => void path.close().catch(() => {}), { once: true });
    return path;
  } catch (error) {
    await leave();
    throw error;
  }
}

function layGround(): Ground {
  const net = new Namespaces();
  const unlike = randomBytes(2).toString('hex');
  const [robot, pilot] = [net.add(`robot-${unlike}`), net.add(`pilot-${unlike}`)];
  for (const end of [robot, pilot]) end.exec('sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1');
  // Browsers pass over loopback, and not every kernel has dummy devices.
  pilot.ip('link', 'add', 'home', 'type', 'veth', 'peer', 'name', 'unused');
  pilot.ip('link', 'set', 'unused', 'up');
  pilot.address('home', `${PILOT_ADDRESS}/32`);
  pilot.ip('route', 'add', 'default', 'dev', 'home', 'src', PILOT_ADDRESS);
  return { net, ends: [robot, pilot], made: 0, open: 0 };
}

type Emulator = { readonly say: (line: string) => Promise<void>; readonly end: () => Promise<void> };

async function startEmulator(devices: readonly string[], seed: number): Promise<Emulator> {
  const child = spawn(built('impaired-path'), [...devices, `${seed}`], { stdio: ['pipe', 'pipe', 'inherit'] });
  const { stdin, stdout } = child;
  const ended = once(child, 'exit');
  const answers: ((ok: boolean) => void)[] = [];
  const answer = () => new Promise<boolean>((resolve) => answers.push(resolve));
  createInterface({ input: stdout }).on('line', () => answers.shift()?.(true));
  void ended.then(() => {
    for (const fail of answers.splice(0)) fail(false);
  });
  stdin.on('error', () => {});
  if (!(await answer())) throw new Error(`The impaired path did not open: ${devices.join(' ')}`);
  return {
    async say(line) {
      if (!isRunning(child)) throw new Error('The impaired path has ended.');
      const answered = answer();
      stdin.write(`${line}\n`);
      if (!(await answered)) throw new Error(`The impaired path ended at: ${line}`);
    },
    async end() {
      stdin.end();
      await ended;
    },
  };
}

const isRunning = ({ exitCode, signalCode }: ChildProcess) => exitCode === null && signalCode === null;

function setterOf(emulator: Emulator): ImpairedPath['set'] {
  const now: [Impairment, Impairment] = [UNIMPAIRED, UNIMPAIRED];
  return async (direction, change) => {
    const said = TO[direction].map((to) => {
      const is = { ...now[to], ...change };
      now[to] = is;
      const chances = [is.rateKbps, is.duplicatePercent, is.reorderPercent, is.reorderMs];
      const flags = [is.blackout, is.hold].map(Number);
      return emulator.say([to, is.delayMs, is.jitterMs, is.lossPercent, is.burstLoss, ...chances, ...flags].join(' '));
    });
    await Promise.all(said);
  };
}
