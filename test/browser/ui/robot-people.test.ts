/** Who may come in, who asks and who is here, as whoever stands at the robot meets it. */
import { Fault } from '../../../src/core/fault.ts';
import '../../../src/ui/robot.ts';
import { afterEach, assert, describe, eventually, it } from '../bdd.ts';
import { drawnRoom } from './drawn-room.ts';
import { fakeRobot } from './fake-robot.ts';
import { buttonIn, byId, pointer, removeAll, show, textOf } from './page.ts';

const ANNA = { visit: '1', who: 'a', name: 'Anna', role: 'owner', drives: true, asks: false, sinceMs: 0 } as const;
const BEN = { visit: '2', who: 'b', name: 'Ben', role: 'watcher', drives: false, asks: false, sinceMs: 0 } as const;
const PEOPLE = [
  { id: 'a', name: 'Anna', role: 'owner', addedAtMs: 0 },
  { id: 'b', name: 'Ben', role: 'guest', addedAtMs: 0, untilMs: Date.now() + 7_200_000 },
] as const;
const HOUR_MS = 3_600_000;

afterEach(removeAll);

function robotPage(robot = fakeRobot()) {
  const page = document.createElement('tp-robot');
  page.session = robot;
  show(page);
  return { robot, page };
}

/** A hand that waits until the question can be answered. */
async function press(id: string): Promise<void> {
  await eventually(`${id} can be pressed`, () => byId<HTMLButtonElement>(id)?.disabled === false);
  byId(id)!.click();
}

function covers(above: Element, below: Element): boolean {
  const [a, b] = [above.getBoundingClientRect(), below.getBoundingClientRect()];
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

describe('the invitation', () => {
  it('is a link, a code in fours and the time they have left', async () => {
    const { robot } = robotPage();
    await eventually('the code', () => textOf('robot-code') === '7QXK 2M9D P4TA 8WHE');
    assert.equal(byId<HTMLAnchorElement>('robot-link')?.href, robot.invitation.value!.here);
    assert.match(textOf('robot-code-expires'), /^New code in 4:\d\d$/);
    robot.invitation.value = { ...robot.invitation.value!, expiresAtMs: Date.now() - 1 };
    await eventually('a new one is due', () => textOf('robot-code-expires') === 'A new code comes now');
  });

  it('shows the link alone until the code can be typed', async () => {
    const { robot } = robotPage();
    robot.invitation.value = { ...robot.invitation.value!, code: undefined };
    await eventually('the link', () => byId('robot-link') !== undefined);
    assert.isUndefined(byId('robot-code'));
  });

  it('is made anew on demand', async () => {
    const { robot } = robotPage();
    await eventually('the button', () => byId('robot-renew') !== undefined);
    byId('robot-renew')!.click();
    assert.deepEqual(robot.calls, [['renewInvitation']]);
  });
});

describe('the question', () => {
  it('lets the first one in as owner with one tap', async () => {
    const { robot } = robotPage();
    robot.asking.value = { name: 'Anna', sinceMs: 0 };
    await eventually('the question', () => byId<HTMLDialogElement>('robot-asking')?.open === true);
    assert.include(textOf('robot-asking'), 'Let Anna drive?');
    await press('robot-ask-yes');
    assert.deepEqual(robot.calls, [['letIn', 'owner', undefined]]);
    await eventually('it is answered', () => byId('robot-asking') === undefined);
  });

  it('offers everybody after the first to come in as pilot', async () => {
    const { robot } = robotPage();
    robot.people.value = PEOPLE;
    robot.asking.value = { name: 'Zoe', sinceMs: 0 };
    await press('robot-ask-yes');
    assert.deepEqual(robot.calls, [['letIn', 'pilot', undefined]]);
  });

  it('lets a watcher in, and forgets the choice before the next question', async () => {
    const { robot } = robotPage();
    robot.people.value = PEOPLE;
    robot.asking.value = { name: 'Zoe', sinceMs: 0 };
    await eventually('the roles', () => byId('robot-ask-role-watcher') !== undefined);
    byId('robot-ask-role-watcher')!.click();
    await press('robot-ask-yes');
    assert.deepEqual(robot.calls.at(-1), ['letIn', 'watcher', undefined]);
    robot.asking.value = { name: 'Yan', sinceMs: 1 };
    await eventually('the next', () => textOf('robot-asking').includes('Let Yan drive?'));
    await press('robot-ask-yes');
    assert.deepEqual(robot.calls.at(-1), ['letIn', 'pilot', undefined]);
  });

  it('lets a guest in until the time that was chosen', async () => {
    const { robot } = robotPage();
    robot.asking.value = { name: 'Zoe', sinceMs: 0 };
    await eventually('the roles', () => byId('robot-ask-role-guest') !== undefined);
    assert.isUndefined(byId('robot-ask-until'));
    byId('robot-ask-role-guest')!.click();
    await eventually('the times', () => byId('robot-ask-until') !== undefined);
    const until = byId<HTMLSelectElement>('robot-ask-until')!;
    until.value = 'week';
    until.dispatchEvent(new Event('change'));
    await press('robot-ask-yes');
    const [call, role, untilMs] = robot.calls.at(-1)!;
    assert.deepEqual([call, role], ['letIn', 'guest']);
    assert.closeTo(untilMs as number, Date.now() + 7 * 24 * HOUR_MS, 60_000);
  });

  it('hears a no, also by Escape', async () => {
    const { robot } = robotPage();
    robot.asking.value = { name: 'Zoe', sinceMs: 0 };
    await press('robot-ask-no');
    assert.deepEqual(robot.calls, [['turnDown']]);
    robot.asking.value = { name: 'Yan', sinceMs: 1 };
    await eventually('asked again', () => textOf('robot-asking').includes('Yan'));
    await eventually('it can be answered', () => byId<HTMLButtonElement>('robot-ask-no')?.disabled === false);
    byId('robot-asking')!.dispatchEvent(new Event('cancel', { cancelable: true }));
    assert.deepEqual(robot.calls, [['turnDown'], ['turnDown']]);
  });

  it('takes no tap that was meant for what stood there before', async () => {
    const { robot } = robotPage();
    robot.asking.value = { name: 'Zoe', sinceMs: 0 };
    await eventually('the question', () => byId('robot-ask-yes') !== undefined);
    byId('robot-ask-yes')!.click();
    assert.deepEqual(robot.calls, []);
  });

  it('is answered only by who can read it', async () => {
    const { robot } = robotPage();
    robot.asking.value = { name: 'Zoe', sinceMs: 0 };
    await eventually('it can be answered', () => byId<HTMLButtonElement>('robot-ask-yes')?.disabled === false);
    robot.asking.value = { name: 'Mallory', sinceMs: 1 };
    byId('robot-ask-yes')!.click();
    byId('robot-ask-no')!.click();
    assert.deepEqual(robot.calls, [], 'the screen still said Zoe');
  });

  it('goes away with whoever asked', async () => {
    const { robot } = robotPage();
    robot.asking.value = { name: 'Zoe', sinceMs: 0 };
    await eventually('the question', () => byId('robot-asking') !== undefined);
    robot.asking.value = undefined;
    await eventually('gone', () => byId('robot-asking') === undefined);
    assert.deepEqual(robot.calls, []);
  });

  it('leaves STOP in sight and in reach while somebody drives', async () => {
    const { robot } = robotPage();
    robot.state.value = { at: 'driven', name: 'Anna', sinceMs: 0 };
    robot.company.value = [ANNA];
    robot.asking.value = { name: 'Zoe', sinceMs: 0 };
    await eventually('the question', () => byId<HTMLDialogElement>('robot-asking')?.open === true);
    const dialog = byId('robot-asking')!;
    const stop = byId('robot-stop')!;
    assert.isFalse(covers(dialog, stop));
    const box = stop.getBoundingClientRect();
    const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    assert.equal(hit?.localName, 'tp-robot', 'the page is not inert');
    pointer(buttonIn('robot-stop'), 'pointerdown');
    assert.deepEqual(robot.calls, [['stop']]);
  });
});

describe('who may come in', () => {
  it('is listed with the role, its end and who is here', async () => {
    const { robot } = robotPage();
    robot.people.value = PEOPLE;
    await eventually('two', () => byId('robot-people')?.dataset.count === '2');
    const rows = [...byId('robot-people')!.querySelectorAll<HTMLElement>("[data-testid='robot-person']")];
    assert.deepEqual(
      rows.map(({ dataset }) => [dataset.who, dataset.role]),
      [
        ['b', 'guest'],
        ['a', 'owner'],
      ],
    );
    assert.match(rows[0]!.textContent, /Guest until .*\d\d:\d\d/);
    assert.notInclude(rows[0]!.textContent, 'here now');
    robot.state.value = { at: 'failed', fault: new Fault('in-use', 'page', 'test') };
    robot.company.value = [{ ...BEN, role: 'guest' }];
    await eventually('Ben is here', () => byId('robot-person')?.textContent.includes('here now') === true);
  });

  it('is taken back at the second tap, and kept at any other', async () => {
    const { robot } = robotPage();
    robot.people.value = PEOPLE;
    await press('robot-revoke');
    await eventually('it asks', () => byId('robot-revoke-no') !== undefined);
    assert.deepEqual(robot.calls, []);
    byId('robot-revoke-no')!.click();
    await press('robot-revoke');
    await press('robot-revoke-yes');
    assert.deepEqual(robot.calls, [['revoke', 'b']]);
    await eventually('one is left', () => byId('robot-people')?.dataset.count === '1');
  });

  it('includes guests by links that are made and taken back', async () => {
    const { robot } = robotPage();
    await press('robot-guest-make');
    const [call, untilMs] = robot.calls.at(-1)!;
    assert.equal(call, 'makeGuestLink');
    assert.closeTo(untilMs as number, Date.now() + HOUR_MS, 60_000);
    await eventually('the link', () => byId('robot-guest-link') !== undefined);
    assert.equal(byId<HTMLAnchorElement>('robot-guest-link')!.href, robot.guestLinks.value[0]!.here);
    byId('robot-guest-drop')!.click();
    assert.deepEqual(robot.calls.at(-1), ['dropGuestLink', 'g0']);
    await eventually('gone', () => byId('robot-guest-link') === undefined);
  });

  it('leaves a trace of who drove and who watched', async () => {
    const { robot } = robotPage();
    const fromMs = Date.now() - HOUR_MS;
    robot.pastVisits.value = [
      { who: 'a', name: 'Anna', drove: true, fromMs, toMs: fromMs + 12 * 60_000 },
      { who: 'b', name: 'Ben', drove: false, fromMs, toMs: fromMs + 1000 },
    ];
    await eventually('both', () => byId('robot-past-visits')?.dataset.count === '2');
    assert.match(byId('robot-past-visits')!.textContent, /Anna\s+drove[\s\S]*12 min[\s\S]*Ben\s+watched[\s\S]*under a/);
  });
});

describe('who is here', () => {
  it('stands on the screen while only watched, and can be sent away one by one', async () => {
    const { robot } = robotPage();
    robot.company.value = [BEN, { ...BEN, visit: '3', who: 'c', name: 'Cleo' }];
    await eventually('both', () => byId('robot-company')?.dataset.count === '2');
    assert.equal(byId('robot-state')?.dataset.at, 'waiting');
    assert.include(
      byId('robot-state')!.querySelector('tp-robot-live')!.shadowRoot!.textContent,
      'Ben and Cleo are watching',
    );
    assert.deepEqual(
      { ...byId('robot-company-one')!.dataset },
      {
        testid: 'robot-company-one',
        visit: '2',
        name: 'Ben',
        role: 'watcher',
        drives: 'false',
        asks: 'false',
      },
    );
    assert.isDefined(byId('robot-stop'));
    byId('robot-dismiss')!.click();
    assert.deepEqual(robot.calls, [['dismiss', '2']]);
    await eventually('one is left', () => byId('robot-company')?.dataset.count === '1');
    byId('robot-dismiss')!.click();
    await eventually('nobody', () => byId('robot-company') === undefined && byId('robot-link') !== undefined);
  });

  it('is counted on the switches of camera and microphone', async () => {
    const { robot } = robotPage();
    robot.picture.value = drawnRoom();
    robot.microphone.value = 'default';
    robot.state.value = { at: 'driven', name: 'Anna', sinceMs: 0 };
    robot.company.value = [ANNA, BEN];
    await eventually('the camera', () => textOf('robot-camera') === 'Camera2 see it');
    assert.equal(textOf('robot-microphone'), 'Mic2 hear it');
  });

  it('still shows that the page can’t be the robot', async () => {
    const { robot } = robotPage();
    robot.company.value = [BEN];
    robot.state.value = { at: 'failed', fault: new Fault('in-use', 'page', 'test') };
    await eventually('the reason', () => byId('fault')?.dataset.code === 'in-use');
    assert.equal(byId('robot-state')?.dataset.at, 'failed');
  });

  it('lights the screen at each arrival, for 3 s after the last', async () => {
    const { robot } = robotPage();
    await eventually('nobody is here', () => byId('robot-link') !== undefined);
    assert.isUndefined(byId('robot-lit'));
    robot.company.value = [ANNA];
    await eventually('lit', () => byId('robot-lit') !== undefined);
    const light = byId('robot-lit')!;
    assert.equal(getComputedStyle(light).pointerEvents, 'none');
    assert.equal(getComputedStyle(light).animationName, 'none', 'nothing flashes');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    robot.company.value = [ANNA, BEN];
    const lastMs = performance.now();
    await eventually('dark', () => byId('robot-lit') === undefined, 8000);
    assert.isAtLeast(performance.now() - lastMs, 2900, 'it counts from the last');
    robot.company.value = [ANNA];
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.isUndefined(byId('robot-lit'), 'leaving lights nothing');
  });
});

describe('this device', () => {
  it('hides its address on demand, and says what is wrong with the relay', async () => {
    const { robot } = robotPage();
    await eventually('the switch', () => byId('robot-relay-only') !== undefined);
    byId('robot-relay-only')!.click();
    assert.deepEqual(robot.calls, [['hideAddress', true]]);
    robot.relayFault.value = new Fault('unreachable', 'relay', 'test');
    await eventually('the fault', () => byId('fault')?.dataset.subject === 'relay');
  });

  it('says so when it can’t be known again after a reload', async () => {
    const { robot } = robotPage();
    await eventually('the page', () => byId('robot-link') !== undefined);
    assert.isUndefined(byId('robot-not-lasting'));
    robot.lasting.value = false;
    await eventually('the notice', () => textOf('robot-not-lasting').includes('have to pair again'));
  });

  it('says so while the browser lets nothing sound', async () => {
    const { page } = robotPage();
    page.silent = true;
    await eventually('the notice', () => textOf('robot-silent').includes('until you tap'));
    page.silent = false;
    await eventually('no notice', () => byId('robot-silent') === undefined);
  });
});
