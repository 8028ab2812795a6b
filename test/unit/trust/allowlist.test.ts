/** Says who may come in to a robot, and until when. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { admission, letIn, mayDrive, type Person, type Role, revoked } from '../../../src/trust/allowlist.ts';

const person = (id: string, role: Role = 'pilot', untilMs?: number): Person => ({
  id,
  name: id,
  role,
  addedAtMs: 0,
  ...(untilMs === undefined ? {} : { untilMs }),
});
const crowd = (count: number, role: Role = 'pilot') =>
  Array.from({ length: count }, (_, i) => person(`${role}${i}`, role));

describe('who comes in', () => {
  test('nobody, to a robot that knows nobody', () => {
    expect(admission([], 'ann', 0)).toEqual({ admitted: false, reason: 'unknown' });
  });

  test('whoever is on the list, as what they are there', () => {
    const ann = person('ann', 'owner');
    expect(admission([person('bob'), ann], 'ann', 1e15)).toEqual({ admitted: true, person: ann });
    expect(admission([person('bob'), ann], 'an', 0)).toEqual({ admitted: false, reason: 'unknown' });
  });

  test('a guest until the very moment', () => {
    const guest = person('gus', 'guest', 1_000);
    expect(admission([guest], 'gus', 999)).toEqual({ admitted: true, person: guest });
    expect(admission([guest], 'gus', 1_000)).toEqual({ admitted: false, reason: 'expired' });
  });

  test('not who was revoked', () => {
    const people = revoked([person('ann'), person('bob')], 'ann');
    expect(admission(people, 'ann', 0).admitted).toBe(false);
    expect(admission(people, 'bob', 0).admitted).toBe(true);
    expect(revoked(people, 'nobody')).toEqual(people);
  });

  test('all but watchers drive', () => {
    expect((['owner', 'pilot', 'watcher', 'guest'] as const).filter(mayDrive)).toEqual(['owner', 'pilot', 'guest']);
  });
});

describe('letting in', () => {
  test('the same key again replaces what it was', () => {
    const people = letIn([person('ann', 'owner'), person('bob')], person('ann', 'guest', 5), 0);
    expect(people).toEqual([person('bob'), person('ann', 'guest', 5)]);
  });

  test('one too many takes the place of a guest whose time is over', () => {
    const people = [...crowd(99), person('gus', 'guest', 10)];
    expect(letIn(people, person('ann'), 9).some(({ id }) => id === 'gus')).toBe(true);
    expect(letIn(people, person('ann'), 10)).toEqual([...crowd(99), person('ann')]);
  });

  test('of two guests whose time is over, the one who left first goes first', () => {
    const people = [...crowd(98), person('late', 'guest', 20), person('early', 'guest', 10)];
    expect(letIn(people, person('ann'), 30).map(({ id }) => id)).not.toContain('early');
    expect(letIn(people, person('ann'), 30).map(({ id }) => id)).toContain('late');
  });

  test('else the place of whoever was let in first, owners last', () => {
    const owners = crowd(50, 'owner');
    expect(letIn([...owners, ...crowd(50)], person('ann'), 0)).toEqual([
      ...owners,
      ...crowd(50).slice(1),
      person('ann'),
    ]);
    const onlyOwners = crowd(100, 'owner');
    expect(letIn(onlyOwners, person('ann'), 0)).toEqual([...onlyOwners.slice(1), person('ann')]);
  });

  test('leaves everybody once, at most a hundred, the newest among them', () => {
    const ids = fc.integer({ min: 0, max: 150 }).map((i) => `p${i}`);
    const newcomers = fc.array(
      fc.record({ id: ids, role: fc.constantFrom<Role>('owner', 'pilot', 'watcher', 'guest'), untilMs: fc.nat(50) }),
      { maxLength: 300 },
    );
    fc.assert(
      fc.property(newcomers, fc.nat(50), (arrivals, nowMs) => {
        let people: readonly Person[] = [];
        for (const { id, role, untilMs } of arrivals) {
          const newcomer = person(id, role, role === 'guest' ? untilMs : undefined);
          people = letIn(people, newcomer, nowMs);
          expect(people.at(-1)).toBe(newcomer);
          expect(people.length).toBeLessThanOrEqual(100);
          expect(new Set(people.map((known) => known.id)).size).toBe(people.length);
        }
      }),
      { numRuns: 30 },
    );
  });
});
