/** A certificate that only the rig's own browsers take; knows no server. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';

/** The files it is in, both PEM. */
export type CertificateFiles = { readonly cert: string; readonly key: string };

export async function selfSigned(folder: string): Promise<CertificateFiles> {
  const made = await generate([{ name: 'commonName', value: 'rig.test' }], { keyType: 'ec', curve: 'P-256' });
  const files = { cert: join(folder, 'certificate.pem'), key: join(folder, 'key.pem') };
  writeFileSync(files.cert, made.cert);
  writeFileSync(files.key, made.private, { mode: 0o600 });
  return files;
}
