/** Introduces simulated pages to each other while it is there; knows neither words nor frames. */
import { signal } from '@preact/signals-core';
import { Fault } from '../../src/core/fault.ts';
import type { Broker, BrokerState, Link } from '../../src/net/link.ts';
import type { Chance } from '../faults/seeded.ts';
import type { PageThread } from './page-thread.ts';
import type { VirtualTime } from './virtual-time.ts';

const NOTICED_WITHIN_MS = 300;
/** A page's tries follow each other more slowly the longer it is away. */
const SLOWEST_RETRY_MS = 3_000;
const ANSWER_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 150;
const FAILS = 0.05;

type Ring = (link: Link) => Promise<void>;
type Callee = { readonly page: PageThread; readonly joined: () => boolean; ring: Ring | undefined };

/** What a page's way to the broker needs of the world: whether packets pass, and the link that comes of a dial. */
export type Introducing = {
  readonly passes: () => boolean;
  /** Undefined when the other page is not there. */
  readonly link: () => { readonly near: Link; readonly far: Link } | undefined;
};

export class SimBroker {
  /** Counts its lives; undefined while it is dead. */
  #life: number | undefined = 1;
  #lives = 1;
  readonly #time: VirtualTime;
  readonly #chance: Chance;
  readonly #visitors = new Set<() => void>();
  #robot: Callee | undefined;

  constructor(time: VirtualTime, chance: Chance) {
    this.#time = time;
    this.#chance = chance;
  }

  kill(): void {
    this.#life = undefined;
    for (const notice of this.#visitors) notice();
  }

  restart(): void {
    this.kill();
    this.#life = ++this.#lives;
  }

  /** A page's own way to the broker. `introducing`: for who dials; absent: this is the robot. */
  join(page: PageThread, life: AbortSignal, introducing?: Introducing): Broker {
    const time = this.#time;
    const chance = this.#chance;
    const state = signal<BrokerState>({ at: 'joining' });
    let joinedIn: number | undefined;
    let retryInMs = 300;
    let trying = 0;
    const isJoined = () => joinedIn !== undefined && joinedIn === this.#life;
    const waiting = new Set<() => void>();

    const visit = (inMs: number) => {
      const mine = ++trying;
      time.after(inMs, () =>
        page.task(() => {
          if (life.aborted || mine !== trying) return;
          if (this.#life !== undefined && (introducing?.passes() ?? true)) {
            joinedIn = this.#life;
            retryInMs = 300;
            state.value = { at: 'joined' };
            for (const go of waiting) go();
            waiting.clear();
            return;
          }
          joinedIn = undefined;
          state.value = { at: 'away', retryInMs, fault: new Fault('unreachable', 'broker', 'gone') };
          visit(retryInMs * chance.between(0.5, 1));
          retryInMs = Math.min(2 * retryInMs, SLOWEST_RETRY_MS);
        }),
      );
    };
    const notice = () => {
      if (life.aborted || page.condition === 'dead') return void this.#visitors.delete(notice);
      time.after(chance.between(0, NOTICED_WITHIN_MS), () =>
        page.task(() => {
          if (life.aborted || isJoined()) return;
          state.value = { at: 'joining' };
          visit(chance.between(20, 200));
        }),
      );
    };
    this.#visitors.add(notice);
    visit(chance.between(30, 200));
    const robot: Callee = { page, joined: isJoined, ring: undefined };
    if (!introducing) this.#robot = robot;

    return {
      state,
      relay: signal(undefined),
      answer: (ring, until) => {
        robot.ring = ring;
        until.addEventListener('abort', () => (robot.ring = undefined));
      },
      rejoin: () => {
        state.value = { at: 'joining' };
        joinedIn = undefined;
        visit(chance.between(50, 300));
      },
      dial: (_peerId, cancel, answerWithinMs = ANSWER_WITHIN_MS) =>
        new Promise<Link>((resolve, reject) => {
          if (!introducing) return reject(new Fault('absent', 'robot', 'robots do not dial'));
          let settled = false;
          const fail = (fault: Fault) => {
            if (settled) return;
            settled = true;
            reject(fault);
          };
          const stop = () => fail(new Fault('cancelled', 'robot', 'called off'));
          if (cancel.aborted) return stop();
          cancel.addEventListener('abort', stop, { once: true });
          const later = (ms: number, run: () => void) =>
            time.after(ms, () => settled || page.task(() => settled || run()));
          const call = () => {
            const giveUpAtMs = time.nowMs + answerWithinMs;
            const slowMs = chance.between(200, 1_500);
            const wanted = () => {
              const callee = this.#robot;
              if (!isJoined()) return fail(new Fault('unreachable', 'broker', 'left while dialling'));
              if (!callee?.joined() || !callee.ring || callee.page.condition === 'dead') {
                return fail(new Fault('absent', 'robot', 'not at the broker'));
              }
              if (!callee.page.onNetwork || !introducing.passes() || chance.happens(FAILS)) {
                if (time.nowMs >= giveUpAtMs) {
                  fail(new Fault('timeout', 'robot', 'no answer'));
                } else later(LOOK_EVERY_MS, wanted);
                return;
              }
              later(slowMs, () => connect(callee));
            };
            later(chance.between(40, 250), wanted);
          };
          const connect = (callee: Callee) => {
            if (!introducing.passes()) return void later(LOOK_EVERY_MS, () => connect(callee));
            const { ring } = callee;
            // Another page of that device knows nothing of this call.
            const link = ring && callee.page === this.#robot?.page ? introducing.link() : undefined;
            if (!ring || !link) return fail(new Fault('absent', 'robot', 'left'));
            settled = true;
            callee.page.task(() => void ring(link.far));
            resolve(link.near);
          };
          if (isJoined()) call();
          else waiting.add(() => settled || call());
        }),
    };
  }
}
