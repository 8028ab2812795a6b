/** The parts that hands touch or ears hear: hold, stop, stick, slider, the code to scan, the chime. */
import { type Signal, signal } from '@preact/signals-core';
import { html, LitElement } from 'lit';
import { Chime, playTune } from '../../../src/ui/chime.ts';
import { guestUntil } from '../../../src/ui/guest-time.ts';
import '../../../src/ui/hold.ts';
import type { TpHold } from '../../../src/ui/hold.ts';
import '../../../src/ui/qr.ts';
import type { TpQr } from '../../../src/ui/qr.ts';
import { SignalController } from '../../../src/ui/signal-controller.ts';
import '../../../src/ui/slider.ts';
import type { TpSlider } from '../../../src/ui/slider.ts';
import '../../../src/ui/stick.ts';
import type { TpStick } from '../../../src/ui/stick.ts';
import '../../../src/ui/stop.ts';
import type { TpStop } from '../../../src/ui/stop.ts';
import { countdown, moment, span } from '../../../src/ui/words/times.ts';
import { afterEach, assert, describe, eventually, it } from '../bdd.ts';
import { key, pointer, removeAll, show } from './page.ts';

afterEach(removeAll);

/** The real browser lets go of a pointer that never came down, so a synthetic one captures nothing. */
function uncaptured<E extends HTMLElement>(element: E): E {
  element.setPointerCapture = () => undefined;
  return element;
}

async function hold(
  with_: Partial<TpHold> = {},
): Promise<{ held: () => number; element: TpHold; button: HTMLButtonElement }> {
  const element = show(Object.assign(document.createElement('tp-hold') as TpHold, { label: 'Hold', ...with_ }));
  let held = 0;
  element.addEventListener('held', () => held++);
  await element.updateComplete;
  return { element, held: () => held, button: uncaptured(element.shadowRoot!.querySelector('button')!) };
}

describe('hold', () => {
  it('is done after 600 ms, once', async () => {
    const { button, held } = await hold();
    const sinceMs = performance.now();
    pointer(button, 'pointerdown');
    await eventually('held', () => held() === 1, 2000);
    assert.isAtLeast(performance.now() - sinceMs, 590);
    pointer(button, 'pointerup');
    assert.equal(held(), 1);
  });

  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture']) {
    it(`drains at ${end}`, async () => {
      const { button, held, element } = await hold();
      pointer(button, 'pointerdown');
      assert.isTrue(element.filling);
      pointer(button, end);
      assert.isFalse(element.filling);
      const other = await hold();
      pointer(other.button, 'pointerdown');
      await eventually('the other is held', () => other.held() === 1, 2000);
      assert.equal(held(), 0);
    });
  }

  it('drains when what it is held for becomes something else', async () => {
    const { button, element, held } = await hold({ subject: 1 });
    pointer(button, 'pointerdown');
    element.subject = 2;
    await element.updateComplete;
    assert.isFalse(element.filling);
    const other = await hold({ subject: 2 });
    pointer(other.button, 'pointerdown');
    await eventually('the other is held', () => other.held() === 1, 2000);
    assert.equal(held(), 0);
  });

  it('drains when the window loses the focus, and when it leaves the page', async () => {
    const { button, element } = await hold();
    pointer(button, 'pointerdown');
    window.dispatchEvent(new Event('blur'));
    assert.isFalse(element.filling);
    pointer(button, 'pointerdown');
    element.remove();
    assert.isFalse(element.filling);
  });

  it('is done by holding Enter, and by pressing it twice', async () => {
    const { held, element, button } = await hold();
    key('keydown', 'Enter', button);
    assert.isTrue(element.filling);
    await eventually('held', () => held() === 1, 2000);
    key('keyup', 'Enter', button);
    key('keydown', 'Enter', button);
    key('keyup', 'Enter', button);
    assert.equal(held(), 1, 'the press that held does not count as the first of two');
    key('keydown', 'Enter', button);
    assert.equal(held(), 2);
    key('keyup', 'Enter', button);
  });

  it('hears Enter from anywhere only when asked to, and never from another button', async () => {
    const near = await hold();
    key('keydown', 'Enter');
    assert.isFalse(near.element.filling);
    const far = await hold({ anywhere: true });
    key('keydown', 'Enter');
    assert.isTrue(far.element.filling);
    key('keyup', 'Enter');
    const other = show(document.createElement('button'));
    key('keydown', 'Enter', other);
    assert.isFalse(far.element.filling);
  });

  it('is not pressed by Space, and not while disabled', async () => {
    const { held, element, button } = await hold({ disabled: true });
    pointer(button, 'pointerdown');
    key('keydown', 'Enter', button);
    assert.isFalse(element.filling);
    assert.equal(held(), 0);
    assert.isTrue(key('keydown', ' ', button).defaultPrevented);
  });
});

describe('stop', () => {
  it('stops as the finger comes down', async () => {
    const element = show(document.createElement('tp-stop') as TpStop);
    let stops = 0;
    element.addEventListener('stop', () => stops++);
    await element.updateComplete;
    const button = element.shadowRoot!.querySelector('button')!;
    pointer(button, 'pointerdown');
    assert.equal(stops, 1);
    button.click();
    assert.equal(stops, 2, 'a keyboard or a screen reader only clicks');
  });
});

async function stick(): Promise<{ element: TpStick; said: (readonly [number, number])[] }> {
  const said: (readonly [number, number])[] = [];
  const element = uncaptured(show(document.createElement('tp-stick') as TpStick));
  element.report = (x, y) => void said.push([x, y]);
  await element.updateComplete;
  return { element, said };
}

function middleOf(element: HTMLElement): { x: number; y: number; radius: number } {
  const box = element.getBoundingClientRect();
  return { x: box.left + box.width / 2, y: box.top + box.height / 2, radius: box.width / 2 };
}

describe('touch stick', () => {
  it('reports where the thumb is, no further than the rim', async () => {
    const { element, said } = await stick();
    const { x, y, radius } = middleOf(element);
    pointer(element, 'pointerdown', { x, y });
    assert.deepEqual(said.at(-1), [0, 0]);
    pointer(element, 'pointermove', { x, y: y - radius * 0.31 });
    assert.closeTo(said.at(-1)![0], 0, 0.01);
    assert.closeTo(said.at(-1)![1], -0.5, 0.02);
    pointer(element, 'pointermove', { x: x + 500, y: y + 500 });
    assert.closeTo(Math.hypot(...said.at(-1)!), 1, 0.001);
    assert.closeTo(said.at(-1)![0], Math.SQRT1_2, 0.01);
  });

  for (const gone of ['pointerup', 'pointercancel', 'lostpointercapture']) {
    it(`rests at ${gone}`, async () => {
      const { element, said } = await stick();
      const { x, y } = middleOf(element);
      pointer(element, 'pointerdown', { x: x + 30, y });
      assert.isAbove(said.at(-1)![0], 0.3);
      pointer(element, gone);
      assert.deepEqual(said.at(-1), [0, 0]);
      const count = said.length;
      pointer(element, 'pointermove', { x: x + 30, y });
      assert.equal(said.length, count, 'a thumb that left says nothing');
    });
  }

  it('rests when the window loses the focus, and when the stick leaves the page', async () => {
    const { element, said } = await stick();
    const { x, y } = middleOf(element);
    pointer(element, 'pointerdown', { x: x + 30, y });
    window.dispatchEvent(new Event('blur'));
    assert.deepEqual(said.at(-1), [0, 0]);
    pointer(element, 'pointerdown', { x: x + 30, y });
    assert.isAbove(said.at(-1)![0], 0.3);
    element.remove();
    assert.deepEqual(said.at(-1), [0, 0]);
  });

  it('rests when a pointer moves with nothing pressed, and when the stick is no longer shown', async () => {
    const { element, said } = await stick();
    const { x, y } = middleOf(element);
    pointer(element, 'pointerdown', { x: x + 30, y });
    const lifted = { pointerId: 1, buttons: 0, clientX: x + 30, clientY: y };
    element.dispatchEvent(new PointerEvent('pointermove', lifted));
    assert.deepEqual(said.at(-1), [0, 0]);
    pointer(element, 'pointerdown', { x: x + 30, y });
    assert.isAbove(said.at(-1)![0], 0.3);
    element.style.display = 'none';
    await eventually('the stick rests', () => said.at(-1)![0] === 0);
  });

  it('hears one thumb only', async () => {
    const { element, said } = await stick();
    const { x, y } = middleOf(element);
    pointer(element, 'pointerdown', { x, y });
    const second = { bubbles: true, pointerId: 2, button: 0, clientX: x + 40, clientY: y };
    element.dispatchEvent(new PointerEvent('pointerdown', second));
    element.dispatchEvent(new PointerEvent('pointermove', second));
    element.dispatchEvent(new PointerEvent('pointerup', second));
    assert.deepEqual(said, [[0, 0]]);
  });
});

describe('slider', () => {
  it('tells its value as a share', async () => {
    const element = show(
      Object.assign(document.createElement('tp-slider') as TpSlider, { label: 'Trim', min: -0.3, max: 0.3, value: 0 }),
    );
    await element.updateComplete;
    const input = element.shadowRoot!.querySelector('input')!;
    assert.equal(input.value, '0');
    let set: number | undefined;
    element.addEventListener('set', () => {
      set = element.value;
    });
    input.value = '0.12';
    input.dispatchEvent(new Event('input'));
    assert.equal(set, 0.12);
    await element.updateComplete;
    assert.equal(element.shadowRoot!.querySelector('.num')!.textContent, '12 %');
  });
});

describe('code to scan', () => {
  it('draws modules with a quiet edge', async () => {
    const element = show(
      Object.assign(document.createElement('tp-qr') as TpQr, {
        value: 'https://example.org/#pilot/a',
        label: 'The link',
      }),
    );
    await element.updateComplete;
    const picture = element.shadowRoot!.querySelector('svg')!;
    const [left, , side] = picture.getAttribute('viewBox')!.split(' ').map(Number);
    assert.isAtMost(left!, -2);
    assert.isAtLeast(side!, 21 + 4);
    assert.isAbove(element.shadowRoot!.querySelector('path')!.getAttribute('d')!.length, 500);
  });
});

describe('chime', () => {
  /** How often the sound crosses zero in a part of it, as hertz. */
  async function pitches(tune: 'joined' | 'asked'): Promise<readonly number[]> {
    const rate = 48_000;
    const context = new OfflineAudioContext(1, rate, rate);
    const endsAtSeconds = playTune(context, tune);
    const sound = (await context.startRendering()).getChannelData(0);
    assert.isBelow(endsAtSeconds, 0.6);
    assert.isBelow(Math.max(...sound.subarray(Math.ceil(endsAtSeconds * rate))), 1e-6, 'silent after its end');
    assert.isAbove(Math.max(...sound), 0.2);
    return [sound.subarray(0.03 * rate, 0.17 * rate), sound.subarray(0.34 * rate, 0.48 * rate)].map((part) => {
      let crossings = 0;
      for (let i = 1; i < part.length; i++) if (part[i - 1]! < 0 !== part[i]! < 0) crossings++;
      return crossings / 2 / (part.length / rate);
    });
  }

  it('rises when someone joins and falls when someone asks', async () => {
    const [first, second] = await pitches('joined');
    assert.closeTo(first!, 659, 10);
    assert.closeTo(second!, 880, 10);
    const [high, low] = await pitches('asked');
    assert.isAbove(high!, low!);
  });

  it('tells whether the browser lets it sound, and is quiet once its page is gone', async () => {
    const life = new AbortController();
    const said: boolean[] = [];
    const chime = new Chime((blocked) => said.push(blocked), life.signal);
    await eventually('it knows', () => said.length === 1, 2000);
    await chime.play('joined');
    assert.equal(said.length, 2);
    life.abort();
    await chime.play('joined');
    assert.equal(said.length, 2);
  });
});

describe('times', () => {
  it('count down to a new code, and never below nothing', () => {
    assert.equal(countdown(272_000), '4:32');
    assert.equal(countdown(59_001), '1:00');
    assert.equal(countdown(9_000), '0:09');
    assert.equal(countdown(-1), '0:00');
  });

  it('are named as far as they need to be', () => {
    const now = new Date(2026, 2, 2, 12, 0).getTime();
    assert.equal(moment(new Date(2026, 2, 2, 14, 3).getTime(), now), '14:03');
    assert.equal(moment(new Date(2026, 2, 4, 9, 5).getTime(), now), 'Wed 09:05');
    assert.equal(moment(new Date(2026, 2, 12, 9, 5).getTime(), now), '12 Mar, 09:05');
    assert.equal(span(59_999), 'under a minute');
    assert.equal(span(12 * 60_000), '12 min');
    assert.equal(span(120 * 60_000), '2 h');
    assert.equal(span(125 * 60_000), '2 h 5 min');
  });

  it('end for guests in an hour, at midnight or in a week', () => {
    const now = new Date(2026, 2, 2, 12, 0).getTime();
    assert.equal(guestUntil('hour', now), new Date(2026, 2, 2, 13, 0).getTime());
    assert.equal(guestUntil('today', now), new Date(2026, 2, 3, 0, 0).getTime());
    assert.equal(guestUntil('week', now), now + 7 * 24 * 3_600_000);
  });
});

type Source = { readonly value: Signal<number> };

class Counting extends LitElement {
  static override properties = { source: { attribute: false } };
  declare source: Source | undefined;
  renders = 0;
  readonly now = new SignalController(
    this,
    () => this.source,
    (source) => ({ tens: Math.floor(source.value.value / 10) }),
  );
  override render() {
    this.renders++;
    return html`${this.now.view?.tens ?? 'none'}`;
  }
}
customElements.define('test-counting', Counting);

function counting(value: Signal<number>): Counting {
  const element = document.createElement('test-counting') as Counting;
  element.source = { value };
  return show(element);
}

describe('signal controller', () => {
  it('renders when the view changed, and only then', async () => {
    const value = signal<number>(1);
    const element = counting(value);
    await eventually('first view', () => element.shadowRoot?.textContent?.trim() === '0');
    await new Promise(requestAnimationFrame);
    const { renders } = element;
    value.value = 7;
    value.value = 9;
    await new Promise(requestAnimationFrame);
    await element.updateComplete;
    assert.equal(element.renders, renders);
    value.value = 10;
    await eventually('second view', () => element.shadowRoot?.textContent?.trim() === '1');
    assert.equal(element.renders, renders + 1);
  });

  it('follows another source, and forgets the first', async () => {
    const first = signal<number>(1);
    const second = signal<number>(50);
    const element = counting(first);
    await element.updateComplete;
    element.source = { value: second };
    await eventually('the second', () => element.shadowRoot?.textContent?.trim() === '5');
    first.value = 90;
    assert.equal(element.now.view?.tens, 5);
    element.source = undefined;
    await eventually('none', () => element.shadowRoot?.textContent?.trim() === 'none');
  });

  it('sleeps while it is not in the page', async () => {
    const value = signal<number>(1);
    const element = counting(value);
    await element.updateComplete;
    element.remove();
    value.value = 30;
    assert.isUndefined(element.now.view);
    show(element);
    await eventually('the newest', () => element.shadowRoot?.textContent?.trim() === '3');
  });
});
