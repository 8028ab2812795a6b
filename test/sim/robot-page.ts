/** The robot's device: its page with the real session on simulated rooms, closed, crashed and opened again; knows no fault by name. */
import { signal } from '@preact/signals-core';
import { boardDoor } from '../../src/board/lasting-board.ts';
import type { Fault } from '../../src/core/fault.ts';
import type { Capture } from '../../src/media/capture.ts';
import { startRobot } from '../../src/session/robot-session.ts';
import type { RobotSession } from '../../src/session/robot-state.ts';
import type { Settings } from '../../src/storage/settings.ts';
import type { Identity } from '../../src/trust/identity.ts';
import type { PageThread } from './page-thread.ts';
import type { SimBoard } from './sim-board.ts';
import type { SimBroker } from './sim-broker.ts';
import type { SimTrack } from './sim-link.ts';

export type RobotGiven = {
  readonly identity: Identity;
  readonly settings: Settings;
  readonly broker: SimBroker;
  readonly board: SimBoard;
  /** Wall-clock milliseconds. */
  readonly today: () => number;
};

export class RobotPage {
  #goes = false;
  page: PageThread;
  session!: RobotSession;
  readonly visible = signal(true);
  cameraFilms = true;
  readonly #open: () => PageThread;
  readonly #given: RobotGiven;

  /** `open` makes the thread of a new page. */
  constructor(open: () => PageThread, given: RobotGiven) {
    this.#open = open;
    this.#given = given;
    this.page = open();
  }

  start(): void {
    const { page } = this;
    const { identity, settings, broker, board, today } = this.#given;
    const door = boardDoor(board.kind, page.clock);
    const nothing = () => Promise.reject(new Error('none here'));
    page.task(() => {
      this.session = startRobot({
        clock: page.clock,
        settings,
        today,
        claimPlace: async () => {},
        identity: async () => ({ identity, lasting: true }),
        announceCode: async () => {},
        joinBroker: async (_identity, _relayOnly, life) => broker.join(page, life),
        addressOf: (id, secret) => ({ here: `#pair/${id}/${secret}`, network: undefined }),
        boards: { simulated: door, 'web-serial': door, bluetooth: door },
        pose: signal(undefined),
        openCamera: async (): Promise<Capture> => {
          const track: SimTrack = {
            kind: 'video',
            lives: () => this.cameraFilms && page.onNetwork,
            paintedAtMs: undefined,
          };
          return { track: track as unknown as MediaStreamTrack, lost: new Promise<Fault>(() => {}) };
        },
        openMicrophone: nothing,
        devices: () => () => {},
        wakeLock: () => signal('off'),
        visible: () => this.visible,
      });
    });
  }

  /** As when its tab is closed: it says goodbye. */
  close(): void {
    this.page.task(() => {
      this.#goes = true;
      this.session.close();
    });
  }

  /** Whether there is still a screen to press something on. */
  get shows(): boolean {
    return !this.#goes;
  }

  reopen(): void {
    this.#goes = false;
    this.page = this.#open();
    this.visible.value = true;
    this.start();
  }
}
