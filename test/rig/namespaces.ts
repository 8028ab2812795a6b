/** Networks inside this machine, joined by cables and cut off from every other; knows no program that runs in them. */
import { type ChildProcess, execFileSync, fork, type SpawnOptions, spawn } from 'node:child_process';
import type { Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PREFIX = 'telepresent';
const SOCKET_MAKER = fileURLToPath(new URL('nat/socket-maker.mjs', import.meta.url));
const ENDED_WITHIN_MS = 5_000;

/** Of iproute2. */
const IP = 'ip';

const run = (program: string, args: readonly string[], input?: string) =>
  execFileSync(program, args, { encoding: 'utf8', ...(input !== undefined && { input }) });

/** One end of a cable: the place it plugs into, what it is called there, and its address with the network's size. */
export type CableEnd = { readonly place: Namespace; readonly device: string; readonly address: string };

/** Needs root. Whatever is started here, `close` ends. */
export class Namespaces {
  readonly #places: Namespace[] = [];
  /** Of this machine's files, for as long as the networks are there. */
  readonly folder: string;

  constructor() {
    if (process.getuid?.() !== 0) throw new Error('Networks of our own need root. Run the rig as root.');
    sweep();
    this.folder = mkdtempSync(join(tmpdir(), `${PREFIX}-net-`));
  }

  add(name: string): Namespace {
    const place = new Namespace(`${PREFIX}-${process.pid}-${name}`, this.folder);
    this.#places.push(place);
    place.ip('link', 'set', 'lo', 'up');
    return place;
  }

  connect(one: CableEnd, other: CableEnd): void {
    const names = [one.device, 'netns', one.place.name, 'type', 'veth', 'peer', 'name', other.device];
    run(IP, ['link', 'add', ...names, 'netns', other.place.name]);
    for (const { place, device, address } of [one, other]) place.address(device, address);
  }

  async close(): Promise<void> {
    // A process keeps its network, so networks go last.
    await Promise.allSettled(this.#places.map((place) => place.endAll()));
    rmSync(this.folder, { recursive: true, force: true });
    for (const place of this.#places) run(IP, ['netns', 'del', place.name]);
  }
}

/** Takes away what a run left behind that was killed: its networks, and what still runs in them. */
function sweep(): void {
  for (const line of run(IP, ['netns', 'list']).split('\n')) {
    const [, name, pid] = /^(telepresent-(\d+)-\S+)/.exec(line) ?? [];
    if (!name || existsSync(`/proc/${pid}`)) continue;
    for (const left of run(IP, ['netns', 'pids', name]).split('\n').filter(Boolean)) kill(Number(left));
    run(IP, ['netns', 'del', name]);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended with its parent a moment ago.
  }
}

export class Namespace {
  readonly name: string;
  readonly #folder: string;
  readonly #children: ChildProcess[] = [];
  #maker: ChildProcess | undefined;
  #asked = 0;

  constructor(name: string, folder: string) {
    this.name = name;
    this.#folder = folder;
    run(IP, ['netns', 'add', name]);
    // A device's own address would otherwise appear after a second or two, and browsers drop what they load when addresses change.
    this.exec('sysctl', '-qw', 'net.ipv6.conf.all.accept_dad=0', 'net.ipv6.conf.default.accept_dad=0');
  }

  ip(...args: string[]): string {
    return run(IP, ['-n', this.name, ...args]);
  }

  address(device: string, address: string): void {
    // An IPv6 address is otherwise held back until nobody has answered to it for a second.
    this.ip('addr', 'add', address, 'dev', device, ...(address.includes(':') ? ['nodad'] : []));
    this.ip('link', 'set', device, 'up');
  }

  /** Whatever has no better way goes to this neighbour. */
  defaultRoute(gateway: string): void {
    this.route('default', gateway);
  }

  route(network: string, gateway: string): void {
    this.ip('route', 'add', network, 'via', gateway);
  }

  /** Passes on what is not its own. */
  forward(): void {
    this.exec('sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1');
  }

  /** nftables' own language. */
  filter(rules: string): void {
    run(IP, ['netns', 'exec', this.name, 'nft', '-f', '-'], rules);
  }

  exec(program: string, ...args: string[]): string {
    return run(IP, ['netns', 'exec', this.name, program, ...args]);
  }

  spawn(program: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
    const child = spawn(IP, ['netns', 'exec', this.name, program, ...args], options);
    this.#children.push(child);
    return child;
  }

  /** A program that runs `program` in here, for those who start browsers themselves. */
  wrap(program: string): string {
    const wrapper = join(this.#folder, `${program.split('/').at(-1)}-${this.name}`);
    writeFileSync(wrapper, `#!/bin/sh\nexec ${IP} netns exec ${this.name} ${program} "$@"\n`, { mode: 0o755 });
    return wrapper;
  }

  /** A socket of this process that stands in here. */
  udp(address: string): Promise<DatagramSocket> {
    return this.#socket({ kind: 'udp', address }) as Promise<DatagramSocket>;
  }

  tcp(host: string, port: number): Promise<Socket> {
    return this.#socket({ kind: 'tcp', host, port }) as Promise<Socket>;
  }

  async endAll(): Promise<void> {
    await Promise.all(this.#children.map(end));
  }

  /** A socket belongs to the network of the process that made it, and can be handed to another process. */
  async #socket(wish: object): Promise<DatagramSocket | Socket> {
    if (!this.#maker) {
      const command = ['netns', 'exec', this.name, process.execPath];
      this.#maker = fork(SOCKET_MAKER, [], { execPath: IP, execArgv: command });
      this.#children.push(this.#maker);
    }
    const maker = this.#maker;
    const number = ++this.#asked;
    return new Promise((resolve, reject) => {
      const listen = (answer: { number: number; failed?: string }, socket: DatagramSocket | Socket) => {
        if (answer.number !== number) return;
        maker.off('message', listen as never);
        if (answer.failed === undefined) resolve(socket);
        else reject(new Error(answer.failed));
      };
      maker.on('message', listen as never);
      maker.send({ number, ...wish });
    });
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  const impatient = setTimeout(() => child.kill('SIGKILL'), ENDED_WITHIN_MS);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(impatient);
}
