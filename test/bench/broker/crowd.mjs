/** Many pages in one process: they join brokers, stay, and talk to each other; knows no figure but times. */
import { get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { makeClaimant } from './claim.mjs';

/** PeerJS says it every 5 s, and once a minute from a hidden tab; stock gives a page up after 90 s. */
const HEARTBEAT_EVERY_MS = 30_000;
const HEARTBEAT_ROUNDS = 300;
const JOINING_AT_ONCE = 32;
const LATE_MS = 5000;

/** By broker: the sockets that are open. */
const crowds = { stock: [], ours: [] };
const text = JSON.stringify({ type: 'HEARTBEAT' });
let round = 0;
setInterval(() => {
  round = (round + 1) % HEARTBEAT_ROUNDS;
  for (const crowd of Object.values(crowds))
    for (let i = round; i < crowd.length; i += HEARTBEAT_ROUNDS) crowd[i].socket.send(text);
}, HEARTBEAT_EVERY_MS / HEARTBEAT_ROUNDS);

/** Every page has an address of its own, as at home: so the limits for one address stay as they are. */
function addressOf(number) {
  const [high, middle, low] = [Math.floor(number / 64_516), Math.floor(number / 254) % 254, number % 254];
  return `127.${high + 1}.${middle + 1}.${low + 1}`;
}

function challengeOf({ port, host }, localAddress) {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      path: '/broker/challenge',
      localAddress,
      headers: { host },
      agent: false,
    };
    const request = get(options, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(body).challenge);
        else reject(new Error(`no challenge: ${response.statusCode} ${body}`));
      });
    });
    request.on('error', reject);
  });
}

/** Resolves once the broker said OPEN. */
async function join(broker, claimant, number) {
  const { name, port, host } = broker;
  const localAddress = addressOf(number);
  const token =
    name === 'ours'
      ? await claimant.claim('join', host, await challengeOf(broker, localAddress))
      : Math.random().toString(36).slice(2);
  const query = new URLSearchParams({ key: 'peerjs', id: claimant.id, token, version: '1.5.5' });
  const socket = new WebSocket(`ws://${host}/broker/peerjs?${query}`, {
    localAddress,
    origin: `http://127.0.0.1:${port}`,
    perMessageDeflate: false,
  });
  await new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.once('close', (code) => reject(new Error(`${name} closed with ${code} before OPEN`)));
    socket.on('message', (data) => {
      const message = JSON.parse(data);
      if (message.type === 'OPEN') resolve();
      else if (message.type === 'ID-TAKEN' || message.type === 'ERROR') reject(new Error(`${name} said ${data}`));
    });
  });
  socket.removeAllListeners();
  socket.on('error', () => {});
  return { id: claimant.id, socket };
}

const ANSWERS = {
  /** Keys are made before the clock starts. Resolves the time from the first try to the last OPEN. */
  async join({ broker, count, from }) {
    const claimants = [];
    for (let i = 0; i < count; i++) claimants.push(await makeClaimant());
    const crowd = crowds[broker.name];
    let next = 0;
    const startedAtMs = performance.now();
    const work = async () => {
      while (next < count) {
        const mine = next++;
        crowd.push(await join(broker, claimants[mine], from + mine));
      }
    };
    await Promise.all(Array.from({ length: JOINING_AT_ONCE }, work));
    return { ms: performance.now() - startedAtMs };
  },

  count: () =>
    Object.fromEntries(
      Object.entries(crowds).map(([name, crowd]) => [
        name,
        crowd.filter(({ socket }) => socket.readyState === WebSocket.OPEN).length,
      ]),
    ),

  /** Resolves, by broker, how long each message took in ms, and how many never came. The brokers take turns, message by message. */
  async talk({ messages, perSecond }) {
    const names = Object.keys(crowds);
    const sentAtMs = { stock: [], ours: [] };
    const tookMs = { stock: [], ours: [] };
    for (const name of names)
      for (const { socket } of crowds[name]) {
        socket.on('message', (data) => {
          const nowMs = performance.now();
          const number = /"connectionId":"dc_(\d+)"/.exec(data)?.[1];
          if (number !== undefined) tookMs[name].push(nowMs - sentAtMs[name][Number(number)]);
        });
      }
    const startedAtMs = performance.now();
    for (let number = 0; number < messages; number++) {
      for (const [turn, name] of names.entries()) {
        const dueMs = startedAtMs + ((number + turn / names.length) * 1000) / perSecond;
        while (performance.now() < dueMs) await wait(1);
        const [from, to] = pair(crowds[name]);
        const said = JSON.stringify({ type: 'CANDIDATE', payload: candidate(number), dst: to.id });
        sentAtMs[name].push(performance.now());
        from.socket.send(said);
      }
    }
    const missing = () => Math.max(...names.map((name) => messages - tookMs[name].length));
    for (let waitedMs = 0; missing() > 0 && waitedMs < LATE_MS; waitedMs += 100) await wait(100);
    for (const name of names) for (const { socket } of crowds[name]) socket.removeAllListeners('message');
    return Object.fromEntries(
      names.map((name) => [name, { tookMs: tookMs[name], lost: messages - tookMs[name].length }]),
    );
  },
};

function pair(crowd) {
  const from = Math.floor(Math.random() * crowd.length);
  const to = (from + 1 + Math.floor(Math.random() * (crowd.length - 1))) % crowd.length;
  return [crowd[from], crowd[to]];
}

/** As PeerJS words it. */
function candidate(number) {
  return {
    candidate: {
      candidate: 'candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 0.0.0.0 rport 0 generation 0',
      sdpMid: '0',
      sdpMLineIndex: 0,
      usernameFragment: 'EsAw',
    },
    type: 'data',
    connectionId: `dc_${number}`,
  };
}

process.on('message', async ({ ask, ...details }) => {
  try {
    process.send({ ok: true, value: await ANSWERS[ask](details) });
  } catch (error) {
    process.send({ ok: false, reason: String(error.message ?? error) });
  }
});
process.on('disconnect', () => process.exit());
