/** Where devices find this server, for people to read and phones to scan; knows nothing of what is served. */
import { hostname, networkInterfaces } from 'node:os';
import { generate } from 'lean-qr';

/** The IPv4 addresses that other devices may reach, the most usual first. */
export function networkAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((found) => found ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
    .sort((a, b) => Number(isLinkLocal(a)) - Number(isLinkLocal(b)));
}

/** Where a host is reached by https. */
export function networkAddress(host: string, port: number): string {
  return `https://${host.includes(':') ? `[${host}]` : host}:${port}/`;
}

/** What a phone may type instead of numbers: this machine's name, and the same as multicast DNS has it. */
export function networkNames(): string[] {
  const name = hostname().toLowerCase();
  if (!/^[a-z0-9.-]+$/.test(name)) return [];
  return name.includes('.') ? [name] : [name, `${name}.local`];
}

/** 169.254.0.0/16: what a network without an address server falls back to (RFC 3927). */
function isLinkLocal(address: string): boolean {
  return address.startsWith('169.254.');
}

export type Addresses = {
  readonly here: string;
  /** Absent behind a proxy, which alone knows. */
  readonly network: readonly string[] | undefined;
  /** Whether the certificate is one that browsers do not know. */
  readonly selfSigned: boolean;
};

/** `colours`: whether the terminal obeys them; a code is then dark on light whatever its theme. */
export function describeAddresses({ here, network, selfSigned }: Addresses, colours: boolean): string {
  const lines = ['', 'Telepresent is running.', '', `On this machine:  ${here}`];
  if (network === undefined)
    return [...lines, 'Elsewhere: at the address of your proxy.', 'Stop with Ctrl+C.', ''].join('\n');
  lines.push(qrCode(here, colours));
  const [first, ...others] = network;
  if (first === undefined) {
    lines.push('On your network:  none found. Connect to a network and start again.');
  } else {
    lines.push(`On your network:  ${first}`, ...others.map((other) => `             or:  ${other}`));
    lines.push(qrCode(first, colours));
    if (selfSigned) {
      lines.push('Phones warn about the certificate the first time. Choose "Advanced", then "Proceed".');
      lines.push('To install the app on a phone, give a certificate it knows: --cert and --key.');
    }
  }
  lines.push('Stop with Ctrl+C.', '');
  return lines.join('\n');
}

/** Two rows of the code in each line of text. */
export function qrCode(text: string, colours: boolean): string {
  const code = generate(text);
  const quiet = 2;
  const light = (x: number, y: number) => !code.get(x, y);
  const lines: string[] = [];
  for (let y = -quiet; y < code.size + quiet; y += 2) {
    let line = '';
    for (let x = -quiet; x < code.size + quiet; x++) line += halfBlock(light(x, y), light(x, y + 1));
    lines.push(colours ? `\u001b[38;5;231;48;5;16m${line}\u001b[0m` : line);
  }
  return `${lines.join('\n')}\n`;
}

function halfBlock(upper: boolean, lower: boolean): string {
  if (upper) return lower ? '█' : '▀';
  return lower ? '▄' : ' ';
}
