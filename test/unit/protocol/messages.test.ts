/** Holds the messages to their golden vectors and to any bytes at all. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BOARD_TROUBLES,
  decodeMessage,
  encodeMessage,
  type Message,
  PROTOCOL_VERSION,
  REFUSALS,
  ROLES,
} from '../../../src/protocol/messages.ts';
import vectors from '../../../src/protocol/vectors/messages.json' with { type: 'json' };

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const decode = (message: unknown) => decodeMessage(bytesOf(JSON.stringify(message)));
const proof = { type: 'proof', signature: 's'.repeat(86), name: 'Ann', visit: 'k3v9', wants: 'drive' } as const;

/** Text that is shown as it is: neither control characters nor spaces at the ends. */
const shown = fc.stringMatching(/^[A-Za-zÀ-ž0-9._()-]([A-Za-zÀ-ž0-9 ._()-]{0,38}[A-Za-zÀ-ž0-9._()-])?$/);
const u16 = fc.integer({ min: 0, max: 0xffff });
const binary = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((some) => Buffer.from(some).toString('base64url'));
const messages: fc.Arbitrary<Message> = fc.oneof(
  fc.record(
    {
      type: fc.constant('hello' as const),
      app: fc.constant('telepresent' as const),
      version: u16,
      key: binary(65),
      nonce: binary(32),
      invitation: fc.stringMatching(/^[a-z2-7]{16}$/),
    },
    { requiredKeys: ['type', 'app', 'version', 'key', 'nonce'] },
  ),
  fc.record(
    {
      type: fc.constant('identity' as const),
      version: u16,
      key: binary(65),
      nonce: binary(32),
      signature: binary(64),
      mac: binary(32),
    },
    { requiredKeys: ['type', 'version', 'key', 'nonce', 'signature'] },
  ),
  fc.record(
    {
      type: fc.constant('proof' as const),
      signature: binary(64),
      mac: binary(32),
      name: shown,
      visit: fc.string({ minLength: 1, maxLength: 40 }),
      wants: fc.constantFrom('drive' as const, 'watch' as const, 'look' as const),
    },
    { requiredKeys: ['type', 'signature', 'name', 'visit', 'wants'] },
  ),
  fc.record({
    type: fc.constant('welcome' as const),
    name: shown,
    epoch: u16,
    simulated: fc.boolean(),
    role: fc.constantFrom(...ROLES),
    presses: u16,
  }),
  fc.record({ type: fc.constant('presence' as const), name: shown, by: shown }, { requiredKeys: ['type', 'name'] }),
  fc.record({ type: fc.constant('refused' as const), reason: fc.constantFrom(...REFUSALS) }),
  fc.record(
    {
      type: fc.constant('status' as const),
      board: shown,
      boardTrouble: fc.constantFrom(...BOARD_TROUBLES),
      awake: fc.boolean(),
      batteryLow: fc.boolean(),
      camera: fc.boolean(),
      microphone: fc.boolean(),
    },
    { requiredKeys: ['type', 'awake', 'camera', 'microphone'] },
  ),
  fc.record(
    {
      type: fc.constant('lease' as const),
      epoch: u16,
      driver: shown,
      asking: fc.array(fc.record({ seat: u16, name: shown }), { maxLength: 8 }),
    },
    { requiredKeys: ['type', 'epoch', 'asking'] },
  ),
  fc.record({ type: fc.constant('give' as const), seat: u16 }),
  fc.record({ type: fc.constantFrom('ask' as const, 'take' as const) }),
  fc.record({
    type: fc.constantFrom('asked' as const, 'stop' as const, 'cleared' as const, 'bye' as const),
  }),
  fc.record({ type: fc.constant('stopped' as const), by: shown, press: u16 }),
  fc.record({ type: fc.constant('clear' as const), press: u16 }),
  fc.record({
    type: fc.constant('description' as const),
    description: fc.record({
      type: fc.constantFrom('offer' as const, 'answer' as const, 'rollback' as const, 'pranswer' as const),
      sdp: fc.string({ maxLength: 4000 }),
    }),
  }),
  fc.record({
    type: fc.constant('candidate' as const),
    candidate: fc.record(
      {
        candidate: fc.string({ maxLength: 1024 }),
        sdpMid: fc.option(fc.string({ maxLength: 64 })),
        sdpMLineIndex: fc.option(u16),
        usernameFragment: fc.option(fc.string({ maxLength: 256 })),
      },
      { requiredKeys: [] },
    ),
  }),
);

describe('messages', () => {
  it.each(vectors.accepted)('golden: $name', ({ text, message }) => {
    expect(decodeMessage(bytesOf(text))).toEqual({ ok: true, value: message });
    expect(textOf(encodeMessage(message as Message))).toBe(text);
  });

  it.each(vectors.read)('golden: $name', ({ text, message }) => {
    expect(decodeMessage(bytesOf(text))).toEqual({ ok: true, value: message });
  });

  it.each(vectors.refused)('refused: $name', ({ text }) => {
    expect(decodeMessage(bytesOf(text)).ok).toBe(false);
  });

  it('comes back as it went', () => {
    fc.assert(
      fc.property(messages, (message) => {
        expect(decodeMessage(encodeMessage(message))).toEqual({ ok: true, value: message });
      }),
    );
  });

  it('never throws on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        decodeMessage(bytes);
      }),
    );
  });

  it('never throws on any JSON, and what it accepts it could have said', () => {
    const nearly = fc
      .tuple(messages, fc.string(), fc.jsonValue({ maxDepth: 2 }))
      .map(([message, key, value]) => ({ ...message, [key]: value, name: value }));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), nearly), (json) => {
        const result = decode(json);
        if (result.ok) expect(decodeMessage(encodeMessage(result.value))).toEqual(result);
      }),
    );
  });

  it('never throws on a message with any one byte changed', () => {
    const dented = fc.tuple(messages, fc.nat(), fc.integer({ min: 1, max: 255 })).map(([message, at, by]) => {
      const bytes = encodeMessage(message);
      bytes[at % bytes.length]! ^= by;
      return bytes;
    });
    fc.assert(
      fc.property(dented, (bytes) => {
        const result = decodeMessage(bytes);
        if (result.ok) expect(decodeMessage(encodeMessage(result.value))).toEqual(result);
      }),
      { numRuns: 1000 },
    );
  });

  it('fits what a stranger may say, however long the name', () => {
    const most = { ...proof, mac: 'm'.repeat(43), name: '\u{1F697}'.repeat(40), visit: '\u{1F697}'.repeat(20) };
    expect(encodeMessage(most).length).toBeLessThan(2048);
    expect(decodeMessage(encodeMessage(most)).ok).toBe(true);
  });

  it('cuts and cleans the names in a lease as it does others', () => {
    const long = `\u202e${'n'.repeat(39)}🚗🚗`;
    const said = encodeMessage({ type: 'lease', epoch: 1, driver: long, asking: [{ seat: 3, name: long }] });
    const name = 'n'.repeat(39);
    expect(decodeMessage(said)).toEqual({
      ok: true,
      value: { type: 'lease', epoch: 1, driver: name, asking: [{ seat: 3, name }] },
    });
  });

  it('takes markup in the names of a lease for the text that it is', () => {
    const name = '<img src=x onerror=alert(1)>';
    const lease = { type: 'lease', epoch: 0, driver: name, asking: [{ seat: 1, name }] } as const;
    expect(decodeMessage(encodeMessage(lease))).toEqual({ ok: true, value: lease });
  });

  it.each(['', 'waits', 'None', null, 1, { none: 1 }])('refuses a board trouble that is none: %j', (boardTrouble) => {
    const status = { type: 'status', awake: true, camera: true, microphone: false };
    expect(decode(status).ok).toBe(true);
    expect(decode({ ...status, boardTrouble }).ok).toBe(false);
  });

  it('has golden vectors of this version', () => {
    const hello = vectors.accepted.find(({ name }) => name === 'hello');
    expect(hello?.message.version).toBe(PROTOCOL_VERSION);
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(decodeMessage(new Uint8Array([...bytesOf('{"type":"stopped","by":"'), 0xff, ...bytesOf('"}')])).ok).toBe(
      false,
    );
  });

  it('refuses more than 64 KiB, and only then', () => {
    const padded = (length: number) => bytesOf(`{"type":"stop"}${' '.repeat(length - 15)}`);
    expect(decodeMessage(padded(65_536)).ok).toBe(true);
    expect(decodeMessage(padded(65_537)).ok).toBe(false);
  });

  it('refuses an SDP over 60 kB, counted in bytes', () => {
    const offer = (sdp: string) => decode({ type: 'description', description: { type: 'offer', sdp } }).ok;
    expect(offer('a'.repeat(60_000))).toBe(true);
    expect(offer('a'.repeat(60_001))).toBe(false);
    expect(offer('é'.repeat(30_001))).toBe(false);
  });

  it('survives nesting as deep as 64 KiB allow', () => {
    expect(decodeMessage(bytesOf('['.repeat(65_536))).ok).toBe(false);
    expect(decodeMessage(bytesOf(`{"type":"stop","x":${'['.repeat(30_000)}${']'.repeat(30_000)}}`)).ok).toBe(true);
  });

  it('does not let a message reach the prototype', () => {
    const result = decodeMessage(bytesOf('{"type":"stop","__proto__":{"polluted":true}}'));
    expect(result).toEqual({ ok: true, value: { type: 'stop' } });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('cuts a name of its own that is too long, and never in the middle of a letter', () => {
    const result = decodeMessage(encodeMessage({ ...proof, name: `  ${'n'.repeat(39)}🚗🚗` }));
    expect(result).toEqual({ ok: true, value: { ...proof, name: 'n'.repeat(39) } });
  });

  it('drops fields that only a browser knows from a candidate', () => {
    const candidate = { candidate: 'candidate:1', sdpMid: '0', address: '192.0.2.1' };
    expect(decode({ type: 'candidate', candidate })).toEqual({
      ok: true,
      value: { type: 'candidate', candidate: { candidate: 'candidate:1', sdpMid: '0' } },
    });
  });
});
