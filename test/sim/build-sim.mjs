/** Makes one JavaScript file of the simulation and the product, with a bug planted in it where one is asked for; knows no trial. */
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * @param {string} folder
 * @param {string} name of the file, without its ending
 * @param {readonly { readonly file: string; readonly from: string; readonly to: string }[]} changes
 * @returns {Promise<string>} its address
 */
export async function buildSim(folder, name = 'sim', changes = []) {
  const made = new Set();
  const plant = {
    name: 'plant-bugs',
    enforce: 'pre',
    transform(code, id) {
      const file = relative(ROOT, id.split('?')[0]).replaceAll('\\', '/');
      let changed = code;
      for (const change of changes) {
        if (change.file !== file) continue;
        if (changed.split(change.from).length !== 2) {
          throw new Error(`${file} has this not exactly once, so no bug can be planted there: ${change.from}`);
        }
        changed = changed.replace(change.from, () => change.to);
        made.add(change);
      }
      return changed === code ? undefined : { code: changed, map: null };
    },
  };
  await build({
    configFile: false,
    logLevel: 'error',
    root: ROOT,
    publicDir: false,
    plugins: [plant],
    ssr: { noExternal: true },
    build: {
      ssr: fileURLToPath(new URL('./entry.ts', import.meta.url)),
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: `${name}.mjs` } },
    },
  });
  const missed = changes.filter((change) => !made.has(change));
  if (missed.length > 0) throw new Error(`not in the build, so no bug was planted: ${missed.map(({ file }) => file)}`);
  return pathToFileURL(join(folder, `${name}.mjs`)).href;
}
