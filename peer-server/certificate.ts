/** The certificate that https shows: a person's own, or one made here and kept; knows no socket. */
import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { Complaint } from './complaint.ts';

export type Certificate = { readonly cert: string; readonly key: string };

/** No client shows a certificate here, so none of those that Node would trust is read and kept: it is over a megabyte. */
export const NO_AUTHORITIES: string[] = [];

const DAY_MS = 24 * 60 * 60 * 1000;
/** Apple's devices refuse server certificates that live longer than 825 days (support.apple.com/103769). */
const LIFE_MS = 397 * DAY_MS;
const RENEW_BEFORE_MS = 7 * DAY_MS;

/** @throws {Complaint} */
export async function readCertificate(certPath: string, keyPath: string): Promise<Certificate> {
  const certificate = {
    cert: await readPem(certPath, 'certificate', '--cert'),
    key: await readPem(keyPath, 'key', '--key'),
  };
  try {
    createSecureContext({ ...certificate, ca: NO_AUTHORITIES });
  } catch (cause) {
    throw new Complaint(`${certPath} and ${keyPath} don't belong together, or aren't PEM files. Check both.`, {
      cause,
    });
  }
  return certificate;
}

async function readPem(path: string, what: string, option: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new Complaint(`The ${what} ${path} can't be read. Check the path after ${option}.`, { cause });
  }
}

/** The certificate of last time, while it still fits; else a new one for these names and addresses, kept in `folder`. */
export async function keptCertificate(folder: string, names: readonly string[], nowMs: number): Promise<Certificate> {
  const [certPath, keyPath] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  const kept = await readKept(certPath, keyPath);
  if (kept && fits(kept, names, nowMs)) return kept;
  const made = await makeCertificate(names, nowMs);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(keyPath, made.key, { mode: 0o600 });
    await writeFile(certPath, made.cert);
  } catch {
    // A folder that can't be written costs a new warning on each phone, not the start.
  }
  return made;
}

async function readKept(certPath: string, keyPath: string): Promise<Certificate | undefined> {
  try {
    const [cert, key] = await Promise.all([readFile(certPath, 'utf8'), readFile(keyPath, 'utf8')]);
    createSecureContext({ cert, key, ca: NO_AUTHORITIES });
    return { cert, key };
  } catch {
    // None yet, or a damaged one: both are cured by a new one.
    return undefined;
  }
}

function fits({ cert }: Certificate, names: readonly string[], nowMs: number): boolean {
  const certificate = new X509Certificate(cert);
  const alive = Date.parse(certificate.validFrom) <= nowMs && Date.parse(certificate.validTo) > nowMs + RENEW_BEFORE_MS;
  return alive && names.every((name) => (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)));
}

async function makeCertificate(names: readonly string[], nowMs: number): Promise<Certificate> {
  // Heavy, and wanted once in a year.
  const { generate } = await import('selfsigned');
  const made = await generate([{ name: 'commonName', value: 'Telepresent' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // A phone whose clock is a little late must not call it "not yet valid".
    notBeforeDate: new Date(nowMs - DAY_MS),
    notAfterDate: new Date(nowMs - DAY_MS + LIFE_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: names.map((name) => (isIP(name) ? { type: 7, ip: name } : { type: 2, value: name })),
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}
