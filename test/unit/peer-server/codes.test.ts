import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CODE_LIFE_MS, isLookup, makeCodes } from '../../../peer-server/codes.ts';

function make(most?: number) {
  let nowMs = 0;
  return { codes: makeCodes(() => nowMs, most), pass: (ms: number) => (nowMs += ms) };
}

test('a code leads to its robot for ten minutes', () => {
  const { codes, pass } = make();
  expect(codes.put('code', 'robot')).toBe('kept');
  pass(CODE_LIFE_MS - 1);
  expect(codes.find('code')).toBe('robot');
  pass(1);
  expect(codes.find('code')).toBeUndefined();
  expect(codes.count()).toBe(0);
});

test('a robot keeps one code: the new one ends the old one', () => {
  const { codes } = make();
  codes.put('old', 'robot');
  codes.put('new', 'robot');
  expect([codes.find('old'), codes.find('new'), codes.count()]).toEqual([undefined, 'robot', 1]);
});

test('a code that another robot has stays with it, and only its own robot removes it', () => {
  const { codes } = make();
  codes.put('code', 'robot');
  expect(codes.put('code', 'other')).toBe('taken');
  codes.remove('code', 'other');
  expect(codes.find('code')).toBe('robot');
  codes.remove('code', 'robot');
  expect(codes.find('code')).toBeUndefined();
  expect(codes.put('code', 'other')).toBe('kept');
});

test('no more than so many are kept; a robot that has one may still change it', () => {
  const { codes, pass } = make(2);
  codes.put('a', 'first');
  codes.put('b', 'second');
  expect(codes.put('c', 'third')).toBe('full');
  expect(codes.put('d', 'second')).toBe('kept');
  pass(CODE_LIFE_MS);
  expect(codes.put('c', 'third')).toBe('kept');
});

test('whatever is done, no robot has two codes, no code leads to who did not put it, and the bound holds', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd');
  const act = fc.record({
    do: fc.constantFrom('put', 'remove', 'wait'),
    lookup: name,
    id: name,
    ms: fc.nat(CODE_LIFE_MS),
  });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      const { codes, pass } = make(3);
      const put = new Map<string, string>();
      for (const { do: what, lookup, id, ms } of acts) {
        if (what === 'put' && codes.put(lookup, id) === 'kept') put.set(lookup, id);
        if (what === 'remove') codes.remove(lookup, id);
        if (what === 'wait') pass(ms);
        const found = ['a', 'b', 'c', 'd'].flatMap((each) => codes.find(each) ?? []);
        expect(new Set(found).size).toBe(found.length);
        expect(found.length).toBe(codes.count());
        expect(found.length).toBeLessThanOrEqual(3);
        for (const each of ['a', 'b', 'c', 'd']) expect([undefined, put.get(each)]).toContain(codes.find(each));
      }
    }),
  );
});

test('only 32 bytes in base64url can be a lookup', () => {
  expect(isLookup('A'.repeat(43))).toBe(true);
  for (const text of ['', 'A'.repeat(42), 'A'.repeat(44), `${'A'.repeat(42)}+`, `${'A'.repeat(43)}\n`, '__proto__']) {
    expect(isLookup(text)).toBe(false);
  }
});
