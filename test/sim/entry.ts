/** What a bundle of the simulation offers to whoever runs trials; knows no seed. */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { FLASH_BYTES } from '../../src/board/simulated/atmega328p.ts';
import { decodeIntelHex } from '../../src/board/simulated/intel-hex.ts';
import { type FaultKind, scheduleOf } from '../faults/fault-list.ts';
import { AvrFirmware } from './avr-firmware.ts';
import { driveQuietHour, type QuietHour } from './quiet-hour.ts';
import type { Firmware } from './sim-board.ts';
import { runTrial, type Verdict } from './trial.ts';
import { WasmBoard } from './wasm-board.ts';

type Asked = {
  readonly seed: number;
  /** The flashed image in the chip's simulator instead of its core. */
  readonly chip: boolean;
  /** Only faults of these kinds. */
  readonly kinds?: readonly FaultKind[];
  readonly note?: (atMs: number, says: string) => void;
};

/** `root` is the project's folder. */
export async function openSim(root: string) {
  const hex = readFileSync(`${root}/public/firmware/telepresent-uno.hex`, 'utf8');
  const image = decodeIntelHex(hex, FLASH_BYTES);
  if (!image.ok) throw new Error(image.reason);
  const chip = () => new AvrFirmware(image.value);
  const module = await WasmBoard.load(pathToFileURL(`${root}/test/sim/board-core.wasm`));
  const core = (): Firmware => new WasmBoard(module);
  return {
    async trial({ seed, kinds, note, chip: onChip }: Asked): Promise<Verdict> {
      const given = { seed, schedule: scheduleOf(seed, kinds), ...(note ? { note } : {}) };
      const verdict = await runTrial({ ...given, firmware: core() });
      if (!onChip) return verdict;
      const onItsChip = await runTrial({ ...given, firmware: chip() });
      return agreed(verdict, onItsChip);
    },
    quietHour: (note: (says: string) => void): Promise<QuietHour> => driveQuietHour(core(), note),
  };
}

/** What both found. Where they differ, that is a violation of its own. */
function agreed(core: Verdict, chip: Verdict): Verdict {
  const fails = ({ violations, stuck }: Verdict) => violations.length > 0 || stuck;
  const differ = fails(core) !== fails(chip);
  const says = `the core ${fails(core) ? 'fails' : 'passes'}, the chip ${fails(chip) ? 'fails' : 'passes'}`;
  return {
    ...core,
    violations: [
      ...core.violations,
      ...chip.violations,
      ...(differ ? [{ kind: 'firmware-differs' as const, atMs: core.virtualMs, says }] : []),
    ],
    stopsInMs: [...core.stopsInMs, ...chip.stopsInMs],
    deadStopsInMs: [...core.deadStopsInMs, ...chip.deadStopsInMs],
    stuck: core.stuck || chip.stuck,
  };
}
