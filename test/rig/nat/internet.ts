/** A small internet in namespaces: the project's server and relay in its middle, homes behind routers of four kinds around it. */
import { type Namespace, Namespaces } from '../namespaces.ts';

/**
 * What a home's router does to what goes out and to what comes in:
 * - full-cone: one port to the outside for all, and whoever knows it gets in.
 * - restricted: one port for all, and only those get in that were written to. Most homes have this one.
 * - symmetric: another port for each that is written to. Many offices, hotels and mobile networks.
 * - web-only: no UDP, and TCP only to the ports of web pages. Strict firewalls.
 */
export const ROUTER_KINDS = ['full-cone', 'restricted', 'symmetric', 'web-only'] as const;
export type RouterKind = (typeof ROUTER_KINDS)[number];

/** Public addresses, since the relay refuses every other kind. No packet leaves the namespaces. */
export const SERVER_ADDRESS = '11.77.0.1';
export const RELAY_ADDRESS = '11.77.0.2';
/** Of the prefix for examples (RFC 3849). */
export const SERVER_ADDRESS_V6 = '2001:db8::1';

const insideAddress = (home: number) => `192.168.${home}.2`;

export class Internet {
  readonly #net = new Namespaces();
  /** The middle, where the server and the relay stand. */
  readonly server = this.#net.add('internet');
  #homes = 0;

  constructor() {
    this.server.forward();
    for (const address of [SERVER_ADDRESS, RELAY_ADDRESS]) this.server.address('lo', `${address}/32`);
    this.server.address('lo', `${SERVER_ADDRESS_V6}/128`);
  }

  /** Of this machine's files, for as long as the networks are there. */
  get folder(): string {
    return this.#net.folder;
  }

  /** A home with one device in it: the one that is returned. */
  addHome(kind: RouterKind): Namespace {
    const home = ++this.#homes;
    const [device, router] = [this.#net.add(`home${home}`), this.#net.add(`router${home}`)];
    this.#net.connect(
      { place: device, device: 'eth', address: `${insideAddress(home)}/24` },
      { place: router, device: 'in', address: `192.168.${home}.1/24` },
    );
    this.#net.connect(
      { place: router, device: 'out', address: `11.77.${home}.2/24` },
      { place: this.server, device: `home${home}`, address: `11.77.${home}.1/24` },
    );
    device.defaultRoute(`192.168.${home}.1`);
    router.defaultRoute(`11.77.${home}.1`);
    router.forward();
    router.filter(rulesOf(kind, insideAddress(home)));
    return device;
  }

  /** One device without any IPv4, behind a router that changes no address but lets in only what answers, as most homes' do. */
  addHomeV6(): Namespace {
    const home = ++this.#homes;
    const [device, router] = [this.#net.add(`home${home}`), this.#net.add(`router${home}`)];
    const [inside, outside] = [`2001:db8:${home}`, `2001:db8:ff:${home}`];
    this.#net.connect(
      { place: device, device: 'eth', address: `${inside}::2/64` },
      { place: router, device: 'in', address: `${inside}::1/64` },
    );
    this.#net.connect(
      { place: router, device: 'out', address: `${outside}::2/64` },
      { place: this.server, device: `home${home}`, address: `${outside}::1/64` },
    );
    device.defaultRoute(`${inside}::1`);
    router.defaultRoute(`${outside}::1`);
    this.server.route(`${inside}::/64`, `${outside}::2`);
    router.forward();
    router.filter(`
  table ip6 firewall {
    chain through {
      type filter hook forward priority filter; policy drop
      ct state established,related accept
      iifname "in" accept
    }
  }`);
    return device;
  }

  close(): Promise<void> {
    return this.#net.close();
  }
}

/** What a router does to addresses, in nftables' language. Linux keeps a port as it is while it can: one for all. */
const TRANSLATION: Record<RouterKind, (inside: string) => string> = {
  'full-cone': (inside) => `
    set open { type inet_service; flags dynamic,timeout; timeout 10m; }
    chain incoming {
      type nat hook prerouting priority dstnat
      iifname "out" udp dport @open dnat to ${inside}
    }
    chain outgoing {
      type nat hook postrouting priority srcnat
      oifname "out" meta l4proto udp add @open { udp sport }
      oifname "out" masquerade
    }`,
  restricted: () => translateBy('masquerade'),
  symmetric: () => translateBy('masquerade fully-random'),
  'web-only': () => translateBy('masquerade'),
};

const translateBy = (statement: string) => `
    chain outgoing {
      type nat hook postrouting priority srcnat
      oifname "out" ${statement}
    }`;

function rulesOf(kind: RouterKind, inside: string): string {
  return `
  table ip translation {${TRANSLATION[kind](inside)}
  }
  table ip firewall {
    chain through {
      type filter hook forward priority filter; policy drop
      ct state established,related accept
      ct status dnat accept
      iifname "in" ${kind === 'web-only' ? 'tcp dport { 80, 443 }' : ''} accept
    }
    chain to_itself {
      type filter hook input priority filter; policy accept
      iifname "out" ct state new drop
    }
  }`;
}
