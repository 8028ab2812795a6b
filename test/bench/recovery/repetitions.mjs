/** One repetition of an event, of the app and of the other ways: what was heard, told and turned, in milliseconds after it; knows no event. */
import { now, openCockpit, wait } from './stand.mjs';

/** What has not recovered by then counts as this long. */
const GIVEN_UP_AFTER_MS = 45_000;
const DRIVING_WITHIN_MS = 20_000;
/** What a frame may be old at the robot. */
const FRESH_MS = 250;
/** Where a repetition begins must not depend on anybody's timers. */
const settle = () => wait(2_500 + Math.random() * 1_000);

/** Of a frame when it was heard; it was sampled on the pilot's clock of 32 bits. */
const ageOf = ({ atMs, sampledAtMs }, originMs) => {
  const ageMs = (atMs - originMs - sampledAtMs) % 2 ** 32;
  return ageMs < 0 ? ageMs + 2 ** 32 : ageMs;
};

function longestPause(times, fromMs, toMs) {
  const marks = [fromMs, ...times.filter((atMs) => atMs > fromMs && atMs < toMs), toMs];
  return Math.max(...marks.slice(1).map((atMs, i) => atMs - marks[i]));
}

/** What one repetition showed of ours: milliseconds after the event. */
export async function oneOfOurs({ robot, pilot, stand, server }, { happen }, watchedMs) {
  const drives = () => pilot.waitForFunction(() => window.eager.at === 'driving', null, { timeout: DRIVING_WITHIN_MS });
  // Whoever never came back begins anew: that repetition is counted, and the next is another.
  await drives().catch(() => openCockpit(robot, pilot, server.address));
  await settle();
  await drives();
  const originMs = await pilot.evaluate(() => window.eager.origin);
  await robot.evaluate(() => window.takeNotes());
  const { atMs, fromMs } = await happen({ stand, server });
  const notes = { heard: [], told: [], turning: [] };
  const found = {};
  const fresh = () =>
    notes.heard.filter((frame) => ageOf(frame, originMs) <= FRESH_MS && frame.atMs - ageOf(frame, originMs) > atMs);
  const look = async () => {
    const taken = await robot.evaluate(() => window.takeNotes());
    for (const list of Object.keys(notes)) notes[list].push(...taken[list]);
    found.stoppedAtMs ??= notes.told.find((line) => line.atMs > fromMs && !line.moves)?.atMs;
    const since = Math.max(atMs, found.stoppedAtMs ?? Number.POSITIVE_INFINITY);
    found.toldAtMs ??= notes.told.find((line) => line.atMs > since && line.moves)?.atMs;
    found.turnsAtMs ??= notes.turning.find(
      (pose) => pose.atMs > (found.toldAtMs ?? Number.POSITIVE_INFINITY) && pose.turning,
    )?.atMs;
  };
  // A robot that was never told to stop within this time was never without its pilot.
  while (now() - atMs < GIVEN_UP_AFTER_MS) {
    await wait(200);
    await look();
    if (found.turnsAtMs !== undefined || (found.stoppedAtMs === undefined && now() - atMs > 3_000)) break;
  }
  while (now() - atMs < (watchedMs ?? 0)) {
    await wait(200);
    await look();
  }
  const stalls = await Promise.all([robot, pilot].map((page) => page.evaluate((at) => window.stalledMs(at), atMs)));
  const log = await pilot.evaluate(() => window.eager.log);
  const mayArm = log.find((one) => one.atMs > atMs && (one.because === 'you' || one.at === 'driving'));
  const steps = log
    .filter((one) => one.atMs > fromMs)
    .map((one) => `${one.because ?? one.at} ${Math.round(one.atMs - atMs)}`);
  const after = (at) => (at === undefined ? GIVEN_UP_AFTER_MS : at - atMs);
  const uninterrupted = found.stoppedAtMs === undefined;
  return {
    heard: after(fresh()[0]?.atMs),
    offered: uninterrupted ? 0 : after(mayArm?.atMs),
    driving: uninterrupted ? 0 : after(found.toldAtMs),
    turning: uninterrupted ? 0 : after(found.turnsAtMs),
    interrupted: !uninterrupted,
    stopped: found.stoppedAtMs === undefined ? undefined : found.stoppedAtMs - atMs,
    stalled: Math.max(...stalls),
    steps: steps.join(', '),
    pause: longestPause(
      notes.heard.filter((frame) => ageOf(frame, originMs) <= FRESH_MS).map((one) => one.atMs),
      atMs,
      now(),
    ),
  };
}

/** Milliseconds after the event until a command is heard that was sent after it and is fresh, by way. */
export async function oneOfOthers({ robot, stand, server }, { happen }, watchedMs) {
  await settle();
  await robot.evaluate(() => window.takeHeard());
  const { atMs } = await happen({ stand, server });
  const all = {};
  const recovered = (list) => list.find((one) => one.sentAtMs > atMs && one.atMs - one.sentAtMs <= FRESH_MS);
  const take = async () => {
    for (const [way, list] of Object.entries(await robot.evaluate(() => window.takeHeard()))) {
      all[way] ??= [];
      all[way].push(...list);
    }
    return Object.values(all).every(recovered);
  };
  while (now() - atMs < GIVEN_UP_AFTER_MS) {
    await wait(200);
    if ((await take()) && now() - atMs > (watchedMs ?? 0)) break;
  }
  const until = now();
  return Object.fromEntries(
    Object.entries(all).map(([way, list]) => {
      const found = recovered(list);
      const times = list.filter((one) => one.atMs - one.sentAtMs <= FRESH_MS).map((one) => one.atMs);
      return [way, { heard: found ? found.atMs - atMs : GIVEN_UP_AFTER_MS, pause: longestPause(times, atMs, until) }];
    }),
  );
}
