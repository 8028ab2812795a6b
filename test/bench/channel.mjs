/** How old commands are under loss and after an outage, by the settings of the lossy channel and the sender's skip rule. */
import dgram from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';
import { CHROMIUM_FLAGS } from '../runner/chromium-flags.mjs';
import { findBrowser } from '../runner/find-browser.mjs';
import { figure, publish, quantile } from './figures.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 6);
const LOSSY = { delayMs: 40, jitterMs: 15, loss: 0.2 };
const CALM = { delayMs: 25, jitterMs: 5, loss: 0 };
const STALE_MS = 250;
/** `skipOver`: nothing is sent while more bytes than this still wait in the sender. */
const CASES = [
  { name: 'maxRetransmits 0', options: { maxRetransmits: 0 }, skipOver: 1e9 },
  { name: 'maxRetransmits 0, skip over 0', options: { maxRetransmits: 0 }, skipOver: 0 },
  { name: 'maxRetransmits 0, skip over 100', options: { maxRetransmits: 0 }, skipOver: 100 },
  { name: 'maxPacketLifeTime 100', options: { maxPacketLifeTime: 100 }, skipOver: 1e9 },
  { name: 'maxPacketLifeTime 100, skip over 0', options: { maxPacketLifeTime: 100 }, skipOver: 0 },
  { name: 'maxPacketLifeTime 100, skip over 100', options: { maxPacketLifeTime: 100 }, skipOver: 100 },
];
const OUTAGES_MS = [1000, 5000];

/** A UDP path between two ports that can be slow, lossy or dead. */
async function impairedPath(a, b) {
  const conditions = { ...CALM, dead: false };
  let closed = false;
  const latest = [0, 0];
  const sockets = [dgram.createSocket('udp4'), dgram.createSocket('udp4')];
  const targets = [b, a];
  for (const [i, socket] of sockets.entries()) {
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const out = sockets[1 - i];
    socket.on('message', (packet) => {
      if (conditions.dead || Math.random() < conditions.loss) return;
      const swing = (Math.random() + Math.random() + Math.random() - 1.5) * conditions.jitterMs;
      // Most real paths jitter without changing the order.
      const due = Math.max(performance.now() + conditions.delayMs + swing, latest[i]);
      latest[i] = due;
      setTimeout(() => closed || out.send(packet, targets[i], '127.0.0.1'), due - performance.now());
    });
  }
  const [facingA, facingB] = sockets.map((socket) => socket.address().port);
  return {
    facingA,
    facingB,
    conditions,
    close() {
      closed = true;
      for (const socket of sockets) socket.close();
    },
  };
}

/** In the page: both ends of one call, the sender's half and the receiver's half apart. */
function pageCall() {
  window.openCall = async (options, skipOver) => {
    const pcs = [new RTCPeerConnection(), new RTCPeerConnection()];
    const channels = pcs.map((pc) =>
      pc.createDataChannel('control', { negotiated: true, id: 0, ordered: false, ...options }),
    );
    const heard = [];
    let number = 0;
    channels[1].onmessage = ({ data }) => {
      const view = new DataView(data);
      heard.push({ number: view.getUint32(0), sent: view.getFloat64(4), at: performance.now() });
    };
    for (const channel of channels) channel.binaryType = 'arraybuffer';
    setInterval(() => {
      if (channels[0].readyState !== 'open' || channels[0].bufferedAmount > skipOver) return;
      const view = new DataView(new ArrayBuffer(28));
      view.setUint32(0, number++);
      view.setFloat64(4, performance.now());
      channels[0].send(view.buffer);
    }, 20);
    const gathered = async (pc) => {
      while (pc.iceGatheringState !== 'complete') await new Promise((resolve) => setTimeout(resolve, 10));
      return pc.localDescription.sdp;
    };
    await pcs[0].setLocalDescription();
    const offer = await gathered(pcs[0]);
    const bare = (sdp) => sdp.replace(/a=candidate.*\r\n/g, '');
    await pcs[1].setRemoteDescription({ type: 'offer', sdp: bare(offer) });
    await pcs[1].setLocalDescription();
    const answer = await gathered(pcs[1]);
    const line = (sdp) => /a=(candidate:\S+ 1 udp \d+ 127\.0\.0\.1 \d+ typ host.*)/i.exec(sdp)[1];
    const port = (sdp) => Number(line(sdp).split(' ')[5]);
    const join = async (facingA, facingB) => {
      const moved = (sdp, to) => ({
        candidate: line(sdp).replace(/127\.0\.0\.1 \d+/, `127.0.0.1 ${to}`),
        sdpMLineIndex: 0,
      });
      await pcs[0].setRemoteDescription({ type: 'answer', sdp: bare(answer) });
      await pcs[0].addIceCandidate(moved(answer, facingA));
      await pcs[1].addIceCandidate(moved(offer, facingB));
    };
    const call = {
      ports: [port(offer), port(answer)],
      join,
      take: () => heard.splice(0),
      now: () => performance.now(),
    };
    window.calls = [...(window.calls ?? []), call];
    return { index: window.calls.length - 1, ports: call.ports };
  };
}

/** The longest time without a command newer than all before it: what a watchdog sees. */
function longestGap(commands) {
  let newest = -1;
  let last;
  let longest = 0;
  for (const { number, at } of commands) {
    if (number <= newest) continue;
    if (last !== undefined) longest = Math.max(longest, at - last);
    [newest, last] = [number, at];
  }
  return longest;
}

const ages = (commands) => commands.map(({ sent, at }) => at - sent);
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const web = createServer((_request, response) =>
  response.setHeader('content-type', 'text/html').end('<!doctype html>'),
);
web.listen(0, '127.0.0.1');
await once(web, 'listening');
const browser = await chromium.launch({ executablePath: await findBrowser(), args: [...CHROMIUM_FLAGS] });
const results = CASES.map(() => ({
  ages: [],
  gaps: [],
  outages: Object.fromEntries(OUTAGES_MS.map((ms) => [ms, []])),
}));
try {
  for (let round = 0; round < ROUNDS; round++) {
    const page = await browser.newPage();
    await page.addInitScript(pageCall);
    await page.goto(`http://localhost:${web.address().port}/`);
    const calls = [];
    for (const { options, skipOver } of CASES) {
      const { index, ports } = await page.evaluate(([o, s]) => window.openCall(o, s), [options, skipOver]);
      const path = await impairedPath(...ports);
      await page.evaluate(([i, a, b]) => window.calls[i].join(a, b), [index, path.facingA, path.facingB]);
      calls.push(path);
    }
    const takeAll = () => page.evaluate(() => window.calls.map((call) => call.take()));
    await wait(2500);
    for (const { conditions } of calls) Object.assign(conditions, LOSSY);
    await wait(1000);
    await takeAll();
    await wait(8000);
    const lossy = await takeAll();
    for (const { conditions } of calls) Object.assign(conditions, CALM);
    for (const [i, result] of results.entries()) {
      result.ages.push(...ages(lossy[i]));
      result.gaps.push(longestGap(lossy[i]));
    }
    for (const outageMs of OUTAGES_MS) {
      await wait(2000);
      for (const { conditions } of calls) conditions.dead = true;
      await wait(outageMs);
      for (const { conditions } of calls) conditions.dead = false;
      const healedAt = await page.evaluate(() => performance.now());
      await takeAll();
      await wait(4000);
      for (const [i, after] of (await takeAll()).entries()) {
        const first = after.find(({ sent, at }) => at - sent <= STALE_MS);
        results[i].outages[outageMs].push({
          stale: ages(after).filter((age) => age > STALE_MS).length,
          oldest: Math.max(0, ...ages(after)),
          recovery: first ? first.at - healedAt : 4000,
        });
      }
    }
    for (const path of calls) path.close();
    await page.close();
  }
} finally {
  await browser.close();
  web.close();
}
const figures = CASES.flatMap(({ name }, i) => {
  const { ages, gaps, outages } = results[i];
  const after = (outageMs) => {
    const all = outages[outageMs];
    const of = (key) => all.map((one) => one[key]);
    const when = `${name}: after ${outageMs / 1000} s of outage`;
    return [
      figure('channel', `${when}, commands over ${STALE_MS} ms old, median`, quantile(of('stale'), 0.5), 'commands'),
      figure('channel', `${when}, the same, worst`, Math.max(...of('stale')), 'commands'),
      figure('channel', `${when}, oldest`, Math.max(...of('oldest')), 'ms'),
      figure('channel', `${when}, fresh again, median`, quantile(of('recovery'), 0.5), 'ms'),
      figure('channel', `${when}, fresh again, worst`, Math.max(...of('recovery')), 'ms'),
    ];
  };
  return [
    figure('channel', `${name}: age at 20 % loss, median`, quantile(ages, 0.5), 'ms'),
    figure('channel', `${name}: age at 20 % loss, p99`, quantile(ages, 0.99), 'ms'),
    figure('channel', `${name}: longest gap at 20 % loss, median of rounds`, quantile(gaps, 0.5), 'ms'),
    figure('channel', `${name}: longest gap at 20 % loss, worst`, Math.max(...gaps), 'ms'),
    ...OUTAGES_MS.flatMap(after),
  ];
});
publish('channel', figures);
