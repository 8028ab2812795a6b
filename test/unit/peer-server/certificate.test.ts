import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keptCertificate, readCertificate } from '../../../peer-server/certificate.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW_MS = Date.now();
const NAMES = ['localhost', '127.0.0.1', 'rover.local', '192.0.2.7'];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telepresent-certificate-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('fits every name and address, lives about a year, and its key is for the owner alone', async () => {
  const { cert } = await keptCertificate(folder, NAMES, NOW_MS);
  const certificate = new X509Certificate(cert);
  expect(certificate.checkHost('rover.local')).toBe('rover.local');
  expect(certificate.checkIP('192.0.2.7')).toBe('192.0.2.7');
  expect(certificate.checkIP('192.0.2.8')).toBeUndefined();
  expect(certificate.ca).toBe(false);
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  expect(Date.parse(certificate.validTo) - NOW_MS).toBeGreaterThan(365 * DAY_MS);
  expect(Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)).toBeLessThanOrEqual(397 * DAY_MS);
  expect((await stat(join(folder, 'key.pem'))).mode & 0o077).toBe(0);
});

test('is kept while it fits, so that phones are asked once', async () => {
  const first = await keptCertificate(folder, NAMES, NOW_MS);
  expect(await keptCertificate(folder, NAMES.slice(1), NOW_MS + 300 * DAY_MS)).toEqual(first);
});

test.each([
  { why: 'an address is new', names: [...NAMES, '192.0.2.8'], nowMs: NOW_MS },
  { why: 'it ends within a week', names: NAMES, nowMs: NOW_MS + 391 * DAY_MS },
])('is renewed when $why', async ({ names, nowMs }) => {
  const first = await keptCertificate(folder, NAMES, NOW_MS);
  const second = await keptCertificate(folder, names, nowMs);
  expect(second).not.toEqual(first);
  expect(await readFile(join(folder, 'certificate.pem'), 'utf8')).toBe(second.cert);
});

test('is renewed when the kept one is damaged', async () => {
  await keptCertificate(folder, NAMES, NOW_MS);
  await writeFile(join(folder, 'certificate.pem'), 'nonsense');
  const { cert } = await keptCertificate(folder, NAMES, NOW_MS);
  expect(new X509Certificate(cert).checkIP('192.0.2.7')).toBe('192.0.2.7');
});

test("a person's own is read, and what is wrong with it is said", async () => {
  const { cert, key } = await keptCertificate(folder, NAMES, NOW_MS);
  const [certPath, keyPath] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  expect(await readCertificate(certPath, keyPath)).toEqual({ cert, key });
  const missing = join(folder, 'missing.pem');
  await expect(readCertificate(missing, keyPath)).rejects.toThrow(
    `The certificate ${missing} can't be read. Check the path after --cert.`,
  );
  await expect(readCertificate(certPath, missing)).rejects.toThrow(
    `The key ${missing} can't be read. Check the path after --key.`,
  );
  await expect(readCertificate(keyPath, certPath)).rejects.toThrow("don't belong together");
});
