/** Finds Chrome, Chromium or Edge on this machine, or fetches one; knows no test. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { run, runPackage } from './programs.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

const MAC_APPS = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

const WINDOWS_PROGRAMS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];

function usualPlaces() {
  if (process.platform === 'darwin') {
    return ['/Applications', join(homedir(), 'Applications')].flatMap((folder) =>
      MAC_APPS.map((app) => join(folder, app)),
    );
  }
  if (process.platform === 'win32') {
    const folders = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA];
    return folders.flatMap((folder) => (folder ? WINDOWS_PROGRAMS.map((program) => join(folder, program)) : []));
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return NAMES.flatMap((name) => [...folders, '/usr/bin', '/snap/bin'].map((folder) => join(folder, name)));
}

async function playwrightsOwn() {
  const { chromium } = await import('playwright-core');
  return chromium.executablePath();
}

/**
 * The browser named by CHROME_PATH, else the first in the usual places, else the one Playwright fetched earlier.
 * @returns {Promise<string | undefined>} the path of the program
 */
export async function findBrowser() {
  const asked = process.env.CHROME_PATH;
  if (asked) {
    if (!existsSync(asked)) throw new Error(`CHROME_PATH names ${asked}, and there is nothing there.`);
    return asked;
  }
  return [...usualPlaces(), await playwrightsOwn()].find((path) => existsSync(path));
}

/** Installs a browser and says so: Debian's package when it may, else Playwright's own download. */
export async function fetchBrowser() {
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('No Chrome, Chromium or Edge found: installing the Debian package chromium.');
    const apt = async (...args) => (await run('apt-get', args, { DEBIAN_FRONTEND: 'noninteractive' })) === 0;
    if ((await apt('update')) && (await apt('install', '-y', '--no-install-recommends', 'chromium'))) return;
    console.log('apt-get could not install it.');
  }
  console.log("No Chrome, Chromium or Edge found: fetching Playwright's Chromium.");
  await runPackage('playwright-core', ['install', 'chromium']);
}
