/** One broker in a process of its own, stock or ours, that tells what it weighs; knows no client. */
import { setTimeout as wait } from 'node:timers/promises';
import { PeerServer } from 'peer';
import { readCommandLine } from '../../../peer-server/command-line.mjs';

const ROOT = new URL('../../../', import.meta.url);
const HOST = '127.0.0.1';

const START = {
  /** As it comes, but for its limit of 5,000 clients. */
  stock: () =>
    new Promise((resolve) => {
      const peers = PeerServer({ host: HOST, port: 0, path: '/broker', concurrent_limit: 1e6 }, (server) =>
        resolve(server.address().port),
      );
      peers.on('error', () => {});
    }),
  /** As `npm start` runs it, and nothing switched off. */
  ours: async () => {
    const command = readCommandLine(['--port', '0', '--https-port', '0', '--host', HOST]);
    const { run } = await import(new URL('dist/server/main.js', ROOT).href);
    const address = new Promise((resolve) => {
      const print = console.log;
      console.log = (text, ...rest) => {
        const port = /http:\/\/localhost:(\d+)/.exec(String(text))?.[1];
        if (port) resolve(Number(port));
        else print(text, ...rest);
      };
    });
    void run(command.value.options, ROOT).then((status) => process.exit(status));
    return address;
  },
};

/** What is left after all garbage is gone and the allocator has given back what it will. */
async function weigh() {
  for (let i = 0; i < 5; i++) {
    globalThis.gc();
    await wait(300);
  }
  return { rss: process.memoryUsage().rss };
}

const ANSWERS = {
  weigh,
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return { ms: (user + system) / 1000 };
  },
};

const port = await START[process.argv[2]]();
process.on('message', async ({ ask }) => process.send(await ANSWERS[ask]()));
process.on('disconnect', () => process.exit());
process.send({ port });
