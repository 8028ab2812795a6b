/** The figures of the chip on an Uno and a Nano; knows no firmware. */

export const FLASH_BYTES = 0x8000;
export const SRAM_BYTES = 2048;
export const CYCLES_PER_MS = 16_000;
