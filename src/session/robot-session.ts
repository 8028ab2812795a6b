/** The robot's story: lend eyes and ears, introduce yourself, let one person drive; sees rooms only by their doors. */
import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals-core';
import type { BoardState } from '../board/driver.ts';
import type { BoardDoor } from '../board/lasting-board.ts';
import { DEFAULT_DRIVE, type DriveSettings } from '../control/drive-settings.ts';
import type { Clock } from '../core/clock.ts';
import { asFault, Fault } from '../core/fault.ts';
import type { TransportId } from '../core/transport-id.ts';
import type { Capture } from '../media/capture.ts';
import type { Source } from '../media/devices.ts';
import type { Broker, BrokerState, Link } from '../net/link.ts';
import { type BoardTrouble, encodeMessage, type Message, type Refusal } from '../protocol/messages.ts';
import type { Settings } from '../storage/settings.ts';
import type { Identity } from '../trust/identity.ts';
import { keepOneBoard } from './robot-board.ts';
import { type Guestbook, keepGuestbook } from './robot-guestbook.ts';
import { keepLookers } from './robot-lookers.ts';
import { keepPeople, type People } from './robot-people.ts';
import { openReception } from './robot-reception.ts';
import { holdReins } from './robot-reins.ts';
import { ANY_CAMERA, firstCamera, lendSense, showWhile } from './robot-senses.ts';
import { type RobotAddress, type RobotSession, type RobotState, SIMULATED_CAMERA } from './robot-state.ts';
import { keepVisits } from './robot-visits.ts';

/** Guests' time runs out on the second. */
const REVIEW_EVERY_MS = 1_000;
const NAME_AT_FIRST = 'Rover';

export type RobotRooms = {
  readonly clock: Clock;
  readonly settings: Settings;
  /** Wall-clock milliseconds. */
  readonly today: () => number;
  /** Resolves when no other page of this browser is the robot; calls `taken` when that takes long. */
  readonly claimPlace: (taken: () => void, signal: AbortSignal) => Promise<void>;
  /** @throws {Fault} insecure */
  readonly identity: () => Promise<{ readonly identity: Identity; readonly lasting: boolean }>;
  /** Resolves as soon as there is something that tries; its state says how far it came. @throws {Fault} */
  readonly joinBroker: (identity: Identity, relayOnly: () => boolean, signal: AbortSignal) => Promise<Broker>;
  /** Lets who types a code find this robot, until `signal` aborts. @throws {Fault} */
  readonly announceCode: (identity: Identity, lookup: string, signal: AbortSignal) => Promise<void>;
  /** The links by which a pilot comes to this id with this secret. */
  readonly addressOf: (id: string, secret: string) => RobotAddress;
  readonly boards: Readonly<Record<TransportId, BoardDoor>>;
  readonly pose: RobotSession['pose'];
  readonly openCamera: (id: string, signal: AbortSignal) => Promise<Capture>;
  readonly openMicrophone: (id: string, signal: AbortSignal) => Promise<Capture>;
  /** Calls at once and whenever devices come or go. */
  readonly devices: (
    found: (cameras: readonly Source[], microphones: readonly Source[]) => void,
    signal: AbortSignal,
  ) => () => void;
  readonly wakeLock: (signal: AbortSignal) => RobotSession['wakeLock'];
  readonly visible: (signal: AbortSignal) => ReadonlySignal<boolean>;
};

export function startRobot(rooms: RobotRooms): RobotSession {
  const { clock, settings } = rooms;
  const life = new AbortController();
  const state = signal<RobotState>({ at: 'off' });
  const brokerState = signal<BrokerState>({ at: 'joining' });
  const name = signal(NAME_AT_FIRST);
  const drive = signal<DriveSettings>(DEFAULT_DRIVE);
  const lasting = signal(true);
  const relayOnly = signal(false);
  const relayFault = signal<Fault | undefined>(undefined);
  const door = signal<{ readonly people: People; readonly guestbook: Guestbook } | undefined>(undefined);
  const { today } = rooms;
  const visible = rooms.visible(life.signal);
  let broker: Broker | undefined;
  // Both come with the first breath of the page, before anybody can ring.
  let people!: People;
  let guestbook!: Guestbook;

  // A hidden page is slowed and its camera may freeze. What is simulated runs in a worker and can hit nobody, so that both
  // pages may be tabs of one window.
  const awake = computed(() => visible.value || boards.kind.value === 'simulated');
  const reins = holdReins({
    clock,
    board: () => boards.board.peek(),
    drive: () => drive.peek(),
    awake: () => awake.peek(),
    pathRoundTripMs: () => visits.link.peek()?.vitals.peek().roundTripMs,
    today,
    slept: () => visits.renewLease(),
    stopped: () => tellStopped(),
    signal: life.signal,
  });
  const boards = keepOneBoard({
    doors: rooms.boards,
    remember: (kind) => void settings.set('boardKind', kind),
    clock,
    signal: life.signal,
  });
  // A board that says it rests is believed: power it refuses is no power, and sticks come back to rest first.
  const heedBoard = effect(() => {
    if ((boards.board.value?.rests.value ?? 0) > 0) untracked(reins.disarm);
  });
  // A board that comes while the stop is latched is latched too.
  const latchBoard = effect(() => {
    const arrived = boards.board.value;
    untracked(() => reins.stoppedBy.peek() !== undefined && arrived?.latch());
  });
  // One that was stopped before this page remembers is stopped until somebody who may clears it.
  const heedKept = effect(() => {
    const kept = boards.board.value?.keptStop.value ? boards.board.value.state.value : undefined;
    if (kept?.at === 'ready') untracked(() => reins.stop(kept.label));
  });
  for (const unwatch of [heedBoard, latchBoard, heedKept])
    life.signal.addEventListener('abort', unwatch, { once: true });
  // Whatever the board was doing, it begins again at rest.
  const unwatchBoard = effect(() => {
    if (boards.state.value.at !== 'ready') untracked(reins.disarm);
  });
  life.signal.addEventListener('abort', unwatchBoard, { once: true });
  const relist = rooms.devices((cameras, microphones) => {
    camera.list(cameras);
    microphone.list(microphones);
  }, life.signal);
  const camera = lendSense({
    open: rooms.openCamera,
    subject: 'camera',
    remember: (id) => void settings.set('camera', id ?? ''),
    opened: () => relist(),
    clock,
    signal: life.signal,
  });
  const microphone = lendSense({
    open: rooms.openMicrophone,
    subject: 'microphone',
    remember: (id) => void settings.set('microphone', id ?? ''),
    opened: () => relist(),
    clock,
    signal: life.signal,
  });

  // Real wheels are never driven by the picture of a drawn room.
  const unwatchCamera = effect(() => {
    if (boards.kind.value === 'simulated' || camera.chosen.value !== SIMULATED_CAMERA) return;
    untracked(() => void camera.choose(ANY_CAMERA));
  });
  life.signal.addEventListener('abort', unwatchCamera, { once: true });

  /** Eyes, ears and how the robot is, for as long as `visiting` lives. */
  const lend = (guest: Link, visiting: AbortSignal) => {
    showWhile(guest, camera.track, visiting);
    showWhile(guest, microphone.track, visiting);
    const unwatch = effect(() => {
      const status: Message = {
        type: 'status',
        board: boards.state.value.at === 'ready' ? boards.state.value.name : undefined,
        boardTrouble: boardTrouble(boards.state.value, boards.comes.value),
        awake: awake.value,
        batteryLow: reins.batteryLow.value,
        camera: camera.track.value !== undefined,
        microphone: microphone.track.value !== undefined,
      };
      guest.messages.send(encodeMessage(status));
    });
    visiting.addEventListener('abort', unwatch, { once: true });
  };
  const tellStopped = () =>
    visits.tell({ type: 'stopped', by: reins.stoppedBy.peek() ?? name.peek(), press: reins.stopPress.peek() });
  const clearStop = () => {
    reins.clearStop();
    visits.tell({ type: 'cleared' });
  };
  const visits = keepVisits({
    clock,
    reins,
    robotName: name,
    simulated: () => boards.kind.peek() === 'simulated',
    lend,
    note: (who) => guestbook.note(who),
    clearStop,
    fellSilent: () => broker?.rejoin(),
    signal: life.signal,
  });
  const lookers = keepLookers({
    clock,
    robotName: name,
    driverName: computed(() => visits.driver.value?.name),
    signal: life.signal,
  });
  const follow = effect(() => {
    const { at } = state.peek();
    const now = visits.state.value;
    if (at !== 'off' && at !== 'failed') state.value = now;
  });
  life.signal.addEventListener('abort', follow, { once: true });

  /** Whoever is here and no longer may be goes at once, in the middle of a drive too. */
  const review = () => {
    const goes = ({ who }: { readonly who: string }): Refusal | undefined => {
      if (people.roleOf(who)) return undefined;
      return people.people.peek().some(({ id }) => id === who) ? 'expired' : 'revoked';
    };
    visits.review(goes, (who) => people.roleOf(who)?.role);
    lookers.review(goes);
  };

  const wakeUp = async () => {
    const taken = () => {
      state.value = { at: 'failed', fault: new Fault('in-use', 'robot', 'another tab is this robot') };
    };
    await rooms.claimPlace(taken, life.signal);
    if (life.signal.aborted) return;
    state.value = { at: 'off' };
    const [oldName, oldDrive, kind, oldCamera, oldMicrophone, oldStop, oldRelayOnly] = await Promise.all([
      settings.get('robotName'),
      settings.get('drive'),
      settings.get('boardKind'),
      settings.get('camera'),
      settings.get('microphone'),
      settings.get('stoppedBy'),
      settings.get('relayOnly'),
    ]);
    if (life.signal.aborted) return;
    if (oldName) name.value = oldName;
    if (oldDrive) drive.value = oldDrive;
    if (oldRelayOnly) relayOnly.value = true;
    // A stop outlives the page: only clearing it ends it.
    if (oldStop) reins.stop(oldStop);
    const rememberStop = effect(() => void settings.set('stoppedBy', reins.stoppedBy.value ?? ''));
    life.signal.addEventListener('abort', rememberStop, { once: true });
    void boards.reopen(kind ?? 'simulated');
    // An empty choice was a choice: off.
    if (oldCamera !== '') void camera.choose(firstCamera(oldCamera, (kind ?? 'simulated') === 'simulated'));
    if (oldMicrophone) void microphone.choose(oldMicrophone);
    const { identity, lasting: kept } = await rooms.identity();
    lasting.value = kept;
    people = await keepPeople({
      settings,
      clock,
      today,
      addressOf: (secret) => rooms.addressOf(identity.id, secret),
      announce: (lookup, signal) => rooms.announceCode(identity, lookup, signal),
      signal: life.signal,
    });
    guestbook = await keepGuestbook(settings, today);
    if (life.signal.aborted) return;
    door.value = { people, guestbook };
    const watchPeople = effect(() => {
      if (people.people.value) untracked(review);
    });
    life.signal.addEventListener('abort', watchPeople, { once: true });
    clock.every(REVIEW_EVERY_MS, review, life.signal);
    broker = await rooms.joinBroker(identity, () => relayOnly.peek(), life.signal);
    for (const unwatch of [
      broker.state.subscribe((now) => {
        brokerState.value = now;
        // A broker that was away has forgotten the code.
        if (now.at === 'joined') people.open();
      }),
      broker.relay.subscribe((fault) => {
        relayFault.value = fault;
      }),
    ]) {
      life.signal.addEventListener('abort', unwatch, { once: true });
    }
    const receive = openReception({ identity, people, visits, lookers, clock, signal: life.signal });
    broker.answer((guest) => receive(guest).catch(() => guest.close()), life.signal);
    state.value = visits.state.peek();
  };
  wakeUp().catch((error: unknown) => {
    if (life.signal.aborted) return;
    state.value = { at: 'failed', fault: asFault(error, 'unreachable', 'broker') };
  });

  return {
    state,
    invitation: computed(() => door.value?.people.invitation.value),
    asking: computed(() => door.value?.people.asking.value),
    people: computed(() => door.value?.people.people.value ?? []),
    guestLinks: computed(() => door.value?.people.guestLinks.value ?? []),
    pastVisits: computed(() => door.value?.guestbook.pastVisits.value ?? []),
    company: visits.company,
    lasting,
    relayOnly,
    relayFault,
    broker: brokerState,
    failsafe: reins.failsafe,
    stoppedBy: reins.stoppedBy,
    stopPress: reins.stopPress,
    told: reins.told,
    speedCap: reins.speedCap,
    loopDelayMs: reins.loopDelayMs,
    frameAge: reins.frameAge,
    vitals: computed(() => visits.link.value?.vitals.value),
    refusedFrames: computed(() => reins.refused.value + visits.malformed.value),
    name,
    drive,
    boardKind: boards.kind,
    board: boards.state,
    boardFault: boards.fault,
    boardCounts: boards.counts,
    batteryMv: boards.batteryMv,
    pose: rooms.pose,
    cameras: camera.sources,
    microphones: microphone.sources,
    camera: camera.chosen,
    microphone: microphone.chosen,
    picture: camera.track,
    cameraFault: camera.fault,
    microphoneFault: microphone.fault,
    voice: computed(() => visits.link.value?.remoteTracks.value.find((track) => track.kind === 'audio')),
    wakeLock: rooms.wakeLock(life.signal),
    rename(next) {
      name.value = next.trim().slice(0, 24) || NAME_AT_FIRST;
      void settings.set('robotName', name.peek());
    },
    tune(next) {
      drive.value = next;
      void settings.set('drive', next);
    },
    async chooseBoard(kind, another = false) {
      await boards.choose(kind, another);
      if (kind === 'simulated' && boards.kind.peek() === kind) void camera.choose(SIMULATED_CAMERA);
    },
    chooseCamera: (id) => camera.choose(id),
    chooseMicrophone: (id) => microphone.choose(id),
    stop: () => void reins.stop(name.peek()),
    clearStop,
    letIn: (as, untilMs) => people?.letIn(as, untilMs),
    turnDown: () => people?.turnDown(),
    renewInvitation: () => people?.renewInvitation(),
    makeGuestLink: async (untilMs) => people?.makeGuestLink(untilMs),
    dropGuestLink: (id) => people?.dropGuestLink(id),
    revoke: (who) => people?.revoke(who),
    giveTo: visits.giveTo,
    dismiss: (visit) =>
      visits.review(
        (one) => (one.visit === visit ? 'dismissed' : undefined),
        () => undefined,
      ),
    hideAddress(on) {
      relayOnly.value = on;
      void settings.set('relayOnly', on);
    },
    close() {
      visits.closeAll();
      boards.board.peek()?.stop();
      life.abort();
    },
  };
}

/** Undefined: it is ready, or comes by itself when it can. */
function boardTrouble(state: BoardState, comes: boolean): BoardTrouble | undefined {
  if (comes) return undefined;
  switch (state.at) {
    case 'none':
      return 'none';
    case 'waking':
    case 'ready':
    case 'returning':
      return undefined;
    case 'gone': {
      const code = state.end.why === 'lost' ? state.end.fault.code : undefined;
      if (code === 'unsafe') return 'unsafe';
      return code === 'wrong-version' || code === 'wrong-protocol' ? 'foreign' : 'ended';
    }
    default:
      return state satisfies never;
  }
}
