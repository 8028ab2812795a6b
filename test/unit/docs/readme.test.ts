import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { HELP } from '../../../peer-server/command-line.mjs';

const ROOT = new URL('../../../', import.meta.url);
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'docs/HARDWARE.md',
  'docs/HOSTING.md',
  'docs/NETWORKS.md',
  'docs/WIRE.md',
];
const LARGEST_PICTURE = 400_000;

const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');

/** What a page leads to inside this project. */
function linksIn(page: string): string[] {
  return [...read(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, to]) => to!.split('#')[0]!)
    .filter((to) => to !== '' && !/^[a-z]+:/.test(to));
}

describe.each(PAGES)('%s', (page) => {
  it('leads only to what is there', () => {
    for (const to of linksIn(page)) expect(existsSync(new URL(to, new URL(page, ROOT))), to).toBe(true);
  });
});

describe('README.md', () => {
  it('has two pictures that load quickly', () => {
    const pictures = linksIn('README.md').filter((to) => to.endsWith('.png'));
    expect(pictures).toHaveLength(2);
    for (const picture of pictures)
      expect(statSync(new URL(picture, ROOT)).size, picture).toBeLessThan(LARGEST_PICTURE);
  });

  it('names npm scripts and options that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const text = read('README.md');
    const named = [...text.matchAll(/`npm (?:run )?([a-z]+)[^`]*`/g)].map(([, script]) => script!);
    expect(named.length).toBeGreaterThan(5);
    for (const script of named) expect(Object.keys(scripts)).toContain(script);
    for (const [, option] of text.matchAll(/`(--[a-z-]+)`/g)) expect(HELP).toContain(option);
  });

  it('wires the pins of the firmware', () => {
    const pins = read('firmware/telepresent/pins.h');
    const pin = (name: string) => new RegExp(`#define PIN_${name} (\\d+)`).exec(pins)?.[1];
    expect(read('README.md')).toContain(`| IN1, IN2 (left motor) | ${pin('LEFT_FORWARD')}, ${pin('LEFT_BACKWARD')} |`);
    expect(read('README.md')).toContain(
      `| IN3, IN4 (right motor) | ${pin('RIGHT_FORWARD')}, ${pin('RIGHT_BACKWARD')} |`,
    );
  });

  it('flashes as docs/HARDWARE.md does', () => {
    const command = (page: string) => /^avrdude .*$/m.exec(read(page))?.[0];
    expect(command('README.md')).toBe(command('docs/HARDWARE.md'));
    expect(existsSync(fileURLToPath(new URL(/flash:w:(.*):i/.exec(command('README.md')!)![1]!, ROOT)))).toBe(true);
  });
});
