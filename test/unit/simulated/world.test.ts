/** The flat's physics: speed, turning, walls, the ball, the battery. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BLOCKS, POSTS, PROPS, START } from '../../../src/board/simulated/flat.ts';
import { type Actuation, ROBOT, step, type World, worldAtStart } from '../../../src/board/simulated/world.ts';

function drive(world: World, left: number, right: number, ms: number, servoDegrees?: number): World {
  return step(world, { left, right, servoDegrees }, ms);
}

/** How far the robot's rim is inside something solid, metres; negative in the open. */
function overlap({ x, y }: World): number {
  const nearest = (value: number, [least, most]: readonly [number, number]) => Math.max(least, Math.min(most, value));
  const blocks = BLOCKS.filter(({ z }) => z[0] < ROBOT.height).map((block) =>
    Math.hypot(x - nearest(x, block.x), y - nearest(y, block.y)),
  );
  const round = [...POSTS.filter(({ z }) => z[0] < ROBOT.height), ...PROPS]
    .filter(({ radius }) => radius)
    .map((thing) => Math.hypot(x - thing.x, y - thing.y) - (thing.radius ?? 0));
  return ROBOT.radius - Math.min(...blocks, ...round);
}

test('full power reaches about 0.7 m/s within half a second', () => {
  const world = drive({ ...worldAtStart(), volts: 8.4, charge: 1 }, 1, 1, 500);
  expect(world.speed).toBeGreaterThan(0.6);
  expect(world.speed).toBeLessThan(0.75);
  expect(world.heading).toBeCloseTo(START.heading);
  expect(world.x).toBeCloseTo(START.x);
});

test('stands within 150 ms of the power going off', () => {
  const driving = drive(worldAtStart(), 1, 1, 500);
  const stopped = drive(driving, 0, 0, 150);
  expect(stopped).toMatchObject({ speed: 0, left: 0, right: 0 });
});

test('too little power does not overcome friction', () => {
  expect(drive(worldAtStart(), 0.08, 0.08, 1000)).toMatchObject({ x: START.x, y: START.y, speed: 0 });
});

test('opposite wheels turn it on the spot, to the left when the right one goes forward', () => {
  const world = drive(worldAtStart(), -0.5, 0.5, 200);
  expect(world.heading).toBeGreaterThan(START.heading + 0.1);
  expect(Math.hypot(world.x - START.x, world.y - START.y)).toBeLessThan(0.001);
});

test('a wall stops it', () => {
  const world = drive({ ...worldAtStart(), x: 0.5, y: 0.8, heading: Math.PI }, 1, 1, 4000);
  expect(world.x).toBeCloseTo(ROBOT.radius, 2);
  expect(world.speed).toBeCloseTo(0, 2);
});

test('it slides along a wall that it meets at an angle', () => {
  const world = drive({ ...worldAtStart(), x: 0.3, y: 0.5, heading: Math.PI * 0.65 }, 0.8, 0.8, 2000);
  expect(world.x).toBeGreaterThanOrEqual(ROBOT.radius - 1e-6);
  expect(world.y).toBeGreaterThan(0.8);
});

test('the door to the corridor lets it through', () => {
  const world = drive({ ...worldAtStart(), x: 2.65, y: 3.6 }, 0.7, 0.7, 3000);
  expect(world.y).toBeGreaterThan(4.6);
});

test('it starts in the open', () => {
  expect(overlap(worldAtStart())).toBeLessThan(0);
});

test('never ends up inside anything, however it is driven', () => {
  const power = fc.double({ min: -1, max: 1, noNaN: true });
  const stretch = fc.record({ left: power, right: power, ms: fc.integer({ min: 20, max: 1500 }) });
  const start = fc.constantFrom([START.x, START.y], [6.3, 2.6], [4, 5], [1, 3.3], [7.1, 2.3]);
  fc.assert(
    fc.property(
      start,
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.array(stretch, { maxLength: 12 }),
      (at, heading, way) => {
        let world: World = { ...worldAtStart(), x: at[0] ?? 0, y: at[1] ?? 0, heading };
        for (const { left, right, ms } of way) {
          world = drive(world, left, right, ms);
          expect(overlap(world)).toBeLessThan(0.005);
          expect(Number.isFinite(world.x + world.y + world.heading + world.left + world.right)).toBe(true);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('one long step is as good as many short ones', () => {
  let many = worldAtStart();
  for (let ms = 0; ms < 400; ms += 4) many = drive(many, 0.6, 0.5, 4);
  const one = drive(worldAtStart(), 0.6, 0.5, 400);
  expect(one.x).toBeCloseTo(many.x, 6);
  expect(one.y).toBeCloseTo(many.y, 6);
  expect(one.timeMs).toBe(400);
});

test('the ball rolls when pushed, and comes to rest in the room', () => {
  const before = worldAtStart();
  const behind = { ...before, x: before.ball.x, y: before.ball.y - 0.6 };
  const pushed = drive(behind, 0.8, 0.8, 1200);
  expect(pushed.ball.y).toBeGreaterThan(before.ball.y + 0.1);
  const later = drive(pushed, 0, 0, 6000);
  expect(Math.hypot(later.ball.vx, later.ball.vy)).toBe(0);
  expect(later.ball.y).toBeLessThan(4.2);
});

test('the battery sags under load, comes back, and drains slowly', () => {
  const idle = drive(worldAtStart(), 0, 0, 100);
  const stalled = drive({ ...idle, x: 0.16, y: 0.8, heading: Math.PI }, 1, 1, 300);
  expect(stalled.volts).toBeLessThan(idle.volts - 0.2);
  const rested = drive(stalled, 0, 0, 500);
  expect(rested.volts).toBeGreaterThan(idle.volts - 0.05);
  let driven = worldAtStart();
  for (let second = 0; second < 60; second++) driven = drive(driven, 0.5, -0.5, 1000);
  expect(driven.charge).toBeLessThan(worldAtStart().charge);
  expect(driven.charge).toBeGreaterThan(worldAtStart().charge - 0.02);
});

test('the camera servo takes its time and stays where it was told', () => {
  const moving = drive(worldAtStart(), 0, 0, 40, 120);
  expect(moving.tiltDegrees).toBeGreaterThan(90);
  expect(moving.tiltDegrees).toBeLessThan(120);
  const there = drive(moving, 0, 0, 400, 120);
  expect(there.tiltDegrees).toBeCloseTo(120);
  const still: Actuation = { left: 0, right: 0, servoDegrees: undefined };
  expect(step(there, still, 400).tiltDegrees).toBeCloseTo(120);
});
