/** Finds a robot's address, or the code on its screen, in what a person pasted or typed; knows no robot. */

/** What to open, or the code by which the robot is looked up. */
export type Found = { readonly open: string } | { readonly code: string };

const ID = /^[a-z2-7]{25}$/;
const LINK = /#\/?(pilot|watch|pair)\/([a-z2-7]{25})(?:\/([a-z2-7]{26}|[0-9A-HJKMNP-TV-Z]{16}))?(?![a-z0-9])/i;
/** Crockford's base32, as codes are written. */
const CODE = /^[0-9A-HJKMNP-TV-Z]{16}$/;

/** Undefined where the text holds neither. Spaces and dashes in what was typed are skipped, and letters that look alike are read as meant. */
export function readAddress(text: string): Found | undefined {
  const link = LINK.exec(text);
  if (link) {
    const [, page = '', id = '', invitation] = link;
    const where = page.toLowerCase();
    if (where === 'pair' && invitation === undefined) return undefined;
    const secret = invitation?.length === 26 ? invitation.toLowerCase() : invitation?.toUpperCase();
    return { open: `#${where}/${id.toLowerCase()}${where === 'pair' ? `/${secret}` : ''}` };
  }
  const typed = text.replace(/[\s\p{Pd}]/gu, '');
  if (ID.test(typed.toLowerCase())) return { open: `#pilot/${typed.toLowerCase()}` };
  const code = typed.toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1');
  return CODE.test(code) ? { code } : undefined;
}
