import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepInvitation, pairLink, randomId, routeOf } from '../../src/main-address.ts';

const ID = 'k7qxk2m5dp4ta3whe5zj6vrbn';
const SECRET = 'abcdefghijklmnopqrstuvwx23';
const CODE = '7KQ2M9XV0ATW4HEN';

describe('an address', () => {
  it('names the page, the robot and what is wanted of it', () => {
    expect(routeOf('')).toEqual({ page: 'home', asking: false });
    expect(routeOf('#robot')).toEqual({ page: 'robot' });
    expect(routeOf(`#pilot/${ID}`)).toEqual({ page: 'pilot', robotId: ID, wants: 'drive' });
    expect(routeOf(`#/watch/${ID}`)).toEqual({ page: 'pilot', robotId: ID, wants: 'watch' });
    for (const invitation of [SECRET, CODE]) {
      expect(routeOf(`#pair/${ID}/${invitation}`)).toEqual({ page: 'pilot', robotId: ID, wants: 'drive', invitation });
    }
  });

  it.each([
    ['#pilot'],
    ['#pilot/'],
    [`#pilot/${ID}a`],
    [`#pilot/${ID.toUpperCase()}`],
    [`#watch/${ID.slice(1)}`],
    [`#pair/${ID}`],
    [`#pair/${ID}/${SECRET}2`],
    [`#pair/${ID}/${CODE.toLowerCase()}`],
    [`#pair/${SECRET}/${ID}`],
  ])('%s that names no robot asks which', (hash) => {
    expect(routeOf(hash)).toEqual({ page: 'home', asking: true });
  });

  it('never throws, and lets in nothing but a robot’s id and an invitation', () => {
    const nearly = fc
      .array(fc.constantFrom('pilot', 'pair', 'watch', 'robot', '/', ID, SECRET, CODE, ' ', 'x'), { maxLength: 8 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), nearly), (text) => {
        const route = routeOf(`#${text}`);
        if (route.page !== 'pilot') return;
        expect(route.robotId).toMatch(/^[a-z2-7]{25}$/);
        expect(route.invitation ?? SECRET).toMatch(/^([a-z2-7]{26}|[0-9A-HJKMNP-TV-Z]{16})$/);
      }),
    );
  });

  it('is built as it is read, on any server', () => {
    const link = pairLink('https://robots.example:8443/app/?a=1#robot', ID, SECRET);
    expect(link).toBe(`https://robots.example:8443/app/?a=1#pair/${ID}/${SECRET}`);
    expect(routeOf(new URL(link).hash)).toMatchObject({ robotId: ID, invitation: SECRET });
  });

  describe('with an invitation', () => {
    const tabWith = (entries: Readonly<Record<string, string>> = {}) => {
      const kept = new Map(Object.entries(entries));
      const shown: string[] = [];
      const open = (hash: string) => {
        const route = routeOf(hash);
        if (route.page !== 'pilot') throw new Error(`${hash} is no pilot's page`);
        return keepInvitation(
          route,
          () => ({
            getItem: (key) => kept.get(key) ?? null,
            setItem: (key, value) => void kept.set(key, value),
            removeItem: (key) => void kept.delete(key),
          }),
          (renamed) => void shown.push(renamed),
        );
      };
      return { kept, shown, open };
    };

    it('loses it at once, and a reload still has it until it is used or refused', () => {
      const { kept, shown, open } = tabWith();
      expect(open(`#pair/${ID}/${SECRET}`).invitation).toBe(SECRET);
      expect(shown).toEqual([`#pilot/${ID}`]);
      const reloaded = open(`#pilot/${ID}`);
      expect(reloaded.invitation).toBe(SECRET);
      reloaded.forget();
      reloaded.forget();
      expect(kept.size).toBe(0);
      expect(open(`#pilot/${ID}`).invitation).toBeUndefined();
      expect(shown).toHaveLength(1);
    });

    it('gives it to no other robot and to no watcher, and what came later stays', () => {
      const { open } = tabWith();
      const other = `${ID.slice(1)}a`;
      const first = open(`#pair/${ID}/${SECRET}`);
      expect(open(`#pilot/${other}`).invitation).toBeUndefined();
      expect(open(`#watch/${ID}`).invitation).toBeUndefined();
      open(`#pair/${other}/${CODE}`);
      first.forget();
      expect(open(`#pilot/${other}`).invitation).toBe(CODE);
    });

    it('takes nothing for one that is none', () => {
      fc.assert(
        fc.property(
          fc.oneof(fc.string(), fc.constantFrom('', '/', SECRET, `${SECRET}2`, CODE.toLowerCase())),
          (text) => {
            const { open } = tabWith({ invitation: `${ID}/${text}` });
            expect(open(`#pilot/${ID}`).invitation).toBe(text === SECRET ? SECRET : undefined);
          },
        ),
      );
    });

    it('keeps it in the address where a tab keeps nothing, until it is used or refused', () => {
      const shown: string[] = [];
      const refuse = () => {
        throw new DOMException('no storage here', 'SecurityError');
      };
      const kept = keepInvitation({ robotId: ID, wants: 'drive', invitation: SECRET }, refuse, (hash) =>
        shown.push(hash),
      );
      expect([kept.invitation, shown]).toEqual([SECRET, []]);
      kept.forget();
      expect(shown).toEqual([`#pilot/${ID}`]);
    });
  });

  it('calls every visit differently', () => {
    const ids = new Set(Array.from({ length: 100 }, randomId));
    expect(ids.size).toBe(100);
    for (const id of ids) expect(id).toMatch(/^[a-z2-7]{25}$/);
  });
});
