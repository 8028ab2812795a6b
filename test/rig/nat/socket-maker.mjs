/** Makes sockets in the network it runs in, and hands them to the process that started it; knows not what they are for. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';

async function make({ kind, address, host, port }) {
  if (kind === 'tcp') {
    // What comes before it is handed over must wait for the one who reads it.
    const socket = connect({ host, port, noDelay: true }).pause();
    await once(socket, 'connect');
    return socket;
  }
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.bind(0, address);
  await once(socket, 'listening');
  return socket;
}

process.on('message', async ({ number, ...wish }) => {
  try {
    const socket = await make(wish);
    // Two processes with one datagram socket would each read half of what comes.
    process.send({ number }, socket, () => wish.kind === 'udp' && socket.close());
  } catch (error) {
    process.send({ number, failed: String(error) });
  }
});
process.on('disconnect', () => process.exit());
