/** Says what a browser that cannot keep a key gets instead. */
import { afterEach, expect, test, vi } from 'vitest';
import { keepIdentity } from '../../../src/storage/identity.ts';
import { verifies } from '../../../src/trust/identity.ts';

afterEach(() => vi.unstubAllGlobals());

test('without a database it is somebody for this visit only, and can sign', async () => {
  const { identity, lasting } = await keepIdentity('pilot');
  expect(lasting).toBe(false);
  const bytes = new TextEncoder().encode('me');
  expect(await verifies(identity.publicKey, await identity.sign(bytes), bytes)).toBe(true);
  expect((await keepIdentity('pilot')).identity.id).not.toBe(identity.id);
});

test.each([['no crypto', undefined] as const, ['no crypto.subtle', { getRandomValues: () => {} }] as const])(
  'with %s it says that the page is not secure',
  async (_, crypto) => {
    vi.stubGlobal('crypto', crypto);
    await expect(keepIdentity('robot')).rejects.toMatchObject({ name: 'Fault', code: 'insecure', subject: 'page' });
  },
);
