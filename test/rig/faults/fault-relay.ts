/** A real relay at the pilot's end of the path, for trials whose pages find no other way; knows no page. */
import { type CoturnOptions, startCoturn, TURN_SECRET } from '../coturn.ts';
import type { Namespace } from '../namespaces.ts';

/** Public, since the relay refuses every other kind. No packet leaves the namespaces. */
const ADDRESS = '11.78.0.3';

export class FaultRelay {
  readonly #robotPlace: Namespace;
  readonly #pilotPlace: Namespace;
  readonly #pilotAddress: string;
  readonly #options: CoturnOptions;
  #coturn: { kill(): Promise<void> } | undefined;
  #isOnlyWay = false;

  constructor(robotPlace: Namespace, pilotPlace: Namespace, pilotAddress: string, folder: string) {
    this.#robotPlace = robotPlace;
    this.#pilotPlace = pilotPlace;
    this.#pilotAddress = pilotAddress;
    this.#options = { env: { TURN_IPV4: ADDRESS }, folder };
    // Browsers pass over loopback: elsewhere they would take it for an address of their own.
    pilotPlace.address('lo', `${ADDRESS}/32`);
  }

  /** What the app's server needs to hear of it. */
  get env(): Readonly<Record<string, string>> {
    return { TURN_URLS: `turn:${ADDRESS}:3478?transport=udp`, TURN_SECRET };
  }

  async start(): Promise<void> {
    this.#coturn ??= await startCoturn(this.#pilotPlace, this.#options);
  }

  async kill(): Promise<void> {
    const coturn = this.#coturn;
    this.#coturn = undefined;
    await coturn?.kill();
  }

  get isOnlyWay(): boolean {
    return this.#isOnlyWay;
  }

  /** Whether pages reach each other through it alone: no UDP passes between the two themselves. */
  set isOnlyWay(only: boolean) {
    if (only === this.#isOnlyWay) return;
    this.#isOnlyWay = only;
    const rules = `
      table ip relayed {
        chain out { type filter hook output priority filter; ip daddr ${this.#pilotAddress} meta l4proto udp drop; }
        chain in { type filter hook input priority filter; ip saddr ${this.#pilotAddress} meta l4proto udp drop; }
      }`;
    this.#robotPlace.filter(only ? rules : 'delete table ip relayed');
  }
}
