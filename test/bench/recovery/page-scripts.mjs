/** What runs in the app's pages before their own scripts: an eager pilot, and ears at the robot; knows the app by its marks only. */

/**
 * A gamepad whose owner arms by pressing Enter twice as soon as the page asks for it, then pushes forward or back until the page
 * says that it does not drive any more. `window.eager` tells where the page stands and since when.
 */
export function driveEagerly() {
  const LOOK_EVERY_MS = 10;
  const AGAIN_AFTER_MS = 100;
  const now = () => performance.timeOrigin + performance.now();
  const button = { pressed: false, touched: false, value: 0 };
  const pad = {
    axes: [0, 0, 0, 0],
    buttons: Array.from({ length: 17 }, () => button),
    connected: true,
    id: 'Bench',
    index: 0,
    mapping: 'standard',
    timestamp: 0,
    vibrationActuator: null,
  };
  navigator.getGamepads = () => {
    pad.timestamp = performance.now();
    return [pad, null, null, null];
  };
  const eager = { at: undefined, because: undefined, log: [], resting: false, origin: performance.timeOrigin };
  window.eager = eager;
  let forward = 1;
  let pressedAt = 0;
  let main;
  const find = (mark, root = document) => {
    for (const element of root.querySelectorAll('*')) {
      if (element.dataset?.testid === mark) return element;
      const inside = element.shadowRoot && find(mark, element.shadowRoot);
      if (inside) return inside;
    }
    return undefined;
  };
  const key = (type) =>
    document.body.dispatchEvent(
      new KeyboardEvent(type, { key: 'Enter', code: 'Enter', bubbles: true, composed: true }),
    );
  setInterval(() => {
    if (!main?.isConnected) main = find('pilot-state');
    const { at, because } = main?.dataset ?? {};
    if (at !== eager.at || because !== eager.because) {
      if (at === 'driving' && eager.at !== 'driving') forward = -forward;
      Object.assign(eager, { at, because });
      eager.log.push({ atMs: now(), at, because });
      if (eager.log.length > 200) eager.log.shift();
    }
    pad.axes[1] = at === 'driving' && !eager.resting ? 0.6 * forward : 0;
    if (because !== 'you' || now() - pressedAt < AGAIN_AFTER_MS) return;
    pressedAt = now();
    for (const type of ['keydown', 'keyup', 'keydown', 'keyup']) key(type);
  }, LOOK_EVERY_MS);
}

/**
 * Notes each frame that arrives on any `control` channel, what the motors are told, and whether the wheels turn; `window.takeNotes()`
 * gives them and forgets them.
 */
export function noteRobot() {
  const MOST = 20_000;
  const now = () => performance.timeOrigin + performance.now();
  let notes = { heard: [], told: [], turning: [] };
  const note = (list, one) => list.length < MOST && list.push(one);
  window.takeNotes = () => {
    const taken = notes;
    notes = { heard: [], told: [], turning: [] };
    return taken;
  };
  const { createDataChannel } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.createDataChannel = function (label, ...rest) {
    const channel = createDataChannel.call(this, label, ...rest);
    if (label === 'control') {
      channel.addEventListener('message', ({ data }) => {
        if (!(data instanceof ArrayBuffer) || data.byteLength !== 28) return;
        const view = new DataView(data);
        note(notes.heard, { atMs: now(), sampledAtMs: view.getUint32(6, true), enabled: (view.getUint8(1) & 1) !== 0 });
      });
    }
    return channel;
  };
  const simulations = new WeakSet();
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (message, ...rest) {
    if (message?.type === 'plug' && !simulations.has(this)) {
      simulations.add(this);
      this.addEventListener('message', ({ data }) => {
        if (data.type !== 'pose') return;
        note(notes.turning, { atMs: now(), turning: Math.abs(data.pose.left) + Math.abs(data.pose.right) > 0.2 });
      });
    }
    if (message?.type === 'bytes') {
      const atMs = now();
      for (const [, left, right] of new TextDecoder().decode(message.bytes).matchAll(/^c(-?\d+),(-?\d+)/gm)) {
        note(notes.told, { atMs, moves: left !== '0' || right !== '0' });
      }
    }
    return postMessage.call(this, message, ...rest);
  };
}

/** Notes when this machine kept the page's thread waiting; `window.stalledMs(sinceMs)` is the longest time since then. */
export function noteStalls() {
  const EVERY_MS = 20;
  const KEPT = 500;
  const stalls = [];
  const now = () => performance.timeOrigin + performance.now();
  let before = now();
  setInterval(() => {
    const ms = now() - before - EVERY_MS;
    before = now();
    if (ms > 50) stalls.push({ atMs: before, ms });
    if (stalls.length > KEPT) stalls.shift();
  }, EVERY_MS);
  window.stalledMs = (sinceMs) => Math.max(0, ...stalls.filter(({ atMs }) => atMs > sinceMs).map(({ ms }) => ms));
}
