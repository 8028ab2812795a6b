/** Holds docs/WIRE.md to the code: what is written from its text alone, with Node's own cryptography, is what the app takes. */
import { createHash, createHmac, generateKeyPairSync, pbkdf2Sync, randomBytes, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CONTROL_CHANNEL, LONGEST_MESSAGE } from '../../../src/net/channels.ts';
import { BOARD_TROUBLES, decodeMessage, PROTOCOL_VERSION, REFUSALS, ROLES } from '../../../src/protocol/messages.ts';
import { readClaim } from '../../../src/trust/claim.ts';
import { check, type Side, type Transcript, transcriptBytes } from '../../../src/trust/handshake.ts';
import { idOf } from '../../../src/trust/identity.ts';
import { keyOfCode, keyOfSecret } from '../../../src/trust/invitation.ts';

const text = readFileSync(new URL('../../../docs/WIRE.md', import.meta.url), 'utf8');
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

const section = (title: string) => text.split(`## ${title}\n`)[1]!.split('\n## ')[0]!;
const rowsOf = (part: string) =>
  part
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split('|').map((cell) => cell.trim()));
const namesIn = (cell: string | undefined) => [...(cell ?? '').matchAll(/`([a-z]+)`/g)].map(([, name]) => name!);

const sha256 = (...parts: readonly (string | Uint8Array)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const base32 = (bytes: Uint8Array, letters: number) => {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const fives = Array.from({ length: letters }, (_, i) => bits.slice(i * 5, i * 5 + 5).padEnd(5, '0'));
  return fives.map((five) => BASE32[Number.parseInt(five, 2)]).join('');
};
const own = (bytes: Uint8Array) => new Uint8Array(bytes);

function makeDevice() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x, y } = publicKey.export({ format: 'jwk' });
  const key = Buffer.concat([Buffer.of(4), Buffer.from(x!, 'base64url'), Buffer.from(y!, 'base64url')]);
  return {
    key,
    id: base32(sha256(key), 25),
    sign: (bytes: Uint8Array) => sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
  };
}

function handshake(invitation?: string) {
  const make = () => ({
    device: makeDevice(),
    version: PROTOCOL_VERSION,
    nonce: randomBytes(32),
    print: randomBytes(32),
  });
  const ends = { pilot: make(), robot: make() };
  const shown = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
  const end = ({ device, version, nonce, print }: ReturnType<typeof make>) => ({
    version,
    key: own(device.key),
    nonce: own(nonce),
    fingerprint: shown(print),
  });
  const transcript: Transcript = {
    pilot: end(ends.pilot),
    robot: end(ends.robot),
    ...(invitation === undefined ? {} : { invitation }),
  };
  const bytesFor = (side: Side) =>
    Buffer.concat([
      Buffer.from(`telepresent handshake 1\n${side}\n`),
      ...[ends.pilot, ends.robot].flatMap(({ device, version, nonce, print }) => [
        Buffer.of(version & 255, version >> 8),
        device.key,
        nonce,
        print,
      ]),
      Buffer.from(invitation ?? ''),
    ]);
  return { ends, transcript, bytesFor };
}

describe('docs/WIRE.md', () => {
  it('makes the ids of keys', async () => {
    for (let i = 0; i < 10; i++) {
      const { id, key } = makeDevice();
      expect(await idOf(own(key))).toBe(id);
    }
  });

  it('makes claims that are taken', async () => {
    const { id, key, sign } = makeDevice();
    const asked = { purpose: 'join', host: 'localhost:8080', id } as const;
    const signed = Buffer.from(`telepresent claim 1\njoin\nlocalhost:8080\n${id}\nAb_9-`);
    const token = `${key.toString('base64url')}.Ab_9-.${sign(signed).toString('base64url')}`;
    expect(await readClaim(token, asked)).toEqual({ ok: true, value: { challenge: 'Ab_9-' } });
    expect(await readClaim(token, { ...asked, purpose: 'ice' })).toMatchObject({ ok: false });
  });

  it.each([undefined, 'abcdefghijklmnop'])('lays out what both sides sign, with invitation %s', async (invitation) => {
    const { ends, transcript, bytesFor } = handshake(invitation);
    const mac = randomBytes(32);
    for (const side of ['pilot', 'robot'] as const) {
      const bytes = bytesFor(side);
      expect(transcriptBytes(side, transcript)).toEqual({ ok: true, value: own(bytes) });
      const proof = {
        signature: ends[side].device.sign(bytes).toString('base64url'),
        ...(invitation && { mac: createHmac('sha256', mac).update(bytes).digest('base64url') }),
      };
      expect(await check(side, transcript, proof, invitation ? own(mac) : undefined)).toEqual({
        ok: true,
        value: true,
      });
    }
    const stated = rowsOf(section('The handshake'))
      .map(([, bytes]) => Number(bytes?.split(' or ').at(invitation ? -1 : 0)))
      .filter((bytes) => !Number.isNaN(bytes));
    expect(stated.reduce((sum, bytes) => sum + bytes, 0)).toBe(bytesFor('pilot').length);
  });

  it('derives what invitations are known by', async () => {
    const bytes = randomBytes(16);
    const mac = sha256('telepresent secret 1\n', bytes);
    const nameOf = (of: Uint8Array) => base32(sha256('telepresent invitation 1\n', of), 16);
    expect(await keyOfSecret(base32(bytes, 26))).toEqual({ id: nameOf(mac), mac: own(mac) });

    const code = '0123456789ABCDEF';
    const both = pbkdf2Sync(code, 'telepresent code 1', 200_000, 64, 'sha256');
    const half = both.subarray(0, 32);
    const lookup = both.subarray(32).toString('base64url');
    expect(await keyOfCode(code)).toEqual({ id: nameOf(half), mac: own(half), lookup });
  });

  it('lists every message, every refusal and every role', () => {
    const [messages, refusals] = section('Messages').split('\n| refused ');
    const unknown = decodeMessage(new TextEncoder().encode('{"type":""}'));
    const types = unknown.ok ? [] : [...unknown.reason.matchAll(/"([a-z]+)"/g)].map(([, type]) => type!);
    expect(types.length).toBeGreaterThan(10);
    expect(rowsOf(messages!).flatMap(([, type]) => namesIn(type))).toEqual(expect.arrayContaining(types));
    expect(rowsOf(refusals!).flatMap(([, reason]) => namesIn(reason))).toEqual([...REFUSALS]);
    for (const role of ROLES) expect(messages).toContain(`"${role}"`);
    const status = rowsOf(messages!).find(([, type]) => type === '`status`')?.[3];
    for (const trouble of BOARD_TROUBLES) expect(status).toContain(`"${trouble}"`);
    expect(messages).toContain(`\`version\` ${PROTOCOL_VERSION}`);
  });

  it('opens the channels as the app does', () => {
    const { id, ordered, maxPacketLifeTime } = CONTROL_CHANNEL;
    expect(section('Channels')).toContain(
      `\`negotiated\`, id ${id}, \`ordered\` ${ordered}, \`maxPacketLifeTime\` ${maxPacketLifeTime}`,
    );
    expect(section('Channels')).toContain(`${LONGEST_MESSAGE / 1024} KiB`);
  });

  it('names vectors that are there', () => {
    const named = [...text.matchAll(/Vectors: `([a-z-]+\.json)`/g)].map(([, file]) => file!);
    expect(named.length).toBeGreaterThan(2);
    for (const file of named)
      expect(() => readFileSync(new URL(`../../../src/protocol/vectors/${file}`, import.meta.url))).not.toThrow();
  });
});
