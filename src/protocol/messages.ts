/** The words on the `messages` channel, read and written; knows neither who says them nor what follows. */
import type { Decoded } from '../core/fault.ts';

/** Raised when either end would misunderstand the other. */
export const PROTOCOL_VERSION = 1;

export type Message =
  /** Pilot's first word. */
  | { readonly type: 'hello'; readonly app: 'telepresent'; readonly version: number; readonly name: string }
  /** Robot's answer: tracks and control follow. */
  | { readonly type: 'welcome'; readonly version: number; readonly name: string; readonly epoch: number; readonly simulated: boolean }
  | { readonly type: 'refused'; readonly reason: 'busy' | 'version' | 'malformed' }
  /** Robot to pilot, whenever it changes. `board` is undefined while none is ready, with `trouble` a sentence's key. */
  | { readonly type: 'status'; readonly board: string | undefined; readonly camera: boolean; readonly microphone: boolean }
  /** Pilot to robot, besides the flag in the frames, and the robot's word that it latched. */
  | { readonly type: 'stop' }
  | { readonly type: 'stopped'; readonly by: string }
  | { readonly type: 'clear' }
  | { readonly type: 'cleared' }
  /** Either side goes on purpose. */
  | { readonly type: 'bye' }
  /** Perfect negotiation over the link itself. */
  | { readonly type: 'description'; readonly description: { readonly type: 'offer' | 'answer' | 'rollback' | 'pranswer'; readonly sdp: string } }
  | { readonly type: 'candidate'; readonly candidate: RTCIceCandidateInit };

export declare function encodeMessage(message: Message): Uint8Array<ArrayBuffer>;
/** Unknown types, extra size (over 64 KiB) and bad shapes are `ok: false`. Unknown extra fields are ignored. */
export declare function decodeMessage(bytes: Uint8Array): Decoded<Message>;
