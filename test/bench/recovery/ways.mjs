/** In the page of the other ways, robot's or pilot's by its fragment `#robot-<number>`: stock PeerJS, and ICE restart by state or by missing reports; knows no app. */
const SEND_EVERY_MS = 20;
const REPORT_EVERY_MS = 100;
const OPEN_WITHIN_MS = 5000;
const REDIAL_AFTER_MS = 250;
/** Of each visit other names: a server may believe for a minute that who left is still there. */
const [role, visit] = location.hash.slice(1).split('-');
const isRobot = role === 'robot';
const now = () => performance.timeOrigin + performance.now();

/** By way: when a command was sent and heard. */
window.heard = {};
window.takeHeard = () => {
  const taken = window.heard;
  window.heard = Object.fromEntries(Object.keys(taken).map((way) => [way, []]));
  return taken;
};
const hear = (way) => {
  window.heard[way] = [];
  return (sentAtMs) => window.heard[way].push({ atMs: now(), sentAtMs });
};

function picture() {
  const canvas = document.body.appendChild(
    Object.assign(document.createElement('canvas'), { width: 320, height: 180 }),
  );
  const context = canvas.getContext('2d');
  let frame = 0;
  setInterval(() => {
    frame++;
    context.fillStyle = `hsl(${frame % 360} 60% 50%)`;
    context.fillRect(0, 0, 320, 180);
    context.fillStyle = '#fff';
    context.fillRect((frame * 7) % 320, 60, 40, 40);
  }, 66);
  return canvas.captureStream(15);
}

/** As PeerJS's documentation has it: a data connection and a call, dialled again on close, error, or ICE failed; `reconnect` on disconnected. */
function stockPeerJs(way, stream) {
  const options = { host: location.hostname, port: Number(location.port), path: '/peerjs', config: { iceServers: [] } };
  const peer = new window.Peer(`bench-${role}-${visit}`, options);
  peer.on('disconnected', () =>
    setTimeout(() => !peer.destroyed && peer.disconnected && peer.reconnect(), REDIAL_AFTER_MS),
  );
  if (isRobot) {
    const heardOne = hear(way);
    peer.on('error', () => {});
    peer.on('connection', (connection) => {
      connection.on('data', heardOne);
      peer.call(connection.peer, stream);
    });
    return;
  }
  let connection;
  let late;
  let again;
  const redial = () => {
    clearTimeout(late);
    clearTimeout(again);
    again = setTimeout(dial, REDIAL_AFTER_MS);
  };
  const dial = () => {
    const before = connection;
    connection = undefined;
    before?.close();
    const fresh = peer.disconnected ? undefined : peer.connect(`bench-robot-${visit}`, { reliable: false });
    if (!fresh) return redial();
    connection = fresh;
    const ifStill = (act) => () => connection === fresh && act();
    // An offer that nobody answers never fails by itself.
    late = setTimeout(ifStill(redial), OPEN_WITHIN_MS);
    fresh.on('open', () => clearTimeout(late));
    fresh.on('close', ifStill(redial));
    fresh.on('error', ifStill(redial));
    fresh.on('iceStateChanged', (state) => state === 'failed' && ifStill(redial)());
  };
  peer.on('error', ({ type }) => type === 'peer-unavailable' && redial());
  peer.on('call', (call) => call.answer());
  peer.once('open', dial);
  setInterval(() => connection?.open && connection.send(now()), SEND_EVERY_MS);
}

/** A socket that notices its own death within 1.5 s, and forgets no word until it is heard. */
function signalling(way, got) {
  const [own, other] = (isRobot ? ['robot', 'pilot'] : ['pilot', 'robot']).map((name) => `${way} ${name} ${visit}`);
  const unheard = new Map();
  const known = new Set();
  let socket;
  let heardAt = 0;
  const open = () => {
    socket?.close();
    heardAt = performance.now();
    const fresh = new WebSocket(`wss://${location.host}/relay?name=${encodeURIComponent(own)}`);
    socket = fresh;
    fresh.onopen = () => {
      for (const text of unheard.values()) fresh.send(text);
    };
    fresh.onmessage = ({ data }) => {
      heardAt = performance.now();
      const { heard, id, word } = JSON.parse(data);
      if (heard) unheard.delete(heard);
      if (!id) return;
      fresh.send(JSON.stringify({ heard: id }));
      if (known.has(id)) return;
      known.add(id);
      got(word);
    };
    fresh.onclose = () => setTimeout(() => socket === fresh && open(), REDIAL_AFTER_MS);
  };
  setInterval(() => {
    if (socket.readyState === 1) socket.send('{"ping":1}');
    if (performance.now() - heardAt > 1500) open();
  }, 500);
  open();
  return (word) => {
    const id = crypto.getRandomValues(new Uint32Array(2)).join('-');
    const text = JSON.stringify({ id, to: other, word });
    unheard.set(id, text);
    if (socket.readyState === 1) socket.send(text);
  };
}

/** One connection for all, healed by `restartIce`: when its state says so, or, with `afterSilenceMs`, when reports are missing. */
function iceRestart(way, stream, afterSilenceMs) {
  const connection = new RTCPeerConnection();
  const channel = connection.createDataChannel('drive', {
    negotiated: true,
    id: 0,
    ordered: false,
    maxPacketLifeTime: 100,
  });
  channel.binaryType = 'arraybuffer';
  let queue = Promise.resolve();
  const say = signalling(way, (word) => {
    queue = queue.then(() => take(word)).catch((error) => console.error(way, error));
  });
  const take = async ({ description, candidate }) => {
    if (candidate) return connection.addIceCandidate(candidate).catch(() => {});
    await connection.setRemoteDescription(description);
    if (description.type !== 'offer') return;
    await connection.setLocalDescription();
    say({ description: connection.localDescription });
  };
  connection.onicecandidate = ({ candidate }) => candidate && say({ candidate });
  const every = (ms, data) => setInterval(() => channel.readyState === 'open' && channel.send(data()), ms);
  if (isRobot) {
    connection.addTrack(stream.getVideoTracks()[0], stream);
    const heardOne = hear(way);
    channel.onmessage = ({ data }) => heardOne(new Float64Array(data)[0]);
    every(REPORT_EVERY_MS, () => new ArrayBuffer(1));
    return;
  }
  connection.addTransceiver('video', { direction: 'recvonly' });
  every(SEND_EVERY_MS, () => new Float64Array([now()]));
  connection.onnegotiationneeded = async () => {
    await connection.setLocalDescription();
    say({ description: connection.localDescription });
  };
  let reportedAt = Number.POSITIVE_INFINITY;
  channel.onmessage = () => {
    reportedAt = performance.now();
  };
  let restartedAt = Number.NEGATIVE_INFINITY;
  const restart = (atMostEveryMs) => {
    if (performance.now() - restartedAt < atMostEveryMs) return;
    restartedAt = performance.now();
    connection.restartIce();
  };
  if (afterSilenceMs) setInterval(() => performance.now() - reportedAt > afterSilenceMs && restart(2000), 20);
  else {
    const look = () => /disconnected|failed/.test(connection.iceConnectionState) && restart(5000);
    connection.oniceconnectionstatechange = look;
    setInterval(look, 1000);
  }
}

const stream = isRobot ? picture() : undefined;
stockPeerJs('stock PeerJS', stream);
iceRestart('ICE restart', stream);
iceRestart('ICE restart after 300 ms', stream, 300);
