/** Plays the transport contract in a page, where no test runner is; knows no transport. */
import type { ContractRunner } from '../../contract/transport-contract.ts';

export type Verdict = { readonly name: string; readonly error: string | undefined };

export async function playContract(contract: (runner: ContractRunner) => void): Promise<Verdict[]> {
  const tests: { name: string; run: () => Promise<void> }[] = [];
  contract({ test: (name, run) => tests.push({ name, run }), expect });
  const verdicts: Verdict[] = [];
  for (const { name, run } of tests) {
    const error = await run().then(
      () => undefined,
      (cause) => String(cause),
    );
    verdicts.push({ name, error });
  }
  return verdicts;
}

function expect(actual: unknown) {
  const same = (expected: unknown) => {
    const [is, should] = [actual, expected].map((value) => JSON.stringify(value));
    if (is !== should) throw new Error(`${is} is not ${should}`);
  };
  return { toBe: same, toEqual: same };
}
