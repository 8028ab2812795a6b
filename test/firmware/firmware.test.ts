/** The firmware's core under sanitizers, and the committed image and WebAssembly against their source; knows no simulator. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const FIRMWARE = fileURLToPath(new URL('../../firmware', import.meta.url));
/** Another compiler gives another image from the same source: this one (Debian 12) made the committed one. */
const IMAGE_COMPILER = '5.4.0';
/** The same of the WebAssembly. */
const WASM_COMPILER = '14.0.6';

// A folder of its own: two runs at once must not write the same files.
const build = mkdtempSync(join(tmpdir(), 'telepresent-firmware-'));
afterAll(() => rmSync(build, { recursive: true }));

function make(...words: string[]): { code: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync('make', ['-C', FIRMWARE, `BUILD=${build}`, ...words], {
    encoding: 'utf8',
  });
  return { code: status, said: stdout + stderr };
}

/** The version a compiler gives, or undefined where there is none. */
function versionOf(compiler: string): string | undefined {
  const { status, stdout } = spawnSync(compiler, ['-dumpversion'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

const has = (program: string) => spawnSync(program, ['--version']).status === 0;
const missingForHost = ['make', 'g++'].filter((program) => !has(program));
const whyNoHost = `${missingForHost.join(' and ')} missing: install with apt-get install g++ make`;

const avrVersion = versionOf('avr-gcc');
const whyNoImage =
  avrVersion === undefined
    ? 'avr-gcc missing: install with apt-get install gcc-avr avr-libc arduino-core-avr make'
    : `avr-gcc is ${avrVersion}, the committed image is made with ${IMAGE_COMPILER}`;

const wasmVersion = has('wasm-ld') ? versionOf('clang++') : undefined;
const whyNoWasm =
  wasmVersion === undefined
    ? 'clang or lld missing: install with apt-get install clang lld make'
    : `clang is ${wasmVersion}, the committed WebAssembly is made with ${WASM_COMPILER}`;

test('the core passes the golden vectors on this machine', { timeout: 300_000 }, (context) => {
  if (missingForHost.length > 0) context.skip(whyNoHost);
  const { code, said } = make('host');
  expect(said).toMatch(/^\d+ checks, 0 failed$/m);
  expect(code).toBe(0);
});

test('no bytes crash the core, and none move a disarmed or forgotten board', { timeout: 300_000 }, (context) => {
  if (missingForHost.length > 0) context.skip(whyNoHost);
  const { code, said } = make('fuzz-host');
  expect(said).toContain('every promise held');
  expect(code).toBe(0);
});

test('the committed image is what the source gives', { timeout: 60_000 }, (context) => {
  if (avrVersion !== IMAGE_COMPILER) context.skip(whyNoImage);
  const { code, said } = make('verify');
  expect(said).toContain('The committed image is what the source gives.');
  expect(code).toBe(0);
});

test('the committed WebAssembly is what the source gives', { timeout: 60_000 }, (context) => {
  if (wasmVersion !== WASM_COMPILER) context.skip(whyNoWasm);
  const { code, said } = make('wasm-verify');
  expect(said).toContain('The committed WebAssembly is what the source gives.');
  expect(code).toBe(0);
});

test('the firmware compiles for every motor driver', { timeout: 60_000 }, (context) => {
  if (avrVersion === undefined) context.skip(whyNoImage);
  expect(make('variants')).toMatchObject({ code: 0 });
});
