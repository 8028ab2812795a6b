import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { routeOf } from '../../../src/main-address.ts';
import { readAddress } from '../../../src/ui/robot-address.ts';

const ID = 'k7qxk2m5dp4ta3whe5zj6vrbn';
const SECRET = 'abcdefghijklmnopqrstuvwxy2';
const CODE = '7QXK2M9DP4TA8WHE';
const letters = (alphabet: string, length: number) =>
  fc.array(fc.constantFrom(...alphabet), { minLength: length, maxLength: length }).map((all) => all.join(''));
const ids = letters('abcdefghijklmnopqrstuvwxyz234567', 25);
const codes = letters('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 16);

describe('a pasted address', () => {
  it.each([
    [`https://192.168.1.20:8443/#pilot/${ID}`, `#pilot/${ID}`],
    [`  http://localhost:8080/#/pilot/${ID}\n`, `#pilot/${ID}`],
    [`Drive my robot: https://example.org/t/#watch/${ID} (tonight)`, `#watch/${ID}`],
    [`#PILOT/${ID.toUpperCase()}`, `#pilot/${ID}`],
    [`https://example.org/#pair/${ID}/${SECRET}`, `#pair/${ID}/${SECRET}`],
    [`https://example.org/#pair/${ID}/${CODE}.`, `#pair/${ID}/${CODE}`],
    [ID, `#pilot/${ID}`],
    ['k7qx k2m5 dp4t-a3wh-e5zj 6vrb n', `#pilot/${ID}`],
  ])('%j is understood', (text, fragment) => {
    expect(readAddress(text)).toEqual({ open: fragment });
    expect(routeOf(fragment).page).toBe('pilot');
  });

  it.each([[CODE], ['7qxk 2m9d p4ta 8whe'], ['7QXK-2M9D-P4TA-8WHE'], ['7QXK–2M9D–P4TA–8WHE']])(
    '%j is a code',
    (text) => {
      expect(readAddress(text)).toEqual({ code: CODE });
    },
  );

  it('reads letters that look alike as they were meant', () => {
    expect(readAddress('oiL0 oiL0 oiL0 oiL0')).toEqual({ code: '0110011001100110' });
  });

  it.each([
    [''],
    ['Rover'],
    ['https://example.org/'],
    [`#pilot/${ID}x`],
    [`#pilot/${ID.slice(1)}`],
    [`#pair/${ID}`],
    [`#pair/${ID}/${SECRET}a`],
    [`${ID}1`],
    [`#robot/${ID}`],
    [`${CODE.slice(1)}U`],
  ])('%j is not', (text) => {
    expect(readAddress(text)).toBeUndefined();
  });

  it('never throws, and what it gives opens a pilot’s page or is a code', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (text) => {
        const found = readAddress(text);
        if (found === undefined) return;
        if ('open' in found) expect(routeOf(found.open).page).toBe('pilot');
        else expect(found.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
      }),
    );
    fc.assert(
      fc.property(ids, codes, (id, code) => {
        expect(readAddress(`https://a.example/#pilot/${id}`)).toEqual({ open: `#pilot/${id}` });
        expect(readAddress(`#pair/${id}/${code}`)).toEqual({ open: `#pair/${id}/${code}` });
        expect(readAddress(code.toLowerCase())).toEqual({ code });
      }),
    );
  });
});
