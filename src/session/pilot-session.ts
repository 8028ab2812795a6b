/** The pilot's story: find the robot, look, arm, drive, and come back after a break; sees rooms only by their doors. */
import { computed, type ReadonlySignal, signal } from '@preact/signals-core';
import { type NotArmed, notArmedBecause } from '../control/arming.ts';
import { backoffMs } from '../control/backoff.ts';
import { listened, noSilence } from '../control/silence.ts';
import type { Clock } from '../core/clock.ts';
import { asFault, type End, Fault } from '../core/fault.ts';
import { isNeutral } from '../core/gamepad-state.ts';
import type { PilotInput } from '../input/pilot-input.ts';
import type { Capture } from '../media/capture.ts';
import type { Broker, Link } from '../net/link.ts';
import { decodeMessage, encodeMessage, type Message } from '../protocol/messages.ts';
import type { Settings } from '../storage/settings.ts';
import type { Role } from '../trust/allowlist.ts';
import type { Identity } from '../trust/identity.ts';
import { greet, refusal, type Ticket } from './pilot-greeting.ts';
import { type Hands, takeReins } from './pilot-hands.ts';
import type { PilotSession, PilotState } from './pilot-state.ts';
import { lendVoice } from './pilot-voice.ts';

/** A robot that heard the proof answers at once; a slow path needs a few round trips. */
const VERDICT_WITHIN_MS = 8_000;
/** The robot's screen asks for a minute. */
const ANSWER_WITHIN_MS = 70_000;
/** Silence after which the page says that the link is lost: reports come at least every 100 ms. */
const LOST_AFTER_MS = 700;
/** Silence after which a fresh connection is tried instead of waiting for the old one. */
const REDIAL_AFTER_MS = 2_500;
const LISTEN_EVERY_MS = 50;
const SHOW_PICTURE_AGE_EVERY_MS = 100;

export type PilotRooms = {
  readonly clock: Clock;
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
  readonly wakeLock: (signal: AbortSignal) => unknown;
};

export function startPilot(rooms: PilotRooms): PilotSession {
  const { clock } = rooms;
  const life = new AbortController();
  const link = signal<Link | undefined>(undefined);
  /** The link, once the robot has let this device in on it: words before that would break the handshake. */
  let entered: Link | undefined;
  const hands = signal<Hands | undefined>(undefined);
  const phase = signal<'dialling' | 'greeting' | 'asking' | 'open' | 'lost' | 'ended'>('dialling');
  const sinceMs = signal(clock.now());
  const attempt = signal(0);
  const end = signal<End>({ why: 'asked' });
  const robotName = signal<string | undefined>(undefined);
  const role = signal<Role | undefined>(undefined);
  const simulated = signal(false);
  const board = signal<string | undefined>(undefined);
  const robotAwake = signal(true);
  const batteryLow = signal(false);
  const stoppedBy = signal<string | undefined>(undefined);
  const pictureAgeMs = signal<number | undefined>(undefined);
  const malformed = signal(0);
  const trouble = signal<Fault | undefined>(undefined);
  const attentive = rooms.attentive(life.signal);
  const voice = lendVoice(rooms.openMicrophone, link, life.signal);
  let pictureAge: () => number | undefined = () => undefined;
  let waiting = new AbortController();
  /** Pressed, and not yet confirmed: outlives the link it was pressed on. */
  let stopWanted = false;
  /** Used up once the robot let this device in. */
  let { ticket } = rooms;

  const say = (to: Link | undefined, message: Message) => to?.messages.send(encodeMessage(message));
  const stop = () => {
    stopWanted = true;
    say(entered, { type: 'stop' });
    hands.peek()?.stop();
  };
  const input = rooms.openInput({ onStop: stop, onChange: () => hands.peek()?.nudge(), signal: life.signal });

  rooms.wakeLock(life.signal);
  clock.every(SHOW_PICTURE_AGE_EVERY_MS, () => (pictureAgeMs.value = pictureAge()), life.signal);

  const because = (wanted: boolean): NotArmed | undefined =>
    notArmedBecause({
      watcher: rooms.wants === 'watch' || role.value === 'watcher',
      stopped: stoppedBy.value !== undefined || hands.value?.report.value?.failsafe === 'stopped',
      boardReady: board.value !== undefined,
      robotAwake: robotAwake.value,
      batteryLow: batteryLow.value,
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
        return { at, sinceMs: sinceMs.value, attempt: attempt.value };
      case 'ended':
        return { at, end: end.value };
      case 'open': {
        if (hands.value?.armed.value && hands.value.report.value?.failsafe === 'driving') return { at: 'driving' };
        return { at: 'watching', because: because(false) ?? 'you' };
      }
      default:
        return at satisfies never;
    }
  });

  const enter = (next: 'dialling' | 'greeting' | 'asking' | 'open' | 'lost') => {
    phase.value = next;
    sinceMs.value = clock.now();
  };
  const finish = (how: End) => {
    if (phase.peek() === 'ended') return;
    end.value = how;
    phase.value = 'ended';
    hands.value = undefined;
    link.peek()?.close();
    life.abort();
    waiting.abort();
  };
  /** Dials until somebody answers; only an answer that will not change ends it. */
  const reach = async (broker: Broker) => {
    for (; !life.signal.aborted; attempt.value++) {
      try {
        const dialled = await broker.dial(rooms.robotId, life.signal);
        trouble.value = undefined;
        const how = await visitOn(dialled);
        // A goodbye may be a reload: whoever was sent away for good was told why.
        if (how.why === 'lost' && isFinal(how.fault)) return finish(how);
        attempt.value = 0;
      } catch (error) {
        if (life.signal.aborted) return;
        const fault = asFault(error, 'unreachable', 'robot');
        if (isFinal(fault)) return finish({ why: 'lost', fault });
        trouble.value = fault;
      }
      if (phase.peek() !== 'lost') enter(robotName.peek() === undefined ? 'dialling' : 'lost');
      waiting = new AbortController();
      await pause(clock, backoffMs(attempt.peek(), rooms.random), waiting.signal);
    }
  };

  /** From hello to the end of this link. Resolves how it ended; what only this link needs dies with it. */
  const visitOn = async (dialled: Link): Promise<End> => {
    const visiting = new AbortController();
    let verdict = new AbortController();
    let settle: (end: End) => void = () => {};
    // Promise.withResolvers is missing before Chrome 119.
    const early = new Promise<End>((resolve) => {
      settle = resolve;
    });
    link.value = dialled;
    if (phase.peek() !== 'lost') enter('greeting');
    const leaveIt = (how: End) => {
      verdict.abort();
      visiting.abort();
      hands.value = undefined;
      entered = undefined;
      if (robotName.peek() !== undefined && phase.peek() !== 'lost') enter('lost');
      dialled.close();
      if (link.peek() === dialled) link.value = undefined;
      return how;
    };
    try {
      await greet({
        link: dialled,
        identity: rooms.identity,
        robotId: rooms.robotId,
        ticket,
        name: rooms.pilotName,
        visit: rooms.visit,
        wants: rooms.wants,
        clock,
        signal: life.signal,
      });
    } catch (error) {
      return leaveIt({ why: 'lost', fault: asFault(error, 'lost', 'robot') });
    }
    const awaitVerdict = (ms: number) => {
      verdict.abort();
      verdict = new AbortController();
      clock.after(
        ms,
        () => settle({ why: 'lost', fault: new Fault('timeout', 'robot', 'no verdict') }),
        verdict.signal,
      );
    };
    awaitVerdict(VERDICT_WITHIN_MS);
    dialled.messages.receive((bytes) => {
      const decoded = decodeMessage(bytes);
      if (!decoded.ok) {
        malformed.value++;
        return;
      }
      const message = decoded.value;
      switch (message.type) {
        case 'asked':
          if (verdict.signal.aborted) return;
          awaitVerdict(ANSWER_WITHIN_MS);
          if (phase.peek() !== 'lost') enter('asking');
          return;
        case 'welcome':
          if (verdict.signal.aborted) return;
          verdict.abort();
          return enterRoom(message);
        case 'refused':
          return settle({ why: 'lost', fault: refusal(message.reason) });
        case 'status':
          board.value = message.board;
          robotAwake.value = message.awake;
          batteryLow.value = message.batteryLow ?? false;
          return;
        case 'stopped':
          stopWanted = false;
          stoppedBy.value = message.by;
          return;
        case 'cleared':
          stoppedBy.value = undefined;
          return;
        case 'hello':
        case 'identity':
        case 'proof':
        case 'presence':
        case 'stop':
        case 'clear':
        case 'bye':
        case 'description':
        case 'candidate':
          malformed.value++;
          return;
        default:
          message satisfies never;
      }
    }, visiting.signal);

    const enterRoom = (welcome: Extract<Message, { type: 'welcome' }>) => {
      ticket = undefined;
      entered = dialled;
      role.value = welcome.role;
      robotName.value = welcome.name;
      simulated.value = welcome.simulated;
      stoppedBy.value = undefined;
      const reins = takeReins({
        control: dialled.control,
        epoch: welcome.epoch,
        clock,
        sample: input.sample,
        pictureAgeMs: () => pictureAge(),
        mayDrive: () => because(true) === undefined,
        signal: visiting.signal,
      });
      hands.value = reins;
      enter('open');
      if (stopWanted) stop();
      void remember(welcome.name);
      let silence = noSilence(clock.now());
      clock.every(
        LISTEN_EVERY_MS,
        () => {
          silence = listened(silence, reins.heardAtMs(), clock.now(), 2 * LISTEN_EVERY_MS);
          const silentMs = silence.ms;
          if (silentMs > REDIAL_AFTER_MS) settle({ why: 'lost', fault: new Fault('lost', 'robot', 'no reports') });
          else if (silentMs > LOST_AFTER_MS && phase.peek() === 'open') {
            reins.disarm();
            enter('lost');
          } else if (silentMs <= LOST_AFTER_MS && phase.peek() === 'lost') enter('open');
        },
        visiting.signal,
      );
    };

    return leaveIt(await Promise.race([dialled.closed, early]));
  };

  const remember = async (name: string) => {
    const others = ((await rooms.settings.get('robots')) ?? []).filter(({ id }) => id !== rooms.robotId);
    await rooms.settings.set('robots', [{ id: rooms.robotId, name, seenAtMs: Date.now() }, ...others].slice(0, 50));
  };

  rooms.joinBroker(life.signal).then(reach, (error: unknown) => {
    if (!life.signal.aborted) finish({ why: 'lost', fault: asFault(error, 'unreachable', 'broker') });
  });

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
    board,
    stoppedBy,
    input: input.shown,
    talking: voice.talking,
    microphoneFault: voice.fault,
    trouble,
    malformed: computed(() => malformed.value + (hands.value?.malformed.value ?? 0)),
    watch(video, signal) {
      pictureAge = rooms.watchVideo(video, signal);
    },
    arm() {
      const reason = because(false);
      if (reason !== 'you') return reason;
      hands.peek()?.arm();
      return undefined;
    },
    disarm: () => hands.peek()?.disarm(),
    stop,
    clearStop: () => void say(entered, { type: 'clear' }),
    talk: voice.talk,
    touch: input.touch,
    redial: () => waiting.abort(),
    close: () => finish({ why: 'asked' }),
  };
}

/** Resolves after `ms`, or at once when cut short. */
function pause(clock: Clock, ms: number, cut: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve, cut);
    cut.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Whether trying again can't help. */
function isFinal(fault: Fault): boolean {
  switch (fault.code) {
    case 'busy':
    case 'in-use':
    case 'refused':
    case 'denied':
    case 'unknown':
    case 'expired':
    case 'impostor':
    case 'wrong-version':
    case 'wrong-protocol':
    case 'unsupported':
    case 'insecure':
      // What the middle says may change; what the robot says is final.
      return fault.subject !== 'relay' && fault.subject !== 'broker';
    case 'cancelled':
    case 'not-found':
    case 'absent':
    case 'unreachable':
    case 'lost':
    case 'timeout':
      return false;
    default:
      return fault.code satisfies never;
  }
}
