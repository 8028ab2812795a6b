/** The project's server, or a stock PeerServer with the page of the other ways, in a process of its own that can be weighed; knows no client. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import { readCommandLine } from '../../../peer-server/command-line.mjs';
import { relayWords } from './relay.mjs';

const ROOT = new URL('../../../', import.meta.url);
const PAGE = '<!doctype html><body><script src="peerjs.js"></script><script type="module" src="ways.mjs"></script>';
const [kind, ...words] = process.argv.slice(2);

const START = {
  /** What `npm start` runs. */
  async ours() {
    const command = readCommandLine(words);
    if (!command.ok) throw new Error(command.reason);
    const { run } = await import(new URL('dist/server/main.js', ROOT).href);
    await new Promise((resolve) => {
      console.log = resolve;
      void run(command.value.options, ROOT).then((status) => process.exit(status));
    });
  },
  async stock() {
    // A secure page as ours is: only there does Chromium bind what it sends to one network.
    const [host, port, cert, key] = words;
    // Ours starts without them.
    const [{ default: express }, { ExpressPeerServer }, { WebSocketServer }] = await Promise.all([
      import('express'),
      import('peer'),
      import('ws'),
    ]);
    const app = express();
    const http = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, app);
    const sockets = new WebSocketServer({ noServer: true });
    const peers = ExpressPeerServer(http, { path: '/' });
    peers.on('error', () => {});
    app.use('/peerjs', peers);
    // PeerServer hangs up on sockets of other paths, so it must not see them.
    const [ofPeers] = http.listeners('upgrade');
    http.removeAllListeners('upgrade');
    http.on('upgrade', (request, socket, head) => {
      if (!request.url.startsWith('/relay')) return ofPeers.call(http, request, socket, head);
      const { searchParams } = new URL(request.url, 'ws://here');
      sockets.handleUpgrade(request, socket, head, relayWords(searchParams.get('name')));
    });
    app.get('/', (_request, response) => response.type('html').send(PAGE));
    const send = (path) => (_request, response) => response.type('js').send(readFileSync(path, 'utf8'));
    app.get('/peerjs.js', send(new URL('node_modules/peerjs/dist/peerjs.js', ROOT)));
    app.get('/ways.mjs', send(new URL('ways.mjs', import.meta.url)));
    await new Promise((resolve) => http.listen(Number(port), host, resolve));
  },
};

/** What is left after all garbage is gone. */
async function weigh() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await wait(50);
  }
  const { rss, heapUsed } = process.memoryUsage();
  const held = process.getActiveResourcesInfo();
  const count = (pattern) => held.filter((name) => pattern.test(name)).length;
  return { rss, heapUsed, sockets: count(/TCPSocket|TLS/), timers: count(/Timeout/) };
}

await START[kind]();
process.on('message', async () => process.send(await weigh()));
process.on('disconnect', () => process.exit());
process.send('ready');
