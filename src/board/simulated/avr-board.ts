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

export const FLASH_BYTES = 0x8000;
const CYCLES_PER_MS = 16_000;
const SRAM_BYTES = 2048;
const SLEEP_OPCODE = 0x9588;
/** 2 µs: finer than anything that wakes the firmware. */
const SLEEP_STEP_CYCLES = 32;

/** Reset cause register and its bits (ATmega328P datasheet, 11.9.1). */
const MCUSR = 0x54;
const POWER_ON_RESET = 1 << 0;
const WATCHDOG_RESET = 1 << 3;

type PortConfig = typeof portBConfig;
type TimerConfig = typeof timer0Config;

/** A pin a timer's output compare unit can drive: COM bits 7:6 of TCCRnA are unit A's, 5:4 unit B's. */
type PwmPin = {
  readonly port: PortConfig;
  readonly bit: number;
  readonly timer: TimerConfig;
  readonly unit: 'A' | 'B';
};

/** As in the firmware's `pins.h`, by Arduino pin number. */
const PIN = {
  leftForward: { port: portDConfig, bit: 5, timer: timer0Config, unit: 'B' },
  leftBackward: { port: portDConfig, bit: 6, timer: timer0Config, unit: 'A' },
  rightForward: { port: portDConfig, bit: 3, timer: timer2Config, unit: 'B' },
  rightBackward: { port: portBConfig, bit: 3, timer: timer2Config, unit: 'A' },
} as const satisfies Record<string, PwmPin>;
const STATUS_LIGHT_BIT = 5;
const LAMP_BIT = 2;
const SERVO_BIT = 1;
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

  /** Where the servo is told to be, 0…180 degrees; undefined while it gets no pulses. */
  get servoDegrees(): number | undefined {
    const { data } = this.#chip.cpu;
    const top = word(data, timer1Config.ICR);
    const connected = (data[timer1Config.TCCRA] ?? 0) >> 6 === 2 && this.#isOutput(portBConfig, SERVO_BIT);
    const divider = timer1Config.dividers[((data[timer1Config.TCCRB] ?? 0) & 7) as 0];
    if (!connected || !divider || top === 0) return undefined;
    const pulseMs = (word(data, timer1Config.OCRA) * divider) / CYCLES_PER_MS;
    const share = (pulseMs - SERVO_PULSE_MS.least) / (SERVO_PULSE_MS.most - SERVO_PULSE_MS.least);
    return Math.min(180, Math.max(0, share * 180));
  }

  /** The light on the board itself: solid when armed, blinking when not. */
  get statusLight(): boolean {
    return this.#isOutput(portBConfig, STATUS_LIGHT_BIT) && this.#isHigh(portBConfig, STATUS_LIGHT_BIT);
  }

  /** The lamp that lights the robot's way. */
  get lamp(): boolean {
    return this.#isOutput(portDConfig, LAMP_BIT) && this.#isHigh(portDConfig, LAMP_BIT);
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
      this.#runUntil = start + left;
      this.#feed();
      while (cpu.cycles < this.#runUntil) {
        const opcode = flash[cpu.pc];
        avrInstruction(cpu);
        // avr8js takes SLEEP for a NOP. Skipping to what wakes the chip is what makes an idle board cost next to nothing.
        if (opcode === SLEEP_OPCODE) sleep(cpu, this.#runUntil);
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
  #duty({ port, bit, timer, unit }: PwmPin): number {
    const { data } = this.#chip.cpu;
    if (!this.#isOutput(port, bit)) return 0;
    const mode = ((data[timer.TCCRA] ?? 0) >> (unit === 'A' ? 6 : 4)) & 3;
    const compare = (data[unit === 'A' ? timer.OCRA : timer.OCRB] ?? 0) / 255;
    if (mode === 2) return compare;
    if (mode === 3) return 1 - compare;
    return this.#isHigh(port, bit) ? 1 : 0;
  }

  #isOutput(port: PortConfig, bit: number): boolean {
    return (((this.#chip.cpu.data[port.DDR] ?? 0) >> bit) & 1) === 1;
  }

  #isHigh(port: PortConfig, bit: number): boolean {
    return (((this.#chip.cpu.data[port.PORT] ?? 0) >> bit) & 1) === 1;
  }
}

function word(data: Uint8Array, address: number): number {
  return (data[address] ?? 0) | ((data[address + 1] ?? 0) << 8);
}

/** Passes time until an interrupt is due. */
function sleep(cpu: CPU, untilCycle: number): void {
  while (cpu.nextInterrupt < 0 && cpu.cycles < untilCycle) {
    cpu.cycles += SLEEP_STEP_CYCLES;
    cpu.tick();
  }
}
