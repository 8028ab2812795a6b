import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault, type FaultCode, type FaultSubject } from '../../../src/core/fault.ts';
import type { Outage } from '../../../src/session/pilot-state.ts';
import { age, lasting, percent, seenAgo, toldWords, volts } from '../../../src/ui/words/figures.ts';
import { HOME } from '../../../src/ui/words/home.ts';
import { outageWords } from '../../../src/ui/words/outages.ts';
import * as pilot from '../../../src/ui/words/pilot.ts';
import * as robot from '../../../src/ui/words/robot.ts';
import { UNOPENED } from '../../../src/ui/words/unopened.ts';
import { faultSentence } from '../../../src/ui/words.ts';

/** Lists every member, or nothing compiles. */
const CODES = Object.keys({
  unsupported: 0,
  insecure: 0,
  denied: 0,
  cancelled: 0,
  'in-use': 0,
  'not-found': 0,
  absent: 0,
  unreachable: 0,
  lost: 0,
  timeout: 0,
  refused: 0,
  busy: 0,
  unknown: 0,
  expired: 0,
  impostor: 0,
  unsafe: 0,
  'wrong-version': 0,
  'wrong-protocol': 0,
} satisfies Record<FaultCode, 0>) as FaultCode[];
const SUBJECTS = Object.keys({
  camera: 0,
  microphone: 0,
  usb: 0,
  bluetooth: 0,
  board: 0,
  robot: 0,
  pilot: 0,
  broker: 0,
  relay: 0,
  code: 0,
  page: 0,
} satisfies Record<FaultSubject, 0>) as FaultSubject[];

/** Every text in a tree of words; functions are called with plain values. */
function texts(words: unknown): string[] {
  if (typeof words === 'string') return [words];
  if (typeof words === 'object' && words !== null) return Object.values(words).flatMap(texts);
  return [];
}

function sentencesIn(text: string): number {
  return text.split(/[.?](?=\s|$)/).filter((part) => part.trim() !== '').length;
}

describe('what a person reads when something failed', () => {
  for (const code of CODES) {
    for (const subject of SUBJECTS) {
      it(`${subject} ${code}`, () => {
        const sentence = faultSentence({ code, subject }, 'Rover');
        expect(sentence).toMatch(/^[A-Z].*\.$/);
        expect(sentence).not.toContain('{');
        expect(sentence).not.toMatch(/error|please|oops|!|lease|epoch|broker/i);
        expect(sentencesIn(sentence)).toBe(2);
        expect(sentence.length).toBeLessThanOrEqual(125);
      });
    }
  }

  it('names the robot, and without a name begins or goes on rightly', () => {
    expect(faultSentence({ code: 'absent', subject: 'robot' }, 'Rover')).toBe(
      'Rover doesn’t answer. Wake its phone and open Telepresent there.',
    );
    expect(faultSentence({ code: 'absent', subject: 'robot' })).toMatch(/^The robot doesn’t/);
    expect(faultSentence({ code: 'busy', subject: 'robot' })).toMatch(/^Someone else is driving the robot\./);
    expect(faultSentence({ code: 'impostor', subject: 'robot' }, 'Rover')).toMatch(
      /^This is not the Rover you paired with\./,
    );
    expect(faultSentence({ code: 'impostor', subject: 'robot' })).toMatch(/^This is not the robot you paired with\./);
  });

  it('keeps a name as it is, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 24 }), (name) => {
        fc.pre(!name.includes('{'));
        expect(faultSentence({ code: 'absent', subject: 'robot' }, name).startsWith(name)).toBe(true);
      }),
    );
  });

  it('says which browsers open boards, and what a phone without them is good for', () => {
    const usb = faultSentence({ code: 'unsupported', subject: 'usb' });
    expect(usb).toContain('Chrome');
    expect(usb).toContain('Firefox');
    expect(usb).toContain('A phone without it can still be the robot’s eyes.');
    expect(faultSentence({ code: 'denied', subject: 'usb' })).toContain('dialout');
    expect(faultSentence({ code: 'timeout', subject: 'board' })).toContain('never said who it is');
    expect(faultSentence({ code: 'wrong-version', subject: 'page' })).toContain('Reload both pages');
  });
});

describe('the other words', () => {
  it('keep the tone', () => {
    for (const text of [...texts(HOME), ...texts({ ...pilot }), ...texts({ ...robot }), ...texts(UNOPENED)]) {
      expect(text).not.toMatch(/\berror\b|please|oops|!|lease|epoch|broker/i);
    }
  });

  it('say why the wheels are not armed, each differently', () => {
    const because = ['stopped', 'board', 'asleep', 'picture', 'hidden', 'sticks', 'late', 'you'] as const;
    const said = because.map((each) => pilot.notArmedWords(each, 'Rover'));
    expect(new Set(said).size).toBe(because.length);
    for (const sentence of said) expect(sentencesIn(sentence)).toBeLessThanOrEqual(2);
  });

  it('say that a board is waited for only where it is, and else what somebody at the robot must do', () => {
    const known = { name: 'Rover', leads: true, seen: true, linkDown: false };
    const said = (trying: Outage['trying']) => outageWords({ part: 'board', trying }, known);
    expect(said('waits').tried).toContain('Rover waits for it');
    const troubles = ['none', 'unsafe', 'foreign', 'ended'] as const satisfies readonly Outage['trying'][];
    for (const { title, tried, todo } of troubles.map(said)) {
      for (const text of [title, tried, todo]) expect(text).not.toMatch(/waits|\berror\b|please|oops|!/i);
      expect(title).not.toMatch(/\.$/);
      expect(tried).toMatch(/^The wheels stand still.*\.$/);
      expect(sentencesIn(tried)).toBeLessThanOrEqual(2);
      expect(todo).toMatch(/^Have somebody .* on Rover’s screen\.$/);
    }
    expect(new Set([...troubles, 'waits' as const].map((each) => said(each).title)).size).toBe(5);
    expect(said('none').todo).toContain('connect one and choose it');
    expect(said('unsafe').tried).toContain('did not stop by itself when it was tried');
    expect(said('foreign').todo).toContain('program');
    expect(said('ended').todo).toContain('connect it again');
  });

  it('say who drives, how long and how fast', () => {
    expect(robot.drivenWords('Anna', 'driving', 134_000, 0.6)).toEqual({
      title: 'Anna is driving',
      line: 'for 2 min 14 s, up to 60 % speed',
    });
    expect(robot.stoppedWords('Anna', 'Rover')).toMatch(/^Stopped by Anna\. /);
    expect(robot.stoppedWords('Rover', 'Rover')).toMatch(/^Stopped on this screen\. /);
  });

  it('tell a robot that is open twice from a server that is away', () => {
    const away = { at: 'away', retryInMs: 4000 } as const;
    expect(robot.brokerWords(away)).toMatch(/^The server can’t be reached\. .*next try in 4 s\.$/);
    expect(robot.brokerWords({ ...away, fault: new Fault('in-use', 'broker', 'taken') })).toMatch(
      /^This robot is already open in another tab or window\./,
    );
    expect(robot.brokerWords({ ...away, fault: new Fault('unreachable', 'broker', 'gone') })).toContain('next try');
  });

  it('say that a board stops by itself', () => {
    expect(robot.boardLine({ at: 'ready', label: 'USB board', name: 'mBot' })).toContain('It stops by itself');
  });
});

describe('figures', () => {
  it('have a unit and a space', () => {
    expect(percent(0.344)).toBe('34 %');
    expect(percent(-0.001)).toBe('0 %');
    expect(volts(7900)).toBe('7.9 V');
    expect(toldWords(0, -0.5)).toBe('L 0 % R -50 %');
    expect(lasting(59_999)).toBe('59 s');
    expect(lasting(60_000)).toBe('1 min 0 s');
    expect(lasting(-5)).toBe('0 s');
    expect(age(640.4)).toBe('640 ms');
    expect(age(1400)).toBe('1.4 s');
    expect(age(12_300)).toBe('12 s');
  });

  it('tell how long ago a robot was seen', () => {
    const minute = 60_000;
    const at = (minutes: number) => seenAgo(0, minutes * minute);
    expect(at(0.5)).toBe('Seen just now');
    expect(at(1)).toBe('Seen a minute ago');
    expect(at(59)).toBe('Seen 59 minutes ago');
    expect(at(61)).toBe('Seen an hour ago');
    expect(at(60 * 23)).toBe('Seen 23 hours ago');
    const saturday = new Date(2026, 4, 9, 9, 5).getTime();
    expect(seenAgo(new Date(2026, 4, 8, 8, 40).getTime(), saturday)).toBe('Seen yesterday, 08:40');
    expect(seenAgo(new Date(2026, 4, 7, 23, 59).getTime(), saturday)).toBe('Seen 2 days ago');
    // The clocks of many places change on these two nights.
    expect(seenAgo(new Date(2026, 2, 28, 1).getTime(), new Date(2026, 2, 30, 0, 30).getTime())).toBe('Seen 2 days ago');
    expect(seenAgo(new Date(2026, 9, 24, 23).getTime(), new Date(2026, 9, 26, 0, 30).getTime())).toBe(
      'Seen 2 days ago',
    );
    // A clock that was set back.
    expect(at(-10)).toBe('Seen just now');
  });
});
