/** Builds what stands in for hardware and the firmware that runs on it; knows no test. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** The image that is offered for flashing, with the names that simavr wants. */
export const FIRMWARE = path('../../firmware/build/telepresent.elf');

/** A file that the rig's Makefile makes. */
export function built(name: string): string {
  return path(`build/${name}`);
}

/** Takes no time when all is built. */
export function buildRig(): void {
  for (const [folder, target] of [
    [path('.'), 'all'],
    [path('../../firmware'), 'build/telepresent.elf'],
  ] as const) {
    execFileSync('make', ['--silent', '-C', folder, target], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
}
