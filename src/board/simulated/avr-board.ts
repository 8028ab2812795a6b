/** The robot's board: an ATmega328P that runs the firmware, its pins read as a robot wires them; knows no world around it. */
import {
  AVRADC,
  AVRClock,
  AVRIOPort,
  AVRTimer,
  AVRUSART,
  AVRWatchdog,
  adcConfig,
  avrInstruction,
  CPU,
  clockConfig,
  portBConfig,
  portCConfig,
  portDConfig,
  timer0Config,
  timer1Config,
  timer2Config,
  usart0Config,
  watchdogConfig,
} from 'avr8js';
import { CYCLES_PER_MS, FLASH_BYTES, SRAM_BYTES } from './atmega328p.ts';

const SLEEP_OPCODE = 0x9588;
/** 4 µs: finer than anything that wakes the firmware. */
const SLEEP_STEP_CYCLES = 64;

/** Sleep mode control (ATmega328P datasheet, 10.11.1). */
const SMCR = 0x53;
const SLEEP_ENABLE = 1;

/** Reset cause register and its bits (ATmega328P datasheet, 11.9.1). */
const MCUSR = 0x54;
const POWER_ON_RESET = 1 << 0;
const WATCHDOG_RESET = 1 << 3;

type Pin = { readonly port: typeof portBConfig; readonly bit: number };
/** A pin that one of a timer's two output compare units can drive. */
type PwmPin = Pin & { readonly timer: typeof timer0Config; readonly unit: 'A' | 'B' };

/** As in the firmware's `pins.h`; the timers' pins as in the ATmega328P datasheet, 1.1. */
const PIN = {
  leftForward: { port: portDConfig, bit: 5, timer: timer0Config, unit: 'B' },
  leftBackward: { port: portDConfig, bit: 6, timer: timer0Config, unit: 'A' },
  rightForward: { port: portDConfig, bit: 3, timer: timer2Config, unit: 'B' },
  rightBackward: { port: portBConfig, bit: 3, timer: timer2Config, unit: 'A' },
  servo0: { port: portBConfig, bit: 1, timer: timer1Config, unit: 'A' },
  servo1: { port: portBConfig, bit: 2, timer: timer1Config, unit: 'B' },
  statusLight: { port: portBConfig, bit: 5 },
  lamp: { port: portDConfig, bit: 2 },
  buzzer: { port: portDConfig, bit: 4 },
} as const satisfies Record<string, Pin | PwmPin>;

/** What a compare unit does to its pin on a match while the timer makes PWM: bits COMnx1:0 (datasheet, tables 15-3 and 15-6). */
const COMPARE_MODE = { clear: 2, set: 3 } as const;

const BATTERY_CHANNEL = 0;
/** 20 kΩ above, 10 kΩ below. */
const BATTERY_DIVIDER = 3;

/** Pulses at 0° and at 180°, as in `pins.h`. */
const SERVO_PULSE_MS = { least: 0.6, most: 2.4 };

/** One power-up's worth of silicon: a reset makes a new one, because avr8js keeps its peripherals' registers over a reset. */
type Chip = { readonly cpu: CPU; readonly uart: AVRUSART; readonly adc: AVRADC };

export class AvrBoard {
  readonly #flash: Uint16Array;
  readonly #heard: (byte: number) => void;
  #chip: Chip;
  #waiting: number[] = [];
  #runUntil = 0;
  #watchdogBit = false;
  #batteryVolts = 0;
  #resets = 0;

  /** `image` is the flash, up to `FLASH_BYTES`; `heard` gets each byte the board sends. Starts as at power-up. */
  constructor(image: Uint8Array, heard: (byte: number) => void) {
    const flash = new Uint8Array(FLASH_BYTES).fill(0xff);
    flash.set(image.subarray(0, FLASH_BYTES));
    this.#flash = new Uint16Array(flash.buffer);
    this.#heard = heard;
    this.#chip = this.#powerUp(POWER_ON_RESET);
  }

  /** Resets by the hardware watchdog since power-up. */
  get watchdogResets(): number {
    return this.#resets;
  }

  /** What a voltmeter on the battery shows. */
  set batteryVolts(volts: number) {
    this.#batteryVolts = volts;
    this.#chip.adc.channelValues[BATTERY_CHANNEL] = volts / BATTERY_DIVIDER;
  }

  /** Bytes sent that have not reached the chip's receiver yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Wheel power −1…1, forward positive, as the H-bridge sees its two inputs. */
  get power(): { left: number; right: number } {
    return {
      left: this.#duty(PIN.leftForward) - this.#duty(PIN.leftBackward),
      right: this.#duty(PIN.rightForward) - this.#duty(PIN.rightBackward),
    };
  }

  /** Where each of the two servos is told to be, 0…180 degrees; undefined while it gets no pulses. */
  get servoDegrees(): readonly [number | undefined, number | undefined] {
    return [this.#angle(PIN.servo0), this.#angle(PIN.servo1)];
  }

  /** The light on the board itself: solid when armed, blinking when not. */
  get statusLight(): boolean {
    return this.#isOn(PIN.statusLight);
  }

  /** The lamp that lights the robot's way. */
  get lamp(): boolean {
    return this.#isOn(PIN.lamp);
  }

  get buzzer(): boolean {
    return this.#isOn(PIN.buzzer);
  }

  /** Bytes to the board's receiver, at the pace of its baud rate; they wait while it is switched off. */
  send(bytes: Uint8Array): void {
    this.#waiting.push(...bytes);
    this.#feed();
  }

  reset(): void {
    this.#waiting = [];
    this.#chip = this.#powerUp(POWER_ON_RESET);
  }

  run(ms: number): void {
    const flash = this.#flash;
    let { cpu } = this.#chip;
    let left = Math.round(ms * CYCLES_PER_MS);
    while (left > 0) {
      const start = cpu.cycles;
      // Piece by piece, because bytes that wait for the receiver are only offered in between.
      this.#runUntil = start + Math.min(left, CYCLES_PER_MS);
      this.#feed();
      while (cpu.cycles < this.#runUntil) {
        const opcode = flash[cpu.pc];
        avrInstruction(cpu);
        // avr8js takes SLEEP for a NOP. Skipping to what wakes the chip is what makes an idle board cost next to nothing.
        if (opcode === SLEEP_OPCODE && (cpu.data[SMCR] ?? 0) & SLEEP_ENABLE) sleep(cpu, this.#runUntil);
        cpu.tick();
      }
      left -= Math.max(1, cpu.cycles - start);
      if (!this.#watchdogBit) continue;
      this.#watchdogBit = false;
      this.#resets++;
      this.#chip = this.#powerUp(WATCHDOG_RESET);
      cpu = this.#chip.cpu;
    }
  }

  #powerUp(cause: number): Chip {
    const cpu = new CPU(this.#flash, SRAM_BYTES);
    for (const port of [portBConfig, portCConfig, portDConfig]) new AVRIOPort(cpu, port);
    // Timers 1 and 2 only make PWM, which is read from their registers: counting along would cost as much as the firmware.
    new AVRTimer(cpu, timer0Config);
    new AVRWatchdog(cpu, watchdogConfig, new AVRClock(cpu, CYCLES_PER_MS * 1000, clockConfig));
    const adc = new AVRADC(cpu, adcConfig);
    adc.channelValues[BATTERY_CHANNEL] = this.#batteryVolts / BATTERY_DIVIDER;
    const uart = new AVRUSART(cpu, usart0Config, CYCLES_PER_MS * 1000);
    uart.onByteTransmit = this.#heard;
    uart.onRxComplete = () => this.#feed();
    cpu.data[MCUSR] = cause;
    cpu.reset = () => {
      this.#watchdogBit = true;
      this.#runUntil = 0;
    };
    return { cpu, uart, adc };
  }

  #feed(): void {
    const byte = this.#waiting[0];
    if (byte !== undefined && this.#chip.uart.writeByte(byte)) this.#waiting.shift();
  }

  /** Share of the time a pin is high, 0…1. */
  #duty(pin: PwmPin): number {
    const { data } = this.#chip.cpu;
    if (!this.#isOutput(pin)) return 0;
    const compare = (data[pin.unit === 'A' ? pin.timer.OCRA : pin.timer.OCRB] ?? 0) / 255;
    switch (this.#compareMode(pin)) {
      case COMPARE_MODE.clear:
        return compare;
      case COMPARE_MODE.set:
        return 1 - compare;
      default:
        return this.#isOn(pin) ? 1 : 0;
    }
  }

  #angle(pin: PwmPin): number | undefined {
    const { data } = this.#chip.cpu;
    const { timer } = pin;
    const divider = Object.values(timer.dividers)[(data[timer.TCCRB] ?? 0) & 7];
    if (!divider || !this.#isOutput(pin) || this.#compareMode(pin) !== COMPARE_MODE.clear) return undefined;
    const pulseMs = (word(data, pin.unit === 'A' ? timer.OCRA : timer.OCRB) * divider) / CYCLES_PER_MS;
    const share = (pulseMs - SERVO_PULSE_MS.least) / (SERVO_PULSE_MS.most - SERVO_PULSE_MS.least);
    return Math.min(180, Math.max(0, share * 180));
  }

  #compareMode({ timer, unit }: PwmPin): number {
    return ((this.#chip.cpu.data[timer.TCCRA] ?? 0) >> (unit === 'A' ? 6 : 4)) & 3;
  }

  #isOutput({ port, bit }: Pin): boolean {
    return (((this.#chip.cpu.data[port.DDR] ?? 0) >> bit) & 1) === 1;
  }

  #isOn(pin: Pin): boolean {
    return this.#isOutput(pin) && (((this.#chip.cpu.data[pin.port.PORT] ?? 0) >> pin.bit) & 1) === 1;
  }
}

function word(data: Uint8Array, address: number): number {
  return (data[address] ?? 0) | ((data[address + 1] ?? 0) << 8);
}

/** Passes time until an interrupt takes the chip elsewhere; without one it goes on sleeping when it next runs. */
function sleep(cpu: CPU, untilCycle: number): void {
  const { pc } = cpu;
  while (cpu.pc === pc) {
    if (cpu.cycles >= untilCycle) {
      cpu.pc = pc - 1;
      return;
    }
    cpu.cycles += SLEEP_STEP_CYCLES;
    cpu.tick();
  }
}
