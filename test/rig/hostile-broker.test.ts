/** A broker and a relay under an attacker's control, against the real pages: what he tries, and that he gets nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attribute, reading } from '../e2e/readings.ts';
import { robotLink } from '../e2e/two-pages.ts';
import type { Word } from './hostile-broker/attacker/attacker.ts';
import { HostileRelay, type Packet } from './hostile-broker/hostile-relay.ts';
import { type Meddle, passive } from './hostile-broker/hostile-server.ts';
import {
  afresh,
  attempt,
  type Count,
  type HostileStage,
  MALLORY,
  open,
  openHostileStage,
  until,
  visit,
} from './hostile-broker/hostile-stage.ts';
import { redescribed } from './hostile-broker/mallory.ts';
import { type Spoken, testimony } from './hostile-broker/witness.ts';

/** As many as a robot hears out at the same time, and as fail before it makes the next one wait. */
const ROUNDS = 3;
/** Longer than a robot bears a stranger who proves nothing. */
const LOITER_MS = 11_500;

let stage: HostileStage;
/** The attacker's own key, and those of the honest, as the messages show them. */
let keys: { readonly mallory: string; readonly robot: string; readonly pilot: string; readonly malloryId: string };

beforeAll(async () => {
  stage = await openHostileStage();
  const { key, id } = await stage.mallory.own();
  keys = {
    mallory: key,
    malloryId: id,
    robot: String(recorded(stage.session, 'identity').key),
    pilot: String(recorded(stage.session, 'hello').key),
  };
});

afterAll(async () => {
  if (!stage) return;
  console.table(stage.counts.map(({ said, ...count }) => ({ ...count, said: [...said].join(', ') })));
  const rounds = stage.counts.reduce((sum, count) => sum + count.rounds, 0);
  const { begun, arrived } = stage.honest;
  console.log(`${rounds} attempts of ${stage.counts.length} kinds; ${arrived} of ${begun} honest visits arrived`);
  const wrong = [...stage.troubles()];
  if (wrong.length > 0 || arrived < begun) console.error(await stage.report());
  await stage.close();
  expect(wrong).toEqual([]);
  expect(arrived).toBe(begun);
});

/** A word of a session that the attacker somehow wrote down. */
function recorded(words: readonly Spoken[], type: string): Word {
  const found = words.map(({ text }): Word => JSON.parse(text)).find((word) => word.type === type);
  if (!found) throw new Error(`nobody said ${type}`);
  return found;
}

const rounds = <T>(play: (round: number) => Promise<T>) =>
  Promise.all(Array.from({ length: ROUNDS }, (_, i) => play(i)));
const pilotAddress = () => `${stage.server.origin}/#pilot/${stage.robotId}`;
const FINGERPRINT = /^a=fingerprint:.*$/gm;

/** Nothing was got. */
async function inVain(name: string, play: () => Promise<void>, honest = false, times = ROUNDS): Promise<Count> {
  const count = await attempt(stage, name, times, play, honest);
  const { video, control, names } = count;
  expect({ video, control, names }).toEqual({ video: 0, control: 0, names: 0 });
  return count;
}

/** The honest pilot goes. */
async function leaveRobot(): Promise<void> {
  await stage.pilots[0]!.goto('about:blank');
  await until(() => attribute(stage.robot, 'robot-state', 'data-at'), 'the robot waits', 30_000).toBe('waiting');
}

/** An offer of an earlier day, as this connection would make it: its ICE password and certificate, which the broker sees. */
function asNow(offer: string, answer: string): string {
  const line = (name: string) => new RegExp(`^a=${name}:.*$`, 'm').exec(answer)?.[0] ?? '';
  return ['ice-ufrag', 'ice-pwd', 'fingerprint']
    .reduce((sdp, name) => sdp.replace(new RegExp(`^a=${name}:.*$`, 'gm'), line(name)), offer)
    .replace(/^a=candidate:.*\r\n/gm, '');
}

/** Three visits to the robot at the same time, by whoever they say they are. */
async function strangers(
  call: (end: string, round: number) => Promise<void>,
  dial: Parameters<HostileStage['mallory']['dial']>[1] = {},
) {
  const { mallory, robotId } = stage;
  await rounds(async (round) => {
    const end = await mallory.dial(robotId, dial);
    await mallory.steer(end);
    await call(end, round);
  });
  await stage.robot.waitForTimeout(300);
}

/** Three tabs of a pilot dial, and the attacker takes each call as if he were the robot. */
async function impostor(
  pose: (end: string) => Promise<void>,
  options: {
    readonly address?: () => string;
    readonly media?: boolean;
    readonly change?: (sdp: string) => string;
  } = {},
): Promise<void> {
  const { mallory, pilots, robotId } = stage;
  const { address = pilotAddress, ...more } = options;
  const posing: Promise<void>[] = [];
  mallory.impersonate(new URL(address()).hash.split('/')[1] ?? robotId, (end) => void posing.push(pose(end)), more);
  await Promise.all(pilots.map((pilot) => open(pilot, address())));
  await until(async () => posing.length, 'every tab dials').toBeGreaterThanOrEqual(pilots.length);
  await Promise.allSettled(posing);
  await Promise.all(
    pilots.map(async (pilot) => {
      const settled = pilot.locator('[data-testid=pilot-state][data-at=ended], [data-testid=fault]').first();
      // A link that never comes up has no verdict: then what was painted meanwhile counts.
      await settled.waitFor({ timeout: 3_000 }).catch(() => {});
    }),
  );
}

test('an honest robot and an honest pilot find each other through a broker that only listens', async () => {
  for (let i = 0; i < 3; i++) expect(await visit(stage)).toBe(true);
});

describe('as a pilot, the attacker', () => {
  test.each<readonly [string, (end: string, round: number) => Promise<void>]>([
    ['unknown device, own key', (end) => stage.mallory.visit(end)],
    ['unknown device that wants to watch', (end) => stage.mallory.visit(end, { wants: 'watch' })],
    ['unknown device that only looks', (end) => stage.mallory.visit(end, { wants: 'look' })],
    ["an allowed pilot's public key", (end) => stage.mallory.visit(end, { key: keys.pilot })],
    [
      "the robot's own key and signature, reflected",
      (end) => stage.mallory.visit(end, { key: keys.robot, signature: 'echo' }),
    ],
    ["the robot's signature as one's own", (end) => stage.mallory.visit(end, { signature: 'echo' })],
    [
      'an old session, replayed',
      (end) => {
        const { session } = stage;
        return stage.mallory.visit(end, { hello: recorded(session, 'hello'), proof: recorded(session, 'proof') });
      },
    ],
    [
      'an old pairing, replayed',
      (end) => {
        const { pairing } = stage;
        return stage.mallory.visit(end, { hello: recorded(pairing, 'hello'), proof: recorded(pairing, 'proof') });
      },
    ],
    [
      "an old proof after one's own hello",
      (end) => stage.mallory.visit(end, { key: keys.pilot, proof: recorded(stage.session, 'proof') }),
    ],
    ['a used invitation', (end) => stage.mallory.visit(end, { secret: stage.usedSecret })],
    ['a guessed invitation', async (end) => stage.mallory.visit(end, { secret: await stage.mallory.randomSecret() })],
    ['another version', (end, round) => stage.mallory.visit(end, { version: [0, 1, 65_535][round] ?? 3 })],
    [
      'version 1 in a copy of a good hello',
      (end) => {
        const { session } = stage;
        return stage.mallory.visit(end, {
          hello: { ...recorded(session, 'hello'), version: 1 },
          proof: recorded(session, 'proof'),
        });
      },
    ],
    [
      'tracks asked for before the hello',
      async (end) => {
        await stage.mallory.opened(end);
        await stage.mallory.offerPicture(end);
        await stage.mallory.visit(end);
        await stage.mallory.offerPicture(end);
      },
    ],
    [
      'tracks asked for between hello and proof',
      async (end) => {
        await stage.mallory.opened(end);
        await stage.mallory.say(end, { ...recorded(stage.session, 'hello') });
        await stage.mallory.hears(end, 'identity');
        await stage.mallory.offerPicture(end);
        await stage.robot.waitForTimeout(800);
      },
    ],
    ['a picture in the first offer', (end) => stage.mallory.visit(end)],
    [
      'words for insiders before the verdict',
      async (end) => {
        await stage.mallory.opened(end);
        await stage.mallory.say(end, { type: 'clear', press: 1 });
        for (const type of ['stop', 'cleared', 'asked', 'bye']) await stage.mallory.say(end, { type });
        await stage.mallory.say(end, { type: 'stopped', by: MALLORY, press: 1 });
        await stage.mallory.say(end, {
          type: 'welcome',
          name: MALLORY,
          epoch: 1,
          simulated: false,
          role: 'owner',
          presses: 0,
        });
        await stage.robot.waitForTimeout(800);
      },
    ],
    [
      'words longer than a stranger may say',
      async (end) => {
        await stage.mallory.opened(end);
        await stage.mallory.shout(end);
        await stage.robot.waitForTimeout(500);
      },
    ],
    ['several certificates promised', (end) => stage.mallory.visit(end)],
    ['a certificate promised by sha-1', (end) => stage.mallory.visit(end)],
  ])('gets nothing by %s', async (name, call) => {
    await afresh(stage);
    const sha1 = name.includes('sha-1') ? await stage.mallory.sha1() : undefined;
    const random = Array.from({ length: 32 }, (_, i) => (i * 8).toString(16).padStart(2, '0'))
      .join(':')
      .toUpperCase();
    const change = sha1
      ? (sdp: string) => sdp.replace(FINGERPRINT, `a=fingerprint:sha-1 ${sha1.sha1.toUpperCase()}`)
      : (sdp: string) => sdp.replace(FINGERPRINT, (line) => `${line}\r\na=fingerprint:sha-256 ${random}`);
    const dial = /certificate/.test(name) ? { change } : { media: name.includes('first offer') };
    const { links } = await inVain(`as a pilot: ${name}`, () => strangers(call, dial));
    // Whoever promises tracks, or not one certificate, does not even get a link.
    expect(links).toBe(/certificate|first offer/.test(name) ? 0 : ROUNDS);
  });

  test('gets nothing by the public name of an invitation that is open, and it ends after five tries', async () => {
    await afresh(stage);
    const { mallory, robot } = stage;
    const link = await robotLink(robot);
    const [, , secret = ''] = new URL(link).hash.split('/');
    const invitation = await mallory.invitationOf(secret);
    await inVain('as a pilot: the name of an open invitation, without its secret', () =>
      strangers((end) => mallory.visit(end, { invitation })),
    );
    for (let i = 0; i < 2; i++) {
      // Whoever was turned away takes a place at the door until it is closed.
      await mallory.leave();
      await robot.waitForTimeout(600);
      await mallory.visit(await mallory.dial(stage.robotId), { invitation });
    }
    await until(() => robotLink(robot), 'another invitation').not.toBe(link);
  });

  test('gets nothing by an invitation that was replaced, or by a guest link whose time is over', async () => {
    await afresh(stage);
    const { mallory, robot } = stage;
    const [, , replaced = ''] = new URL(await robotLink(robot)).hash.split('/');
    await robot.getByTestId('robot-renew').click();
    await until(async () => (await robotLink(robot)).includes(replaced), 'another invitation').toBe(false);
    await inVain('as a pilot: a replaced invitation', () =>
      strangers((end) => mallory.visit(end, { secret: replaced })),
    );

    await afresh(stage);
    await robot.evaluate(() => {
      for (const folded of document.querySelectorAll('details')) folded.open = true;
    });
    await robot.getByTestId('robot-guest-make').evaluate((button) => (button as HTMLElement).click());
    await until(() => attribute(robot, 'robot-guest-link', 'href'), 'a link for a guest').toMatch(/#pair/);
    const [, , guest = ''] = ((await attribute(robot, 'robot-guest-link', 'href')) ?? '').split('#')[1]!.split('/');
    await robot.evaluate(() => {
      window.laterMs = 3 * 24 * 60 * 60_000;
    });
    await inVain('as a pilot: a guest link whose time is over', () =>
      strangers((end) => mallory.visit(end, { secret: guest })),
    );
  });

  test('harvests no picture by waiting at the door, and keeps nobody out by failing again and again', async () => {
    await afresh(stage);
    await inVain('as a pilot: loiters without a word, then after the hello', () =>
      strangers(async (end, round) => {
        await stage.mallory.opened(end);
        if (round > 0) await stage.mallory.say(end, recorded(stage.session, 'hello'));
        await stage.robot.waitForTimeout(LOITER_MS);
      }),
    );
    expect((await stage.mallory.loot()).filter((loot) => loot.open)).toEqual([]);
    await stage.mallory.leave();
    // Three failed, and each three more make the next one wait longer.
    for (let i = 0; i < 2; i++) {
      await inVain('as a pilot: comes again and again', () => strangers((end) => stage.mallory.visit(end)));
      await stage.mallory.leave();
    }
    expect(await visit(stage, 30_000)).toBe(true);
  });
});

describe('as the robot, the attacker', () => {
  test.each<readonly [string, (end: string) => Promise<void>]>([
    ['his own key', (end) => stage.mallory.pose(end)],
    ["the robot's public key", (end) => stage.mallory.pose(end, { key: keys.robot })],
    [
      "the robot's identity of an old session",
      (end) => stage.mallory.pose(end, { identity: recorded(stage.session, 'identity') }),
    ],
    ["the pilot's own words, reflected", (end) => stage.mallory.pose(end, { echo: true })],
    ["the pilot's own key", (end) => stage.mallory.pose(end, { key: keys.pilot })],
    ['a welcome and a picture without a word of who he is', (end) => stage.mallory.pose(end, { silent: true })],
    ['an older version', (end) => stage.mallory.pose(end, { version: 1, key: keys.robot })],
  ])('is not believed by %s', async (name, pose) => {
    await afresh(stage);
    const { links } = await inVain(`as the robot: ${name}`, () => impostor(pose));
    expect(links).toBeGreaterThanOrEqual(ROUNDS);
  });

  test('is not believed by a certificate beside the promised one, nor by one promised by sha-1', async () => {
    const answers = stage.server.overheard.filter(({ type, src }) => type === 'ANSWER' && src === stage.robotId);
    const real = answers.at(-1)?.payload?.sdp?.sdp.match(FINGERPRINT)?.[0] ?? '';
    expect(real).toMatch(/sha-256/);
    await afresh(stage);
    await inVain("as the robot: the robot's certificate promised beside his own", () =>
      impostor((end) => stage.mallory.pose(end, { key: keys.robot }), {
        change: (sdp) => sdp.replace(FINGERPRINT, (line) => `${line}\r\n${real}`),
      }),
    );
    await afresh(stage);
    const { sha1 } = await stage.mallory.sha1();
    await inVain('as the robot: his certificate promised by sha-1', () =>
      impostor((end) => stage.mallory.pose(end, { key: keys.robot }), {
        change: (sdp) => sdp.replace(FINGERPRINT, `a=fingerprint:sha-1 ${sha1.toUpperCase()}`),
      }),
    );
  });

  test('gets nothing out of an invitation that he answers himself', async () => {
    await afresh(stage);
    const link = await robotLink(stage.robot);
    await inVain('as the robot: to an invited pilot, with his own key', () =>
      impostor((end) => stage.mallory.pose(end, { mac: 'random' }), { address: () => link }),
    );
    await afresh(stage);
    await inVain("as the robot: to an invited pilot, with the robot's public key", () =>
      impostor((end) => stage.mallory.pose(end, { key: keys.robot, mac: 'random' }), { address: () => link }),
    );
  });

  test('gets nothing by answering with his own id whose code was typed', async () => {
    const { server, robot, pilots, mallory } = stage;
    for (const mac of ['random', 'none'] as const) {
      await afresh(stage);
      await until(() => reading(robot, 'robot-code'), 'a code to type').toMatch(/\w/);
      const code = ((await reading(robot, 'robot-code')) ?? '').replace(/\s/g, '');
      server.lieAboutCode = () => keys.malloryId;
      await inVain(`as the robot: found by a typed code (MAC: ${mac})`, async () => {
        const posing: Promise<void>[] = [];
        mallory.impersonate(keys.malloryId, (end) => void posing.push(mallory.pose(end, { mac })));
        await Promise.all(
          pilots.map(async (pilot) => {
            await open(pilot, `${server.origin}/`);
            const field = pilot.locator('#address');
            await field.fill(code);
            await field.press('Enter');
          }),
        );
        await until(async () => posing.length, 'every tab dials').toBeGreaterThanOrEqual(pilots.length);
        await Promise.allSettled(posing);
        await robot.waitForTimeout(500);
      });
    }
  });
});

describe('in the middle, the attacker', () => {
  test.each([undefined, 'version'] as const)(
    'gets nothing by two links of his own and every word carried over (changed: %s)',
    async (change) => {
      const { mallory, robotId } = stage;
      await afresh(stage);
      await inVain(`in the middle: carries every word${change ? ', with an older version' : ''}`, () =>
        impostor(async (end) => {
          const far = await mallory.dial(robotId);
          await Promise.all([mallory.opened(end), mallory.opened(far)]);
          await mallory.bridge(end, far, change);
          await mallory.steer(far);
          await stage.robot.waitForTimeout(1_500);
        }),
      );
    },
  );

  test.each([
    ["the robot's", 'ANSWER'],
    ["the pilot's", 'OFFER'],
    ["the robot's and the pilot's", ''],
  ])('only keeps the honest apart when he swaps %s fingerprint', async (whose, type) => {
    const { server, pilots, mallory } = stage;
    await afresh(stage);
    const { certificate } = await mallory.sha1();
    server.meddle = (message) => [
      type === '' || message.type === type
        ? redescribed(message, (sdp) => sdp.replace(FINGERPRINT, `a=fingerprint:sha-256 ${certificate.toUpperCase()}`))
        : message,
    ];
    await inVain(`in the middle: swaps ${whose} fingerprint`, async () => {
      await Promise.all(pilots.map((pilot) => open(pilot, pilotAddress())));
      await pilots[0]!.waitForTimeout(2_000);
    });
  });

  test.each([
    ["the robot's", 'ANSWER'],
    ["the pilot's", 'OFFER'],
  ])('is refused when he promises a certificate of his own beside %s', async (whose, type) => {
    const { server, pilots, mallory } = stage;
    await afresh(stage);
    const { certificate } = await mallory.sha1();
    server.meddle = (message) => [
      message.type === type
        ? redescribed(message, (sdp) =>
            sdp.replace(FINGERPRINT, (line) => `${line}\r\na=fingerprint:sha-256 ${certificate.toUpperCase()}`),
          )
        : message,
    ];
    await inVain(`in the middle: a certificate beside ${whose}`, async () => {
      await Promise.all(pilots.map((pilot) => open(pilot, pilotAddress())));
      await pilots[0]!.waitForTimeout(2_000);
    });
  });

  test('does not get an honest visit by an answer of his own, thrown in when the robot offers its picture', async () => {
    const { server, mallory, robotId, session } = stage;
    await afresh(stage);
    const words = session.map(({ text }): Word => JSON.parse(text)).filter(({ type }) => type === 'description');
    const offers = words.map(({ description }) => description as { type: string; sdp: string });
    const offer = offers.find(({ type }) => type === 'offer')?.sdp ?? '';
    expect(offer).toContain('m=video');
    await inVain(
      'in the middle: answers the offer of the picture, by the broker',
      async () => {
        for (let round = 0; round < ROUNDS; round++) {
          let flood: ReturnType<typeof setInterval> | undefined;
          server.meddle = async (message) => {
            const { type, src, dst = '', payload } = message;
            if (src !== robotId || type !== 'ANSWER' || !payload || flood) return [message];
            // He calls nobody: a robot that believes the answer comes to him.
            const mine = await mallory.answerTo(asNow(offer, payload.sdp?.sdp ?? ''));
            const forged = {
              type: 'data',
              connectionId: payload.connectionId ?? '',
              sdp: { type: 'answer', sdp: mine },
            };
            flood = setInterval(() => server.deliver({ type: 'ANSWER', src: dst, dst: robotId, payload: forged }), 5);
            return [message];
          };
          try {
            expect(await visit(stage)).toBe(true);
          } finally {
            clearInterval(flood);
            server.meddle = passive;
          }
          expect(flood).toBeDefined();
          await leaveRobot();
        }
      },
      true,
    );
  });

  test('does not end an honest visit that has begun', async () => {
    const { server, pilots, robotId, robot } = stage;
    await afresh(stage);
    expect(await visit(stage)).toBe(true);
    const pilotId = server.ids.find((id) => id !== robotId) ?? '';
    await inVain(
      'in the middle: says that everybody left, that ids are taken, and hangs up',
      async () => {
        for (const [src, dst] of [
          [pilotId, robotId],
          [robotId, pilotId],
        ] as const) {
          const offers = server.overheard.filter((message) => message.type === 'OFFER' && message.dst === robotId);
          const { payload = {} } = offers.at(-1) ?? {};
          for (const type of ['OFFER', 'LEAVE', 'EXPIRE', 'ID-TAKEN', 'ERROR'])
            server.deliver({ type, src, dst, payload });
          server.hangUp(dst);
        }
        await robot.waitForTimeout(2_000);
      },
      true,
    );
    expect(await attribute(pilots[0]!, 'pilot-state', 'data-at')).toBe('watching');
    expect((await testimony(pilots[0]!)).framesIn).toBeGreaterThan(10);
  });

  test('does not keep the honest apart by delays, doubles and losses, once they are over', async () => {
    const { server } = stage;
    const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    const meddlers: readonly (readonly [string, () => Meddle])[] = [
      [
        'each message up to a second late',
        () => async (message) => {
          await later(Math.random() * 1_000);
          return [message];
        },
      ],
      ['each message twice', () => (message) => [message, message]],
      [
        'every second candidate lost',
        () => {
          let n = 0;
          return (message) => (message.type === 'CANDIDATE' && n++ % 2 ? [] : [message]);
        },
      ],
      [
        'first said to be absent',
        () => {
          let first = true;
          return (message) => {
            if (message.type !== 'OFFER' || !first) return [message];
            first = false;
            return [{ type: 'EXPIRE', src: message.dst ?? '', dst: message.src ?? '' }];
          };
        },
      ],
      [
        'the first offer lost',
        () => {
          let first = true;
          return (message) => {
            if (message.type !== 'OFFER' || !first) return [message];
            first = false;
            return [];
          };
        },
      ],
    ];
    for (const [name, meddler] of meddlers) {
      await afresh(stage);
      server.meddle = meddler();
      expect(await visit(stage, 40_000), name).toBe(true);
      server.meddle = passive;
    }
  });
});

describe('on the relay, the attacker', () => {
  test('sees only ciphertext, and neither injects nor replays', async () => {
    const { server, robotId } = stage;
    await afresh(stage);
    const former: Packet[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const relay = await HostileRelay.open();
      server.meddle = relay.meddle(robotId);
      // Who sits on the path can break a handshake, as by cutting it. What is sealed is what he must not get at.
      relay.onPacket = ({ to, bytes, sealed }) => {
        if (!sealed) return bytes;
        const bent = Buffer.from(bytes);
        bent[Math.floor(Math.random() * bent.length)]! ^= 1 << Math.floor(Math.random() * 8);
        relay.inject(to, bent);
        relay.inject(to, bytes);
        const old = former[Math.floor(Math.random() * former.length)];
        if (old) relay.inject(to, old.bytes);
        return bytes;
      };
      try {
        await visitOver(relay, former);
      } finally {
        relay.close();
        server.meddle = passive;
      }
      await leaveRobot();
    }
  });

  async function visitOver(relay: HostileRelay, former: Packet[]): Promise<void> {
    const { robot, pilots } = stage;
    await inVain(
      'on the relay: bends, repeats and injects packets',
      async () => {
        expect(await visit(stage)).toBe(true);
        const noted = relay.packets.filter(({ kind }) => kind !== 'stun');
        expect(noted.some(({ kind }) => kind === 'dtls')).toBe(true);
        for (let i = 0; i < 10; i++) {
          for (const { to, bytes } of noted.slice(0, 300)) relay.inject(to, bytes);
          await robot.waitForTimeout(50);
        }
        former.push(...noted.filter(({ sealed }) => sealed));
      },
      true,
      1,
    );
    expect(await attribute(pilots[0]!, 'pilot-state', 'data-at')).toBe('watching');
    expect((await testimony(pilots[0]!)).framesIn).toBeGreaterThan(0);
    const { packets } = relay;
    console.log(
      `over the relay: ${packets.length} packets, ${packets.filter(({ kind }) => kind === 'dtls').length} DTLS, ${packets.filter(({ kind }) => kind === 'srtp').length} SRTP`,
    );
    const carried = Buffer.concat(packets.map(({ bytes }) => bytes)).toString('latin1');
    for (const plain of ['telepresent', '"type"', 'hello', keys.robot, keys.pilot, 'nonce'])
      expect(carried).not.toContain(plain);
    expect(packets.filter(({ kind }) => kind === 'other')).toEqual([]);
  }
});

test('the same attacker gets all of it from whoever lets him in, so that the counts above are worth something', async () => {
  const { mallory, robot, robotId, pilots } = stage;
  await afresh(stage);
  const [, , secret = ''] = new URL(await robotLink(robot)).hash.split('/');
  const end = await mallory.dial(robotId);
  const visiting = mallory.visit(end, { secret });
  await robot.getByTestId('robot-asking').waitFor({ state: 'visible' });
  await robot.getByTestId('robot-ask-yes').click();
  await visiting;
  await mallory.steer(end);
  await until(async () => (await mallory.loot())[0]?.videoFrames ?? 0, 'video').toBeGreaterThan(10);
  await robot.waitForTimeout(1_500);
  const { marks, named, packetsOut } = await testimony(robot);
  expect((await mallory.loot())[0]?.reports).toBeGreaterThan(0);
  expect(marks['robot-failsafe']).toContain('failsafe=driving');
  expect(named).toEqual([MALLORY]);
  expect(packetsOut).toBeGreaterThan(0);

  await afresh(stage);
  const own = await mallory.randomSecret();
  const posing: Promise<void>[] = [];
  mallory.impersonate(keys.malloryId, (far) => void posing.push(mallory.pose(far, { secret: own })));
  await open(pilots[0]!, `${stage.server.origin}/#pair/${keys.malloryId}/${own}`);
  await until(() => attribute(pilots[0]!, 'pilot-state', 'data-at'), 'believed').toBe('watching');
  let frames = 0;
  await until(async () => {
    frames += (await testimony(pilots[0]!)).framesIn;
    return frames;
  }, 'his picture').toBeGreaterThan(5);
});
