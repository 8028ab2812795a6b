import { createStore, set } from 'idb-keyval';
import { DEFAULT_DRIVE } from '../../../src/control/drive-settings.ts';
import { openSettings } from '../../../src/storage/settings.ts';
import { assert, describe, it } from '../bdd.ts';

describe('settings', () => {
  it('are there after the page was opened anew', async () => {
    const drive = { ...DEFAULT_DRIVE, topSpeed: 0.3 };
    await openSettings().set('drive', drive);
    assert.deepEqual(await openSettings().get('drive'), drive);
  });

  it('are undefined when never set', async () => {
    assert.isUndefined(await openSettings().get('microphone'));
  });

  it('of another shape are undefined, and can be set again', async () => {
    const settings = openSettings();
    await set('boardKind', { some: 'older shape' }, createStore('telepresent', 'settings'));
    assert.isUndefined(await settings.get('boardKind'));
    await settings.set('boardKind', 'bluetooth');
    assert.equal(await settings.get('boardKind'), 'bluetooth');
  });

  it('last for the visit when the browser cannot store them', async () => {
    const settings = openSettings();
    const unstorable = { ...DEFAULT_DRIVE, extra: () => {} };
    await settings.set('drive', unstorable);
    assert.equal((await settings.get('drive'))?.preset, 'arcade');
  });
});
