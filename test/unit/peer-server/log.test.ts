import { expect, test } from 'vitest';
import { makeLog } from '../../../peer-server/log.ts';

function listen(level: Parameters<typeof makeLog>[0]) {
  const lines: string[] = [];
  return { lines, log: makeLog(level, { write: (line) => void lines.push(line) }) };
}

test('says nothing unless it is asked to', () => {
  const { lines, log } = listen('silent');
  log.fatal('all is lost');
  expect(lines).toEqual([]);
});

test('takes ids, tokens and what pages say out of whatever it is given', () => {
  const { lines, log } = listen('trace');
  const secret = 'mfrggzdfmztwq2lknnwg23tpo';
  log.info({ id: secret, token: secret, url: `/broker?id=${secret}`, headers: { authorization: secret } }, 'a');
  log.info({ request: { id: secret, token: secret, url: secret, headers: secret, lookup: secret } }, 'b');
  const quoted = (() => {
    try {
      return JSON.parse(`${secret} is no JSON`);
    } catch (error) {
      return error;
    }
  })();
  expect(String(quoted)).toContain(secret.slice(0, 5));
  log.error({ err: quoted }, 'c');
  log.error({ err: Object.assign(new Error(secret), { code: 'ECONNRESET' }) }, 'd');
  log.error({ err: secret }, 'e');
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(JSON.parse(lines[3]!).err).toEqual({ name: 'Error', code: 'ECONNRESET' });
  expect(lines.join('')).not.toContain(secret.slice(0, 5));
});
