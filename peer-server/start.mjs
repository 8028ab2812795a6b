/** `npm start`: installs and builds what is missing, then runs the server in this very process. Plain JavaScript without packages. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { HELP, readCommandLine } from './command-line.mjs';

const ROOT = new URL('../', import.meta.url);
const LEAST_NODE = [20, 19];
const SOURCES = ['src', 'public', 'peer-server', 'index.html', 'vite.config.ts', 'package-lock.json'];
const BUILT = ['dist/app/index.html', 'dist/server/main.js'];

function isNodeTooOld() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1]);
}

/** Whether node_modules holds, by npm's own account, the versions that the lock file names. */
function isInstalled() {
  const wanted = readPackages('package-lock.json');
  const present = readPackages('node_modules/.package-lock.json');
  return Object.entries(wanted).every(
    // What is optional may be for another machine.
    ([path, { version, optional }]) => path === '' || optional || present[path]?.version === version,
  );
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(new URL(path, ROOT), 'utf8')).packages ?? {};
  } catch {
    // Absent or damaged: nothing is installed by its account.
    return {};
  }
}

function isBuilt() {
  const built = BUILT.map((path) => new URL(path, ROOT));
  if (!built.every((url) => existsSync(url))) return false;
  const oldest = Math.min(...built.map((url) => statSync(url).mtimeMs));
  return SOURCES.every((path) => newestChange(new URL(path, ROOT)) <= oldest);
}

function newestChange(url) {
  if (!existsSync(url)) return 0;
  const found = statSync(url);
  if (!found.isDirectory()) return found.mtimeMs;
  const inside = readdirSync(url).map((name) => newestChange(new URL(`${url.href}/${encodeURIComponent(name)}`)));
  // The folder's own time tells of removed files.
  return Math.max(found.mtimeMs, ...inside);
}

function npm(...words) {
  // npm is a script with another name on Windows, which only a shell finds.
  const { status } = spawnSync('npm', words, { cwd: ROOT, stdio: 'inherit', shell: process.platform === 'win32' });
  return status === 0;
}

/** @param {readonly string[]} words */
async function start(words) {
  // A question is answered at once, and a mistake costs nobody a minute of installing.
  const command = readCommandLine(words, process.env);
  if (!command.ok) {
    console.error(command.reason);
    return 1;
  }
  if (command.value.do === 'help') {
    console.log(HELP);
    return 0;
  }
  if (isNodeTooOld()) {
    console.error(`Telepresent needs Node ${LEAST_NODE.join('.')} or newer, and this is ${process.versions.node}.`);
    return 1;
  }
  if (!isInstalled()) {
    console.log('Installing packages. This takes a minute, the first time only.');
    if (!npm('ci', '--include=dev')) {
      console.error("The packages couldn't be installed. Check the network, then run npm start again.");
      return 1;
    }
  }
  if (!isBuilt()) {
    console.log('Building the app.');
    if (!npm('run', 'build')) {
      console.error("The app couldn't be built. What is above says why.");
      return 1;
    }
  }
  const { run } = await import(new URL('dist/server/main.js', ROOT).href);
  return run(command.value.options, ROOT);
}

// PeerServer's timers have no end of their own.
process.exit(await start(process.argv.slice(2)));
