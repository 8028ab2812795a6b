/** The pilot's story: find the robot, look, arm, drive, and come back after a break; sees rooms only by their doors. */
import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals-core';
import { type NotArmed, notArmedBecause } from '../control/arming.ts';
import { BLIND_OVER_MS } from '../control/failsafe.ts';
import type { Clock } from '../core/clock.ts';
import { asFault, type End } from '../core/fault.ts';
import { isNeutral } from '../core/gamepad-state.ts';
import type { PilotInput } from '../input/pilot-input.ts';
import type { Capture } from '../media/capture.ts';
import type { Broker, BrokerState, Link } from '../net/link.ts';
import type { Settings } from '../storage/settings.ts';
import type { Role } from '../trust/allowlist.ts';
import type { Identity } from '../trust/identity.ts';
import { isFinal } from './is-final.ts';
import type { Ticket } from './pilot-greeting.ts';
import { keepLinks, type PilotLinks } from './pilot-links.ts';
import { type Down, outagesNow } from './pilot-outages.ts';
import { keepResuming } from './pilot-resume.ts';
import type { Outage, PilotSession, PilotState } from './pilot-state.ts';
import { type LeaseNews, type PilotVisit, type RobotNews, type Status, visitRobot } from './pilot-visit.ts';
import { lendVoice } from './pilot-voice.ts';

/** Silence after which the page says that the link is lost, and takes the hand off the wheels. */
const LOST_AFTER_MS = 700;
/** Silence that is worth telling. */
const SILENT_AFTER_MS = 300;
const SHOW_EVERY_MS = 100;
/** STOP is said again until the robot says that it stands. */
const STOP_AGAIN_MS = 300;
const NOTICE_EVERY_MS = 10;
/** As the robot has it: whoever slept so long begins anew. */
const SLEPT_OVER_MS = 1_000;
const NOBODY: Omit<LeaseNews, 'type'> = { epoch: 0, asking: [] };
const AWAKE: Omit<Status, 'type' | 'microphone'> = { awake: true, camera: false };

export type PilotRooms = {
  readonly clock: Clock;
  /** Wall-clock milliseconds. */
  readonly today: () => number;
  readonly settings: Settings;
  readonly robotId: string;
  readonly pilotName: string;
  readonly wants: 'drive' | 'watch';
  /** For whoever was not let in before. */
  readonly ticket: Ticket | undefined;
  readonly identity: Identity;
  /** Whether the key could be stored. */
  readonly lasting: boolean;
  /** The same while this tab lives, so that its robot knows who comes back. */
  readonly visit: string;
  readonly random: () => number;
  /** @throws {Fault} */
  readonly joinBroker: (signal: AbortSignal) => Promise<Broker>;
  readonly openInput: (told: { onStop: () => void; onChange: () => void; signal: AbortSignal }) => PilotInput;
  /** Age in milliseconds of what a <video> shows, undefined before the first picture. */
  readonly watchVideo: (video: HTMLVideoElement, signal: AbortSignal) => () => number | undefined;
  readonly openMicrophone: (id: string, signal: AbortSignal) => Promise<Capture>;
  /** Visible and focused. */
  readonly attentive: (signal: AbortSignal) => ReadonlySignal<boolean>;
  /** Calls when the network may be another, or the page wakes up. */
  readonly watchNetwork: (changed: () => void, signal: AbortSignal) => void;
  readonly wakeLock: (signal: AbortSignal) => unknown;
};

export function startPilot(rooms: PilotRooms): PilotSession {
  const { clock } = rooms;
  const life = new AbortController();
  const phase = signal<'dialling' | 'greeting' | 'asking' | 'open' | 'lost' | 'ended'>('dialling');
  const sinceMs = signal(clock.now());
  const end = signal<End>({ why: 'asked' });
  const links = signal<PilotLinks | undefined>(undefined);
  const visit = computed(() => links.value?.visit.value);
  const link = computed(() => visit.value?.link);
  const hands = computed(() => visit.value?.hands.value);
  const brokerState = signal<BrokerState>({ at: 'joining' });
  const robotName = signal<string | undefined>(undefined);
  const role = signal<Role | undefined>(undefined);
  const simulated = signal(false);
  const status = signal(AWAKE);
  const lease = signal(NOBODY);
  const asks = signal(false);
  const stoppedBy = signal<string | undefined>(undefined);
  const pictureAgeMs = signal<number | undefined>(undefined);
  const outages = signal<readonly Outage[]>([]);
  const attentive = rooms.attentive(life.signal);
  const voice = lendVoice(rooms.openMicrophone, link, life.signal);
  let pictureAge: () => number | undefined = () => undefined;
  let isWatched = false;
  /** Pressed, and not yet confirmed: outlives the link it was pressed on. */
  let stopWanted = false;
  /** What is cleared is the newest that this page heard of. */
  const stopPress = signal(0);
  /** Used up once the robot let this device in. */
  let { ticket } = rooms;

  const stop = () => {
    stopWanted = true;
    resume.forget();
    visit.peek()?.say({ type: 'stop' });
    hands.peek()?.stop();
  };
  const input = rooms.openInput({ onStop: stop, onChange: () => hands.peek()?.nudge(), signal: life.signal });
  clock.every(STOP_AGAIN_MS, () => stopWanted && stop(), life.signal);
  rooms.wakeLock(life.signal);

  const because = (wanted: boolean): NotArmed | undefined =>
    notArmedBecause({
      watcher: rooms.wants === 'watch' || role.value === 'watcher',
      otherDrives: lease.value.epoch === 0,
      stopped: stoppedBy.value !== undefined || hands.value?.report.value?.failsafe === 'stopped',
      boardReady: status.value.board !== undefined,
      robotAwake: status.value.awake,
      batteryLow: status.value.batteryLow ?? false,
      pictureAgeMs: pictureAgeMs.value,
      hidden: !attentive.value,
      neutral: isNeutral(input.shown.value.gamepad),
      roundTripMs: hands.value?.roundTripMs.value,
      wanted,
    });

  const state = computed<PilotState>(() => {
    const at = phase.value;
    switch (at) {
      case 'dialling':
      case 'greeting':
      case 'asking':
        return { at, sinceMs: sinceMs.value };
      case 'lost':
        return { at, sinceMs: sinceMs.value, attempt: links.value?.attempt.value ?? 0 };
      case 'ended':
        return { at, end: end.value };
      case 'open': {
        const failsafe = hands.value?.report.value?.failsafe;
        // A robot that waits in silence goes on when it hears again: the hand is on still, and can be taken off.
        if (hands.value?.armed.value && (failsafe === 'driving' || failsafe === 'silent')) return { at: 'driving' };
        return { at: 'watching', because: because(false) ?? 'you' };
      }
      default:
        return at satisfies never;
    }
  });

  const resume = keepResuming({
    clock,
    reach() {
      const link = visit.peek();
      return link && { link, epoch: link.hands.peek()?.epoch ?? 0, presses: link.presses() };
    },
    driving: () => state.peek().at === 'driving',
    attentive() {
      const { gone, frozen } = input.shown.peek();
      return attentive.peek() && gone === undefined && !frozen;
    },
    because: () => because(false) ?? 'you',
    arm: () => hands.peek()?.arm(),
  });

  const disarm = () => {
    resume.forget();
    hands.peek()?.disarm();
  };

  const enter = (next: 'dialling' | 'greeting' | 'asking' | 'open' | 'lost') => {
    if (phase.peek() === next || phase.peek() === 'ended') return;
    phase.value = next;
    sinceMs.value = clock.now();
  };
  const finish = (how: End) => {
    if (phase.peek() === 'ended') return;
    end.value = how;
    phase.value = 'ended';
    outages.value = [];
    life.abort();
  };

  const hear = (news: RobotNews) => {
    switch (news.type) {
      case 'welcome':
        ticket = undefined;
        role.value = news.role;
        robotName.value = news.name;
        simulated.value = news.simulated;
        lease.value = { ...NOBODY, epoch: news.epoch };
        asks.value = false;
        stopPress.value = news.presses;
        // If it is still latched the robot says so next.
        stoppedBy.value = undefined;
        void remember(news.name);
        return;
      case 'role':
        role.value = news.role;
        return;
      case 'lease':
        lease.value = news;
        if (news.epoch !== 0 || news.driver === undefined) asks.value = false;
        return;
      case 'status':
        status.value = news;
        return;
      case 'stopped':
        stopWanted = false;
        stoppedBy.value = news.by;
        stopPress.value = news.press;
        return;
      case 'cleared':
        stoppedBy.value = undefined;
        return;
      default:
        news satisfies never;
    }
  };

  /** Whoever came in before stays where they are while a fresh link is opened. */
  const firstTime = () => robotName.peek() === undefined;
  const greetOn = (dialled: Link, proved: () => void): Promise<PilotVisit> => {
    if (firstTime()) enter('greeting');
    return visitRobot({
      link: dialled,
      identity: rooms.identity,
      robotId: rooms.robotId,
      ticket,
      name: rooms.pilotName,
      visit: rooms.visit,
      wants: rooms.wants,
      clock,
      asked: () => firstTime() && enter('asking'),
      proved,
      heard: hear,
      hands: { sample: input.sample, pictureAgeMs: () => pictureAge(), mayDrive: () => because(true) === undefined },
      signal: life.signal,
    });
  };

  const remember = async (name: string) => {
    const others = ((await rooms.settings.get('robots')) ?? []).filter(({ id }) => id !== rooms.robotId);
    await rooms.settings.set('robots', [{ id: rooms.robotId, name, seenAtMs: rooms.today() }, ...others].slice(0, 50));
  };

  const isSilent = (forMs: number) => (visit.value?.silentMs.value ?? Number.POSITIVE_INFINITY) > forMs;
  const follow = () => {
    const isLost = isSilent(LOST_AFTER_MS);
    if (firstTime()) return;
    untracked(() => {
      if (isLost) hands.peek()?.disarm();
      enter(isLost ? 'lost' : 'open');
    });
  };
  const look = () => {
    pictureAgeMs.value = pictureAge();
    if (firstTime() || phase.peek() === 'ended') return;
    const linkDown = isSilent(SILENT_AFTER_MS);
    const down: Down = {
      link: linkDown ? (visit.peek() ? 'heals' : 'dials') : undefined,
      board: !linkDown && status.peek().board === undefined ? (status.peek().boardTrouble ?? 'waits') : undefined,
      picture: !linkDown && isBlind(pictureAgeMs.peek()) ? 'waits' : undefined,
      broker: brokerState.peek().at === 'joined' ? undefined : 'rejoins',
    };
    outages.value = outagesNow(outages.peek(), down, clock.now());
  };
  clock.every(SHOW_EVERY_MS, look, life.signal);
  let asleepMs = rooms.today() - clock.now();
  /** The wall clock goes on while the device sleeps, and the page's own may not. */
  const haveSlept = () => {
    const beforeMs = asleepMs;
    asleepMs = rooms.today() - clock.now();
    return Math.abs(asleepMs - beforeMs) > SLEPT_OVER_MS;
  };
  const notice = () => {
    // A gamepad says nothing by itself, and its STOP counts also while nobody is there to hear it.
    if (!hands.peek()) input.sample();
    // Whoever sees nothing any more drives no further, and whoever sees again may arm at once.
    if (isBlind(pictureAgeMs.peek()) !== isBlind(pictureAge())) look();
    if (haveSlept()) disarm();
    resume.look();
  };
  // What was hidden between two looks was hidden.
  const heedHiding = effect(() => {
    if (!attentive.value) untracked(disarm);
  });
  life.signal.addEventListener('abort', heedHiding, { once: true });
  clock.every(NOTICE_EVERY_MS, notice, life.signal);

  const reach = (broker: Broker) => {
    const kept = keepLinks({
      broker,
      robotId: rooms.robotId,
      clock,
      random: rooms.random,
      enter: greetOn,
      driving: () => hands.peek()?.armed.peek() ?? false,
      known: () => ticket === undefined,
      dark: () => {
        const { camera, awake } = status.peek();
        return isWatched && camera && awake && attentive.peek() && isBlind(pictureAge());
      },
      // Whoever drove and finds the room full waits for a place.
      final: (fault) => isFinal(fault) && (firstTime() || fault.code !== 'busy'),
      finished: finish,
      signal: life.signal,
    });
    links.value = kept;
    rooms.watchNetwork(() => {
      if (isSilent(SILENT_AFTER_MS)) broker.rejoin();
      kept.hurry();
    }, life.signal);
    for (const unwatch of [
      broker.state.subscribe((now) => {
        brokerState.value = now;
      }),
      effect(follow),
      // What only one link knew is asked anew on the next.
      effect(() => {
        if (visit.value && stopWanted) untracked(stop);
      }),
    ]) {
      life.signal.addEventListener('abort', unwatch, { once: true });
    }
  };
  rooms.joinBroker(life.signal).then(
    (broker) => life.signal.aborted || reach(broker),
    (error: unknown) => {
      if (!life.signal.aborted) finish({ why: 'lost', fault: asFault(error, 'unreachable', 'broker') });
    },
  );

  return {
    state,
    robotName,
    role,
    lasting: rooms.lasting,
    simulated,
    picture: computed(() => link.value?.remoteTracks.value.find((track) => track.kind === 'video')),
    sound: computed(() => link.value?.remoteTracks.value.find((track) => track.kind === 'audio')),
    pictureAgeMs,
    roundTripMs: computed(() => hands.value?.roundTripMs.value),
    report: computed(() => hands.value?.report.value),
    vitals: computed(() => link.value?.vitals.value),
    board: computed(() => status.value.board),
    stoppedBy,
    stopPress,
    resumes: resume.pending,
    mayClear: computed(() => role.value === 'owner'),
    leads: computed(() => lease.value.epoch !== 0),
    driver: computed(() => (lease.value.epoch === 0 ? lease.value.driver : undefined)),
    asks,
    askers: computed(() => lease.value.asking),
    outages,
    input: input.shown,
    talking: voice.talking,
    microphoneFault: voice.fault,
    trouble: computed(() => links.value?.trouble.value),
    malformed: computed(() => (visit.value?.malformed.value ?? 0) + (hands.value?.malformed.value ?? 0)),
    watch(video, signal) {
      pictureAge = rooms.watchVideo(video, signal);
      isWatched = true;
    },
    arm() {
      const reason = because(false);
      if (reason !== 'you') return reason;
      input.goOnWithout();
      hands.peek()?.arm();
      return undefined;
    },
    disarm,
    stop,
    clearStop() {
      if (role.peek() === 'owner') visit.peek()?.say({ type: 'clear', press: stopPress.peek() });
    },
    ask() {
      if (!visit.peek() || lease.peek().epoch !== 0) return;
      asks.value = true;
      visit.peek()?.say({ type: 'ask' });
    },
    give: (seat) => visit.peek()?.say({ type: 'give', seat }),
    take: () => visit.peek()?.say({ type: 'take' }),
    talk: voice.talk,
    touch: input.touch,
    redial: () => links.peek()?.hurry(),
    close: () => finish({ why: 'asked' }),
  };
}

function isBlind(pictureAgeMs: number | undefined): boolean {
  return pictureAgeMs === undefined || pictureAgeMs > BLIND_OVER_MS;
}
