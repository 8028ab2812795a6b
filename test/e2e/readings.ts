/** What a page says by its `data-testid` marks, also inside of elements' shadows; waits for nothing. */
import type { Page } from 'playwright-core';

type Marked = { readonly id: string; readonly text: string; readonly attributes: Readonly<Record<string, string>> };

/** Every mark on the page, in order. */
export async function marks(page: Page): Promise<readonly Marked[]> {
  return page.locator('[data-testid]').evaluateAll((elements) =>
    elements.map((element) => ({
      id: element.getAttribute('data-testid') ?? '',
      text:
        'value' in element && typeof element.value === 'string'
          ? element.value
          : (element.textContent ?? '').replace(/\s+/g, ' ').trim(),
      attributes: Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value])),
    })),
  );
}

/** The text of each mark, or its value where one can be typed. The first of a name counts. */
export async function readings(page: Page): Promise<Readonly<Record<string, string>>> {
  return Object.fromEntries((await marks(page)).map(({ id, text }) => [id, text] as const).reverse());
}

/** The text of one mark; undefined while it is not on the page. For use with `expect.poll`. */
export async function reading(page: Page, id: string): Promise<string | undefined> {
  return (await readings(page))[id];
}

/** One attribute of one mark; undefined while either is not there. */
export async function attribute(page: Page, id: string, name: string): Promise<string | undefined> {
  return (await marks(page)).find((mark) => mark.id === id)?.attributes[name];
}
