/** The rules of the house, each from a file to what is wrong with it; knows not where the files come from. */
import ts from 'typescript';
import type { Import, SourceFile } from './source.ts';

type Rooms = { readonly any: readonly string[]; readonly types?: readonly string[] };

const EDGES = ['input', 'board', 'media', 'net', 'storage'];
const MIDDLE = ['core', 'protocol', 'control', 'trust'];

/** What a room may import, and what it may import for its types alone. */
const ROOMS: Readonly<Record<string, Rooms>> = {
  core: { any: [] },
  protocol: { any: ['core'] },
  control: { any: ['core'], types: ['protocol'] },
  trust: { any: ['core'] },
  ...Object.fromEntries(EDGES.map((room) => [room, { any: MIDDLE }])),
  session: { any: MIDDLE, types: EDGES },
  ui: { any: ['core'], types: ['session'] },
  main: { any: [...MIDDLE, ...EDGES, 'session', 'ui'] },
};

/** One package, one door. */
const DOORS: Readonly<Record<string, (file: SourceFile, when: Import['when']) => boolean>> = {
  peerjs: ({ path }) => path === 'net/broker.ts',
  'idb-keyval': ({ room }) => room === 'storage',
  'web-serial-polyfill': ({ path }) => path.startsWith('board/webusb/'),
  avr8js: ({ path }) => path.startsWith('board/simulated/'),
  lit: ({ room }) => room === 'ui',
  valibot: ({ room }) => room === 'protocol',
  'lean-qr': ({ room }) => room === 'ui',
  '@preact/signals-core': ({ room }) => !['core', 'protocol', 'control', 'trust'].includes(room),
  'virtual:pwa-register': ({ room }) => room === 'main',
};

/** Too heavy for the first page. */
const HEAVY = ['peerjs', 'avr8js', 'web-serial-polyfill'];

/** Imports that the table of rooms does not allow. */
export function wrongRooms(file: SourceFile): readonly string[] {
  const allowed = ROOMS[file.room];
  if (!allowed) return [`${file.path}: there is no room "${file.room}"`];
  return file.imports
    .filter(({ kind }) => kind === 'file')
    .filter(({ to, when }) => {
      const room = to.includes('/') ? (to.split('/')[0] ?? '') : 'main';
      if (to.startsWith('..')) return file.room !== 'main';
      return room !== file.room && !allowed.any.includes(room) && !(when === 'type' && allowed.types?.includes(room));
    })
    .map(({ to, when }) => `${file.path} imports ${to}${when === 'type' ? ' (its types)' : ''}`);
}

/** What the server takes from the app beyond what both must understand alike. */
export function wrongServer(file: SourceFile): readonly string[] {
  return file.imports
    .filter(({ kind, to }) => kind === 'file' && !to.startsWith('../peer-server/'))
    .filter(({ to }) => !['core', 'trust'].includes(to.split('/')[0] ?? ''))
    .map(({ to }) => `${file.path} imports ${to}`);
}

/** Packages that came in by another door than their own, or that have none. */
export function wrongDoors(file: SourceFile): readonly string[] {
  return file.imports
    .filter(({ kind, to, when }) => kind === 'package' && !DOORS[to]?.(file, when))
    .map(({ to }) => `${file.path} imports ${to}`);
}

/** Heavy packages that come with the first page: reached from `main.ts` by static imports alone. */
export function heavyAtFirst(files: readonly SourceFile[]): readonly string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const reached = new Set<string>();
  const wrong: string[] = [];
  const visit = (path: string) => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const { to, kind, when } of byPath.get(path)?.imports ?? []) {
      if (when !== 'static') continue;
      if (kind === 'file') visit(to);
      else if (HEAVY.includes(to)) wrong.push(`${path} imports ${to}, and main.ts reaches it`);
    }
  };
  visit('main.ts');
  return wrong;
}

/** A file opens with one JSDoc sentence. */
export function wrongOpening({ path, text }: SourceFile): readonly string[] {
  const opening = /^\/\*\*\s([\s\S]*?)\*\//.exec(text)?.[1];
  if (opening === undefined) return [`${path} does not open with a JSDoc sentence`];
  const sentence = opening.replace(/\n\s*\*?\s?/g, ' ').trim();
  const ends = sentence.match(/[.!?](?=\s|$)/g) ?? [];
  if (ends.length !== 1 || !sentence.endsWith('.'))
    return [`${path} opens with more or less than one sentence: ${sentence}`];
  return [];
}

/** State that outlives every session, and work at import. Workers and `main.ts` are started, not imported. */
export function moduleState(file: SourceFile, files: readonly SourceFile[]): readonly string[] {
  const isWorker = files.some(({ imports }) => imports.some(({ to, when }) => when === 'worker' && to === file.path));
  if (file.path === 'main.ts' || isWorker) return [];
  return file.statements.flatMap((statement) => {
    const line = statement.getText().split('\n')[0];
    if (ts.isExpressionStatement(statement)) {
      return line?.startsWith('customElements.define(') ? [] : [`${file.path} works at import: ${line}`];
    }
    if (!ts.isVariableStatement(statement) || isDeclared(statement)) return [];
    if (!(statement.declarationList.flags & ts.NodeFlags.Const)) return [`${file.path} keeps state: ${line}`];
    return statement.declarationList.declarations.some(isMutable) ? [`${file.path} keeps state: ${line}`] : [];
  });
}

function isDeclared(statement: ts.VariableStatement): boolean {
  return statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) ?? false;
}

/** Containers that invite writing: a collection, an empty list or object, a signal; unless their type says read-only. */
function isMutable({ initializer, type }: ts.VariableDeclaration): boolean {
  if (!initializer || /^(readonly |Readonly)/.test(type?.getText() ?? '')) return false;
  if (ts.isNewExpression(initializer)) return /^((Weak)?(Map|Set)|Array)$/.test(initializer.expression.getText());
  if (ts.isArrayLiteralExpression(initializer)) return initializer.elements.length === 0;
  if (ts.isObjectLiteralExpression(initializer)) return initializer.properties.length === 0;
  return ts.isCallExpression(initializer) && initializer.expression.getText() === 'signal';
}
