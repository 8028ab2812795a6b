/** Board and world joined: pins turn wheels, the battery feeds the board; knows neither real time nor a page. */
import { AvrBoard } from './avr-board.ts';
import { type Actuation, ROBOT, step, type World, worldAtStart } from './world.ts';

/** Metres, radians, metres a second, wheel radians a second. Heading 0 looks east and grows towards north. */
export type Pose = {
  readonly x: number;
  readonly y: number;
  readonly heading: number;
  readonly speed: number;
  readonly left: number;
  readonly right: number;
};

/** Board and world take turns in slices this long. */
export const SLICE_MS = 4;
const UNPLUGGED: Actuation = { left: 0, right: 0, servoDegrees: undefined };

export class Simulation {
  #world = worldAtStart();
  #board: AvrBoard | undefined;

  get world(): World {
    return this.#world;
  }

  get pose(): Pose {
    const { x, y, heading, speed, left, right } = this.#world;
    return { x, y, heading, speed, left: left / ROBOT.wheelRadius, right: right / ROBOT.wheelRadius };
  }

  get lamp(): boolean {
    return this.#board?.lamp ?? false;
  }

  /** Bytes sent that the board has not received yet. */
  get waiting(): number {
    return this.#board?.waiting ?? 0;
  }

  /** Switches a board on that runs this flash image; the robot stays where it stands. */
  plug(image: Uint8Array, heard: (byte: number) => void): void {
    this.#board = new AvrBoard(image, heard);
    this.#board.batteryVolts = this.#world.volts;
  }

  unplug(): void {
    this.#board = undefined;
  }

  send(bytes: Uint8Array): void {
    this.#board?.send(bytes);
  }

  /** Lets `SLICE_MS` of simulated time pass. */
  slice(): void {
    const board = this.#board;
    board?.run(SLICE_MS);
    const actuation = board ? { ...board.power, servoDegrees: board.servoDegrees[0] } : UNPLUGGED;
    this.#world = step(this.#world, actuation, SLICE_MS);
    if (board) board.batteryVolts = this.#world.volts;
  }
}
