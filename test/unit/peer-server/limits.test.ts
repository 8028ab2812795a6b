import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bucket } from '../../../peer-server/bucket.ts';
import { addressReader, limitSockets } from '../../../peer-server/limits.ts';
import { makeWaiting } from '../../../peer-server/waiting.ts';

type Asked = Parameters<ReturnType<typeof addressReader>>[0];
const asked = (remoteAddress: string | undefined, forwarded?: string) =>
  ({ headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }, socket: { remoteAddress } }) as Asked;

describe('an address', () => {
  test.each([
    { remote: '192.0.2.1', is: '192.0.2.1' },
    { remote: '::ffff:192.0.2.1', is: '192.0.2.1' },
    { remote: '2001:db8:1:2:3:4:5:6', same: '2001:db8:1:2::1' },
    { remote: 'fe80::1%eth0', same: 'fe80::2' },
    { remote: undefined, is: '' },
  ])('of $remote is one for a whole IPv6 network', ({ remote, is, same }) => {
    const read = addressReader(false);
    expect(read(asked(remote))).toBe(is ?? read(asked(same)));
  });

  test('differs between two networks', () => {
    const read = addressReader(false);
    expect(read(asked('2001:db8:1:2::1'))).not.toBe(read(asked('2001:db8:1:3::1')));
  });

  test('is what the proxy itself wrote, and never what the one who asks pretends', () => {
    const read = addressReader(true);
    expect(read(asked('10.0.0.1', '198.51.100.7'))).toBe('198.51.100.7');
    expect(read(asked('10.0.0.1', '203.0.113.9, 198.51.100.7'))).toBe('198.51.100.7');
    for (const nonsense of ['', 'unknown', '198.51.100.7, <script>', '1.2.3.4.5']) {
      expect(read(asked('10.0.0.1', nonsense))).toBe('10.0.0.1');
    }
    expect(addressReader(false)(asked('10.0.0.1', '198.51.100.7'))).toBe('10.0.0.1');
  });

  test('is read of whatever stands in the header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => addressReader(true)(asked('10.0.0.1', text)) !== ''),
    );
  });
});

test('an allowance is spent at once, refills with time, and never above its burst', () => {
  const bucket = new Bucket({ burst: 2, perSecond: 1 }, 0);
  expect([bucket.spend(1, 0), bucket.spend(1, 0), bucket.spend(1, 0)]).toEqual([true, true, false]);
  expect([bucket.spend(1, 1000), bucket.spend(1, 3000)]).toEqual([false, true]);
  expect([bucket.spend(2, 60_000), bucket.spend(1, 60_000)]).toEqual([true, false]);
});

test('an allowance is what a meter would say that is refilled and read each time', () => {
  const steps = fc.array(
    fc.record({ amount: fc.integer({ min: 0, max: 40 }), afterMs: fc.integer({ min: 0, max: 3000 }) }),
  );
  fc.assert(
    fc.property(steps, (all) => {
      const [burst, perSecond] = [20, 8];
      const bucket = new Bucket({ burst, perSecond }, 0);
      let nowMs = 0;
      // In thousandths, which are whole.
      let left = burst * 1000;
      for (const { amount, afterMs } of all) {
        nowMs += afterMs;
        left = Math.max(Math.min(left + afterMs * perSecond, burst * 1000) - amount * 1000, -burst * 1000);
        expect(bucket.spend(amount, nowMs)).toBe(left >= 0);
        expect(bucket.isFull(nowMs)).toBe(left === burst * 1000);
      }
    }),
  );
});

describe('sockets', () => {
  test('of one address are at most 256 at the same time, and another address does not feel it', () => {
    let nowMs = 0;
    const limits = limitSockets(() => nowMs);
    const entries = Array.from({ length: 256 }, () => limits.enter('a'));
    expect(entries.every(({ ok }) => ok)).toBe(true);
    expect(limits.enter('a')).toEqual({ ok: false, limit: 'sockets' });
    expect(limits.enter('b').ok).toBe(true);
    limits.leave('a');
    nowMs += 60_000;
    expect(limits.enter('a').ok).toBe(true);
    expect(limits.enter('a')).toEqual({ ok: false, limit: 'sockets' });
  });

  test('of one address come as fast as a class reloads, and no faster for long', () => {
    let nowMs = 0;
    const limits = limitSockets(() => nowMs);
    const knock = () => {
      const entry = limits.enter('a');
      if (entry.ok) limits.leave('a');
      return entry.ok;
    };
    for (let i = 0; i < 300; i++) expect(knock()).toBe(true);
    expect(limits.enter('a')).toEqual({ ok: false, limit: 'upgrades' });
    nowMs += 60_000;
    expect(knock()).toBe(true);
  });

  test('are at most 20,000 in all', () => {
    const limits = limitSockets(() => 0);
    for (let i = 0; i < 20_000; i++) expect(limits.enter(`a${i % 200}`).ok).toBe(true);
    expect(limits.enter('b')).toEqual({ ok: false, limit: 'sockets' });
  });
});

describe('what waits for the absent', () => {
  test('is twenty messages of one sender, until they have gone', () => {
    let nowMs = 0;
    const waiting = makeWaiting(() => nowMs);
    for (let i = 0; i < 20; i++) expect(waiting.take('a', 100)).toBe(true);
    expect([waiting.take('a', 100), waiting.take('b', 100)]).toEqual([false, true]);
    nowMs = 3000;
    expect(waiting.take('a', 100)).toBe(true);
  });

  test('is 4 MiB of all senders', () => {
    const waiting = makeWaiting(() => 0);
    const taken = Array.from({ length: 1000 }, (_, sender) => waiting.take(`s${sender}`, 60_000)).filter(Boolean);
    expect(taken).toHaveLength(69);
  });
});
