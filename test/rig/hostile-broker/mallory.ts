/** The attacker as one person: a WebRTC stack in a page of its own, with a hand on the hostile server; knows no test. */

import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { createServer } from 'vite';
import { built } from '../build-rig.ts';
import type { EndOptions, Loot, PilotPlan, RobotPlan, Word } from './attacker/attacker.ts';
import { type HostileServer, type Meddle, passive, type Wire, type WirePayload } from './hostile-server.ts';

export type AttackerPages = { readonly address: string; close(): Promise<void> };

/** Serves the page in which the attacker's WebRTC runs. */
export async function serveAttacker(): Promise<AttackerPages> {
  const server = await createServer({
    configFile: false,
    root: fileURLToPath(new URL('./attacker', import.meta.url)),
    cacheDir: built('vite-attacker'),
    logLevel: 'error',
    server: {
      port: 0,
      host: 'localhost',
      hmr: false,
      watch: null,
      fs: { allow: [fileURLToPath(new URL('../../..', import.meta.url))] },
    },
  });
  await server.listen();
  const bound = server.httpServer?.address();
  if (!bound || typeof bound === 'string') throw new Error("the attacker's page server has no port");
  return { address: `http://localhost:${bound.port}/`, close: () => server.close() };
}

let names = 0;

export class Mallory {
  readonly #page: Page;
  readonly #server: HostileServer;
  #ends: string[] = [];
  #ending: (() => void)[] = [];

  constructor(page: Page, server: HostileServer) {
    this.#page = page;
    this.#server = server;
  }

  own(): Promise<{ key: string; id: string }> {
    return this.#page.evaluate(() => window.attacker.own());
  }

  randomSecret(): Promise<string> {
    return this.#page.evaluate(() => window.attacker.randomSecret());
  }

  /** The public name of the invitation behind a secret. */
  async invitationOf(secret: string): Promise<string> {
    return this.#page.evaluate((text) => window.attacker.invitationOf(text), secret);
  }

  sha1(): Promise<{ certificate: string; sha1: string }> {
    return this.#page.evaluate(() => window.attacker.sha1());
  }

  /** An end to the robot, as if a page called `as` had dialled. `change` is for the offer that the robot gets. */
  async dial(
    robotId: string,
    options: EndOptions & { readonly as?: string; readonly change?: (sdp: string) => string } = {},
  ): Promise<string> {
    const { as = `mallory${names}`, change = (sdp) => sdp, ...more } = options;
    const end = this.#newEnd();
    const sdp = await this.#page.evaluate(([name, given]) => window.attacker.dial(name, given), [end, more] as const);
    const stop = this.#server.attend(as, ({ type, payload }) => {
      if (type === 'ANSWER' && payload?.sdp) void this.#accept(end, payload.sdp.sdp);
      if (type === 'CANDIDATE' && payload) void this.#find(end, payload);
    });
    this.#ending.push(stop);
    const connectionId = `dc_${end}`;
    const payload: WirePayload = {
      sdp: { type: 'offer', sdp: change(sdp) },
      type: 'data',
      connectionId,
      label: connectionId,
      reliable: true,
      serialization: 'raw',
    };
    this.#server.deliver({ type: 'OFFER', src: as, dst: robotId, payload });
    return end;
  }

  /**
   * Takes every call to `robotId` for itself, each at an end of its own. `change` is for the answer that the caller gets;
   * `called` hears of each end at once.
   */
  impersonate(
    robotId: string,
    called: (end: string) => void,
    options: EndOptions & { readonly change?: (sdp: string) => string } = {},
  ): void {
    const { change = (sdp) => sdp, ...more } = options;
    const ends = new Map<string, string>();
    const meddle: Meddle = async (message) => {
      const { type, src = '', dst, payload } = message;
      const end = ends.get(src);
      if (dst !== robotId || !payload) return [message];
      if (type === 'CANDIDATE' && end) void this.#find(end, payload);
      if (type !== 'OFFER' || !payload.sdp) return [];
      const name = this.#newEnd();
      ends.set(src, name);
      const answer = await this.#page.evaluate(([at, offer, given]) => window.attacker.answer(at, offer, given), [
        name,
        payload.sdp.sdp,
        more,
      ] as const);
      called(name);
      const sdp = { type: 'answer', sdp: change(answer) };
      const { connectionId = '' } = payload;
      return [{ type: 'ANSWER', src: robotId, dst: src, payload: { sdp, type: 'data', connectionId } }];
    };
    this.#server.meddle = meddle;
    this.#ending.push(() => {
      this.#server.meddle = passive;
    });
  }

  opened(end: string): Promise<boolean> {
    return this.#page.evaluate((name) => window.attacker.opened(name), end);
  }

  bridge(one: string, other: string, change?: 'version'): Promise<void> {
    return this.#page.evaluate(([a, b, how]) => window.attacker.bridge(a, b, how), [one, other, change] as const);
  }

  visit(end: string, plan: PilotPlan = {}): Promise<void> {
    return this.#page.evaluate(([name, given]) => window.attacker.visit(name, given), [end, plan] as const);
  }

  pose(end: string, plan: RobotPlan = {}): Promise<void> {
    return this.#page.evaluate(([name, given]) => window.attacker.pose(name, given), [end, plan] as const);
  }

  steer(end: string): Promise<void> {
    return this.#page.evaluate((name) => window.attacker.steer(name), end);
  }

  shout(end: string): Promise<void> {
    return this.#page.evaluate((name) => window.attacker.shout(name), end);
  }

  say(end: string, word: Word): Promise<void> {
    return this.#page.evaluate(([name, given]) => window.attacker.say(name, given), [end, word] as const);
  }

  offerPicture(end: string): Promise<void> {
    return this.#page.evaluate((name) => window.attacker.offerPicture(name), end);
  }

  hears(end: string, type: string, patienceMs = 3_000): Promise<Word | undefined> {
    return this.#page.evaluate(([name, wanted, ms]) => window.attacker.hears(name, wanted, ms), [
      end,
      type,
      patienceMs,
    ] as const);
  }

  words(end: string): Promise<readonly Word[]> {
    return this.#page.evaluate((name) => window.attacker.words(name), end);
  }

  /** An answer of its own to somebody's offer, for use where it was never meant. */
  async answerTo(offer: string): Promise<string> {
    const end = this.#newEnd();
    return this.#page.evaluate(([name, given]) => window.attacker.answer(name, given, {}), [end, offer] as const);
  }

  loot(): Promise<readonly Loot[]> {
    return this.#page.evaluate((ends) => Promise.all(ends.map((name) => window.attacker.loot(name))), [...this.#ends]);
  }

  /** Lets go of everything, and of the server. */
  async leave(): Promise<void> {
    for (const end of this.#ending.splice(0)) end();
    await this.#page.evaluate((ends) => {
      for (const name of ends) window.attacker.leave(name);
    }, this.#ends.splice(0));
  }

  async #accept(end: string, sdp: string): Promise<void> {
    // What the answer cannot be, the attempt itself shows: no end opens.
    await this.#page
      .evaluate(([name, answer]) => window.attacker.accept(name, answer), [end, sdp] as const)
      .catch(() => {});
  }

  /** A way to the other side of an end. */
  async #find(end: string, { candidate }: WirePayload): Promise<void> {
    if (!candidate) return;
    await this.#page
      .evaluate(([name, found]) => window.attacker.candidate(name, found), [end, candidate] as const)
      .catch(() => {});
  }

  #newEnd(): string {
    const end = `end${++names}`;
    this.#ends.push(end);
    return end;
  }
}

/** The same message with its description changed. */
export function redescribed(message: Wire, change: (sdp: string) => string): Wire {
  const { payload } = message;
  if (!payload?.sdp) return message;
  return { ...message, payload: { ...payload, sdp: { ...payload.sdp, sdp: change(payload.sdp.sdp) } } };
}
