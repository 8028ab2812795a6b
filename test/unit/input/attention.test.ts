/** When somebody can be looking: a page, a window and a telephone that a test moves by hand. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pageAttentive, pageVisible } from '../../../src/input/attention.ts';

class FakePage extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible';
  focused = true;
  hasFocus = () => this.focused;
}
class FakeAudioSession extends EventTarget {
  state = 'inactive';
}

let page: FakePage;
let view: EventTarget;
let life: AbortController;
const tell = (target: EventTarget, type: string) => target.dispatchEvent(new Event(type));

beforeEach(() => {
  page = new FakePage();
  view = new EventTarget();
  life = new AbortController();
  vi.stubGlobal('document', page);
  vi.stubGlobal('addEventListener', view.addEventListener.bind(view));
  vi.stubGlobal('navigator', {});
});
afterEach(() => {
  life.abort();
  vi.unstubAllGlobals();
});

function hide(hidden: boolean): void {
  page.visibilityState = hidden ? 'hidden' : 'visible';
  tell(page, 'visibilitychange');
}

describe('attention', () => {
  it('ends while the page is hidden', () => {
    const visible = pageVisible(life.signal);
    const attentive = pageAttentive(life.signal);
    expect([visible.value, attentive.value]).toEqual([true, true]);
    hide(true);
    expect([visible.value, attentive.value]).toEqual([false, false]);
    hide(false);
    expect([visible.value, attentive.value]).toEqual([true, true]);
  });

  it('ends while the window has no focus, which the blur itself says too early', () => {
    const attentive = pageAttentive(life.signal);
    tell(view, 'blur');
    expect(attentive.value).toBe(false);
    tell(view, 'focus');
    expect(attentive.value).toBe(true);
    page.focused = false;
    tell(view, 'blur');
    hide(false);
    expect(attentive.value).toBe(false);
  });

  it('ends when the page is left, and comes back with it', () => {
    const attentive = pageAttentive(life.signal);
    tell(view, 'pagehide');
    expect(attentive.value).toBe(false);
    tell(view, 'pageshow');
    expect(attentive.value).toBe(true);
  });

  it('ends when the browser freezes the page, whatever else happens until it goes on', () => {
    const attentive = pageAttentive(life.signal);
    tell(page, 'freeze');
    expect(attentive.value).toBe(false);
    tell(view, 'focus');
    hide(false);
    expect(attentive.value).toBe(false);
    tell(page, 'resume');
    expect(attentive.value).toBe(true);
  });

  it('does not come back by going on alone, while the page is hidden', () => {
    const attentive = pageAttentive(life.signal);
    hide(true);
    tell(page, 'freeze');
    tell(page, 'resume');
    expect(attentive.value).toBe(false);
    hide(false);
    expect(attentive.value).toBe(true);
  });

  it('ends with an incoming call, where the browser tells of one', () => {
    const audioSession = new FakeAudioSession();
    vi.stubGlobal('navigator', { audioSession });
    const attentive = pageAttentive(life.signal);
    for (const state of ['active', 'inactive']) {
      audioSession.state = state;
      tell(audioSession, 'statechange');
      expect(attentive.value).toBe(true);
    }
    audioSession.state = 'interrupted';
    tell(audioSession, 'statechange');
    expect(attentive.value).toBe(false);
    tell(view, 'focus');
    expect(attentive.value).toBe(false);
    audioSession.state = 'active';
    tell(audioSession, 'statechange');
    expect(attentive.value).toBe(true);
  });

  it('does not begin during a call', () => {
    const audioSession = new FakeAudioSession();
    audioSession.state = 'interrupted';
    vi.stubGlobal('navigator', { audioSession });
    expect(pageAttentive(life.signal).value).toBe(false);
  });

  it('is not looked for any more after its life', () => {
    const audioSession = new FakeAudioSession();
    vi.stubGlobal('navigator', { audioSession });
    const attentive = pageAttentive(life.signal);
    life.abort();
    hide(true);
    tell(page, 'freeze');
    audioSession.state = 'interrupted';
    tell(audioSession, 'statechange');
    expect(attentive.value).toBe(true);
  });
});
