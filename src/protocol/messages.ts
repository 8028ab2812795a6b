/** The words on the `messages` channel, read and written; knows neither who says them nor what follows. */
import * as v from 'valibot';
import type { Decoded } from '../core/fault.ts';

/** Raised when either end would misunderstand the other. */
export const PROTOCOL_VERSION = 4;

/** Why a robot turns somebody away. */
export const REFUSALS = Object.freeze([
  'busy',
  'version',
  'malformed',
  'signature',
  'unknown',
  'expired',
  'declined',
  'dismissed',
  'revoked',
  'replaced',
] as const);
export type Refusal = (typeof REFUSALS)[number];

export const ROLES = Object.freeze(['owner', 'pilot', 'watcher', 'guest'] as const);

/**
 * Why a robot without a ready board waits for none, so that somebody there must do something. `none`: none is open. `unsafe`: it
 * did not stop by itself when it was tried. `foreign`: it speaks another version or language. `ended`: it is not tried any more.
 */
export const BOARD_TROUBLES = Object.freeze(['none', 'unsafe', 'foreign', 'ended'] as const);
export type BoardTrouble = (typeof BOARD_TROUBLES)[number];

/** Keys are raw P-256 points of 65 bytes, nonces 32, signatures 64 (r then s), MACs 32; all in base64url without padding. */
export type Message =
  /** Pilot's first word. `invitation` names the one-time secret it was given; absent: it was let in before. */
  | {
      readonly type: 'hello';
      readonly app: 'telepresent';
      readonly version: number;
      readonly key: string;
      readonly nonce: string;
      readonly invitation?: string;
    }
  /** Robot's first word: who it is, proved. `mac` when it knows the invitation. */
  | {
      readonly type: 'identity';
      readonly version: number;
      readonly key: string;
      readonly nonce: string;
      readonly signature: string;
      readonly mac?: string;
    }
  /** Who the pilot is, proved. `visit` is random, up to 40 characters, and the same while the tab lives: who comes back with it takes the place it had. */
  | {
      readonly type: 'proof';
      readonly signature: string;
      readonly mac?: string;
      readonly name: string;
      readonly visit: string;
      /** `look` asks only whether the robot is free. */
      readonly wants: 'drive' | 'watch' | 'look';
    }
  /** Somebody at the robot is being asked. */
  | { readonly type: 'asked' }
  /** Robot's yes: tracks follow, and control for the holder of `epoch`; 0: only watching. */
  | {
      readonly type: 'welcome';
      readonly name: string;
      readonly epoch: number;
      readonly simulated: boolean;
      readonly role: (typeof ROLES)[number];
      /** How often STOP was pressed so far, u16. */
      readonly presses: number;
    }
  /** The answer to a look, and whenever it changes: `by` drives it; absent: nobody does. */
  | { readonly type: 'presence'; readonly name: string; readonly by?: string }
  | { readonly type: 'refused'; readonly reason: Refusal }
  /** Robot to pilot, whenever it changes. `board` (absent while none is ready) is its label; `awake` is false while the robot's page is hidden. */
  | {
      readonly type: 'status';
      readonly board?: string | undefined;
      /** Absent: the board is ready, or the robot waits for it. */
      readonly boardTrouble?: BoardTrouble | undefined;
      readonly awake: boolean;
      /** The battery is below the limit that its owner set; absent: no. */
      readonly batteryLow?: boolean;
      readonly camera: boolean;
      readonly microphone: boolean;
    }
  /**
   * Robot to everybody who sees, after the welcome and whenever it changes: `driver` holds the lease; absent: nobody does. `epoch`
   * is the holder's number, and 0 for everybody else. `asking` is who wants to drive, told to those who may give.
   */
  | {
      readonly type: 'lease';
      readonly epoch: number;
      readonly driver?: string;
      readonly asking: readonly { readonly seat: number; readonly name: string }[];
    }
  /** Pilot to robot: I want to drive. Granted at once while nobody does. */
  | { readonly type: 'ask' }
  /** Driver or owner to robot: who sits there drives from now on. */
  | { readonly type: 'give'; readonly seat: number }
  /** Owner to robot: I drive from now on. */
  | { readonly type: 'take' }
  /** Anybody who sees, to the robot, besides the flag in the frames, until the robot's word that it latched. */
  | { readonly type: 'stop' }
  /** `press` counts up with each press, also of a STOP that is latched already. */
  | { readonly type: 'stopped'; readonly by: string; readonly press: number }
  /** An owner's, of the newest press; any other changes nothing, and `stopped` is said again. */
  | { readonly type: 'clear'; readonly press: number }
  | { readonly type: 'cleared' }
  /** Either side goes on purpose. */
  | { readonly type: 'bye' }
  /** Perfect negotiation over the link itself. */
  | {
      readonly type: 'description';
      readonly description: { readonly type: 'offer' | 'answer' | 'rollback' | 'pranswer'; readonly sdp: string };
    }
  | { readonly type: 'candidate'; readonly candidate: RTCIceCandidateInit };

/** The most bytes a message may have, in either direction. */
const MESSAGE_BYTES = 65_536;
/** The longest SDP, which leaves room for JSON's escapes of its line ends. */
const SDP_BYTES = 60_000;

/** The most who may ask to drive at one time. */
const MOST_ASKING = 8;

/** What is shown on screen: controls and marks that turn the reading direction around are taken out, ends are trimmed. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '').trim();
}

const shown = v.pipe(v.string(), v.transform(plain), v.maxLength(40));
const u16 = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff));
const short = (most: number) => v.pipe(v.string(), v.maxLength(most));

/** `bytes` in base64url without padding. */
const binary = (bytes: number) => v.pipe(v.string(), v.length(Math.ceil((bytes * 4) / 3)), v.regex(/^[A-Za-z0-9_-]+$/));
const KEY = binary(65);
const NONCE = binary(32);
const SIGNATURE = binary(64);
const MAC = binary(32);
/** 10 bytes in base32. */
const INVITATION = v.pipe(v.string(), v.regex(/^[a-z2-7]{16}$/));

const schema = v.variant('type', [
  v.object({
    type: v.literal('hello'),
    app: v.literal('telepresent'),
    version: u16,
    key: KEY,
    nonce: NONCE,
    invitation: v.exactOptional(INVITATION),
  }),
  v.object({
    type: v.literal('identity'),
    version: u16,
    key: KEY,
    nonce: NONCE,
    signature: SIGNATURE,
    mac: v.exactOptional(MAC),
  }),
  v.object({
    type: v.literal('proof'),
    signature: SIGNATURE,
    mac: v.exactOptional(MAC),
    name: shown,
    visit: v.pipe(v.string(), v.minLength(1), v.maxLength(40)),
    wants: v.picklist(['drive', 'watch', 'look']),
  }),
  v.object({ type: v.literal('asked') }),
  v.object({
    type: v.literal('welcome'),
    name: shown,
    epoch: u16,
    simulated: v.boolean(),
    role: v.picklist(ROLES),
    presses: u16,
  }),
  v.object({ type: v.literal('presence'), name: shown, by: v.exactOptional(shown) }),
  v.object({ type: v.literal('refused'), reason: v.picklist(REFUSALS) }),
  v.object({
    type: v.literal('status'),
    board: v.exactOptional(shown),
    boardTrouble: v.exactOptional(v.picklist(BOARD_TROUBLES)),
    awake: v.boolean(),
    batteryLow: v.exactOptional(v.boolean()),
    camera: v.boolean(),
    microphone: v.boolean(),
  }),
  v.object({
    type: v.literal('lease'),
    epoch: u16,
    driver: v.exactOptional(shown),
    asking: v.pipe(v.array(v.object({ seat: u16, name: shown })), v.maxLength(MOST_ASKING)),
  }),
  v.object({ type: v.literal('ask') }),
  v.object({ type: v.literal('give'), seat: u16 }),
  v.object({ type: v.literal('take') }),
  v.object({ type: v.literal('stop') }),
  v.object({ type: v.literal('stopped'), by: shown, press: u16 }),
  v.object({ type: v.literal('clear'), press: u16 }),
  v.object({ type: v.literal('cleared') }),
  v.object({ type: v.literal('bye') }),
  v.object({
    type: v.literal('description'),
    description: v.object({
      type: v.picklist(['offer', 'answer', 'rollback', 'pranswer']),
      sdp: v.pipe(v.string(), v.maxBytes(SDP_BYTES)),
    }),
  }),
  v.object({
    type: v.literal('candidate'),
    candidate: v.object({
      candidate: v.exactOptional(short(1024)),
      sdpMid: v.exactOptional(v.nullable(short(64))),
      sdpMLineIndex: v.exactOptional(v.nullable(u16)),
      // RFC 8839 section 5.4: 4 to 256 characters.
      usernameFragment: v.exactOptional(v.nullable(short(256))),
    }),
  }),
]);

/** JSON in UTF-8. Names are made plain and cut to 40 characters, so that a long one is never refused at the other end. */
export function encodeMessage(message: Message): Uint8Array<ArrayBuffer> {
  const json = JSON.stringify(message, (key, value: unknown) =>
    typeof value === 'string' && (key === 'name' || key === 'by' || key === 'board' || key === 'driver')
      ? plain(plain(value).slice(0, 40))
      : value,
  );
  return new TextEncoder().encode(json);
}

/** Unknown types, extra size (over 64 KiB) and bad shapes are `ok: false`. Unknown extra fields are ignored. Never throws. */
export function decodeMessage(bytes: Uint8Array): Decoded<Message> {
  if (bytes.length > MESSAGE_BYTES) return { ok: false, reason: `${bytes.length} bytes` };
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return { ok: false, reason: String(error) };
  }
  const read = v.safeParse(schema, json, { abortEarly: true });
  if (!read.success) return { ok: false, reason: read.issues[0].message };
  return { ok: true, value: read.output };
}
