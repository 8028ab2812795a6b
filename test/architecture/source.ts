/** Reads the source tree as imports and top-level statements; judges nothing. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));

export type Import = {
  /** A path from `src/`, with slashes; or a package. */
  readonly to: string;
  readonly kind: 'package' | 'file';
  /** `type`: gone after compiling. `lazy`: loaded by import() when asked for. `worker`: started by new URL(). */
  readonly when: 'type' | 'static' | 'lazy' | 'worker';
};

export type SourceFile = {
  /** From `src/`, with slashes. */
  readonly path: string;
  /** The first folder, or `main` for what lies in `src/` itself. */
  readonly room: string;
  readonly text: string;
  readonly imports: readonly Import[];
  readonly statements: readonly ts.Statement[];
};

/** Every TypeScript file under `src/`, but for declarations. */
export function readSource(): readonly SourceFile[] {
  return readFolder('');
}

/** The same of the server; its paths begin with `../peer-server/`. */
export function readServer(): readonly SourceFile[] {
  return readFolder('../peer-server/');
}

function readFolder(folder: string): readonly SourceFile[] {
  return readdirSync(resolve(SRC, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .sort()
    .map((path) => folder + path.split(sep).join('/'))
    .map((path) => parseSource(path, readFileSync(resolve(SRC, path), 'utf8')));
}

export function parseSource(path: string, text: string): SourceFile {
  const parsed = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  const add = (specifier: string, when: Import['when']) => {
    const bare = specifier.replace(/[?#].*$/, '');
    if (!bare.startsWith('.')) {
      const parts = bare.split('/');
      imports.push({ to: parts.slice(0, bare.startsWith('@') ? 2 : 1).join('/'), kind: 'package', when });
      return;
    }
    const to = relative(SRC, resolve(SRC, dirname(path), bare))
      .split(sep)
      .join('/');
    imports.push({ to, kind: 'file', when });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, isTypeOnly(node.importClause) ? 'type' : 'static');
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, node.isTypeOnly ? 'type' : 'static');
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      if (ts.isStringLiteral(node.argument.literal)) add(node.argument.literal.text, 'type');
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments;
      if (specifier && ts.isStringLiteralLike(specifier)) add(specifier.text, 'lazy');
    } else if (ts.isNewExpression(node) && node.expression.getText(parsed) === 'URL') {
      const [specifier, base] = node.arguments ?? [];
      const isModule = base?.getText(parsed) === 'import.meta.url';
      if (isModule && specifier && ts.isStringLiteralLike(specifier) && specifier.text.endsWith('.ts')) {
        add(specifier.text, 'worker');
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return {
    path,
    room: path.includes('/') ? (path.split('/')[0] ?? '') : 'main',
    text,
    imports,
    statements: [...parsed.statements],
  };
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  const named = clause.namedBindings;
  if (clause.name || !named || !ts.isNamedImports(named)) return false;
  return named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly);
}
