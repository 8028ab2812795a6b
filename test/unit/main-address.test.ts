import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairLink, randomId, routeOf } from '../../src/main-address.ts';

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

  it('calls every visit differently', () => {
    const ids = new Set(Array.from({ length: 100 }, randomId));
    expect(ids.size).toBe(100);
    for (const id of ids) expect(id).toMatch(/^[a-z2-7]{25}$/);
  });
});
