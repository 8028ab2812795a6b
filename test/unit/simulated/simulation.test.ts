/** Lines in, movement out: the committed firmware turns the simulated wheels. */
import { expect, test } from 'vitest';
import { Simulation, SLICE_MS } from '../../../src/board/simulated/simulation.ts';
import { firmwareImage, line } from './firmware.ts';

class Drive {
  readonly simulation = new Simulation();
  text = '';

  constructor() {
    this.simulation.plug(firmwareImage(), (byte) => {
      this.text += String.fromCharCode(byte);
    });
    this.pass(60);
  }

  pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += SLICE_MS) this.simulation.slice();
  }

  keepSaying(body: string, ms: number): void {
    for (let passed = 0; passed < ms; passed += 20) {
      this.simulation.send(line(body));
      this.pass(20);
    }
  }
}

test('drives when told, and stands within 700 ms of silence', () => {
  const drive = new Drive();
  const { y } = drive.simulation.pose;
  drive.keepSaying('c0,0', 20);
  drive.keepSaying('c255,255', 1000);
  expect(drive.simulation.pose.y).toBeGreaterThan(y + 0.3);
  expect(drive.simulation.pose.left).toBeGreaterThan(15);

  drive.pass(480);
  expect(drive.simulation.pose.speed).toBeGreaterThan(0.5);
  drive.pass(200);
  expect(drive.simulation.pose).toMatchObject({ speed: 0, left: 0, right: 0 });
  expect(drive.text).toContain('k1*9C\n');
});

test('reports the sagging battery of its own world', () => {
  const drive = new Drive();
  drive.simulation.send(line('v100'));
  drive.pass(250);
  expect(drive.text).toMatch(/^v8\.\d\d\*/m);
});

test('tilts the camera by the servo line, and lights the lamp', () => {
  const drive = new Drive();
  drive.simulation.send(line('a0,120'));
  drive.simulation.send(line('l255,0'));
  drive.pass(400);
  expect(drive.simulation.world.tiltDegrees).toBeCloseTo(120, 0);
  expect(drive.simulation.lamp).toBe(true);
});

test('without a board the robot rolls out and stands, and a new board finds it there', () => {
  const drive = new Drive();
  drive.keepSaying('c0,0', 20);
  drive.keepSaying('c255,255', 800);
  drive.simulation.unplug();
  drive.pass(300);
  const { pose } = drive.simulation;
  expect(pose.speed).toBe(0);
  drive.simulation.plug(firmwareImage(), () => {});
  drive.pass(300);
  expect(drive.simulation.pose).toEqual(pose);
});
