/** Whether a series of samples grows: a line through its last two thirds, and how sure it is; knows not what was sampled. */

const HOUR_MS = 3_600_000;

/** Of samples `{atMs, value}`: their mean, and the growth in an hour with its standard error, both as shares of the mean. */
export function growth(samples) {
  const late = samples.slice(Math.floor(samples.length / 3));
  const n = late.length;
  const mean = (of) => late.reduce((sum, sample) => sum + of(sample), 0) / n;
  const [meanAt, meanValue] = [mean(({ atMs }) => atMs), mean(({ value }) => value)];
  const spread = late.reduce((sum, { atMs }) => sum + (atMs - meanAt) ** 2, 0);
  const slope = late.reduce((sum, { atMs, value }) => sum + (atMs - meanAt) * (value - meanValue), 0) / spread;
  const left = late.reduce((sum, { atMs, value }) => sum + (value - meanValue - slope * (atMs - meanAt)) ** 2, 0);
  const error = Math.sqrt(left / Math.max(1, n - 2) / spread);
  const share = (perMs) => (meanValue === 0 ? 0 : (perMs * HOUR_MS) / meanValue);
  return { mean: meanValue, perHour: share(slope), error: share(error) };
}
