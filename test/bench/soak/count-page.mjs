/** What runs in a page before its own scripts, so that the soak can count what lives there; knows no app. */

/** `window.countLiving()`: connections that are not closed, timers of the page and of its clock worker that will run, sockets, workers. */
export function countPage() {
  const connections = new Set();
  const sockets = new Set();
  const workers = new Set();
  const timeouts = new Set();
  const intervals = new Set();
  /** Of the app's clock: a worker that is told `{id, ms, repeat}` or `{id, forget}` and answers with the id. */
  const clockTimers = new Map();

  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...given) {
      super(...given);
      connections.add(this);
    }
    close() {
      super.close();
      connections.delete(this);
    }
  };
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      sockets.add(this);
      this.addEventListener('close', () => sockets.delete(this));
    }
  };
  window.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      workers.add(this);
      this.addEventListener('message', ({ data }) => {
        if (clockTimers.get(`${this.number} ${data}`) === false) clockTimers.delete(`${this.number} ${data}`);
      });
      this.number = ++made;
    }
    postMessage(message, ...rest) {
      if (typeof message?.id === 'number') {
        const key = `${this.number} ${message.id}`;
        if (message.forget) clockTimers.delete(key);
        else clockTimers.set(key, message.repeat);
      }
      return super.postMessage(message, ...rest);
    }
    terminate() {
      super.terminate();
      workers.delete(this);
      for (const key of clockTimers.keys()) if (key.startsWith(`${this.number} `)) clockTimers.delete(key);
    }
  };
  let made = 0;

  const { setTimeout: later, clearTimeout: notLater, setInterval: every, clearInterval: notEvery } = window;
  window.setTimeout = (act, ms, ...given) => {
    const id = later(
      (...got) => {
        timeouts.delete(id);
        act(...got);
      },
      ms,
      ...given,
    );
    timeouts.add(id);
    return id;
  };
  window.setInterval = (...given) => {
    const id = every(...given);
    intervals.add(id);
    return id;
  };
  // Either may clear what the other has started.
  const clear = (natively) => (id) => {
    timeouts.delete(id);
    intervals.delete(id);
    natively(id);
  };
  window.clearTimeout = clear(notLater);
  window.clearInterval = clear(notEvery);

  window.countLiving = () => ({
    connections: [...connections].filter(({ connectionState }) => connectionState !== 'closed').length,
    sockets: sockets.size,
    workers: workers.size,
    timers: timeouts.size + intervals.size + clockTimers.size,
  });
}
