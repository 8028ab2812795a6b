import { holdWakeLock } from '../../../src/media/wake-lock.ts';
import { afterEach, assert, beforeEach, describe, eventually, it } from '../bdd.ts';

/** A lock as browsers give it: it goes when the page hides. */
class FakeLock extends EventTarget {
  released = false;

  async release(): Promise<void> {
    if (this.released) return;
    this.released = true;
    this.dispatchEvent(new Event('release'));
  }
}

describe('wake lock', () => {
  let life: AbortController;
  let given: FakeLock[];
  let refuse: boolean;

  const see = (visibilityState: DocumentVisibilityState) => {
    Object.defineProperty(document, 'visibilityState', { value: visibilityState, configurable: true });
    if (visibilityState === 'hidden') for (const lock of given) void lock.release();
    document.dispatchEvent(new Event('visibilitychange'));
  };

  beforeEach(() => {
    life = new AbortController();
    given = [];
    refuse = false;
    const request = async () => {
      if (refuse) throw new DOMException('low battery', 'NotAllowedError');
      const lock = new FakeLock();
      given.push(lock);
      return lock;
    };
    Object.defineProperty(navigator, 'wakeLock', { value: { request }, configurable: true });
  });
  afterEach(() => {
    life.abort();
    Reflect.deleteProperty(navigator, 'wakeLock');
    Reflect.deleteProperty(document, 'visibilityState');
  });

  it('is held, and given back at the end', async () => {
    const state = holdWakeLock(life.signal);
    await eventually('held', () => state.value === 'held');
    life.abort();
    assert.equal(state.value, 'off');
    assert.isTrue(given[0]?.released);
  });

  it('is asked for again when the page is seen again', async () => {
    const state = holdWakeLock(life.signal);
    await eventually('held', () => state.value === 'held');
    see('hidden');
    assert.equal(state.value, 'off');
    see('visible');
    await eventually('held again', () => state.value === 'held');
    assert.equal(given.length, 2);
  });

  it('says when it is refused, and tries again', async () => {
    refuse = true;
    const state = holdWakeLock(life.signal);
    await eventually('refused', () => state.value === 'refused');
    refuse = false;
    see('visible');
    await eventually('held', () => state.value === 'held');
  });

  it('is not kept when it comes after the end', async () => {
    const state = holdWakeLock(life.signal);
    life.abort();
    await eventually('given back', () => given[0]?.released === true);
    assert.equal(state.value, 'off');
  });
});

describe('wake lock of this browser', () => {
  it('is held or refused, never left open', async () => {
    const life = new AbortController();
    const state = holdWakeLock(life.signal);
    await eventually('an answer', () => state.value !== 'off');
    life.abort();
    assert.equal(state.value, 'off');
  });
});
