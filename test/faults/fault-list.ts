/** Everything that can go wrong between a hand and a wheel, as data, and which of it happens under a seed; knows no page and no simulation. */
import { type Chance, seeded } from './seeded.ts';

export type Side = 'robot' | 'pilot';

/** What each kind needs to know besides when it begins and how long it lasts. */
type Parameters = {
  /** Nothing passes, either way. */
  blackout: object;
  /** Nothing passes in one direction, towards this side. */
  'one-way-loss': { readonly toward: Side };
  /** Packets are lost one by one, either way. `share` 0…1. */
  loss: { readonly share: number };
  /** Packets are lost in bursts: the share of time in a burst, and how many packets one takes on average. */
  'bursty-loss': { readonly share: number; readonly packets: number };
  /** Each packet takes anything up to so much longer. */
  jitter: { readonly upToMs: number };
  /** Nothing passes, and what was sent meanwhile arrives afterwards, all at once. */
  'outage-replayed': object;
  /** The path carries no more than this and queues the rest. */
  'rate-collapse': { readonly kbps: number };
  duplicates: { readonly share: number };
  /** This share of packets takes so much longer, so that later ones overtake. */
  reordering: { readonly share: number; readonly byMs: number };
  /** The old path is dead for good and another one, as long as this one way, takes its place. */
  'path-change': { readonly delayMs: number };
  /** The broker is gone for as long as it lasts; both pages find it again afterwards. */
  'broker-killed': object;
  /** The broker comes back at once and has forgotten everybody. */
  'broker-restarted': object;
  /** The relay, where links through it die; fresh ones find another way. */
  'relay-killed': object;
  /** The tab is closed, and opened again at the end. */
  'page-closed': { readonly side: Side };
  /** As with SIGKILL: no goodbye. Opened again at the end. */
  'page-crashed': { readonly side: Side };
  /** As with SIGSTOP: neither code nor timers nor network. */
  'page-frozen': { readonly side: Side };
  'page-hidden': { readonly side: Side };
  /** The page's own thread is busy: what comes waits, workers and network go on. */
  'thread-blocked': { readonly side: Side };
  /** While it is pushed; it comes back at the end. */
  'gamepad-unplugged': object;
  /** It goes on reporting what it reported last. */
  'gamepad-stale': object;
  /** Out of the robot while it moves, and in again at the end. */
  'usb-unplugged': object;
  'board-reset': object;
  /** It does nothing any more until its hardware watchdog bites. */
  'board-hung': object;
  /** Bytes of chance come from it instead of its own. */
  'board-garbage': object;
  /** Of what is said to it and by it. `share` 0…1. */
  'board-loses-bytes': { readonly share: number };
  /** The wall clock; the monotonic one does not jump. */
  'clock-jumped': { readonly side: Side; readonly byMs: number };
  /** From the beginning; positive is fast. */
  'clock-drift': { readonly side: Side; readonly ppm: number };
  /** Somebody else comes and wants to drive too. */
  'second-pilot': { readonly wants: 'ask' | 'take' };
  'e-stop': { readonly by: 'driver' | 'robot' | 'watcher' };
  /** No picture any more, until the end. */
  'camera-stopped': object;
};

export type FaultKind = keyof Parameters;

/** `atMs` counts from the moment the hand first drives. `forMs` is 0 for what happens at once. */
export type Fault = {
  [Kind in FaultKind]: { readonly kind: Kind; readonly atMs: number; readonly forMs: number } & Parameters[Kind];
}[FaultKind];

/** What the hand does to the stick: nothing else than these, one after the other, and then from the first again. */
export type Push = { readonly x: number; readonly y: number; readonly forMs: number };

export type Schedule = {
  readonly seed: number;
  /** Of an ordinary path, one way. `loss` 0…1. */
  readonly path: { readonly delayMs: number; readonly jitterMs: number; readonly loss: number };
  readonly pushes: readonly Push[];
  /** In order of time. */
  readonly faults: readonly Fault[];
};

/** Each kind in words, and how it is drawn. */
type Entry<Kind extends FaultKind> = {
  readonly says: string;
  /** How often it is drawn against others. */
  readonly weight: number;
  readonly draw: (chance: Chance) => Omit<Extract<Fault, { kind: Kind }>, 'kind' | 'atMs'>;
};

const LONGEST_OUTAGE_MS = 10_000;

/** Most breaks are short; some are as long as it takes to lose everything. */
function breakMs(chance: Chance): number {
  return Math.round(chance.happens(0.8) ? chance.between(60, 1_500) : chance.between(1_500, 6_000));
}

/** As long as an outage may be. */
function outageMs(chance: Chance): number {
  return Math.round(chance.happens(0.8) ? chance.between(1_000, 3_000) : chance.between(3_000, LONGEST_OUTAGE_MS));
}

/** Long enough, half the time, that what repeats an old value is found out. */
function staleMs(chance: Chance): number {
  return Math.round(chance.happens(0.5) ? chance.between(60, 1_500) : chance.between(2_000, 9_000));
}

const side = (chance: Chance): Side => chance.pick(['robot', 'pilot']);

export const FAULTS: { readonly [Kind in FaultKind]: Entry<Kind> } = {
  blackout: { says: 'nothing passes', weight: 3, draw: (chance) => ({ forMs: breakMs(chance) }) },
  'one-way-loss': {
    says: 'nothing passes in one direction',
    weight: 3,
    draw: (chance) => ({ forMs: breakMs(chance), toward: side(chance) }),
  },
  loss: {
    says: 'packets are lost',
    weight: 2,
    draw: (chance) => ({ forMs: breakMs(chance), share: chance.between(0.05, 0.4) }),
  },
  'bursty-loss': {
    says: 'packets are lost in bursts',
    weight: 2,
    draw: (chance) => ({
      forMs: breakMs(chance),
      share: chance.between(0.05, 0.4),
      packets: chance.between(2, 15),
    }),
  },
  jitter: {
    says: 'packets take longer by chance',
    weight: 2,
    draw: (chance) => ({ forMs: breakMs(chance), upToMs: chance.between(20, 200) }),
  },
  'outage-replayed': {
    says: 'nothing passes, then all at once',
    weight: 4,
    draw: (chance) => ({ forMs: outageMs(chance) }),
  },
  'rate-collapse': {
    says: 'the path carries next to nothing',
    weight: 2,
    draw: (chance) => ({ forMs: breakMs(chance), kbps: chance.between(4, 40) }),
  },
  duplicates: {
    says: 'packets come twice',
    weight: 2,
    draw: (chance) => ({ forMs: breakMs(chance), share: chance.between(0.1, 1) }),
  },
  reordering: {
    says: 'packets overtake each other',
    weight: 2,
    draw: (chance) => ({ forMs: breakMs(chance), share: chance.between(0.1, 0.5), byMs: chance.between(20, 200) }),
  },
  'path-change': {
    says: 'the network changes',
    weight: 3,
    draw: (chance) => ({ forMs: 0, delayMs: chance.between(2, 120) }),
  },
  'broker-killed': { says: 'the broker is gone', weight: 2, draw: (chance) => ({ forMs: breakMs(chance) }) },
  'broker-restarted': { says: 'the broker restarts', weight: 1, draw: () => ({ forMs: 0 }) },
  'relay-killed': { says: 'the relay is gone', weight: 1, draw: (chance) => ({ forMs: breakMs(chance) }) },
  'page-closed': {
    says: 'a tab is closed and opened again',
    weight: 2,
    draw: (chance) => ({ forMs: breakMs(chance), side: side(chance) }),
  },
  'page-crashed': {
    says: 'a tab crashes and is opened again',
    weight: 2,
    draw: (chance) => ({ forMs: breakMs(chance), side: side(chance) }),
  },
  'page-frozen': {
    says: 'a tab is frozen',
    weight: 2,
    draw: (chance) => ({ forMs: breakMs(chance), side: side(chance) }),
  },
  'page-hidden': {
    says: 'a tab is hidden',
    weight: 2,
    draw: (chance) => ({ forMs: breakMs(chance), side: side(chance) }),
  },
  'thread-blocked': {
    says: 'a page is busy',
    weight: 3,
    draw: (chance) => ({ forMs: chance.happens(0.3) ? 5_000 : breakMs(chance), side: side(chance) }),
  },
  'gamepad-unplugged': {
    says: 'the gamepad is pulled out while pushed',
    weight: 2,
    draw: (chance) => ({ forMs: breakMs(chance) }),
  },
  'gamepad-stale': {
    says: 'the gamepad repeats an old value',
    weight: 2,
    draw: (chance) => ({ forMs: staleMs(chance) }),
  },
  'usb-unplugged': { says: 'the cable is pulled out', weight: 2, draw: (chance) => ({ forMs: breakMs(chance) }) },
  'board-reset': { says: 'the board resets', weight: 2, draw: () => ({ forMs: 0 }) },
  'board-hung': { says: 'the board hangs', weight: 2, draw: () => ({ forMs: 0 }) },
  'board-garbage': { says: 'the board says nonsense', weight: 1, draw: (chance) => ({ forMs: breakMs(chance) }) },
  'board-loses-bytes': {
    says: 'bytes to and from the board are lost',
    weight: 2,
    draw: (chance) => ({ forMs: breakMs(chance), share: chance.between(0.01, 0.3) }),
  },
  'clock-jumped': {
    says: 'a wall clock jumps by up to an hour',
    weight: 1,
    draw: (chance) => ({ forMs: 0, side: side(chance), byMs: Math.round(chance.between(-3_600_000, 3_600_000)) }),
  },
  'clock-drift': {
    says: 'a clock is fast or slow',
    weight: 1,
    draw: (chance) => ({ forMs: 0, side: side(chance), ppm: chance.between(-200, 200) }),
  },
  'second-pilot': {
    says: 'somebody else wants to drive',
    weight: 2,
    draw: (chance) => ({ forMs: 0, wants: chance.pick(['ask', 'take']) }),
  },
  'e-stop': {
    says: 'somebody presses STOP',
    weight: 4,
    draw: (chance) => ({ forMs: 0, by: chance.pick(['driver', 'driver', 'robot', 'watcher']) }),
  },
  'camera-stopped': { says: 'the camera stops', weight: 2, draw: (chance) => ({ forMs: breakMs(chance) }) },
};

export const FAULT_KINDS = Object.keys(FAULTS) as readonly FaultKind[];

/** One fault of this kind, as `chance` has it. */
export function drawnFault(kind: FaultKind, atMs: number, chance: Chance): Fault {
  return { kind, atMs, ...FAULTS[kind].draw(chance) } as Fault;
}

/** One to four faults of any kinds, most of them close enough together to meet. `kinds` leaves out what a rig can't do. */
export function scheduleOf(seed: number, kinds: readonly FaultKind[] = FAULT_KINDS): Schedule {
  const chance = seeded(seed);
  const path = {
    delayMs: Math.round(chance.between(1, 80)),
    jitterMs: Math.round(chance.between(0, 15)),
    loss: chance.happens(0.5) ? 0 : chance.between(0, 0.05),
  };
  const pushes = Array.from({ length: chance.whole(2, 4) }, (): Push => ({ ...aPush(chance), forMs: pushMs(chance) }));
  // Somebody who only lets go never drives.
  pushes.push({ x: 0, y: -0.8, forMs: pushMs(chance) });
  const first = chance.between(300, 1_500);
  const faults = Array.from({ length: chance.whole(1, 4) }, (_, i) =>
    drawnFault(weighted(kinds, chance), Math.round(i === 0 ? first : first + chance.between(-200, 1_500)), chance),
  ).sort((one, other) => one.atMs - other.atMs);
  return { seed: seed >>> 0, path, pushes, faults };
}

/** When the last of it is over, on the clock of `atMs`. */
export function calmAtMs({ faults }: Schedule): number {
  return Math.max(0, ...faults.map(({ atMs, forMs }) => atMs + forMs));
}

/** One line for people: what happens, when, with which numbers. */
export function inWords(fault: Fault): string {
  const { kind, atMs, forMs, ...rest } = fault;
  const details = Object.entries(rest).map(([key, value]) => {
    return `${key} ${typeof value === 'number' ? Math.round(value * 100) / 100 : value}`;
  });
  const during = forMs > 0 ? ` for ${forMs} ms` : '';
  return `at ${atMs} ms${during}: ${FAULTS[kind].says}${details.length > 0 ? ` (${details.join(', ')})` : ''}`;
}

/** Well away from rest, so that a push is one; every eighth lets go. */
function aPush(chance: Chance): { readonly x: number; readonly y: number } {
  if (chance.happens(1 / 8)) return { x: 0, y: 0 };
  const y = chance.between(0.4, 1) * chance.pick([-1, -1, 1]);
  return { x: chance.happens(0.3) ? chance.between(-1, 1) : 0, y };
}

function pushMs(chance: Chance): number {
  return Math.round(chance.between(150, 2_000));
}

function weighted(kinds: readonly FaultKind[], chance: Chance): FaultKind {
  let left = chance.number() * kinds.reduce((sum, kind) => sum + FAULTS[kind].weight, 0);
  for (const kind of kinds) {
    left -= FAULTS[kind].weight;
    if (left < 0) return kind;
  }
  return kinds[0]!;
}
