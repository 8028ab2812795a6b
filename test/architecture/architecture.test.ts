import { describe, expect, test } from 'vitest';
import { heavyAtFirst, moduleState, wrongDoors, wrongOpening, wrongRooms, wrongServer } from './rules.ts';
import { parseSource, readServer, readSource } from './source.ts';

const source = readSource();
const server = readServer();

describe('the house', () => {
  test('has something in it', () => {
    expect(source.length).toBeGreaterThan(10);
  });

  test('has rooms that import only what they may', () => {
    expect(source.flatMap(wrongRooms)).toEqual([]);
  });

  test('has a server that shares with the app only who is who', () => {
    expect(server.length).toBeGreaterThan(5);
    expect(server.flatMap(wrongServer)).toEqual([]);
  });

  test('lets each package in by its one door', () => {
    expect(source.flatMap(wrongDoors)).toEqual([]);
  });

  test('loads nothing heavy with the first page', () => {
    expect(heavyAtFirst(source)).toEqual([]);
  });

  test('has files that open with one sentence', () => {
    expect([...source, ...server].flatMap(wrongOpening)).toEqual([]);
  });

  test('keeps nothing at module scope and does nothing at import', () => {
    expect(source.flatMap((file) => moduleState(file, source))).toEqual([]);
  });
});

describe('the rules', () => {
  const file = (path: string, text: string) => parseSource(path, text);

  test.each([
    ['core/a.ts', "import '../protocol/b.ts';"],
    ['net/a.ts', "import { b } from '../media/b.ts';"],
    ['session/a.ts', "import { b } from '../net/b.ts';"],
    ['session/a.ts', "import { type B, b } from '../net/b.ts';"],
    ['session/a.ts', "export { b } from '../net/b.ts';"],
    ['ui/a.ts', "import type { B } from '../net/b.ts';"],
    ['ui/a.ts', "const b = await import('../session/b.ts');"],
    ['control/a.ts', "import { b } from '../protocol/b.ts';"],
    ['attic/a.ts', ''],
    ['net/a.ts', "import '../../test/b.ts';"],
    ['board/a.ts', "import type { App } from '../main.ts';"],
  ])('forbid %s to say: %s', (path, text) => {
    expect(wrongRooms(file(path, text))).toHaveLength(1);
  });

  test.each([
    ['session/a.ts', "import type { B } from '../net/b.ts';"],
    ['session/a.ts', "import { type B } from '../net/b.ts';"],
    ['session/a.ts', "type B = import('../net/b.ts').B;"],
    ['session/a.ts', "import { c } from '../control/c.ts'; import { d } from './d.ts';"],
    ['ui/a.ts', "import type { S } from '../session/s.ts';"],
    ['control/a.ts', "import type { B } from '../protocol/b.ts';"],
    [
      'main.ts',
      "const ui = await import('./ui/b.ts'); new Worker(new URL('./board/simulated/worker.ts', import.meta.url));",
    ],
  ])('allow %s to say: %s', (path, text) => {
    expect(wrongRooms(file(path, text))).toEqual([]);
  });

  test.each([
    ["import { joinBroker } from '../src/net/broker.ts';", 1],
    ["import type { Message } from '../src/protocol/messages.ts';", 1],
    ["import { readClaim } from '../src/trust/claim.ts'; import { log } from './log.ts';", 0],
  ])('let the server say or not: %s', (text, wrong) => {
    expect(wrongServer(file('../peer-server/a.ts', text))).toHaveLength(wrong);
  });

  test.each([
    ['net/link.ts', "import type { Peer } from 'peerjs';"],
    ['session/a.ts', "import { get } from 'idb-keyval';"],
    ['control/a.ts', "import { signal } from '@preact/signals-core';"],
    ['trust/a.ts', "import { signal } from '@preact/signals-core';"],
    ['ui/a.ts', "import * as v from 'valibot';"],
    ['ui/a.ts', "import chart from 'some-chart-library/dist/chart.js';"],
    ['board/web-serial.ts', "const avr = await import('avr8js');"],
  ])('let no package into %s by: %s', (path, text) => {
    expect(wrongDoors(file(path, text))).toHaveLength(1);
  });

  test.each([
    ['net/broker.ts', "const { Peer } = await import('peerjs');"],
    ['ui/a.ts', "import { html } from 'lit'; import { live } from 'lit/directives/live.js';"],
    ['board/simulated/cpu.ts', "import { CPU } from 'avr8js';"],
  ])('let packages into %s by: %s', (path, text) => {
    expect(wrongDoors(file(path, text))).toEqual([]);
  });

  test('find what is heavy behind any number of static imports, and only there', () => {
    const broker = (line: string) => [
      file('main.ts', "import './net/dial.ts';"),
      file('net/dial.ts', "import { join } from './broker.ts';"),
      file('net/broker.ts', line),
    ];
    expect(heavyAtFirst(broker("import { Peer } from 'peerjs';"))).toHaveLength(1);
    expect(heavyAtFirst(broker("const { Peer } = await import('peerjs');"))).toEqual([]);
    expect(heavyAtFirst(broker("import type { Peer } from 'peerjs';"))).toEqual([]);
  });

  test.each([
    '',
    '// A line.',
    '/* A block. */',
    '/** No end */',
    '/** One. Two. */',
    "import './b.ts';\n/** Late. */",
  ])('refuse a file that opens with: %s', (text) => {
    expect(wrongOpening(file('core/a.ts', text))).toHaveLength(1);
  });

  test('take a sentence over two lines', () => {
    expect(
      wrongOpening(file('core/a.ts', '/**\n * What this is for, v1.5 and all;\n * knows no more.\n */\n')),
    ).toEqual([]);
  });

  test.each([
    'let count = 0;',
    'export var all;',
    'const seen = new Map();',
    'const all: string[] = [];',
    'const held = signal(0);',
    'start();',
    "if (true) start();\nnavigator.locks.request('a', run);",
  ])('find state or work at import in: %s', (text) => {
    const one = file('net/a.ts', text);
    expect(moduleState(one, [one])).toHaveLength(1);
  });

  test('let a worker start at import', () => {
    const worker = file('board/simulated/worker.ts', "self.addEventListener('message', start);");
    const owner = file('board/simulated/world.ts', "new Worker(new URL('./worker.ts', import.meta.url));");
    expect(moduleState(worker, [worker, owner])).toEqual([]);
    expect(moduleState(worker, [worker])).toHaveLength(1);
  });

  test.each([
    'const LIMIT = 5; const NAMES = ["a", "b"] as const;',
    'const CODES: ReadonlyMap<string, number> = new Map([["a", 1]]);',
    "customElements.define('a-b', AB);",
    'declare const __VERSION__: string;',
    'export function f() { let inside = 0; return inside; }',
  ])('find none in: %s', (text) => {
    const one = file('net/a.ts', text);
    expect(moduleState(one, [one])).toEqual([]);
  });
});
