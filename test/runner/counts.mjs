/** Adds up what test runners report; knows no test. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @returns {Counts} */
function ofVitest(report) {
  // A file that could not be loaded fails without a failed test.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/**
 * Runs one runner and counts. A runner that crashed or ran no test counts as one failure, and says so.
 * @param {string} name
 * @param {(reportFile: string) => Promise<number>} start resolves the exit code
 * @returns {Promise<Counts>}
 */
export async function countTests(name, start) {
  console.log(`\n── ${name}`);
  const folder = mkdtempSync(join(tmpdir(), 'telepresent-'));
  try {
    const file = join(folder, 'report.json');
    const code = await start(file);
    if (!existsSync(file)) return complaint(name, 'ended without a report');
    const report = JSON.parse(readFileSync(file, 'utf8'));
    const counts = 'testResults' in report ? ofVitest(report) : report;
    if (counts.passed + counts.failed === 0) return complaint(name, 'ran no test', counts);
    if (code !== 0 && counts.failed === 0) return complaint(name, `ended with code ${code}`, counts);
    console.log(`${name}: ${inWords(counts)}`);
    return counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function complaint(name, what, counts = { passed: 0, failed: 0, skipped: 0 }) {
  console.error(`${name}: it ${what}. That counts as one failure.`);
  return { ...counts, failed: counts.failed + 1 };
}

/** @param {Counts[]} all @returns {Counts} */
export function sum(all) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const counts of all) for (const key of Object.keys(total)) total[key] += counts[key];
  return total;
}

export function inWords({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
}
