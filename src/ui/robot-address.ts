/** Finds a robot's address in what a person pasted; knows no robot. */

/** A robot's id: 125 bits in base32. */
const ID = /[a-z2-7]{25}/;

/** The fragment that opens this robot (`#pilot/…`), or undefined where the text holds none. Spaces and dashes in a typed id are skipped. */
export function robotFragment(text: string): string | undefined {
  const fragment = /#\/?pilot\/([a-z2-7]{25})(?![a-z2-7])/i.exec(text)?.[1];
  if (fragment !== undefined) return `#pilot/${fragment.toLowerCase()}`;
  const id = text.replace(/[\s-]/g, '').toLowerCase();
  return id.length === 25 && ID.test(id) ? `#pilot/${id}` : undefined;
}
