/** Gamepad sample to bytes handed to the board, in two Chromium processes, against a bare RTCDataChannel between the same pages. */
import { spawn } from 'node:child_process';
import { chromium } from 'playwright-core';
import { CHROMIUM_FLAGS } from '../runner/chromium-flags.mjs';
import { findBrowser } from '../runner/find-browser.mjs';
import { figure, publish, quantile } from './figures.mjs';

const FLIPS = Number(process.env.BENCH_FLIPS ?? 500);
const SAMPLING_INTERVAL_MS = 5;
const CONDITIONS = [
  { name: 'plain', robotSlowdown: 1, pilotSlowdown: 1 },
  { name: 'pilot 6x slower', robotSlowdown: 1, pilotSlowdown: 6 },
  { name: 'robot 6x slower', robotSlowdown: 6, pilotSlowdown: 1 },
];

/** In the robot page, before anything else: a serial port whose board answers and notes when each line was handed over. */
function noteLines() {
  const withChecksum = (body) => {
    const sum = [...body].reduce((total, letter) => (total + letter.charCodeAt(0)) & 0xff, 0);
    return `${body}*${sum.toString(16).toUpperCase().padStart(2, '0')}\n`;
  };
  window.flips = [];
  let direction = 0;
  const port = Object.assign(new EventTarget(), {
    connected: true,
    getInfo: () => ({ usbVendorId: 0x2341, usbProductId: 0x43 }),
    async setSignals() {},
    async open() {
      let answer;
      port.readable = new ReadableStream({ start: (controller) => (answer = controller) });
      port.writable = new WritableStream({
        write(chunk) {
          const at = performance.timeOrigin + performance.now();
          for (const line of new TextDecoder().decode(chunk).split('\n')) {
            if (line.startsWith('f'))
              answer.enqueue(new TextEncoder().encode(withChecksum('fTELEPRESENT1:c:h:a:e:v:l:z')));
            const left = /^c(-?\d+),/.exec(line)?.[1];
            if (left === undefined || left === '0' || Math.sign(left) === direction) continue;
            direction = Math.sign(left);
            window.flips.push({ at, direction });
          }
        },
      });
    },
    async close() {},
    async forget() {},
  });
  const serial = Object.assign(new EventTarget(), { getPorts: async () => [port], requestPort: async () => port });
  Object.defineProperty(navigator, 'serial', { value: serial });
}

/** In the pilot page, before anything else: a gamepad whose left stick flips between forward and back, at random times. */
function flipStick() {
  const axes = [0, 0, 0, 0];
  const buttons = Array.from({ length: 17 }, () => ({ pressed: false, touched: false, value: 0 }));
  const pad = {
    axes,
    buttons,
    connected: true,
    id: 'Bench',
    index: 0,
    mapping: 'standard',
    timestamp: 0,
    vibrationActuator: null,
  };
  window.moves = [];
  let unread;
  navigator.getGamepads = () => {
    if (unread) {
      unread.sampledAt = performance.timeOrigin + performance.now();
      unread = undefined;
    }
    return [pad, null, null, null];
  };
  const move = (y) => {
    const changedAt = performance.timeOrigin + performance.now();
    unread = { changedAt, direction: -Math.sign(y) };
    window.moves.push(unread);
    axes[1] = y;
    pad.timestamp = performance.now();
  };
  window.press = (button, pressed) => {
    buttons[button] = { pressed, touched: pressed, value: pressed ? 1 : 0 };
    pad.timestamp = performance.now();
  };
  window.flip = async (count) => {
    window.moves.length = 0;
    const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    for (let i = 0; i < count; i++) {
      move(i % 2 ? 0.9 : -0.9);
      await wait(70 + Math.random() * 60);
    }
    axes[1] = 0;
  };
}

/** In both pages: a data channel with nothing on it but 28 bytes, 50 times a second. */
function bareChannel() {
  window.bare = new RTCPeerConnection();
  window.bareAges = [];
  const channel = window.bare.createDataChannel('bare', { negotiated: true, id: 0, ordered: false, maxRetransmits: 0 });
  channel.binaryType = 'arraybuffer';
  channel.onmessage = ({ data }) => {
    window.bareAges.push(performance.timeOrigin + performance.now() - new Float64Array(data, 0, 1)[0]);
  };
  window.describeBare = async (remote) => {
    if (remote) await window.bare.setRemoteDescription(remote);
    if (remote?.type === 'answer') return;
    await window.bare.setLocalDescription();
    while (window.bare.iceGatheringState !== 'complete') await new Promise((resolve) => setTimeout(resolve, 10));
    return window.bare.localDescription.toJSON();
  };
  window.sendBare = (on) => {
    clearInterval(window.sending);
    if (!on) return;
    window.sending = setInterval(() => {
      const bytes = new ArrayBuffer(32);
      new Float64Array(bytes, 0, 1)[0] = performance.timeOrigin + performance.now();
      if (channel.readyState === 'open') channel.send(new Uint8Array(bytes, 0, 28).slice().buffer);
    }, 20);
  };
}

async function startServer() {
  const server = spawn(process.execPath, ['peer-server/start.mjs', '--port', '0'], {
    cwd: new URL('../..', import.meta.url),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise((resolve, reject) => {
    let text = '';
    server.stdout.on('data', (chunk) => {
      text += chunk;
      const found = /http:\/\/(?:localhost|127\.0\.0\.1):\d+/.exec(text)?.[0];
      if (found) resolve(found);
    });
    server.on('exit', () => reject(new Error(`the server ended: ${text}`)));
  });
  return { url, stop: () => server.kill() };
}

/** Pairs each move with the flip in its direction that follows it, before the next move. */
function delays(moves, flips, since) {
  const found = [];
  let missed = 0;
  for (const [i, move] of moves.entries()) {
    const next = moves[i + 1]?.changedAt ?? Number.POSITIVE_INFINITY;
    const flip = flips.find(({ at, direction }) => at >= move.changedAt && at < next && direction === move.direction);
    if (flip && move[since] !== undefined) found.push(flip.at - move[since]);
    else {
      // Not measured, and not forgotten: it took at least until the next move.
      missed++;
      if (Number.isFinite(next)) found.push(next - move.changedAt);
    }
  }
  return { found, missed };
}

async function slow(page, rate) {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate });
}

async function arm(pilot) {
  const armed = pilot.locator('[data-testid=pilot-armed][data-armed=true]');
  if (await armed.count()) return;
  await pilot.locator('[data-testid=pilot-why][data-because=you]').waitFor();
  await pilot.keyboard.down('Enter');
  await armed.waitFor();
  await pilot.keyboard.up('Enter');
}

async function measure(robot, pilot, { name, robotSlowdown, pilotSlowdown }) {
  await slow(robot, robotSlowdown);
  await slow(pilot, pilotSlowdown);
  await pilot.waitForTimeout(2000);
  await arm(pilot);
  await robot.evaluate(() => {
    window.flips.length = 0;
    window.bareAges.length = 0;
  });
  await pilot.evaluate(() => window.sendBare(true));
  await pilot.evaluate((count) => window.flip(count), FLIPS);
  await pilot.evaluate(() => window.sendBare(false));
  const moves = await pilot.evaluate(() => window.moves);
  const { flips, bare } = await robot.evaluate(() => ({ flips: window.flips, bare: window.bareAges }));
  await slow(robot, 1);
  await slow(pilot, 1);

  const sampled = delays(moves.slice(1), flips, 'sampledAt');
  const changed = delays(moves.slice(1), flips, 'changedAt');
  const rows = [];
  for (const [p, label, factor] of [
    [0.5, 'median', 1.1],
    [0.99, 'p99', 2],
  ]) {
    const base = quantile(bare, p);
    rows.push(figure('control', `${name}: sample to board, ${label}`, quantile(sampled.found, p), 'ms', base));
    rows.push(figure('control', `${name}: stick to board, ${label}`, quantile(changed.found, p), 'ms', base));
    const allowedMs = factor * base + SAMPLING_INTERVAL_MS;
    rows.push(figure('control', `${name}: goal for stick to board, ${label}`, allowedMs, 'ms', base));
  }
  rows.push(figure('control', `${name}: moves measured`, changed.found.length, 'moves'));
  rows.push(figure('control', `${name}: moves not seen before the next`, changed.missed, 'moves'));
  return rows;
}

const server = await startServer();
const executablePath = await findBrowser();
const launch = () => chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
const browsers = await Promise.all([launch(), launch()]);
try {
  const [robot, pilot] = await Promise.all(browsers.map((browser) => browser.newPage()));
  for (const page of [robot, pilot]) await page.addInitScript(bareChannel);
  await robot.addInitScript(noteLines);
  await pilot.addInitScript(flipStick);
  await robot.goto(`${server.url}/#robot`);
  await robot.getByTestId('board-web-serial').click();
  const link = robot.getByTestId('robot-link');
  await link.waitFor();
  const address = (await link.getAttribute('href')) ?? (await link.textContent());
  await pilot.goto(address.trim());
  await robot.getByTestId('robot-ask-yes').click();
  await pilot.locator('[data-testid=pilot-state][data-at=watching]').waitFor();

  const offer = await pilot.evaluate(() => window.describeBare());
  const answer = await robot.evaluate((remote) => window.describeBare(remote), offer);
  await pilot.evaluate((remote) => window.describeBare(remote), answer);

  const figures = [];
  for (const condition of CONDITIONS) figures.push(...(await measure(robot, pilot, condition)));
  publish('control', figures);
} finally {
  await Promise.all(browsers.map((browser) => browser.close()));
  server.stop();
}
