import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { robotFragment } from '../../../src/ui/robot-address.ts';

const ID = 'k7qxk2m5dp4ta3whe5zj6vrbn';
const ids = fc
  .array(fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz234567'), { minLength: 25, maxLength: 25 })
  .map((letters) => letters.join(''));

describe('a pasted address', () => {
  it.each([
    [`https://192.168.1.20:8443/#pilot/${ID}`],
    [`  http://localhost:8080/#/pilot/${ID}\n`],
    [`Drive my robot: https://example.org/t/#pilot/${ID} (tonight)`],
    [`#pilot/${ID.toUpperCase()}`],
    [ID],
    ['k7qx k2m5 dp4t-a3wh-e5zj 6vrb n'],
  ])('%j is understood', (text) => {
    expect(robotFragment(text)).toBe(`#pilot/${ID}`);
  });

  it.each([
    [''],
    ['Rover'],
    ['https://example.org/'],
    [`#pilot/${ID}x`],
    [`#pilot/${ID.slice(1)}`],
    [`${ID}1`],
    [`#robot/${ID}`],
    ['k7qxk2m9dp4ta3whe5zj6vrbn'],
  ])('%j is not', (text) => {
    expect(robotFragment(text)).toBeUndefined();
  });

  it('never throws, and gives nothing but a pilot’s fragment', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(robotFragment(text) ?? `#pilot/${ID}`).toMatch(/^#pilot\/[a-z2-7]{25}$/);
      }),
    );
    fc.assert(
      fc.property(ids, (id) => {
        expect(robotFragment(`https://a.example/#pilot/${id}`)).toBe(`#pilot/${id}`);
      }),
    );
  });
});
