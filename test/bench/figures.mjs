/** What every bench does with its numbers: quantiles, a table, and JSON beside it; knows no bench. */
import { mkdirSync, writeFileSync } from 'node:fs';

/** The value below which the share `p` of the numbers lies. */
export function quantile(numbers, p) {
  const sorted = [...numbers].sort((a, b) => a - b);
  if (sorted.length === 0) return Number.NaN;
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))];
}

/**
 * @typedef {{ bench: string, metric: string, value: number, unit: string, baseline: number | null, ratio: number | null }} Figure
 */

/** @returns {Figure} rounded to 0.01 */
export function figure(bench, metric, value, unit, baseline = null) {
  const round = (number) => (number === null ? null : Math.round(number * 100) / 100);
  return {
    bench,
    metric,
    value: round(value),
    unit,
    baseline: round(baseline),
    ratio: baseline ? round(value / baseline) : null,
  };
}

/** Prints a table and writes `test/bench/results/<bench>.json`. */
export function publish(bench, figures) {
  console.table(figures.map(({ metric, value, unit, baseline, ratio }) => ({ metric, value, unit, baseline, ratio })));
  const folder = new URL('./results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const file = new URL(`${bench}.json`, folder);
  writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
  console.log(`Written to test/bench/results/${bench}.json`);
}
