/** Numbers that wrap, in the order they were given; knows not what they count. */

/** Whether sequence `a` comes after `b`, both u16 and wrapping. Exactly half the circle apart counts as not newer. */
export function isNewer(a: number, b: number): boolean {
  const ahead = (a - b) & 0xffff;
  return ahead > 0 && ahead < 0x8000;
}
