/** What @web/test-runner runs: the rooms that need a real browser, with a synthetic camera and microphone. */
import { existsSync, writeFileSync } from 'node:fs';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { playwrightLauncher } from '@web/test-runner-playwright';
import { CHROMIUM_FLAGS } from './test/runner/chromium-flags.mjs';
import { findBrowser } from './test/runner/find-browser.mjs';

/** Writes `{passed, failed, skipped}` to the file that REPORT_FILE names. */
function countingReporter() {
  return {
    stop({ sessions }) {
      const file = process.env.REPORT_FILE;
      if (!file) return;
      const counts = { passed: 0, failed: 0, skipped: 0 };
      const count = (suite) => {
        for (const test of suite.tests) counts[test.skipped ? 'skipped' : test.passed ? 'passed' : 'failed']++;
        suite.suites.forEach(count);
      };
      for (const session of sessions) {
        const failedBefore = counts.failed;
        if (session.testResults) count(session.testResults);
        // A file that could not be loaded, or that broke outside a test, has no failed test of its own.
        if (!session.passed && counts.failed === failedBefore) counts.failed++;
      }
      writeFileSync(file, JSON.stringify(counts));
    },
  };
}

/** Serves `public/` at the root, as the app is served. */
const publicAtRoot = (context, next) => {
  if (existsSync(new URL(`./public${context.path}`, import.meta.url)) && context.path !== '/') {
    context.url = `/public${context.url}`;
  }
  return next();
};

const executablePath = await findBrowser();
if (!executablePath) throw new Error('No Chrome, Chromium or Edge found. Run `npm test`: it fetches one.');

export default {
  files: ['test/browser/**/*.test.ts'],
  nodeResolve: { exportConditions: ['browser', 'production'] },
  concurrency: 2,
  testsFinishTimeout: 120_000,
  browserLogs: true,
  filterBrowserLogs: ({ args }) => !String(args[0]).startsWith('Lit is in dev mode'),
  testFramework: { config: { ui: 'bdd', timeout: 20_000 } },
  browsers: [playwrightLauncher({ product: 'chromium', launchOptions: { executablePath, args: [...CHROMIUM_FLAGS] } })],
  middleware: [publicAtRoot],
  plugins: [
    esbuildPlugin({
      ts: true,
      json: true,
      target: 'es2022',
      tsconfig: new URL('./tsconfig.json', import.meta.url).pathname,
      define: { 'import.meta.env': '{"BASE_URL":"/","DEV":false,"PROD":true,"MODE":"test","SSR":false}' },
    }),
  ],
  reporters: [
    defaultReporter({ reportTestResults: true, reportTestProgress: Boolean(process.stdout.isTTY) }),
    countingReporter(),
  ],
};
