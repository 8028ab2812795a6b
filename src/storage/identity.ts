/** Keeps the key that makes this browser the same device tomorrow; knows not who asks for it. */
import { createStore, get, type UseStore, update } from 'idb-keyval';
import { Fault } from '../core/fault.ts';
import { type Identity, identityOf, makeKeys, verifies } from '../trust/identity.ts';

type KeptIdentity = {
  readonly identity: Identity;
  /** False: the browser refused to store the key, and this page is a stranger when it is opened anew. */
  readonly lasting: boolean;
};

/** One key for each role; all pages of a browser profile get the same. @throws {Fault} insecure */
export async function keepIdentity(role: 'robot' | 'pilot'): Promise<KeptIdentity> {
  if (!globalThis.crypto?.subtle) throw new Fault('insecure', 'page', 'there is no crypto.subtle');
  const store = createStore('telepresent-identity', 'keys');
  const known = await stored(role, store);
  if (known) return { identity: known, lasting: true };
  const made = await makeKeys();
  try {
    // Another page may have stored its key meanwhile: the first one is everybody's.
    await update<unknown>(role, (old) => (isKeyPair(old) ? old : made), store);
  } catch {
    // Private windows and policies forbid the database; Firefox's private windows forbid only keys in it (DataCloneError).
    return { identity: await identityOf(made), lasting: false };
  }
  // Only what is really there afterwards will be there tomorrow.
  const kept = await stored(role, store);
  return kept ? { identity: kept, lasting: true } : { identity: await identityOf(made), lasting: false };
}

/** What is stored, when it can sign. */
async function stored(role: string, store: UseStore): Promise<Identity | undefined> {
  try {
    const keys = await get<unknown>(role, store);
    if (!isKeyPair(keys)) return undefined;
    const identity = await identityOf(keys);
    const sample = crypto.getRandomValues(new Uint8Array(32));
    return (await verifies(identity.publicKey, await identity.sign(sample), sample)) ? identity : undefined;
  } catch {
    // Forbidden, or a key that is there and not usable: both are none.
    return undefined;
  }
}

function isKeyPair(value: unknown): value is CryptoKeyPair {
  if (typeof value !== 'object' || value === null) return false;
  const { privateKey, publicKey } = value as Partial<CryptoKeyPair>;
  return privateKey instanceof CryptoKey && publicKey instanceof CryptoKey && !privateKey.extractable;
}
