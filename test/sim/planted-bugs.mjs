/** One bug of each kind, as a change of the product's source, and what must show it; knows not how it is built or run. */

/**
 * @typedef {object} Bug
 * @property {string} name
 * @property {readonly { readonly file: string; readonly from: string; readonly to: string }[]} changes each `from` is there exactly once
 * @property {readonly string[]} kinds the faults under which it shows
 * @property {readonly string[]} shows the violations that count as caught
 */

const FAILSAFE = 'src/control/failsafe.ts';
const REINS = 'src/session/robot-reins.ts';
const VISITS = 'src/session/robot-visits.ts';
const DRIVE = 'src/session/robot-drive.ts';
const PILOT = 'src/session/pilot-session.ts';
const HANDS = 'src/session/pilot-hands.ts';
const GAMEPAD = 'src/input/gamepad.ts';
const LINES = 'src/board/drivers/telepresent-lines.ts';
const BOARD = 'test/sim/sim-board.ts';

/** Frames go on counting for ever, so only the board is left to stop: its own bug is planted below. */
const endlessFrames = {
  file: FAILSAFE,
  from: 'const SILENT_AFTER_MS = 150;',
  to: 'const SILENT_AFTER_MS = 1e9;',
};
/** Silence never ends the newest command, and the watch repeats it. */
const repeats = {
  file: REINS,
  from: 'if (!verdict.accepted) return;',
  to: '',
};
const anyAge = { file: FAILSAFE, from: 'if (!(ageMs <= STALE_OVER_MS)) {', to: 'if (!(ageMs <= 1e9)) {' };
const anyEpoch = {
  file: FAILSAFE,
  from: "if (frame.epoch !== before.epoch || frame.epoch === 0) return refusal(before, nowMs, 'epoch');",
  to: '',
};
const keepsArm = {
  file: REINS,
  from: 'now = failsafeFor(epoch, stoppedBy.peek() !== undefined);',
  to: 'now = { ...now, epoch, lastSequence: undefined };',
};
/** Once its self-test is over, without which nothing would move at all. */
const deafBoard = {
  file: BOARD,
  from: '    if (!this.#off && !this.#isHung()) this.#firmware.tick(nowMs);',
  to: '    if (!this.#off && !this.#isHung()) { if (nowMs > 4000) this.#firmware.send(new TextEncoder().encode("h220\\n"), nowMs); this.#firmware.tick(nowMs); }',
};

/** @type {readonly Bug[]} */
export const BUGS = [
  {
    name: "the robot's failsafe never ends silence, and repeats the newest command",
    changes: [endlessFrames, repeats],
    kinds: ['blackout', 'page-crashed', 'outage-replayed'],
    shows: ['runaway'],
  },
  {
    name: 'a heartbeat without input: the board is fed by a timer',
    changes: [
      endlessFrames,
      {
        file: REINS,
        from: 'obey(waited(now, clock.now()));\n  };\n  clock.every',
        to: 'obey({ ...waited(now, clock.now()), accepted: true });\n  };\n  clock.every',
      },
    ],
    kinds: ['blackout', 'gamepad-unplugged', 'page-crashed'],
    shows: ['runaway'],
  },
  {
    name: 'the sequence check is off',
    changes: [
      {
        file: FAILSAFE,
        from: 'now.lastSequence !== undefined && !isNewer(frame.sequence, now.lastSequence)',
        to: 'now.lastSequence !== undefined && !isNewer(frame.sequence, now.lastSequence) && frame.sequence < 0',
      },
    ],
    kinds: ['duplicates', 'reordering', 'jitter'],
    shows: ['stale', 'runaway'],
  },
  {
    name: 'the age check is off',
    changes: [anyAge],
    kinds: ['outage-replayed', 'thread-blocked', 'rate-collapse'],
    shows: ['stale', 'runaway'],
  },
  {
    name: 'the lease is ignored: frames of any number count, from whoever was let in, and arms outlive it',
    changes: [
      anyEpoch,
      { file: DRIVE, from: 'if (epoch === 0) reins.heed(', to: 'if (epoch < 0) reins.heed(' },
      keepsArm,
    ],
    kinds: ['second-pilot', 'jitter', 'reordering'],
    shows: ['stale', 'runaway', 'unarmed'],
  },
  {
    name: 'late frames of an old link count',
    changes: [anyEpoch, anyAge, keepsArm, { file: VISITS, from: '        leave(twin);\n', to: '' }],
    kinds: ['rate-collapse', 'one-way-loss', 'outage-replayed', 'jitter'],
    shows: ['stale', 'runaway', 'unarmed'],
  },
  {
    name: 'arming without neutral sticks, by a hand that never let go',
    changes: [
      {
        file: FAILSAFE,
        from: 'const armed = mayDrive && seen && !mustLetGo && (now.armed || rests);',
        to: 'const armed = mayDrive && seen;',
      },
    ],
    kinds: ['path-change', 'board-reset', 'e-stop', 'blackout', 'second-pilot'],
    shows: ['unarmed'],
  },
  {
    name: 'STOP is heard and ignored',
    changes: [
      { file: FAILSAFE, from: "if (failsafe.stopped) return 'stopped';", to: '' },
      {
        file: FAILSAFE,
        from: 'const mayDrive = frame.enabled && !now.stopped;',
        to: 'const mayDrive = frame.enabled;',
      },
      {
        file: FAILSAFE,
        from: 'return { ...disarmed(failsafe), blind: false, stopped: true };',
        to: 'return { ...failsafe, stopped: true };',
      },
      {
        file: REINS,
        from: '      stoppedBy.value = by;\n      given.board()?.latch();',
        to: '      stoppedBy.value = by;',
      },
      {
        file: REINS,
        from: '      // Said again while it is latched: the board may not have heard it.\n      given.board()?.latch();',
        to: '',
      },
    ],
    kinds: ['e-stop'],
    shows: ['stop-ignored'],
  },
  {
    name: 'anybody may clear a STOP',
    changes: [
      {
        file: VISITS,
        from: "if (visit.role !== 'owner' || message.press !== reins.stopPress.peek()) return",
        to: 'if (!visit) return',
      },
      { file: PILOT, from: "if (role.peek() === 'owner') visit.peek()?.say", to: 'visit.peek()?.say' },
    ],
    kinds: ['e-stop'],
    shows: ['stop-ignored'],
  },
  {
    name: "the board's watchdog is off",
    changes: [deafBoard],
    kinds: ['page-crashed', 'page-frozen', 'thread-blocked', 'usb-unplugged'],
    shows: ['runaway'],
  },
  {
    name: 'the window of the board is left at its longest',
    changes: [{ file: LINES, from: 'const WINDOW_MS = 190;', to: 'const WINDOW_MS = 500;' }],
    kinds: ['usb-unplugged'],
    shows: ['runaway'],
  },
  {
    name: 'a pilot who is hidden, blind or without a gamepad goes on sending pushed sticks',
    changes: [
      {
        file: HANDS,
        from: 'if (wanted.peek() && (isOld || sample.gone !== undefined || !given.mayDrive())) wanted.value = false;',
        to: '',
      },
      { file: PILOT, from: 'if (!attentive.value) untracked(disarm);', to: 'attentive.value;' },
    ],
    kinds: ['page-hidden'],
    shows: ['runaway'],
  },
  {
    name: 'a frozen gamepad is believed',
    changes: [
      {
        file: GAMEPAD,
        from: 'const frozen = mustRest || nowMs - newsAtMs > believedForMs(state);',
        to: 'const frozen = false;',
      },
    ],
    kinds: ['gamepad-stale'],
    shows: ['runaway'],
  },
  {
    name: 'clearing a STOP arms the hand of a page that never let go',
    changes: [
      {
        file: FAILSAFE,
        from: 'return { ...disarmed(failsafe), stopped: false };',
        to: 'return { ...disarmed(failsafe), mustLetGo: false, stopped: false };',
      },
      {
        file: HANDS,
        from: '        enabled,\n        stop: stopping.peek(),',
        to: '        enabled: true,\n        stop: stopping.peek(),',
      },
    ],
    kinds: ['e-stop'],
    shows: ['unarmed'],
  },
];
