/** The chip around the firmware: pins, battery, watchdog, sleep. */
import { expect, test } from 'vitest';
import { Bench, firmwareImage } from './firmware.ts';

/** AVR machine code, a word each (AVR Instruction Set Manual). */
function program(...words: number[]): Uint8Array {
  return new Uint8Array(Uint16Array.from(words).buffer);
}
const LDI_R16 = (value: number) => 0xe000 | ((value & 0xf0) << 4) | (value & 0x0f);
const STS_R16 = (address: number) => [0x9300, address];
const RJMP_SELF = 0xcfff;
const CLI = 0x94f8;
const SLEEP = 0x9588;
const DDRD = 0x2a;
const PORTD = 0x2b;
const MCUSR = 0x54;
const SMCR = 0x53;
const WDTCSR = 0x60;

test('reads both wheels from the pins, forward and backward', () => {
  const bench = new Bench();
  bench.board.run(50);
  bench.keepSaying('c0,0', 20);
  bench.keepSaying('c128,-64', 400);
  expect(bench.board.power.left).toBeCloseTo(128 / 255, 2);
  expect(bench.board.power.right).toBeCloseTo(-64 / 255, 2);
});

test('reads full power, where the Arduino core switches the PWM off and the pin on', () => {
  const bench = new Bench();
  bench.board.run(50);
  bench.keepSaying('c0,0', 20);
  bench.keepSaying('c255,-255', 600);
  expect(bench.board.power).toEqual({ left: 1, right: -1 });
});

test('measures the battery through the divider', () => {
  const bench = new Bench();
  bench.board.batteryVolts = 7.4;
  bench.board.run(50);
  bench.heard();
  bench.say('v100');
  bench.board.run(250);
  const [volts] = bench.heard();
  expect(Number.parseFloat(volts?.slice(1) ?? '')).toBeCloseTo(7.4, 1);
});

test('stops by itself when the line goes quiet', () => {
  const bench = new Bench();
  bench.board.run(50);
  bench.keepSaying('c0,0', 20);
  bench.keepSaying('c200,200', 400);
  expect(bench.board.power.left).toBeGreaterThan(0.7);
  bench.heard();
  bench.board.run(510);
  expect(bench.board.power).toEqual({ left: 0, right: 0 });
  expect(bench.heard()).toEqual(['k1*9C']);
});

test('keeps bytes that come before the receiver is on', () => {
  const bench = new Bench();
  bench.say('f');
  expect(bench.board.waiting).toBeGreaterThan(0);
  bench.board.run(100);
  expect(bench.board.waiting).toBe(0);
  expect(bench.heard().some((heard) => heard.startsWith('fTELEPRESENT1'))).toBe(true);
});

test('a reset boots the firmware again with everything off', () => {
  const bench = new Bench();
  bench.board.run(50);
  bench.keepSaying('c0,0', 20);
  bench.keepSaying('c200,200', 400);
  bench.heard();
  bench.board.reset();
  expect(bench.board.power).toEqual({ left: 0, right: 0 });
  bench.board.run(50);
  expect(bench.heard()).toEqual(['r*72', 'k0*9B']);
});

test('the hardware watchdog resets a firmware that hangs, and says so in the reset register', () => {
  // Copies the reset cause to port D, then starts the dog at 16 ms and hangs.
  const hanging = program(
    ...[0x9100, MCUSR, ...STS_R16(PORTD), LDI_R16(0xff), ...STS_R16(DDRD)],
    ...[LDI_R16(0x18), ...STS_R16(WDTCSR), LDI_R16(0x08), ...STS_R16(WDTCSR), RJMP_SELF],
  );
  const { board } = new Bench(hanging);
  board.run(10);
  expect(board.watchdogResets).toBe(0);
  expect(board.lamp).toBe(false);
  board.run(10);
  expect(board.watchdogResets).toBe(1);
  // Bit 3, the watchdog's, is the right wheel's forward pin.
  expect(board.power.right).toBe(1);
});

test('a chip that sleeps for ever lets time pass and costs none of it', () => {
  const asleep = program(LDI_R16(1), ...STS_R16(SMCR), CLI, SLEEP, RJMP_SELF);
  const { board } = new Bench(asleep);
  board.run(1000);
  expect(board.watchdogResets).toBe(0);
});

test('never runs away on an image of noise', () => {
  const noise = Uint8Array.from({ length: 4096 }, (_, i) => (i * 7919 + (i >> 3) * 104729) & 0xff);
  const { board } = new Bench(noise);
  board.run(50);
  expect(Math.abs(board.power.left)).toBeLessThanOrEqual(1);
});

test('an image larger than the flash is cut', () => {
  const image = new Uint8Array(0x9000);
  image.set(firmwareImage());
  const bench = new Bench(image);
  bench.board.run(50);
  expect(bench.heard()).toContain('r*72');
});
