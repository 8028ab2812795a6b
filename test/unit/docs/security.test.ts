/** Holds SECURITY.md to the tree: what it says holds an attack is there, and holds something. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../../../', import.meta.url);
const text = readFileSync(new URL('SECURITY.md', ROOT), 'utf8');

describe('SECURITY.md', () => {
  const attacks = text
    .split('## Who tries what')[1]!
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| **'));

  it('has an answer to each attack, and a test that holds it', () => {
    expect(attacks.length).toBeGreaterThan(10);
    for (const attack of attacks) expect(attack.split('|').at(-2)).toMatch(/test\//);
  });

  it('names tests that are there', () => {
    const named = new Set([...text.matchAll(/test\/[\w./-]+\w/g)].map(([path]) => path));
    expect([...named].filter((path) => !existsSync(new URL(path, ROOT)))).toEqual([]);
    for (const path of named) {
      const url = new URL(path, ROOT);
      if (statSync(url).isFile()) expect(readFileSync(url, 'utf8'), path).toContain('expect(');
    }
  });

  it('gives nobody an address to write to that is not there', () => {
    expect(text).not.toMatch(/\S@\S+\.\S/);
    expect(text).toContain('Report a vulnerability');
  });
});
