/** Who drives, who wants to and who may stop and clear, as pilots and whoever stands at the robot meet it. */
import '../../../src/ui/pilot.ts';
import '../../../src/ui/robot.ts';
import { afterEach, assert, describe, eventually, it } from '../bdd.ts';
import { type FakePilot, fakePilot, fakeRobot } from './fake-sessions.ts';
import { buttonIn, byId, find, key, pointer, removeAll, show, textOf } from './page.ts';

afterEach(removeAll);

function pilotPage() {
  const pilot = fakePilot();
  const page = Object.assign(document.createElement('tp-pilot'), { session: pilot });
  show(page);
  return { pilot, page };
}

/** Ben drives, and this page's pilot is of `role`. */
function benDrives(pilot: FakePilot, role: 'owner' | 'pilot'): void {
  pilot.role.value = role;
  pilot.mayClear.value = role === 'owner';
  pilot.leads.value = false;
  pilot.driver.value = 'Ben';
  pilot.state.value = { at: 'watching', because: 'lease' };
}

async function hold(id: string): Promise<void> {
  await eventually(id, () => byId(id)?.shadowRoot?.querySelector('button') != null);
  const button = buttonIn(id);
  button.setPointerCapture = () => undefined;
  pointer(button, 'pointerdown');
}

describe('a pilot while somebody else drives', () => {
  it('reads who, and may ask', async () => {
    const { pilot } = pilotPage();
    benDrives(pilot, 'pilot');
    await eventually('who drives', () => textOf('pilot-driver') === 'Ben drives.');
    assert.equal(textOf('pilot-armed'), 'Ben drives');
    assert.equal(byId('pilot-why')?.dataset.because, 'lease');
    assert.isUndefined(byId('pilot-take'));
    assert.isUndefined(byId('pilot-arm'));
    byId('pilot-ask')!.click();
    await eventually('asked', () => textOf('pilot-asked') === 'You asked to drive. Ben can let you.');
    assert.deepEqual(pilot.calls.at(-1), ['ask']);
    assert.isUndefined(byId('pilot-ask'));
  });

  it('has idle sticks, and STOP', async () => {
    const { pilot, page } = pilotPage();
    page.dispatchEvent(new PointerEvent('pointerdown', { pointerType: 'touch' }));
    benDrives(pilot, 'pilot');
    await eventually('sticks', () => byId('pilot-stick-left')?.hasAttribute('idle') === true);
    pointer(buttonIn('pilot-stop'), 'pointerdown');
    assert.deepEqual(pilot.calls.at(-1), ['stop']);
  });

  it('takes over by a hold as an owner, and never by a tap', async () => {
    const { pilot } = pilotPage();
    benDrives(pilot, 'owner');
    await hold('pilot-take');
    pointer(buttonIn('pilot-take'), 'pointerup');
    await new Promise((resolve) => setTimeout(resolve, 700));
    assert.notDeepInclude(pilot.calls, ['take']);
    await hold('pilot-take');
    await eventually('taken', () => pilot.calls.some(([call]) => call === 'take'), 2000);
  });

  it('hears that nobody drives', async () => {
    const { pilot } = pilotPage();
    benDrives(pilot, 'pilot');
    pilot.driver.value = undefined;
    await eventually('nobody', () => textOf('pilot-driver') === 'Nobody drives.');
    assert.isDefined(byId('pilot-ask'));
  });
});

describe('a driver', () => {
  it('reads who wants to drive, and lets the one who is tapped', async () => {
    const { pilot } = pilotPage();
    pilot.state.value = { at: 'driving' };
    pilot.askers.value = [
      { seat: 2, name: 'Ben' },
      { seat: 3, name: 'Cleo' },
    ];
    await eventually('both', () => byId('pilot-give-3') !== undefined);
    assert.include(textOf('pilot-asker'), 'Ben wants to drive.');
    assert.equal(byId('pilot-give-3')?.ariaLabel, 'Let Cleo drive');
    byId('pilot-give-3')!.click();
    assert.deepEqual(pilot.calls.at(-1), ['give', 3]);
    await eventually('Ben is left', () => byId('pilot-give-3') === undefined && byId('pilot-give-2') !== undefined);
    pilot.state.value = { at: 'lost', sinceMs: performance.now(), attempt: 0 };
    await eventually('lost', () => byId('pilot-asker') === undefined);
  });
});

describe('a stop', () => {
  it('is for watchers too, by button and by Space', async () => {
    const { pilot } = pilotPage();
    pilot.mayClear.value = false;
    pilot.leads.value = false;
    pilot.driver.value = 'Ben';
    pilot.state.value = { at: 'watching', because: 'watcher' };
    await eventually('STOP', () => byId('pilot-stop')?.shadowRoot?.querySelector('button') != null);
    assert.equal(textOf('pilot-why'), 'Ben drives. You see and hear.');
    pointer(buttonIn('pilot-stop'), 'pointerdown');
    assert.isTrue(key('keydown', ' ').defaultPrevented);
    assert.deepEqual(pilot.calls.slice(-2), [['stop'], ['stop']]);
  });

  it('names who stopped and who may lift it, to whoever may not', async () => {
    const { pilot } = pilotPage();
    pilot.role.value = 'pilot';
    pilot.mayClear.value = false;
    pilot.stop();
    await eventually('stopped', () => byId('pilot-state')?.dataset.view === 'stopped');
    assert.equal(textOf('pilot-why'), 'Stopped by Anna. An owner or the robot’s own screen lifts it.');
    assert.isUndefined(byId('pilot-clear'));
    assert.isDefined(byId('pilot-stop'));
  });

  it('is lifted by an owner’s hold', async () => {
    const { pilot } = pilotPage();
    pilot.stop();
    await hold('pilot-clear');
    await eventually('lifted', () => pilot.calls.some(([call]) => call === 'clearStop'), 2000);
  });
});

describe('the robot’s screen', () => {
  const ANNA = { visit: '1', who: 'a', name: 'Anna', role: 'owner', drives: true, asks: false, sinceMs: 0 } as const;
  const BEN = { ...ANNA, visit: '2', who: 'b', name: 'Ben', role: 'pilot', drives: false, asks: true } as const;

  function robotPage() {
    const robot = fakeRobot();
    show(Object.assign(document.createElement('tp-robot'), { session: robot }));
    return robot;
  }

  it('shows who asks to drive, and lets them', async () => {
    const robot = robotPage();
    robot.state.value = { at: 'driven', name: 'Anna', sinceMs: performance.now() };
    robot.company.value = [ANNA, BEN];
    await eventually('the question', () => byId('robot-give-2') !== undefined);
    assert.isUndefined(byId('robot-give-1'));
    assert.equal(byId('robot-give-2')?.ariaLabel, 'Let Ben drive');
    assert.include(textOf('robot-company'), 'wants to drive');
    byId('robot-give-2')!.click();
    assert.deepEqual(robot.calls, [['giveTo', '2']]);
    await eventually('given', () => byId('robot-give-2') === undefined);
  });

  it('says who drives in large print, stopped and beside the settings too', async () => {
    const robot = robotPage();
    robot.company.value = [ANNA];
    robot.state.value = { at: 'driven', name: 'Anna', sinceMs: performance.now() };
    await eventually('who may drive', () => find(document, 'h1')?.textContent === 'Anna may drive');
    assert.isAtLeast(Number.parseFloat(getComputedStyle(find(document, 'h1')!).fontSize), 26);
    robot.stop();
    await eventually('stopped', () => textOf('robot-driver') === 'Anna drives');
    assert.isAtLeast(Number.parseFloat(getComputedStyle(byId('robot-driver')!).fontSize), 20);
    find(document, "button[aria-label='Settings']")!.click();
    await eventually('settings', () => byId('preset-car') !== undefined);
    assert.equal(textOf('robot-driver'), 'Anna drives');
  });

  it('has STOP while nobody is here too', async () => {
    const robot = robotPage();
    await eventually('STOP', () => byId('robot-stop')?.shadowRoot?.querySelector('button') != null);
    const box = byId('robot-stop')!.getBoundingClientRect();
    assert.isAtMost(box.bottom, innerHeight);
    pointer(buttonIn('robot-stop'), 'pointerdown');
    assert.deepEqual(robot.calls, [['stop']]);
    await eventually('latched', () => byId('robot-clear') !== undefined && byId('robot-stop') === undefined);
  });
});

describe('the new states', () => {
  for (const state of ['pilot-gone', 'pilot-taking', 'pilot-begged', 'pilot-onlooking', 'robot-wheel']) {
    it(`run under the strict policy, and STOP stays in sight: ${state}`, async () => {
      const frame = document.createElement('iframe');
      frame.width = '740';
      frame.height = '360';
      frame.src = `/test/browser/ui/gallery.html#${state}`;
      show(frame);
      const shown = () => frame.contentDocument?.documentElement?.dataset;
      await eventually('shown', () => shown()?.shown === state, 10_000);
      assert.isUndefined(shown()?.violation);
      const stop = find(frame.contentDocument!, 'tp-stop');
      const box = stop!.getBoundingClientRect();
      const at = frame.contentDocument!.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      assert.isAtMost(box.bottom, 360);
      assert.isNotNull(at);
    });
  }
});
