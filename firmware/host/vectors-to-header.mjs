/** Turns the golden vectors into a C++ header, so that the host program needs no JSON. Usage: vectors-to-header.mjs in.json out.h */
import { readFileSync, writeFileSync } from 'node:fs';

const [input, output] = process.argv.slice(2);
const vectors = JSON.parse(readFileSync(input, 'utf8'));

/** Octal escapes: unlike `\x`, they end after three digits. */
const text = (value) =>
  `"${[...value].map((byte) => (/[\w ,.:*-]/.test(byte) ? byte : `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`)).join('')}"`;
const texts = (values) => `{${values.map(text).join(', ')}}`;

const checks = {
  send: (line) => `send(${text(line)})`,
  expect: (lines) => `expect(${texts(lines)})`,
  pwm: ({ left, right, within }) => `power(${left}, ${right}, ${within})`,
};
const pins = {
  lamp: (on) => `lamp(${on})`,
  buzzer: (on) => `buzzer(${on})`,
  servo0: (degrees) => `servo(0, ${degrees ?? 'kServoAtRest'})`,
  servo1: (degrees) => `servo(1, ${degrees ?? 'kServoAtRest'})`,
};

function statements({ atMs, pins: levels = {}, ...step }) {
  const calls = [
    ...Object.entries(step).map(([kind, value]) => checks[kind](value)),
    ...Object.entries(levels).map(([pin, value]) => pins[pin](value)),
  ];
  if (calls.length === 0) throw new Error(`a step at ${atMs} ms says nothing`);
  return [`  run.until(${atMs});`, ...calls.map((call) => `  run.${call};`)];
}

const scenarios = vectors.scenarios.map((scenario) =>
  [
    `{ Run run(${text(scenario.name)}, ${texts(vectors.boot)}, ${scenario.batteryMv ?? 0});`,
    ...scenario.steps.flatMap(statements),
    '}',
  ].join('\n'),
);
const seals = vectors.encode.map(({ body, line }) => `sealed(${text(body)}, ${text(line)});`);

writeFileSync(output, `${[...seals, ...scenarios].join('\n')}\n`);
console.log(`${seals.length} checksums, ${scenarios.length} scenarios`);
