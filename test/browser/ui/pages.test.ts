/** The three pages as a person meets them, over sessions that a test sets. */
import { Fault } from '../../../src/core/fault.ts';
import '../../../src/ui/home.ts';
import type { TpHome } from '../../../src/ui/home.ts';
import '../../../src/ui/pilot.ts';
import '../../../src/ui/robot.ts';
import '../../../src/ui/unopened.ts';
import { afterEach, assert, describe, eventually, it } from '../bdd.ts';
import { drawnRoom } from './drawn-room.ts';
import { fakePilot, fakeRobot } from './fake-sessions.ts';
import { buttonIn, byId, find, key, pointer, removeAll, show, textOf } from './page.ts';

const ID = 'k7qxk2m5dp4ta3whe5zj6vrbn';

afterEach(() => {
  removeAll();
  history.replaceState(null, '', location.pathname + location.search);
});

async function home(with_: Partial<TpHome> = {}): Promise<TpHome> {
  const page = show(Object.assign(document.createElement('tp-home'), with_));
  await page.updateComplete;
  return page;
}

function robotPage(robot = fakeRobot()) {
  const page = document.createElement('tp-robot');
  page.session = robot;
  show(page);
  return { robot, page };
}

function pilotPage(pilot = fakePilot()) {
  const page = document.createElement('tp-pilot');
  page.session = pilot;
  show(page);
  return { pilot, page };
}

describe('home', () => {
  it('opens a pasted link, and says what is wrong with anything else', async () => {
    const page = await home();
    const input = page.shadowRoot!.querySelector('input')!;
    const form = page.shadowRoot!.querySelector('form')!;
    input.value = 'Rover';
    form.requestSubmit();
    await page.updateComplete;
    assert.include(textOf('fault'), 'Look at the robot');
    assert.equal(location.hash, '');
    input.value = `https://elsewhere.example/#pilot/${ID}`;
    form.requestSubmit();
    assert.equal(location.hash, `#pilot/${ID}`);
  });

  it('hands on a typed code, and says how the look for it goes', async () => {
    const page = await home();
    let asked: unknown;
    page.addEventListener('code', (event) => {
      asked = (event as CustomEvent).detail;
    });
    page.shadowRoot!.querySelector('input')!.value = '7qxk-2m9d-p4ta-8whe';
    page.shadowRoot!.querySelector('form')!.requestSubmit();
    assert.deepEqual(asked, { code: '7QXK2M9DP4TA8WHE' });
    page.adding = 'looking';
    await page.updateComplete;
    assert.include(page.shadowRoot!.querySelector('#misread')?.textContent ?? '', 'Looking');
    page.adding = new Fault('not-found', 'code', '');
    await page.updateComplete;
    assert.include(textOf('fault'), 'typo');
  });

  it('lists robots to drive, and forgets one', async () => {
    const page = await home({ robots: [{ id: ID, name: 'Rover', seenAtMs: Date.now() }] });
    const drive = page.shadowRoot!.querySelector<HTMLAnchorElement>(`a[href='#pilot/${ID}']`);
    assert.equal(drive?.textContent, 'Drive');
    page.presence = new Map([[ID, { at: 'busy', by: 'Ben' }]]);
    await page.updateComplete;
    assert.include(textOf('home-robot'), 'Ben is driving');
    assert.ok(page.shadowRoot!.querySelector(`a[href='#watch/${ID}']`));
    page.presence = new Map([[ID, { at: 'refused' }]]);
    await page.updateComplete;
    assert.include(textOf('home-robot'), 'Doesn’t know this device');
    assert.isNull(page.shadowRoot!.querySelector('.robot a'));
    page.presence = new Map([[ID, { at: 'free' }]]);
    await page.updateComplete;
    assert.include(textOf('home-robot'), 'Ready');
    let forgotten: unknown;
    page.addEventListener('forget', (event) => {
      forgotten = (event as CustomEvent).detail;
    });
    page.shadowRoot!.querySelector<HTMLButtonElement>("button[aria-label='Forget Rover']")!.click();
    assert.deepEqual(forgotten, { id: ID });
  });

  it('does not say that it looks for a robot when nobody does', async () => {
    await home({ robots: [{ id: ID, name: 'Rover', seenAtMs: Date.now() }] });
    assert.equal(byId('home-robot')?.dataset.at, 'away');
    assert.include(textOf('home-robot'), 'Seen just now');
  });

  it('has one first choice: the newest robot that is ready', async () => {
    const robots = ['a', 'b', 'c'].map((first) => ({ id: `${first}${ID.slice(1)}`, name: first, seenAtMs: 0 }));
    const page = await home({
      robots,
      presence: new Map([
        [robots[0]!.id, { at: 'away' }],
        [robots[1]!.id, { at: 'free' }],
        [robots[2]!.id, { at: 'free' }],
      ]),
    });
    const first = [...page.shadowRoot!.querySelectorAll<HTMLAnchorElement>('a.primary')];
    assert.deepEqual(
      first.map(({ hash }) => hash),
      [`#pilot/${robots[1]!.id}`],
    );
  });

  it('asks to hide the address, and says that keys are not kept', async () => {
    const page = await home({ lasting: false });
    assert.include(textOf('fault'), 'doesn’t keep keys');
    let asked: unknown;
    page.addEventListener('relay', (event) => {
      asked = (event as CustomEvent).detail;
    });
    byId('home-relay-only')!.click();
    assert.deepEqual(asked, { on: true });
  });

  it('says that there is no network, while there is none', async () => {
    const page = await home();
    assert.equal(textOf('fault'), '');
    const online = Object.getOwnPropertyDescriptor(Navigator.prototype, 'onLine')!;
    Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => false });
    try {
      window.dispatchEvent(new Event('offline'));
      await page.updateComplete;
      assert.include(textOf('fault'), 'no network');
    } finally {
      Object.defineProperty(navigator, 'onLine', { ...online, configurable: true });
    }
  });
});

describe('robot, waiting', () => {
  it('shows link, board and pose without a click', async () => {
    const { robot } = robotPage();
    await eventually('the link', () => textOf('robot-link') === robot.invitation.value!.here);
    assert.isDefined(find(document, 'tp-qr'));
    assert.equal(byId('robot-state')?.dataset.at, 'waiting');
    assert.include(textOf('robot-board'), 'Simulated robot');
    assert.equal(textOf('robot-told'), 'L 0 % R 0 %');
    assert.equal(byId('robot-pose')?.dataset.x, '1.2');
    assert.equal(byId('robot-failsafe')?.dataset.failsafe, 'disarmed');
  });

  it('offers the other devices their own link', async () => {
    const { robot } = robotPage();
    robot.invitation.value = {
      ...robot.invitation.value!,
      here: `http://localhost/#pilot/${ID}`,
      network: `https://192.168.1.20/#pilot/${ID}`,
    };
    await eventually('both links', () => textOf('robot-link-network').startsWith('https://192'));
    assert.equal(textOf('robot-link'), `http://localhost/#pilot/${ID}`);
  });

  it('lets the person choose board, camera, name and driving', async () => {
    const { robot, page } = robotPage();
    page.boards = { bluetooth: 'unsupported' };
    await eventually('the choices', () => byId('board-bluetooth')?.ariaDisabled === 'true');
    assert.include(textOf('board-bluetooth'), 'Chrome or Edge');
    byId('board-bluetooth')!.click();
    byId('board-web-serial')!.click();
    assert.deepEqual(robot.calls, [['chooseBoard', 'web-serial', false]]);
    await eventually('chosen', () => byId('board-web-serial')?.ariaChecked === 'true');

    const camera = find<HTMLSelectElement>(document, 'select')!;
    camera.value = 'back';
    camera.dispatchEvent(new Event('change'));
    assert.deepEqual(robot.calls.at(-1), ['chooseCamera', 'back']);
    camera.value = '';
    camera.dispatchEvent(new Event('change'));
    assert.deepEqual(robot.calls.at(-1), ['chooseCamera', undefined]);

    const name = byId<HTMLInputElement>('robot-name')!;
    name.value = 'Kitchen';
    name.dispatchEvent(new Event('change'));
    assert.deepEqual(robot.calls.at(-1), ['rename', 'Kitchen']);

    byId('preset-tank')!.click();
    assert.equal(robot.drive.value.preset, 'tank');
    byId<HTMLInputElement>('drive-swapped')!.click();
    assert.isTrue(robot.drive.value.swapped);
    assert.equal(robot.drive.value.preset, 'tank', 'one setting does not undo another');
  });

  it('says what failed, with a second try', async () => {
    const { robot } = robotPage();
    robot.cameraFault.value = new Fault('denied', 'camera', 'test');
    await eventually('the sentence', () => textOf('fault').startsWith('You said no to the camera.'));
    find<HTMLButtonElement>(document, 'tp-senses')!
      .shadowRoot!.querySelector<HTMLButtonElement>('.notice button')!
      .click();
    assert.deepEqual(robot.calls.at(-1), ['chooseCamera', 'simulated']);
  });

  it('is cleared by a hold when it was stopped', async () => {
    const { robot } = robotPage();
    robot.stoppedBy.value = 'Anna';
    await eventually('the slab', () => byId('robot-clear') !== undefined);
    await eventually('its button', () => byId('robot-clear')?.shadowRoot?.querySelector('button') != null);
    const button = buttonIn('robot-clear');
    button.setPointerCapture = () => undefined;
    pointer(button, 'pointerdown');
    await eventually('cleared', () => robot.calls.some(([call]) => call === 'clearStop'), 2000);
  });
});

describe('robot, live', () => {
  it('says who drives, and stops at a touch', async () => {
    const { robot, page } = robotPage();
    robot.failsafe.value = 'driving';
    robot.told.value = { left: 0.5, right: -0.25 };
    robot.state.value = { at: 'driven', name: 'Anna', sinceMs: performance.now() };
    await eventually('live', () => find(document, 'h1')?.textContent === 'Anna is driving');
    assert.equal(page.dataset.theme, 'dark');
    assert.equal(textOf('robot-told'), 'L 50 % R -25 %');
    pointer(buttonIn('robot-stop'), 'pointerdown');
    assert.deepEqual(robot.calls, [['stop']]);
    await eventually('stopped', () => find(document, 'h1')?.textContent === 'Stopped');
    assert.isUndefined(byId('robot-stop'));
    assert.isDefined(byId('robot-clear'));
    robot.clearStop();
    robot.state.value = { at: 'waiting' };
    await eventually(
      'waiting again',
      () => byId('robot-state')?.dataset.at === 'waiting' && byId('robot-link') !== undefined,
    );
    assert.isUndefined(page.dataset.theme);
  });

  it('closes camera and microphone for real, and opens the same again', async () => {
    const { robot } = robotPage();
    robot.camera.value = 'back';
    robot.state.value = { at: 'driven', name: 'Anna', sinceMs: performance.now() };
    await eventually('the switch', () => byId('robot-camera')?.ariaChecked === 'true');
    byId('robot-camera')!.click();
    await eventually('off', () => byId('robot-camera')?.ariaChecked === 'false');
    assert.deepEqual(robot.calls.at(-1), ['chooseCamera', undefined]);
    byId('robot-camera')!.click();
    assert.deepEqual(robot.calls.at(-1), ['chooseCamera', 'back']);
    byId('robot-microphone')!.click();
    assert.deepEqual(robot.calls.at(-1), ['chooseMicrophone', 'default']);
    robot.company.value = [
      { visit: '1', who: 'a', name: 'Anna', role: 'pilot', drives: true, asks: false, sinceMs: performance.now() },
    ];
    await eventually('Anna', () => byId('robot-dismiss') !== undefined);
    byId('robot-dismiss')!.click();
    assert.deepEqual(robot.calls.at(-1), ['dismiss', '1']);
  });

  it('keeps STOP beside the settings', async () => {
    const { robot } = robotPage();
    robot.state.value = { at: 'driven', name: 'Anna', sinceMs: performance.now() };
    await eventually('live', () => byId('robot-stop') !== undefined);
    find(document, "button[aria-label='Settings']")!.click();
    await eventually('settings', () => byId('preset-car') !== undefined);
    assert.isDefined(byId('robot-stop'));
  });
});

describe('pilot', () => {
  it('says so when this browser keeps no keys, and nothing when it does', async () => {
    await pilotPage().page.updateComplete;
    assert.equal(textOf('pilot-not-lasting'), '');
    await pilotPage({ ...fakePilot(), lasting: false }).page.updateComplete;
    assert.include(textOf('pilot-not-lasting'), 'keys');
  });

  it('asks whoever is at the robot, and says so', async () => {
    const pilot = fakePilot();
    pilot.state.value = { at: 'asking', sinceMs: 0 };
    await pilotPage(pilot).page.updateComplete;
    assert.include(
      document.body.querySelector('tp-pilot')?.shadowRoot?.textContent ?? '',
      'Somebody there has to say yes',
    );
  });

  it('who only watches has no sticks and nothing to arm or clear', async () => {
    const pilot = fakePilot();
    pilot.mayClear.value = false;
    pilot.state.value = { at: 'watching', because: 'watcher' };
    await pilotPage(pilot).page.updateComplete;
    assert.equal(textOf('pilot-armed'), 'Watching');
    for (const id of ['pilot-arm', 'pilot-clear', 'pilot-talk']) assert.equal(textOf(id), '');
    assert.isNull(document.querySelector('tp-pilot')!.shadowRoot!.querySelector('tp-hold, tp-stick'));
  });

  it('hands its video to the session and shows the picture in it', async () => {
    const { pilot, page } = pilotPage();
    await eventually('watching', () => pilot.calls.some(([call]) => call === 'watch'));
    const [, video, life] = pilot.calls.find(([call]) => call === 'watch') as [string, HTMLVideoElement, AbortSignal];
    const track = drawnRoom();
    pilot.picture.value = track;
    await eventually('a picture', () => video.videoWidth === 640);
    assert.isTrue(video.muted);
    page.remove();
    assert.isTrue(life.aborted);
    track.stop();
  });

  it('arms by a hold, shows it, and stops with Space from anywhere', async () => {
    const { pilot } = pilotPage();
    await eventually('the ring', () => byId('pilot-arm')?.shadowRoot?.querySelector('button') != null);
    assert.equal(byId('pilot-armed')?.dataset.armed, 'false');
    key('keydown', 'Enter');
    await eventually('armed', () => byId('pilot-armed')?.dataset.armed === 'true', 2000);
    key('keyup', 'Enter');
    assert.equal(byId('pilot-state')?.dataset.at, 'driving');
    byId('pilot-talk')!.focus();
    assert.isTrue(key('keydown', ' ', byId('pilot-talk')!).defaultPrevented);
    assert.deepEqual(pilot.calls.at(-1), ['stop']);
    await eventually('stopped', () => byId('pilot-clear') !== undefined);
    assert.isUndefined(byId('pilot-stop'));
    assert.include(textOf('pilot-why'), 'Stopped by Anna');
  });

  it('says why it may not arm', async () => {
    const { pilot } = pilotPage();
    for (const because of ['board', 'asleep', 'picture', 'hidden', 'sticks', 'late'] as const) {
      pilot.state.value = { at: 'watching', because };
      await eventually(
        because,
        () => byId('pilot-why')?.dataset.because === because && textOf('pilot-why').length > 10,
      );
    }
  });

  it('tells a frozen picture from a live one', async () => {
    const { pilot } = pilotPage();
    pilot.state.value = { at: 'driving' };
    await eventually('driving', () => byId('pilot-state')?.dataset.view === 'driving');
    pilot.pictureAgeMs.value = 1400;
    await eventually('frozen', () => byId('pilot-state')?.dataset.view === 'frozen');
    assert.isDefined(byId('pilot-stop'));
    assert.equal(byId('pilot-armed')?.dataset.armed, 'false');
    const video = byId<HTMLVideoElement>('pilot-video')!;
    assert.include(getComputedStyle(video).filter, 'grayscale');
  });

  it('shows what the link is like and what the motors are told', async () => {
    const { pilot } = pilotPage();
    pilot.report.value = { ...pilot.report.value!, left: 0.5, right: -0.25, speedCap: 0.45 };
    pilot.roundTripMs.value = 268;
    pilot.state.value = { at: 'driving' };
    await eventually('told', () => textOf('pilot-told') === 'L 50 % R -25 %');
    await eventually('delay', () => textOf('pilot-rtt') === '268 ms');
    assert.equal(textOf('pilot-fps'), '30');
    assert.equal(byId('pilot-path')?.dataset.path, 'direct');
    assert.equal(textOf('pilot-battery'), '7.9 V');
    assert.equal(textOf('pilot-simulated'), 'Simulated');
    assert.equal(textOf('pilot-cap'), 'of 45 %');
  });

  it('shows sticks at the first touch, and drives with them', async () => {
    const { pilot, page } = pilotPage();
    await eventually('a page', () => byId('pilot-stop') !== undefined);
    page.dispatchEvent(new PointerEvent('pointerdown', { pointerType: 'touch' }));
    await eventually('sticks', () => byId('pilot-stick-right') !== undefined);
    const stick = byId('pilot-stick-right')!;
    stick.setPointerCapture = () => undefined;
    const box = stick.getBoundingClientRect();
    pointer(stick, 'pointerdown', { x: box.right, y: box.top + box.height / 2 });
    const [call, side, x] = pilot.calls.at(-1)!;
    assert.deepEqual([call, side], ['touch', 1]);
    assert.closeTo(x as number, 1, 0.01);
    pilot.input.value = { ...pilot.input.value, kind: 'gamepad', label: 'Pad' };
    await eventually('the pad', () => byId('pilot-stick-right') === undefined);
    assert.deepEqual(pilot.calls.at(-1), ['touch', 1, 0, 0], 'a stick that goes away rests');
  });

  it('tells that the robot’s microphone is off, on the tool and in the details', async () => {
    const { pilot } = pilotPage();
    await eventually('a tool', () => byId('pilot-sound')?.title === 'The robot’s microphone is off');
    assert.isUndefined(byId('pilot-no-sound'));
    byId('pilot-sound')!.click();
    await eventually('the sentence', () => textOf('pilot-no-sound').startsWith('The robot’s microphone is off.'));
    byId('pilot-rtt')!.closest('button')!.click();
    await eventually('details', () => find(document, 'dl')?.textContent?.includes('microphone is off') === true);
    pilot.sound.value = soundTrack();
    await eventually('sound', () => byId('pilot-sound')?.title === 'Mute the robot');
    assert.isUndefined(byId('pilot-no-sound'));
    pilot.sound.value.stop();
  });

  it('asks for a newer version of itself only where the two pages are of different ones', async () => {
    const { pilot, page } = pilotPage();
    let asked = 0;
    page.addEventListener('update', () => asked++);
    pilot.state.value = { at: 'ended', end: { why: 'lost', fault: new Fault('wrong-version', 'page', 'test') } };
    await eventually('ended', () => textOf('fault').includes('different versions'));
    byId('pilot-again')!.click();
    assert.equal(asked, 1);
  });

  it('shows the frame rate on a narrow phone too', async () => {
    const frame = document.createElement('iframe');
    frame.width = '360';
    frame.height = '740';
    frame.src = '/test/browser/ui/gallery.html#pilot-driving';
    show(frame);
    await eventually('shown', () => frame.contentDocument?.documentElement?.dataset.shown === 'pilot-driving', 10_000);
    const box = (id: string) =>
      find(frame.contentDocument!, `[data-testid='${id}']`)?.getBoundingClientRect() ?? new DOMRect();
    assert.isAbove(box('pilot-fps').width, 0);
    for (const id of ['pilot-fps', 'pilot-path', 'pilot-battery']) assert.isAtMost(box(id).right, 360, id);
  });

  it('keeps STOP while there is no link, and says what it does', async () => {
    const { pilot } = pilotPage();
    pilot.state.value = { at: 'lost', sinceMs: performance.now(), attempt: 1 };
    await eventually('lost', () => find(document, 'h2')?.textContent?.startsWith('Link lost') === true);
    pilot.trouble.value = new Fault('absent', 'robot', 'test');
    await eventually('why', () => textOf('fault').startsWith('Rover doesn’t answer.'));
    pointer(buttonIn('pilot-stop'), 'pointerdown');
    assert.deepEqual(pilot.calls.at(-1), ['stop']);
    pilot.state.value = { at: 'ended', end: { why: 'lost', fault: new Fault('busy', 'robot', 'test') } };
    await eventually('over', () => textOf('fault').startsWith('Someone else is driving Rover.'));
    assert.isFalse(byId('pilot-stop') !== undefined);
  });

  it('tells what the robot’s screen asks, and that it will ask again', async () => {
    const pilot = Object.assign(fakePilot(), { lasting: false });
    pilot.robotName.value = undefined;
    pilot.state.value = { at: 'asking', sinceMs: performance.now() };
    pilotPage(pilot);
    await eventually('asking', () => byId('pilot-state')?.dataset.at === 'asking');
    const said = byId('pilot-state')!.querySelector('.say')!.textContent;
    assert.include(said, 'Somebody there has to say yes.');
    assert.include(said, 'doesn’t keep keys');
    assert.equal(byId('pilot-state')!.querySelector('h1')?.textContent, 'The robot');
  });

  it('gives who only watches nothing to drive with, and STOP', async () => {
    const { pilot } = pilotPage();
    pilot.leads.value = false;
    pilot.state.value = { at: 'watching', because: 'watcher' };
    await eventually('watching', () => textOf('pilot-armed') === 'Watching');
    for (const id of ['pilot-arm', 'pilot-talk', 'pilot-stick-left', 'pilot-disarm']) assert.isUndefined(byId(id), id);
    assert.isDefined(byId('pilot-sound'));
    assert.isDefined(byId('pilot-stop'));
    pilot.pictureAgeMs.value = 1400;
    await eventually('frozen', () => byId('pilot-state')?.dataset.view === 'frozen');
    assert.notInclude(textOf('pilot-why'), 'sticks');
  });

  it('offers to try again only what may go better, and else a new code or nothing', async () => {
    const { pilot } = pilotPage();
    const end = async (fault: Fault) => {
      pilot.state.value = { at: 'ended', end: { why: 'lost', fault } };
      await eventually(
        `${fault.subject} ${fault.code}`,
        () => byId('pilot-state')?.querySelector(`[data-code='${fault.code}']`) != null,
      );
    };
    const offered = () =>
      ['pilot-again', 'pilot-new-code', 'pilot-watch-instead'].filter((id) => byId(id) !== undefined);
    await end(new Fault('denied', 'robot', 'test'));
    assert.deepEqual(offered(), ['pilot-again']);
    await end(new Fault('unknown', 'robot', 'test'));
    assert.deepEqual(offered(), ['pilot-new-code']);
    await end(new Fault('expired', 'code', 'test'));
    assert.deepEqual(offered(), ['pilot-new-code']);
    await end(new Fault('impostor', 'robot', 'test'));
    assert.deepEqual(offered(), []);
    history.replaceState(null, '', `#pilot/${ID}`);
    await end(new Fault('busy', 'robot', 'test'));
    assert.deepEqual(offered(), ['pilot-again', 'pilot-watch-instead']);
    assert.equal(byId('pilot-watch-instead')?.getAttribute('href'), `#watch/${ID}`);
    await end(new Fault('unreachable', 'robot', 'test'));
    history.replaceState(null, '', `#watch/${ID}`);
    await end(new Fault('busy', 'robot', 'test'));
    assert.deepEqual(offered(), ['pilot-again']);
    assert.include(textOf('fault'), 'Enough others watch');
  });

  it('says that a pad went away', async () => {
    const { pilot } = pilotPage();
    pilot.input.value = { ...pilot.input.value, gone: 'Pad' };
    await eventually('the sentence', () => textOf('fault').startsWith('Your pad went away.'));
  });
});

/** Silence, but a track. */
function soundTrack(): MediaStreamTrack {
  return new AudioContext().createMediaStreamDestination().stream.getAudioTracks()[0]!;
}

/** Every element below, in open shadows too. */
function everything(root: ParentNode): Element[] {
  return [...root.querySelectorAll('*')].flatMap((e) => (e.shadowRoot ? [e, ...everything(e.shadowRoot)] : [e]));
}

describe('a page that did not open', () => {
  it('says so and offers to reload', async () => {
    const page = document.createElement('tp-unopened');
    page.fault = new Fault('unreachable', 'page', 'test');
    show(page);
    await eventually('the sentence', () => textOf('fault').startsWith('The server can’t be reached'));
    assert.equal(find(document, 'button')?.textContent, 'Reload');
  });
});

describe('every page', () => {
  it('names all that can be pressed, chosen or filled in', async () => {
    await home({ robots: [{ id: ID, name: 'Rover', seenAtMs: Date.now() }] });
    robotPage();
    const { robot } = robotPage();
    robot.state.value = { at: 'driven', name: 'Anna', sinceMs: 0 };
    pilotPage();
    await eventually(
      'pages',
      () => byId('pilot-stop') !== undefined && byId('robot-link') !== undefined && byId('robot-stop') !== undefined,
    );
    const usable = everything(document.body).filter((e) => e.matches('button, a[href], select, input, summary'));
    assert.isAbove(usable.length, 40);
    for (const e of usable) {
      const labels = [...((e as HTMLInputElement).labels ?? [])].map((label) => label.textContent).join('');
      const name = `${e.getAttribute('aria-label') ?? ''}${e.textContent}${labels}`;
      assert.isNotEmpty(name.trim(), `${e.outerHTML} has no name`);
    }
  });

  for (const state of ['home', 'robot-waiting', 'robot-driven', 'pilot-driving', 'pilot-stopped']) {
    it(`runs under the strict policy: ${state}`, async () => {
      const frame = document.createElement('iframe');
      frame.width = '400';
      frame.height = '700';
      frame.src = `/test/browser/ui/gallery.html#${state}`;
      show(frame);
      const shown = () => frame.contentDocument?.documentElement?.dataset;
      await eventually('shown', () => shown()?.shown === state, 10_000);
      assert.isUndefined(shown()?.violation);
    });
  }
});
