/** Passes words from one named page to another and forgets none until it is heard; knows not what they say. */

const MOST_KEPT = 64;
/** By the name of who shall hear them. */
const boxes = new Map();

const boxOf = (name) => {
  if (!boxes.has(name)) boxes.set(name, { socket: undefined, unheard: new Map() });
  return boxes.get(name);
};

/** For a socket of the page with this name. */
export function relayWords(name) {
  return (socket) => {
    const box = boxOf(name);
    box.socket?.terminate();
    box.socket = socket;
    for (const text of box.unheard.values()) socket.send(text);
    socket.on('error', () => {});
    socket.on('message', (data) => {
      const { ping, heard, id, to, word } = JSON.parse(data);
      if (ping) return socket.send('{"pong":1}');
      if (heard) return box.unheard.delete(heard);
      socket.send(JSON.stringify({ heard: id }));
      const other = boxOf(to);
      const text = JSON.stringify({ id, word });
      other.unheard.set(id, text);
      if (other.unheard.size > MOST_KEPT) other.unheard.delete(other.unheard.keys().next().value);
      if (other.socket?.readyState === 1) other.socket.send(text);
    });
  };
}
