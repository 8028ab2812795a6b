/** The board's wire by its golden vectors, and against any bytes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type BoardNews,
  type BoardOrder,
  decodeNews,
  encodeLine,
  encodeOrder,
  LINE_LIMIT,
  LineSplitter,
} from '../../../src/protocol/board-lines.ts';
import vectors from '../../../src/protocol/vectors/board-lines.json' with { type: 'json' };

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (line: Uint8Array) => new TextDecoder().decode(line);

describe('golden vectors', () => {
  test.each(vectors.encode)('$body goes out as $line', ({ body, line }) => {
    expect(text(encodeLine(body))).toBe(`${line}\n`);
  });

  test.each(vectors.decode)('$line', ({ line, news }) => {
    const decoded = decodeNews(bytes(line));
    if (news) expect(decoded).toEqual({ ok: true, value: news });
    else expect(decoded.ok).toBe(false);
  });

  const gamepad = (
    axes: [number, number, number, number],
    buttons: number,
    triggers: [number, number],
  ): BoardOrder => ({
    kind: 'gamepad',
    gamepad: { axes, buttons, triggers },
  });
  test.each<[string, BoardOrder]>([
    ['c255,-255', { kind: 'wheels', left: 255, right: -255 }],
    ['c1,-1', { kind: 'wheels', left: 1, right: -1 }],
    ['g0,0,0,0,0,0,0', gamepad([0, 0, 0, 0], 0, [0, 0])],
    ['g127,-127,64,-64,1FFFF,255,0', gamepad([1, -1, 0.5, -0.502], 0x1ffff, [1, 0])],
    ['g-1,1,0,0,200,0,128', gamepad([-0.01, 0.01, 0, 0], 0x200, [0, 0.5])],
    ['a0,90', { kind: 'servo', channel: 0, degrees: 90 }],
    ['h500', { kind: 'heartbeat', ms: 500 }],
    ['e1', { kind: 'latch' }],
    ['e0', { kind: 'unlatch' }],
    ['f', { kind: 'who' }],
    ['v1000', { kind: 'battery', everyMs: 1000 }],
    ['z1000', { kind: 'buzz', ms: 1000 }],
  ])('%s is the order', (body, order) => {
    expect(vectors.encode.map((vector) => vector.body)).toContain(body);
    expect(text(encodeOrder(order))).toBe(text(encodeLine(body)));
  });
});

describe('orders', () => {
  const any = fc.double();
  const order: fc.Arbitrary<BoardOrder> = fc.oneof(
    fc.record({ kind: fc.constant('wheels' as const), left: any, right: any }),
    fc.record({ kind: fc.constant('servo' as const), channel: any, degrees: any }),
    fc.record({ kind: fc.constant('heartbeat' as const), ms: any }),
    fc.record({ kind: fc.constant('battery' as const), everyMs: any }),
    fc.record({ kind: fc.constant('buzz' as const), ms: any }),
    fc.record({
      kind: fc.constant('gamepad' as const),
      gamepad: fc.record({ axes: fc.tuple(any, any, any, any), buttons: any, triggers: fc.tuple(any, any) }),
    }),
  );

  test('whatever the numbers, a line is short, plain and in range', () => {
    fc.assert(
      fc.property(order, (given) => {
        const line = encodeOrder(given);
        expect(line.length).toBeLessThanOrEqual(LINE_LIMIT + 1);
        expect(text(line)).toMatch(/^[a-z]-?[0-9A-F]+(,-?[0-9A-F]+)*\*[0-9A-F]{2}\n$/);
        if (given.kind !== 'wheels') return;
        for (const power of text(line).slice(1).split('*')[0]!.split(',')) {
          expect(Math.abs(Number(power))).toBeLessThanOrEqual(255);
        }
      }),
    );
  });

  test('not a number does not move', () => {
    expect(text(encodeOrder({ kind: 'wheels', left: Number.NaN, right: -0.2 }))).toBe('c0,0*EF\n');
  });
});

describe('news', () => {
  const word = (first: string, rest: string, maxLength: number) =>
    fc
      .tuple(fc.constantFrom(...first), fc.string({ unit: fc.constantFrom(...rest), maxLength: maxLength - 1 }))
      .map((parts) => parts.join(''));
  const lower = 'abcdefghijklmnopqrstuvwxyz';
  const news: fc.Arbitrary<BoardNews> = fc.oneof(
    fc.constant({ kind: 'boot' } as const),
    fc.record({
      kind: fc.constant('hello' as const),
      name: fc.constant('TELEPRESENT'),
      version: fc.integer({ min: 0, max: 9999 }),
      features: fc.array(word(lower, lower, 2), { maxLength: 10 }),
    }),
    fc.record({ kind: fc.constant('battery' as const), mv: fc.integer({ min: 0, max: 65535 }) }),
    fc.record({ kind: fc.constant('range' as const), cm: fc.integer({ min: 0, max: 99999 }) }),
    fc.record({ kind: fc.constant('bumper' as const), id: word(lower, lower, 4) }),
    fc.record({
      kind: fc.constant('speeds' as const),
      left: fc.integer({ min: -99999, max: 99999 }),
      right: fc.integer({ min: -99999, max: 99999 }),
    }),
    fc.record({ kind: fc.constant('stopped' as const), by: fc.constantFrom('boot', 'silence', 'e-stop') }),
    fc.record({ kind: fc.constant('refused' as const), reason: fc.integer({ min: 0, max: 99 }).map(String) }),
  );

  /** As a board would say it. */
  function body(said: BoardNews): string {
    switch (said.kind) {
      case 'boot':
        return 'r';
      case 'hello':
        return [`f${said.name}${said.version}`, ...said.features].join(':');
      case 'battery':
        return `v${(said.mv / 1000).toFixed(3)}`;
      case 'range':
        return `s${said.cm}`;
      case 'bumper':
        return `b${said.id}`;
      case 'speeds':
        return `w${said.left},${said.right}`;
      case 'stopped':
        return `k${['boot', 'silence', 'e-stop'].indexOf(said.by)}`;
      case 'refused':
        return `x${said.reason}`;
    }
  }

  test('what a board says is what is heard, with and without checksum and CR', () => {
    fc.assert(
      fc.property(news, fc.boolean(), fc.constantFrom('', '\r'), (said, wished, cr) => {
        const summed = wished || (said.kind === 'hello' && said.name === 'TELEPRESENT');
        const line = summed ? text(encodeLine(body(said))).trimEnd() : body(said);
        expect(decodeNews(bytes(line + cr), summed)).toEqual({ ok: true, value: said });
      }),
    );
  });

  test('one wrong bit is no news', () => {
    fc.assert(
      fc.property(news, fc.nat(), fc.integer({ min: 0, max: 7 }), (said, where, bit) => {
        const line = encodeLine(body(said)).slice(0, -1);
        line[where % line.length]! ^= 1 << bit;
        expect(decodeNews(line, true).ok).toBe(false);
      }),
    );
  });

  test('any bytes never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.boolean(), (line, due) => {
        expect(typeof decodeNews(line, due).ok).toBe('boolean');
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'rfvsbwkx*0123456789ABC.,:-\r'), maxLength: 64 }), (line) => {
        expect(typeof decodeNews(bytes(line)).ok).toBe('boolean');
      }),
    );
  });

  test('a line that owes a checksum is refused without', () => {
    expect(decodeNews(bytes('v7.90'), true)).toMatchObject({ ok: false });
    expect(decodeNews(bytes('v7.90*44'), true)).toMatchObject({ ok: true });
  });
});

describe('LineSplitter', () => {
  test('gives the same lines however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\r'), maxLength: 80 })),
        fc.array(fc.nat({ max: 90 })),
        (lines, cuts) => {
          const all = bytes(`${lines.join('\n')}\n`);
          const whole = new LineSplitter();
          const pieces = new LineSplitter();
          const heard: string[] = [];
          let from = 0;
          for (const length of [...cuts, all.length]) {
            heard.push(...pieces.push(all.subarray(from, from + length)).map(text));
            from += length;
          }
          expect(heard).toEqual(whole.push(all).map(text));
          expect(heard).toEqual(
            lines
              .filter((line) => line.length <= LINE_LIMIT)
              .map((line) => line.replace(/\r$/, ''))
              .filter((line) => line !== ''),
          );
          expect(pieces.overlong).toBe(lines.filter((line) => line.length > LINE_LIMIT).length);
        },
      ),
    );
  });

  test('holds one line at most, whatever comes', () => {
    const splitter = new LineSplitter();
    for (let i = 0; i < 100; i++) expect(splitter.push(new Uint8Array(10_000).fill(0x41))).toEqual([]);
    expect(splitter.push(bytes('\nr\n')).map(text)).toEqual(['r']);
    expect(splitter.overlong).toBe(1);
  });
});
