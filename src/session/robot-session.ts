/** The robot's story: lend eyes and ears, introduce yourself, let one person drive; sees rooms only by their doors. */
import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals-core';
import type { BoardDoor } from '../board/lasting-board.ts';
import { DEFAULT_DRIVE, type DriveSettings } from '../control/drive-settings.ts';
import { grant, holds, type Lease, noLease, release } from '../control/lease.ts';
import { listened, noSilence } from '../control/silence.ts';
import type { Clock } from '../core/clock.ts';
import { asFault } from '../core/fault.ts';
import type { TransportId } from '../core/transport-id.ts';
import type { Capture } from '../media/capture.ts';
import type { Source } from '../media/devices.ts';
import type { Broker, BrokerState, Link } from '../net/link.ts';
import { decodeMessage, encodeMessage, type Message, PROTOCOL_VERSION } from '../protocol/messages.ts';
import type { Settings } from '../storage/settings.ts';
import { keepOneBoard } from './robot-board.ts';
import { answerDoor, type Hello, turnAway } from './robot-door.ts';
import { holdReins } from './robot-reins.ts';
import { ANY_CAMERA, firstCamera, lendSense } from './robot-senses.ts';
import { type RobotAddress, type RobotSession, type RobotState, SIMULATED_CAMERA } from './robot-state.ts';

/** Silence after which the page says that the pilot dropped out; a lost tab sends nothing, not even a goodbye. */
const DROPPED_AFTER_MS = 700;
/** Silence after which the place is free for others. */
const RELEASED_AFTER_MS = 6_000;
const LISTEN_EVERY_MS = 50;
const NAME_AT_FIRST = 'Rover';

export type RobotRooms = {
  readonly clock: Clock;
  readonly settings: Settings;
  readonly newId: () => string;
  /** Resolves as soon as there is something that tries; its state says how far it came. @throws {Fault} */
  readonly joinBroker: (id: string, signal: AbortSignal) => Promise<Broker>;
  /** The links that a pilot opens to reach this id. */
  readonly addressOf: (id: string) => RobotAddress;
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
  const address = signal<RobotAddress | undefined>(undefined);
  const brokerState = signal<BrokerState>({ at: 'joining' });
  const name = signal(NAME_AT_FIRST);
  const drive = signal<DriveSettings>(DEFAULT_DRIVE);
  const link = signal<Link | undefined>(undefined);
  const malformed = signal(0);
  const visible = rooms.visible(life.signal);
  let lease: Lease = noLease();
  /** All that is done for the pilot who is here. */
  let service = new AbortController();

  // A hidden page is slowed and its camera may freeze. What is simulated runs in a worker and can hit nobody, so that both
  // pages may be tabs of one window.
  const awake = computed(() => visible.value || boards.kind.value === 'simulated');
  const reins = holdReins({
    clock,
    board: () => boards.board.peek(),
    drive: () => drive.peek(),
    awake: () => awake.peek(),
    pathRoundTripMs: () => link.peek()?.vitals.peek().roundTripMs,
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
  for (const unwatch of [heedBoard, latchBoard]) life.signal.addEventListener('abort', unwatch, { once: true });
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
    signal: life.signal,
  });
  const microphone = lendSense({
    open: rooms.openMicrophone,
    subject: 'microphone',
    remember: (id) => void settings.set('microphone', id ?? ''),
    opened: () => relist(),
    signal: life.signal,
  });

  // Real wheels are never driven by the picture of a drawn room.
  const unwatchCamera = effect(() => {
    if (boards.kind.value === 'simulated' || camera.chosen.value !== SIMULATED_CAMERA) return;
    untracked(() => void camera.choose(ANY_CAMERA));
  });
  life.signal.addEventListener('abort', unwatchCamera, { once: true });

  const say = (to: Link, message: Message) => to.messages.send(encodeMessage(message));

  const greet = (guest: Link) =>
    answerDoor({
      guest,
      clock,
      mayEnter: (visit) => lease.holder === undefined || holds(lease, visit),
      welcome: serve,
      signal: life.signal,
    });

  /** One person sees, hears and drives until the link ends, somebody sends them away, or they come back on a new link. */
  const serve = (guest: Link, { visit, name: pilot }: Hello) => {
    const before = link.peek();
    lease = grant(lease, visit);
    const { epoch } = lease;
    // A page that redialled listens there no more; a twin of it, such as a copied tab, learns why and stays away.
    if (before) turnAway(before, 'replaced', clock, life.signal);
    service = new AbortController();
    const serving = service;
    link.value = guest;
    const sinceMs = clock.now();
    state.value = { at: 'driven', name: pilot, sinceMs };
    guest.messages.receive((bytes) => hear(bytes, pilot), serving.signal);
    say(guest, {
      type: 'welcome',
      version: PROTOCOL_VERSION,
      name: name.peek(),
      epoch,
      simulated: boards.kind.peek() === 'simulated',
    });
    if (reins.stoppedBy.peek() !== undefined) say(guest, { type: 'stopped', by: reins.stoppedBy.peek()! });
    reins.give(epoch, pilot, guest.control, serving.signal);
    showWhile(guest, camera.track, serving.signal);
    showWhile(guest, microphone.track, serving.signal);
    const unwatch = effect(() => {
      say(guest, {
        type: 'status',
        board: boards.state.value.at === 'ready' ? boards.state.value.name : undefined,
        awake: awake.value,
        batteryLow: reins.batteryLow.value,
        camera: camera.track.value !== undefined,
        microphone: microphone.track.value !== undefined,
      });
    });
    serving.signal.addEventListener('abort', unwatch, { once: true });

    let silence = noSilence(sinceMs);
    clock.every(
      LISTEN_EVERY_MS,
      () => {
        silence = listened(silence, reins.heardAtMs(), clock.now(), 2 * LISTEN_EVERY_MS);
        const silentMs = silence.ms;
        if (silentMs > RELEASED_AFTER_MS) guest.close();
        else if (silentMs > DROPPED_AFTER_MS) {
          if (state.peek().at === 'driven')
            state.value = { at: 'dropped', name: pilot, sinceMs: clock.now() - silentMs };
        } else if (state.peek().at === 'dropped') state.value = { at: 'driven', name: pilot, sinceMs };
      },
      serving.signal,
    );
    void guest.closed.then((end) => {
      serving.abort();
      if (link.peek() !== guest) return;
      link.value = undefined;
      if (end.why === 'asked') return leave();
      const lostAtMs = clock.now();
      state.value = { at: 'dropped', name: pilot, sinceMs: lostAtMs };
      clock.after(RELEASED_AFTER_MS, () => link.peek() === undefined && lease.epoch === epoch && leave(), life.signal);
    });
  };

  const leave = () => {
    lease = release(lease);
    state.value = { at: 'waiting' };
  };

  const hear = (bytes: Uint8Array, pilot: string) => {
    const decoded = decodeMessage(bytes);
    if (!decoded.ok) {
      malformed.value++;
      return;
    }
    const message = decoded.value;
    switch (message.type) {
      case 'stop':
        return stop(pilot);
      case 'clear':
        return clearStop();
      case 'hello':
      case 'welcome':
      case 'refused':
      case 'status':
      case 'stopped':
      case 'cleared':
      // The link itself ends on a goodbye and negotiates; here they are out of place.
      case 'bye':
      case 'description':
      case 'candidate':
        malformed.value++;
        return;
      default:
        message satisfies never;
    }
  };

  const stop = (by: string) => {
    reins.stop(by);
    if (link.peek()) say(link.peek()!, { type: 'stopped', by: reins.stoppedBy.peek() ?? by });
  };
  const clearStop = () => {
    reins.clearStop();
    if (link.peek()) say(link.peek()!, { type: 'cleared' });
  };

  const wakeUp = async () => {
    const [id, oldName, oldDrive, kind, oldCamera, oldMicrophone, oldStop] = await Promise.all([
      settings.get('robotId'),
      settings.get('robotName'),
      settings.get('drive'),
      settings.get('boardKind'),
      settings.get('camera'),
      settings.get('microphone'),
      settings.get('stoppedBy'),
    ]);
    if (life.signal.aborted) return;
    if (oldName) name.value = oldName;
    if (oldDrive) drive.value = oldDrive;
    const robotId = id ?? rooms.newId();
    if (!id) await settings.set('robotId', robotId);
    // A stop outlives the page: only clearing it ends it.
    if (oldStop) reins.stop(oldStop);
    const rememberStop = effect(() => void settings.set('stoppedBy', reins.stoppedBy.value ?? ''));
    life.signal.addEventListener('abort', rememberStop, { once: true });
    void boards.reopen(kind ?? 'simulated');
    // An empty choice was a choice: off.
    if (oldCamera !== '') void camera.choose(firstCamera(oldCamera, (kind ?? 'simulated') === 'simulated'));
    if (oldMicrophone) void microphone.choose(oldMicrophone);
    const broker = await rooms.joinBroker(robotId, life.signal);
    const unwatchBroker = broker.state.subscribe((now) => {
      brokerState.value = now;
    });
    life.signal.addEventListener('abort', unwatchBroker, { once: true });
    broker.answer(greet, life.signal);
    address.value = rooms.addressOf(robotId);
    state.value = { at: 'waiting' };
  };
  wakeUp().catch((error: unknown) => {
    if (life.signal.aborted) return;
    state.value = { at: 'failed', fault: asFault(error, 'unreachable', 'broker') };
  });

  return {
    state,
    address,
    broker: brokerState,
    failsafe: reins.failsafe,
    stoppedBy: reins.stoppedBy,
    told: reins.told,
    speedCap: reins.speedCap,
    loopDelayMs: reins.loopDelayMs,
    vitals: computed(() => link.value?.vitals.value),
    refusedFrames: computed(() => reins.refused.value + malformed.value),
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
    voice: computed(() => link.value?.remoteTracks.value.find((track) => track.kind === 'audio')),
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
    stop: () => stop(name.peek()),
    clearStop,
    dismiss() {
      const guest = link.peek();
      if (!guest) return;
      service.abort();
      link.value = undefined;
      leave();
      turnAway(guest, 'dismissed', clock, life.signal);
    },
    close() {
      link.peek()?.close();
      boards.board.peek()?.stop();
      life.abort();
    },
  };
}

/** Sends whatever the signal holds, a new track in place of the old. */
function showWhile(link: Link, track: ReadonlySignal<MediaStreamTrack | undefined>, life: AbortSignal): void {
  let showing = new AbortController();
  const unwatch = effect(() => {
    showing.abort();
    showing = new AbortController();
    if (track.value && !life.aborted) link.show(track.value, showing.signal);
  });
  life.addEventListener(
    'abort',
    () => {
      unwatch();
      showing.abort();
    },
    { once: true },
  );
}
