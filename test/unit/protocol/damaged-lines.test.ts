/** Lines of the board's wire that lost or changed bytes on the way: none is taken for another; knows the seal, not the board. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checksum, decodeNews, encodeLine } from '../../../src/protocol/board-lines.ts';

const FULL = 255;
const WHEELS = /^c-?\d{1,6},-?\d{1,6}$/;
/** Long enough for two whole numbers of the full range. */
const ROOM = new Uint8Array(16);

const bytes = (text: string) => new TextEncoder().encode(text);
const sealOf = (body: string) => checksum(ROOM.subarray(0, new TextEncoder().encodeInto(body, ROOM).written));

/** As the firmware reads a body: six digits at most, and a range. */
function movesWheels(body: string): boolean {
  if (!WHEELS.test(body)) return false;
  const comma = body.indexOf(',');
  return Math.abs(Number(body.slice(1, comma))) <= FULL && Math.abs(Number(body.slice(comma + 1))) <= FULL;
}

/** How many damaged bodies would move wheels at all, and how many of them would do so under the seal they came with. */
class Tally {
  possible = 0;
  slipped = 0;

  add(damaged: string, seal: number): void {
    if (!movesWheels(damaged)) return;
    this.possible++;
    if (sealOf(damaged) === seal) this.slipped++;
  }
}

function* powers(step: number): Generator<number> {
  for (let power = -FULL; power <= FULL; power += step) yield power;
}

test('no wheel line that lost one byte or two is another wheel line', { timeout: 120_000 }, () => {
  const one = new Tally();
  const two = new Tally();
  for (const left of powers(1)) {
    for (const right of powers(1)) {
      const body = `c${left},${right}`;
      const seal = sealOf(body);
      for (let i = 0; i < body.length; i++) {
        const without = body.slice(0, i) + body.slice(i + 1);
        one.add(without, seal);
        for (let j = i; j < without.length; j++) two.add(without.slice(0, j) + without.slice(j + 1), seal);
      }
    }
  }
  expect(one).toMatchObject({ possible: 1_585_122, slipped: 0 });
  expect(two).toMatchObject({ possible: 4_024_449, slipped: 0 });
});

test('no wheel line with one changed byte is another wheel line', { timeout: 120_000 }, () => {
  const changed = new Tally();
  for (const left of powers(1)) {
    // 51 divides the range, so that both ends are among these.
    for (const right of powers(51)) {
      const body = `c${left},${right}`;
      const seal = sealOf(body);
      for (let i = 0; i < body.length; i++) {
        // No other byte belongs into a wheel line.
        for (const other of 'c0123456789-,') {
          if (other !== body[i]) changed.add(body.slice(0, i) + other + body.slice(i + 1), seal);
        }
      }
    }
  }
  expect(changed.possible).toBeGreaterThan(200_000);
  expect(changed.slipped).toBe(0);
});

test.each([
  ['c-40,-40', 'c40,40'],
  ['c-251,-240', 'c-251,-24'],
  ['c100,100', 'c1,100'],
])('%s and %s have different seals', (sent, arrived) => {
  expect(sealOf(arrived)).not.toBe(sealOf(sent));
});

const printable = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
  maxLength: 58,
});
const wheels = fc
  .tuple(fc.integer({ min: -FULL, max: FULL }), fc.integer({ min: -FULL, max: FULL }))
  .map(([left, right]) => `c${left},${right}`);

test('whatever a line says, one or two lost bytes or a changed one change its seal', () => {
  fc.assert(
    fc.property(fc.oneof(printable, wheels), fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (body, a, b, by) => {
      const seal = checksum(bytes(body));
      const one = bytes(body).filter((_, i) => i !== a % body.length);
      expect(checksum(one)).not.toBe(seal);
      if (one.length > 0) expect(checksum(one.filter((_, i) => i !== b % one.length))).not.toBe(seal);
      const changed = bytes(body);
      changed[a % body.length]! ^= by;
      expect(checksum(changed)).not.toBe(seal);
    }),
    { numRuns: 2000 },
  );
});

test('news that lost one byte or two, seal included, is none', () => {
  const news = fc.oneof(
    fc.tuple(fc.constantFrom('s', 'x', 'k', 'v', 'b'), fc.integer({ min: 0, max: 99 })).map((parts) => parts.join('')),
    fc.tuple(fc.integer(), fc.integer()).map(([left, right]) => `w${left},${right}`),
    fc.constant('fTELEPRESENT1:c:h:a:e:v:l:i:n:z'),
  );
  fc.assert(
    fc.property(news, fc.nat(), fc.nat(), fc.boolean(), (body, a, b, both) => {
      const line = encodeLine(body).slice(0, -1);
      const one = line.filter((_, i) => i !== a % line.length);
      const arrived = both ? one.filter((_, i) => i !== b % one.length) : one;
      expect(decodeNews(arrived, true).ok).toBe(false);
    }),
    { numRuns: 2000 },
  );
});
