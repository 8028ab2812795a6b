/** How the simulated robot moves: two driven wheels, walls that stop it, a ball that rolls, a battery that tires; pure. */
import { BALL, BLOCKS, POSTS, PROPS, START } from './flat.ts';

/** Metres, radians, metres a second. Heading 0 looks east (along x) and grows towards north (y). */
export type World = {
  readonly timeMs: number;
  readonly x: number;
  readonly y: number;
  readonly heading: number;
  /** Along the heading, as moved: a wheel may spin while the robot stands against a wall. */
  readonly speed: number;
  /** At the rim of each wheel. */
  readonly left: number;
  readonly right: number;
  /** Of the camera's servo; 90 looks straight ahead, more looks up. */
  readonly tiltDegrees: number;
  /** Share of the battery left, 0…1. */
  readonly charge: number;
  readonly volts: number;
  readonly ball: { readonly x: number; readonly y: number; readonly vx: number; readonly vy: number };
};

/** What the board's pins do to the robot. */
export type Actuation = {
  /** Wheel power −1…1. */
  readonly left: number;
  readonly right: number;
  /** Undefined: the servo stays where it is. */
  readonly servoDegrees: number | undefined;
};

export const ROBOT = { radius: 0.15, height: 0.5, axle: 0.24, wheelRadius: 0.033 } as const;

/**
 * A motor on full power at full battery wants `freeSpeed`, metres a second at the rim, and friction takes its share of
 * it: 0.7 are left. Without power the H-bridge shorts it, and it stops faster than it starts.
 */
const MOTOR = { freeSpeed: 0.8, responseSeconds: 0.1, brakeSeconds: 0.04, friction: 1 } as const;
const BATTERY = {
  fullVolts: 8.4,
  emptyVolts: 6.4,
  ohms: 0.18,
  idleAmps: 0.25,
  stallAmps: 1.4,
  ampereHours: 2,
} as const;
const SERVO_DEGREES_PER_SECOND = 350;
const BALL_FRICTION = 0.35;
const BALL_BOUNCE = 0.6;
/** Short enough that nothing passes through a table leg. */
const STEP_SECONDS = 0.004;

type Circle = { readonly x: number; readonly y: number; readonly radius: number };
type Point = { readonly x: number; readonly y: number };

export function worldAtStart(): World {
  return {
    timeMs: 0,
    ...START,
    speed: 0,
    left: 0,
    right: 0,
    tiltDegrees: 90,
    charge: 0.92,
    volts: openCircuitVolts(0.92),
    ball: { x: BALL.x, y: BALL.y, vx: 0, vy: 0 },
  };
}

/** The world `dtMs` later. */
export function step(world: World, actuation: Actuation, dtMs: number): World {
  const steps = Math.ceil(dtMs / 1000 / STEP_SECONDS);
  let next = world;
  for (let i = 0; i < steps; i++) next = advance(next, actuation, dtMs / 1000 / steps);
  return { ...next, timeMs: world.timeMs + dtMs };
}

function advance(world: World, actuation: Actuation, dt: number): World {
  const strength = world.volts / BATTERY.fullVolts;
  let left = wheel(world.left, actuation.left * strength, dt);
  let right = wheel(world.right, actuation.right * strength, dt);

  const rolling = (left + right) / 2;
  const turning = (right - left) / ROBOT.axle;
  const heading = wrap(world.heading + turning * dt);
  const along = { x: Math.cos(heading), y: Math.sin(heading) };
  const wanted = { x: world.x + along.x * rolling * dt, y: world.y + along.y * rolling * dt };
  const { x, y } = clearOf(wanted, ROBOT.radius);

  const speed = ((x - world.x) * along.x + (y - world.y) * along.y) / dt;
  // What a wall takes from the robot it takes from the wheels too, or they would spin on and fling it off at the corner.
  left += (speed - rolling) / 2;
  right += (speed - rolling) / 2;

  const amps = BATTERY.idleAmps + load(actuation.left, world.left) + load(actuation.right, world.right);
  const charge = Math.max(0, world.charge - (amps * dt) / 3600 / BATTERY.ampereHours);
  const reach = SERVO_DEGREES_PER_SECOND * dt;
  const tilt = (actuation.servoDegrees ?? world.tiltDegrees) - world.tiltDegrees;
  return {
    timeMs: world.timeMs,
    x,
    y,
    heading,
    speed,
    left,
    right,
    tiltDegrees: world.tiltDegrees + Math.max(-reach, Math.min(reach, tilt)),
    charge,
    volts: openCircuitVolts(charge) - amps * BATTERY.ohms,
    ball: roll(world.ball, { x, y, vx: (x - world.x) / dt, vy: (y - world.y) / dt }, dt),
  };
}

/** A geared motor with an H-bridge that brakes at zero: it follows its power with a lag, and friction holds it still. */
function wheel(speed: number, power: number, dt: number): number {
  const lag = power === 0 ? MOTOR.brakeSeconds : MOTOR.responseSeconds;
  const pulled = speed + ((power * MOTOR.freeSpeed - speed) / lag) * dt;
  const friction = MOTOR.friction * dt;
  return Math.abs(pulled) <= friction ? 0 : pulled - Math.sign(pulled) * friction;
}

/** Amperes of one motor: as many as it is slower than its power asks. */
function load(power: number, speed: number): number {
  return BATTERY.stallAmps * Math.abs(power) * Math.min(1, Math.abs(power - speed / MOTOR.freeSpeed) + 0.1);
}

function openCircuitVolts(charge: number): number {
  return BATTERY.emptyVolts + (BATTERY.fullVolts - BATTERY.emptyVolts) * charge;
}

function roll(ball: World['ball'], robot: Point & { vx: number; vy: number }, dt: number): World['ball'] {
  let { vx, vy } = ball;
  const speed = Math.hypot(vx, vy);
  const slower = speed === 0 ? 0 : Math.max(0, speed - BALL_FRICTION * dt) / speed;
  vx *= slower;
  vy *= slower;
  let at: Point = { x: ball.x + vx * dt, y: ball.y + vy * dt };

  const pushed = outOfCircle(at, BALL.radius, { ...robot, radius: ROBOT.radius });
  if (pushed !== at) {
    ({ vx, vy } = bounce(vx - robot.vx, vy - robot.vy, at, pushed));
    vx += robot.vx;
    vy += robot.vy;
    at = pushed;
  }
  const free = clearOf(at, BALL.radius);
  if (free.x !== at.x || free.y !== at.y) ({ vx, vy } = bounce(vx, vy, at, free));
  return { ...free, vx, vy };
}

/** Turns back what goes against the push from `from` to `to`. */
function bounce(vx: number, vy: number, from: Point, to: Point): { vx: number; vy: number } {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const nx = (to.x - from.x) / length;
  const ny = (to.y - from.y) / length;
  const into = Math.min(0, vx * nx + vy * ny) * (1 + BALL_BOUNCE);
  return { vx: vx - into * nx, vy: vy - into * ny };
}

/** The nearest place for a circle that touches nothing solid. Twice round, for corners. */
function clearOf(at: Point, radius: number): Point {
  let free = at;
  for (let round = 0; round < 2; round++) {
    for (const block of BLOCKS) if (block.z[0] < ROBOT.height) free = outOfBlock(free, radius, block.x, block.y);
    for (const post of POSTS) if (post.z[0] < ROBOT.height) free = outOfCircle(free, radius, post);
    for (const { x, y, radius: body } of PROPS) if (body) free = outOfCircle(free, radius, { x, y, radius: body });
  }
  return free;
}

function outOfBlock(
  at: Point,
  radius: number,
  [west, east]: readonly [number, number],
  [south, north]: readonly [number, number],
): Point {
  if (at.x <= west - radius || at.x >= east + radius || at.y <= south - radius || at.y >= north + radius) return at;
  const nearest = { x: Math.max(west, Math.min(east, at.x)), y: Math.max(south, Math.min(north, at.y)) };
  if (nearest.x !== at.x || nearest.y !== at.y) return outOfCircle(at, radius, { ...nearest, radius: 0 });
  const ways = [at.x - west, east - at.x, at.y - south, north - at.y];
  const way = ways.indexOf(Math.min(...ways));
  if (way === 0) return { x: west - radius, y: at.y };
  if (way === 1) return { x: east + radius, y: at.y };
  return { x: at.x, y: way === 2 ? south - radius : north + radius };
}

function outOfCircle(at: Point, radius: number, circle: Circle): Point {
  const dx = at.x - circle.x;
  const dy = at.y - circle.y;
  const distance = Math.hypot(dx, dy);
  const reach = radius + circle.radius;
  if (distance >= reach) return at;
  if (distance === 0) return { x: circle.x + reach, y: circle.y };
  return { x: circle.x + (dx / distance) * reach, y: circle.y + (dy / distance) * reach };
}

function wrap(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}
