/** Holds the kept device key to a real database. */
import { clear, createStore, get, set } from 'idb-keyval';
import { keepIdentity } from '../../../src/storage/identity.ts';
import { makeKeys, verifies } from '../../../src/trust/identity.ts';
import { afterEach, assert, beforeEach, describe, it } from '../bdd.ts';

const text = new TextEncoder().encode('me');
const store = createStore('telepresent-identity', 'keys');

describe('the kept identity', () => {
  const { put } = IDBObjectStore.prototype;
  const { open } = IDBFactory.prototype;

  beforeEach(() => clear(store));
  afterEach(() => {
    IDBObjectStore.prototype.put = put;
    IDBFactory.prototype.open = open;
  });

  it('is the same when the page is opened anew, and still signs', async () => {
    const first = await keepIdentity('pilot');
    const second = await keepIdentity('pilot');
    assert.isTrue(first.lasting && second.lasting);
    assert.equal(second.identity.id, first.identity.id);
    assert.isTrue(await verifies(first.identity.publicKey, await second.identity.sign(text), text));
  });

  it('is another for each role', async () => {
    const [robot, pilot] = await Promise.all([keepIdentity('robot'), keepIdentity('pilot')]);
    assert.notEqual(robot.identity.id, pilot.identity.id);
    assert.equal((await keepIdentity('robot')).identity.id, robot.identity.id);
  });

  it('is one for all pages that open at the same moment', async () => {
    const pages = await Promise.all(Array.from({ length: 8 }, () => keepIdentity('robot')));
    assert.equal(new Set(pages.map(({ identity }) => identity.id)).size, 1);
    assert.isTrue(pages.every(({ lasting }) => lasting));
  });

  it('cannot be taken out of the database', async () => {
    await keepIdentity('robot');
    const { privateKey } = (await get<CryptoKeyPair>('robot', store))!;
    assert.isFalse(privateKey.extractable);
    const taken = await crypto.subtle.exportKey('pkcs8', privateKey).then(
      () => true,
      () => false,
    );
    assert.isFalse(taken);
  });

  it('takes the place of what is no key', async () => {
    for (const other of ['a key', null, {}, { privateKey: 1, publicKey: 2 }]) {
      await set('pilot', other, store);
      const { identity, lasting } = await keepIdentity('pilot');
      assert.isTrue(lasting);
      assert.equal((await keepIdentity('pilot')).identity.id, identity.id);
    }
  });

  it('leaves alone a key that it cannot use, and is one for this visit', async () => {
    const pair = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
    const usages: KeyUsage[] = ['sign', 'verify'];
    const foreign = await crypto.subtle.generateKey({ ...pair, hash: 'SHA-256' }, false, usages);
    await set('pilot', foreign, store);
    assert.isFalse((await keepIdentity('pilot')).lasting);
    assert.equal((await get<CryptoKeyPair>('pilot', store))?.privateKey.algorithm.name, pair.name);
  });

  it('does not sign for a public key that is not its own', async () => {
    const [one, two] = await Promise.all([makeKeys(), makeKeys()]);
    await set('pilot', { privateKey: one.privateKey, publicKey: two.publicKey }, store);
    const { identity, lasting } = await keepIdentity('pilot');
    assert.isFalse(lasting);
    assert.isTrue(await verifies(identity.publicKey, await identity.sign(text), text));
  });

  it('is one for this visit where the browser stores no keys', async () => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('The object could not be cloned.', 'DataCloneError');
    };
    const { identity, lasting } = await keepIdentity('pilot');
    assert.isFalse(lasting);
    assert.isTrue(await verifies(identity.publicKey, await identity.sign(text), text));
  });

  it('is one for this visit where the browser opens no database', async () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('A mutation operation was attempted.', 'InvalidStateError');
    };
    assert.isFalse((await keepIdentity('pilot')).lasting);
  });
});
