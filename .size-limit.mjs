/** How much JavaScript each page may load, measured on the built chunks that really load together. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const APP = fileURLToPath(new URL('./dist/app/', import.meta.url));
const CHUNK = String.raw`["'\`]\.\/([\w.-]+\.js)["'\`]`;
const STATIC = new RegExp(String.raw`\b(?:from|import)\s*${CHUNK}`, 'g');
const LAZY = new RegExp(String.raw`\bimport\(\s*${CHUNK}`, 'g');
/** What a pilot gets only when asking for it. */
const ON_DEMAND = /^(simulat|scan|flash)/;

const named = (chunk, pattern) =>
  [...readFileSync(join(APP, 'assets', chunk), 'utf8').matchAll(pattern)].map(([, name]) => name);

/** Chunks reached from `first` by the edges that `next` names. */
function reached(first, next) {
  const found = new Set();
  const visit = (chunk) => {
    if (found.has(chunk)) return;
    found.add(chunk);
    next(chunk).forEach(visit);
  };
  first.forEach(visit);
  return [...found];
}

const html = readFileSync(join(APP, 'index.html'), 'utf8');
const entries = [...html.matchAll(/(?:src|href)="\/assets\/([\w.-]+\.js)"/g)].map(([, name]) => name);
const firstPage = reached(entries, (chunk) => named(chunk, STATIC));

const doors = firstPage.flatMap((chunk) => named(chunk, LAZY)).filter((name) => /^(main-)?pilot-/.test(name));
if (!doors.length) throw new Error('The first page loads no chunk for the pilot: this file must learn its new name.');
const pilotsOwn = reached(doors, (chunk) =>
  firstPage.includes(chunk)
    ? []
    : [...named(chunk, STATIC), ...named(chunk, LAZY).filter((name) => !ON_DEMAND.test(name))],
);

const files = (chunks) => [...new Set(chunks)].map((chunk) => `dist/app/assets/${chunk}`);

export default [
  { name: 'first page', path: files(firstPage), gzip: true, limit: '30 kB' },
  { name: 'pilot page', path: files([...firstPage, ...pilotsOwn]), gzip: true, limit: '92 kB' },
];
