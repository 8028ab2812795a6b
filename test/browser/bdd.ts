/** The words of a browser test, typed: the test runner puts them on the page; knows no room. */
export { assert } from 'chai';

type Run = (this: { timeout(ms: number): void }) => void | Promise<void>;
type Hook = (run: Run) => void;
type Named = (name: string, run: Run) => void;

const words = globalThis as unknown as {
  describe: (name: string, suite: () => void) => void;
  it: Named & { skip: Named };
  before: Hook;
  beforeEach: Hook;
  after: Hook;
  afterEach: Hook;
};

export const { describe, it, before, beforeEach, after, afterEach } = words;

/** Resolves when `holds` first says true, looking at every task turn. @throws after `ms`, naming `what` */
export async function eventually(what: string, holds: () => boolean, ms = 5000): Promise<void> {
  const until = performance.now() + ms;
  while (!holds()) {
    if (performance.now() > until) throw new Error(`${what}: not within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
