/** What a pilot reads of what is down, since when, what is tried and what to do, over a session that a test sets. */
import { Fault } from '../../../src/core/fault.ts';
import '../../../src/ui/pilot.ts';
import { LinkCues } from '../../../src/ui/link-cues.ts';
import { afterEach, assert, describe, eventually, it } from '../bdd.ts';
import { type FakePilot, fakePilot } from './fake-sessions.ts';
import { byId, find, removeAll, show, textOf } from './page.ts';

type Down = FakePilot['outages']['value'][number];

afterEach(removeAll);

function pilotPage(): FakePilot {
  const pilot = fakePilot();
  show(Object.assign(document.createElement('tp-pilot'), { session: pilot }));
  return pilot;
}

function down(pilot: FakePilot, forMs: number, ...parts: readonly (readonly [Down['part'], Down['trying']])[]): void {
  pilot.outages.value = parts.map(([part, trying]) => ({ part, trying, sinceMs: performance.now() - forMs }));
}

function lose(pilot: FakePilot, forMs: number, trying: Down['trying'] = 'heals'): void {
  pilot.state.value = { at: 'lost', sinceMs: performance.now() - forMs, attempt: 1 };
  down(pilot, forMs, ['link', trying]);
}

const shown = (part: string) => find(document, `[data-testid='pilot-outage'][data-part='${part}']`);
const said = (part: string) => shown(part)?.textContent?.replace(/\s+/g, ' ').trim() ?? '';

describe('a link that is down', () => {
  it('is one panel over the darkened picture that says what is tried, and counts', async () => {
    const pilot = pilotPage();
    lose(pilot, 2100);
    await eventually('the panel', () => said('link').startsWith('Link lost, Rover stopped itself 2 s'));
    assert.equal(shown('link')?.dataset.trying, 'heals');
    assert.include(textOf('pilot-why'), 'The old path may come back, and a new one is being opened.');
    assert.include(getComputedStyle(byId('pilot-video')!).filter, 'brightness(0.26)');
    await eventually('a second later', () => said('link').includes('3 s'), 2000);
    lose(pilot, 2100, 'dials');
    await eventually('no old path', () => shown('link')?.dataset.trying === 'dials');
    assert.notInclude(textOf('pilot-why'), 'old path');
  });

  it('says what to do after 10 s, and leaves that to what the last try met where that is known', async () => {
    const pilot = pilotPage();
    lose(pilot, 9000);
    await eventually('being tried', () => textOf('pilot-why').includes('The old path'));
    lose(pilot, 10_500);
    await eventually('what to do', () => textOf('pilot-why').startsWith('Go where the network is better'));
    pilot.trouble.value = new Fault('absent', 'robot', 'test');
    await eventually('what it met', () => textOf('fault').startsWith('Rover doesn’t answer.'));
    assert.include(textOf('pilot-why'), 'The old path');
  });

  it('tells in the same panel that the server is away, since a new path needs it', async () => {
    const pilot = pilotPage();
    lose(pilot, 4000);
    down(pilot, 4000, ['link', 'dials'], ['broker', 'rejoins']);
    await eventually('the server', () => said('broker').startsWith('The server is away too. A new path needs it'));
    assert.isTrue(shown('link')!.contains(shown('broker')!));
    down(pilot, 12_000, ['link', 'dials'], ['broker', 'rejoins']);
    await eventually('what to do', () => said('broker').includes('Check this device’s network.'));
  });

  it('asks who never drove for no hand', async () => {
    const pilot = pilotPage();
    pilot.leads.value = false;
    lose(pilot, 2000);
    await eventually('the panel', () => textOf('pilot-why').startsWith('The old path'));
    assert.notInclude(textOf('pilot-why'), 'Arm');
  });
});

describe('a server that is away', () => {
  it('is a small note while driving goes on', async () => {
    const pilot = pilotPage();
    pilot.state.value = { at: 'driving' };
    down(pilot, 4000, ['broker', 'rejoins']);
    await eventually('the note', () => said('broker').startsWith('The server is away · 4 s'));
    assert.include(said('broker'), 'Your link goes on without it.');
    assert.isUndefined(find(document, '.say'));
    assert.isDefined(byId('pilot-stop'));
    assert.equal(byId('pilot-armed')?.dataset.armed, 'true');
    down(pilot, 12_000, ['broker', 'rejoins']);
    await eventually('what to do', () => said('broker').includes('Don’t reload this page'));
    pilot.outages.value = [];
    await eventually('all well', () => shown('broker') === undefined);
  });

  it('is not spoken of within its first second', async () => {
    const pilot = pilotPage();
    down(pilot, 0, ['broker', 'rejoins']);
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.isUndefined(shown('broker'));
    await eventually('a second later', () => shown('broker') !== undefined, 2000);
  });
});

describe('a picture that does not come', () => {
  it('is a panel with its age once it froze, and says what to do when that lasts', async () => {
    const pilot = pilotPage();
    pilot.state.value = { at: 'watching', because: 'picture' };
    pilot.pictureAgeMs.value = 1400;
    down(pilot, 700, ['picture', 'waits']);
    await eventually('frozen', () => said('picture').startsWith('Picture frozen 1.4 s'));
    assert.include(textOf('pilot-why'), 'Let go of the sticks.');
    pilot.pictureAgeMs.value = 12_000;
    down(pilot, 11_300, ['picture', 'waits']);
    await eventually('what to do', () => textOf('pilot-why').includes('look at its camera'));
    pilot.state.value = { at: 'watching', because: 'asleep' };
    await eventually('why', () => textOf('pilot-why').startsWith('Rover’s page is out of sight there.'));
  });

  it('takes the place of the hold while there never was one', async () => {
    const pilot = pilotPage();
    pilot.pictureAgeMs.value = undefined;
    pilot.state.value = { at: 'watching', because: 'picture' };
    down(pilot, 100, ['picture', 'waits']);
    await eventually('the hold', () => byId('pilot-arm') !== undefined);
    down(pilot, 3000, ['picture', 'waits']);
    await eventually('the panel', () => said('picture').startsWith('No picture yet'));
    assert.isUndefined(byId('pilot-arm'));
    assert.equal(byId('pilot-why')?.dataset.because, 'picture');
  });
});

describe('a board that is not ready', () => {
  it('is told under the hold, with the seconds and what to do', async () => {
    const pilot = pilotPage();
    pilot.state.value = { at: 'watching', because: 'board' };
    down(pilot, 3000, ['board', 'waits']);
    await eventually('since when', () => said('board').startsWith('Rover’s board is not ready · 3 s'));
    assert.isTrue(byId('pilot-why')!.contains(shown('board')!));
    down(pilot, 11_000, ['board', 'waits']);
    await eventually('what to do', () => said('board').includes('check its cable and power'));
  });
});

describe('speed that is capped', () => {
  const cap = (pilot: FakePilot, speedCap: number) => {
    pilot.report.value = { ...pilot.report.value!, speedCap };
  };

  it('says why: a slow path, one that was slow, or one not measured yet', async () => {
    const pilot = pilotPage();
    pilot.state.value = { at: 'driving' };
    pilot.roundTripMs.value = 268;
    cap(pilot, 0.45);
    await eventually('slow', () => textOf('pilot-slow').includes('45 %: commands take 270 ms there and back'));
    pilot.roundTripMs.value = 90;
    await eventually('was slow', () => textOf('pilot-slow').includes('late a moment ago'));
    pilot.roundTripMs.value = undefined;
    await eventually('unmeasured', () => textOf('pilot-slow').includes('until the delay is measured'));
    cap(pilot, 1);
    await eventually('all speed', () => byId('pilot-slow') === undefined);
  });

  it('is told before anybody arms', async () => {
    const pilot = pilotPage();
    cap(pilot, 0.45);
    await eventually('told', () => byId('pilot-slow') !== undefined);
    assert.equal(byId('pilot-armed')?.dataset.armed, 'false');
  });
});

describe('a pad that says the same for long', () => {
  it('counts as let go, and the page says so', async () => {
    const pilot = pilotPage();
    pilot.input.value = { ...pilot.input.value, kind: 'gamepad', frozen: true };
    await eventually('the sentence', () => textOf('pilot-pad-still').includes('counts as let go'));
  });
});

describe('the sound of the link', () => {
  it('is off until switched on in the details', async () => {
    pilotPage();
    await eventually('a page', () => byId('pilot-rtt') !== undefined);
    byId('pilot-rtt')!.closest('button')!.click();
    await eventually('the switch', () => byId('pilot-cues') !== undefined);
    const box = byId<HTMLInputElement>('pilot-cues')!;
    assert.isFalse(box.checked);
    box.click();
    const page = find<HTMLElement & { cues: boolean }>(document, 'tp-pilot')!;
    await eventually('on', () => page.cues);
    box.click();
    await eventually('off', () => !page.cues);
  });

  it('ends with its page', () => {
    const life = new AbortController();
    const cues = new LinkCues(life.signal);
    assert.isFalse(cues.on);
    cues.enable(true);
    assert.isTrue(cues.on);
    cues.tell(true);
    life.abort();
    assert.isFalse(cues.on);
    cues.enable(true);
    assert.isFalse(cues.on);
  });
});
