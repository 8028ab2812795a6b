/** Everything that reads bytes of people nobody knows yet, each with right inputs to begin from; knows not what is done to them. */
import fc from 'fast-check';
import { tokenOf } from '../../../peer-server/admission.ts';
import { makeChallenges } from '../../../peer-server/challenges.ts';
import { isLookup } from '../../../peer-server/codes.ts';
import { routeOf } from '../../../src/main-address.ts';
import { describedFingerprint } from '../../../src/net/fingerprints.ts';
import { readFirstDescription } from '../../../src/net/first-description.ts';
import { withStartBitrate } from '../../../src/net/start-bitrate.ts';
import { decodeControl, encodeControl } from '../../../src/protocol/control-frame.ts';
import { decodeMessage, encodeMessage, type Message, PROTOCOL_VERSION } from '../../../src/protocol/messages.ts';
import { decodeReport, encodeReport } from '../../../src/protocol/report-frame.ts';
import { fromBase32, toBase32 } from '../../../src/trust/base32.ts';
import { fromBase64url, toBase64url } from '../../../src/trust/base64url.ts';
import { makeClaim, readClaim } from '../../../src/trust/claim.ts';
import { check, newNonce, prove, type Transcript, transcriptBytes } from '../../../src/trust/handshake.ts';
import { identityOf, idOf, isId, makeKeys, verifies } from '../../../src/trust/identity.ts';
import { isSecret, keyOfSecret, newCode, newSecret, readCode } from '../../../src/trust/invitation.ts';
import { readAddress } from '../../../src/ui/robot-address.ts';

export type Parser = {
  readonly name: string;
  /** Its share of all inputs, against the others'. */
  readonly weight: number;
  readonly seeds: readonly Uint8Array[];
  /** Whether the bytes were taken for right. */
  readonly read: (bytes: Uint8Array<ArrayBuffer>) => boolean | Promise<boolean>;
  readonly async?: true;
  /** Right shapes with wrong values. */
  readonly structured?: fc.Arbitrary<Uint8Array<ArrayBuffer>>;
};

const HOST = 'robot.example:8080';
const FINGERPRINT = Array.from({ length: 32 }, (_, i) => (i * 7).toString(16).padStart(2, '0')).join(':');
const SDP = [
  'v=0',
  'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0 1',
  'a=msid-semantic: WMS',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  'a=candidate:1467250027 1 udp 2122260223 192.168.0.196 46243 typ host generation 0',
  'a=ice-ufrag:8hhY',
  'a=ice-pwd:asd88fgpdd777uzjYhagZg',
  `a=fingerprint:sha-256 ${FINGERPRINT.toUpperCase()}`,
  'a=setup:actpass',
  'a=mid:0',
  'a=sctp-port:5000',
  'a=max-message-size:262144',
  'm=video 9 UDP/TLS/RTP/SAVPF 96 97 98',
  'a=rtpmap:96 VP8/90000',
  'a=rtpmap:97 rtx/90000',
  'a=fmtp:97 apt=96',
  'a=rtpmap:98 H264/90000',
  'a=fmtp:98 level-asymmetry-allowed=1;packetization-mode=1',
  `a=fingerprint:sha-256 ${FINGERPRINT.toUpperCase()}`,
  '',
].join('\r\n');

const utf8 = (text: string) => new TextEncoder().encode(text);
/** What is no UTF-8 becomes what a browser makes of it. */
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const texts = (...all: readonly string[]) => all.map(utf8);

/** As many as `count`; the same from the same seed. */
export function structuredInputs(
  arbitrary: fc.Arbitrary<Uint8Array<ArrayBuffer>> = anything(),
  seed: number,
  count: number,
): readonly Uint8Array<ArrayBuffer>[] {
  return fc.sample(arbitrary, { seed, numRuns: count });
}

export async function openParsers(): Promise<readonly Parser[]> {
  const [robot, pilot] = await Promise.all([identityOf(await makeKeys()), identityOf(await makeKeys())]);
  const { id: invitation, mac } = await keyOfSecret(newSecret());
  const end = (key: Uint8Array<ArrayBuffer>) => ({
    version: PROTOCOL_VERSION,
    key,
    nonce: newNonce(),
    fingerprint: FINGERPRINT,
  });
  const transcript: Transcript = { pilot: end(pilot.publicKey), robot: end(robot.publicKey), invitation };
  const proved = await prove(pilot, 'pilot', transcript, mac);
  if (!proved.ok) throw new Error(`the seed of the proofs is wrong: ${proved.reason}`);
  const proof = proved.value;
  const challenges = makeChallenges(() => 0);
  const challenge = challenges.make();
  const claim = await makeClaim(robot, { purpose: 'join', host: HOST, challenge });
  const messages = messagesOf(toBase64url(pilot.publicKey), toBase64url(transcript.pilot.nonce), proof, invitation);
  const code = newCode();
  const secret = newSecret();
  const addresses = [
    '#robot',
    '#pilot/',
    `#pilot/${robot.id}`,
    `#watch/${robot.id}`,
    `#pair/${robot.id}/${secret}`,
    `#pair/${robot.id}/${code}`,
    `https://robot.example/#pair/${robot.id}/${secret}`,
  ];
  // As it travels: what is compared is what bytes make of the word, not what was meant.
  const proofSeed = utf8(JSON.stringify(proof));
  const transcriptSeed = flat(transcript);

  return [
    {
      name: 'message',
      weight: 30,
      seeds: messages.map(encodeMessage),
      structured: structuredMessages(messages),
      read: (bytes) => decodeMessage(bytes).ok,
    },
    {
      name: 'control frame',
      weight: 12,
      seeds: controlSeeds(),
      read: (bytes) => decodeControl(bytes).ok,
    },
    {
      name: 'report frame',
      weight: 6,
      seeds: reportSeeds(),
      read: (bytes) => decodeReport(bytes).ok,
    },
    {
      name: 'base32',
      weight: 6,
      seeds: texts(robot.id, invitation, secret, toBase32(transcript.pilot.nonce)),
      read: (bytes) => fromBase32(text(bytes)).ok,
    },
    {
      name: 'base64url',
      weight: 6,
      seeds: texts(toBase64url(pilot.publicKey), proof.signature, 'AA', ''),
      read: (bytes) => fromBase64url(text(bytes)).ok && fromBase64url(text(bytes), 65).ok,
    },
    {
      name: 'id',
      weight: 3,
      seeds: texts(robot.id, pilot.id),
      read: (bytes) => isId(text(bytes)),
    },
    {
      name: 'typed code and secret',
      weight: 6,
      seeds: texts(code, code.toLowerCase().replace(/(.{4})(?!$)/g, '$1-'), code.replace(/(.{4})/g, '$1 '), secret),
      read: (bytes) => readCode(text(bytes)) !== undefined || isSecret(text(bytes)),
    },
    {
      name: 'page address',
      weight: 6,
      seeds: texts(...addresses),
      read: (bytes) => routeOf(text(bytes)).page !== 'home',
    },
    {
      name: 'pasted address',
      weight: 6,
      seeds: texts(...addresses, `Drive my robot: https://robot.example/#pair/${robot.id}/${secret}.`, robot.id),
      read: (bytes) => readAddress(text(bytes)) !== undefined,
    },
    {
      name: 'fingerprint of a description',
      weight: 5,
      seeds: texts(SDP, SDP.slice(0, SDP.indexOf('m=video'))),
      read: (bytes) => describedFingerprint(text(bytes)) !== undefined,
    },
    {
      name: 'first description',
      weight: 4,
      seeds: texts(SDP.slice(0, SDP.indexOf('m=video'))),
      read: (bytes) => readFirstDescription({ sdp: { type: 'offer', sdp: text(bytes) } }).ok,
    },
    {
      name: 'start bitrate of a description',
      weight: 2,
      seeds: texts(SDP),
      read: (bytes) => withStartBitrate(text(bytes), 1500).includes('start-bitrate'),
    },
    {
      name: 'transcript',
      weight: 4,
      seeds: [transcriptSeed],
      read: (bytes) => transcriptBytes('pilot', unflat(bytes)).ok,
    },
    {
      name: 'proof',
      weight: 1,
      seeds: [proofSeed],
      async: true,
      read: async (bytes) => {
        const word = textFields(bytes);
        if (!word) return false;
        const { signature = '', mac: given } = word;
        return (await check('pilot', transcript, given === undefined ? { signature } : { signature, mac: given }, mac))
          .ok;
      },
    },
    {
      name: 'proof over another transcript',
      weight: 0.5,
      seeds: [transcriptSeed],
      async: true,
      read: async (bytes) => (await check('pilot', unflat(bytes), proof, mac)).ok,
    },
    {
      name: 'public key',
      weight: 0.4,
      seeds: [pilot.publicKey],
      async: true,
      read: async (bytes) =>
        (await verifies(bytes, pilot.publicKey.slice(0, 64), bytes)) || (await idOf(bytes)) === pilot.id,
    },
    {
      name: 'claim',
      weight: 0.8,
      seeds: texts(claim),
      async: true,
      read: async (bytes) => (await readClaim(text(bytes), { purpose: 'join', host: HOST, id: robot.id })).ok,
    },
    {
      name: 'server: token of a header',
      weight: 2,
      seeds: texts(`Claim ${claim}`),
      read: (bytes) => tokenOf(text(bytes)) !== undefined,
    },
    {
      name: 'server: challenge',
      weight: 2,
      seeds: texts(challenge, challenges.make()),
      read: (bytes) => challenges.spend(text(bytes)).ok,
    },
    {
      name: 'server: code lookup',
      weight: 1,
      seeds: texts(toBase64url(transcript.pilot.nonce)),
      read: (bytes) => isLookup(text(bytes)),
    },
  ];
}

function messagesOf(
  key: string,
  nonce: string,
  proof: { readonly signature: string; readonly mac?: string },
  invitation: string,
): readonly Message[] {
  const head = { version: PROTOCOL_VERSION, key, nonce } as const;
  return [
    { type: 'hello', app: 'telepresent', ...head, invitation },
    { type: 'hello', app: 'telepresent', ...head },
    { type: 'identity', ...head, ...proof },
    { type: 'proof', ...proof, name: 'Ann Žofie 🚗', visit: 'k3v9', wants: 'drive' },
    { type: 'asked' },
    { type: 'welcome', name: 'Rover', epoch: 1, simulated: false, role: 'guest', presses: 0 },
    { type: 'presence', name: 'Rover', by: 'Ann' },
    { type: 'refused', reason: 'unknown' },
    { type: 'status', board: 'Uno', awake: true, camera: true, microphone: false },
    { type: 'lease', epoch: 7, driver: 'Ann', asking: [{ seat: 2, name: 'Žofie 🚗' }] },
    { type: 'lease', epoch: 0, asking: [] },
    { type: 'ask' },
    { type: 'give', seat: 2 },
    { type: 'take' },
    { type: 'stop' },
    { type: 'stopped', by: 'Ann', press: 7 },
    { type: 'bye' },
    { type: 'description', description: { type: 'offer', sdp: SDP } },
    {
      type: 'candidate',
      candidate: { candidate: 'candidate:1 1 udp 2122260223 192.0.2.1 46243 typ host', sdpMid: '0' },
    },
  ];
}

function anything(): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  return fc.oneof(
    fc.uint8Array({ maxLength: 120 }).map((bytes) => Uint8Array.from(bytes)),
    fc.string({ unit: 'binary', maxLength: 120 }).map(utf8),
    fc.base64String({ maxLength: 120 }).map(utf8),
  );
}

function structuredMessages(messages: readonly Message[]): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const wrong = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.string({ unit: 'binary', maxLength: 100 }),
    fc.constantFrom(...messages.flatMap((message) => Object.values(message))),
  );
  return fc
    .tuple(
      fc.constantFrom(...messages),
      fc.dictionary(fc.string({ maxLength: 8 }), wrong, { maxKeys: 2 }),
      wrong,
      fc.nat(),
    )
    .map(([message, extra, value, at]) => {
      const fields = Object.keys(message);
      const field = fields[at % fields.length] ?? 'type';
      return utf8(JSON.stringify({ ...message, ...extra, [field]: value }) ?? 'null');
    });
}

function controlSeeds(): readonly Uint8Array[] {
  const frame = { epoch: 1, sequence: 9, sampledAtMs: 123_456, pictureAgeMs: 40, enabled: true, stop: false } as const;
  return [
    encodeControl({ ...frame, gamepad: { axes: [0.5, -1, 0, 1], buttons: 5, triggers: [0, 1] } }),
    encodeControl({ ...frame, stop: true, gamepad: { axes: [0, 0, 0, 0], buttons: 0, triggers: [0, 0] } }),
  ];
}

function reportSeeds(): readonly Uint8Array[] {
  const report = { heldMs: 3, left: 0.5, right: -1, failsafe: 'driving', boardReady: true, speedCap: 1 } as const;
  return [
    encodeReport({ ...report, echoSequence: 9, batteryMv: 7400 }),
    encodeReport({ ...report, echoSequence: undefined, batteryMv: undefined }),
  ];
}

/** Two ends and an invitation behind one another, each field after its length. */
function flat({ pilot, robot, invitation = '' }: Transcript): Uint8Array<ArrayBuffer> {
  const fields = [pilot, robot].flatMap(({ version, key, nonce, fingerprint }) => [
    new Uint8Array([version & 0xff, version >> 8]),
    key,
    nonce,
    utf8(fingerprint),
  ]);
  return Uint8Array.from([...fields, utf8(invitation)].flatMap((field) => [field.length, ...field]));
}

/** Whatever the bytes are, they are some transcript. */
function unflat(bytes: Uint8Array): Transcript {
  let at = 0;
  const next = () => {
    const length = bytes[at] ?? 0;
    const field = Uint8Array.from(bytes.subarray(at + 1, at + 1 + length));
    at += 1 + length;
    return field;
  };
  const end = () => {
    const [low = 0, high = 0] = next();
    return { version: low | (high << 8), key: next(), nonce: next(), fingerprint: text(next()) };
  };
  const pilot = end();
  const robot = end();
  const invitation = text(next());
  return { pilot, robot, ...(invitation === '' ? {} : { invitation }) };
}

function textFields(bytes: Uint8Array): { readonly signature?: string; readonly mac?: string } | undefined {
  try {
    const json: unknown = JSON.parse(text(bytes));
    if (typeof json !== 'object' || json === null) return undefined;
    const { signature, mac } = json as Record<string, unknown>;
    if (typeof signature !== 'string' || (mac !== undefined && typeof mac !== 'string')) return undefined;
    return mac === undefined ? { signature } : { signature, mac };
  } catch {
    return undefined;
  }
}
