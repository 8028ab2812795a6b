import { expect, test } from 'vitest';
import {
  describeAddresses,
  networkAddress,
  networkAddresses,
  networkNames,
  qrCode,
} from '../../../peer-server/addresses.ts';

const ESCAPE = '\u001b';

test('addresses of this machine are IPv4 and not loopback', () => {
  for (const address of networkAddresses()) {
    expect(address).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect(address).not.toMatch(/^127\./);
  }
});

test('names are such as a certificate may carry', () => {
  for (const name of networkNames()) expect(name).toMatch(/^[a-z0-9.-]+$/);
});

test('a code is two rows in a line, with a quiet edge, alike in width', () => {
  const lines = qrCode('https://192.0.2.2:8081/', false).trimEnd().split('\n');
  const widths = new Set(lines.map((line) => [...line].length));
  expect(widths.size).toBe(1);
  const [width] = widths;
  expect(lines.length).toBe(Math.ceil(width! / 2));
  expect(lines[0]).toBe('█'.repeat(width!));
  for (const line of lines) expect(line).toMatch(/^██[█▀▄ ]+██$/);
  expect(qrCode('x', true)).toContain(ESCAPE);
  expect(qrCode('x', false)).not.toContain(ESCAPE);
});

test('people read where to go, and programs find it alone at the end of a line', () => {
  const here = 'http://localhost:8080/';
  const network = ['https://192.0.2.2:8081/', 'https://198.51.100.3:8081/'];
  const text = describeAddresses({ here, network, selfSigned: true }, false);
  expect(text).toMatch(/^On this machine: {2}http:\/\/localhost:8080\/$/m);
  for (const address of network) expect(text.split('\n').some((line) => line.endsWith(` ${address}`))).toBe(true);
  expect(text).toContain('warn about the certificate');
  expect(describeAddresses({ here, network, selfSigned: false }, false)).not.toContain('certificate');
  expect(describeAddresses({ here, network: [], selfSigned: true }, false)).toContain('Connect to a network');
});

test('behind a proxy only this machine is named, and no code to scan is shown', () => {
  const text = describeAddresses({ here: 'http://localhost:8080/', network: undefined, selfSigned: false }, false);
  expect(text).toMatch(/^On this machine: {2}http:\/\/localhost:8080\/$/m);
  expect(text).toContain('the address of your proxy');
  expect(text).toContain('Stop with Ctrl+C.');
  expect(text).not.toContain('█');
});

test('addresses are written as a browser shows them', () => {
  expect(networkAddress('192.0.2.2', 8081)).toBe('https://192.0.2.2:8081/');
  expect(networkAddress('fd00::2', 8081)).toBe('https://[fd00::2]:8081/');
});
