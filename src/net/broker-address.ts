/** Where the broker of this page is: at the page's own origin; knows not how it is spoken to. */

export type BrokerAddress = {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly secure: boolean;
};

/** Where the server mounts it. */
const PATH = '/broker';

/** `location` is the page's own. */
export function brokerAddress({
  protocol,
  hostname,
  port,
}: Pick<Location, 'protocol' | 'hostname' | 'port'>): BrokerAddress {
  const secure = protocol === 'https:';
  return { host: hostname, port: port === '' ? usualPort(secure) : Number(port), path: PATH, secure };
}

/** As the browser says it in the `Host` header: without a port where it is the usual one. */
export function hostOf({ host, port, secure }: BrokerAddress): string {
  return port === usualPort(secure) ? host : `${host}:${port}`;
}

function usualPort(secure: boolean): number {
  return secure ? 443 : 80;
}
