/** Brings node_modules up to the lock file; knows no package. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm, ROOT } from './programs.mjs';

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(join(ROOT, file), 'utf8')).packages;
  } catch {
    // A fresh clone has no node_modules, and an interrupted install no list of it.
    return undefined;
  }
}

/** Whether node_modules lacks something the lock file asks for, or has another version of it. */
function isStale() {
  const asked = packagesIn('package-lock.json') ?? {};
  const installed = packagesIn('node_modules/.package-lock.json');
  if (!installed) return true;
  // Optional ones are for other systems than this.
  return Object.entries(asked).some(
    ([path, { version, optional }]) => path && !optional && installed[path]?.version !== version,
  );
}

/** @throws when npm could not install */
export async function installPackages() {
  if (!isStale()) return;
  console.log('Installing the packages of package-lock.json.');
  const code = await npm('ci', '--include=dev');
  if (code !== 0) throw new Error('npm could not install the packages. Its own words are above.');
}
