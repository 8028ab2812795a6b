/** What a stick's way means: a quiet middle and a gentle start; knows no wheel. */

/**
 * −1…1 in, −1…1 out: nothing inside the dead zone (0…0.9), rescaled so that movement starts from zero at its edge and full
 * stick stays full; `expo` 0 is linear, 1 is cubic. What is no number is 0.
 */
export function shaped(value: number, deadZone: number, expo: number): number {
  const size = Math.min(1, Math.abs(value));
  const zone = Math.min(0.9, Math.max(0, deadZone));
  if (!(size > zone)) return 0;
  const way = (size - zone) / (1 - zone);
  const bend = Math.min(1, Math.max(0, expo));
  return Math.sign(value) * ((1 - bend) * way + bend * way ** 3);
}
