import { expect, test } from 'vitest';
import { brokerAddress } from '../../../src/net/broker-address.ts';

test.each([
  ['http://localhost:8080/#robot', { host: 'localhost', port: 8080, secure: false }],
  ['https://192.0.2.2:8081/', { host: '192.0.2.2', port: 8081, secure: true }],
  ['https://rover.example/', { host: 'rover.example', port: 443, secure: true }],
  ['http://127.0.0.1/', { host: '127.0.0.1', port: 80, secure: false }],
  ['http://[::1]:8080/', { host: '[::1]', port: 8080, secure: false }],
])('the broker of %s is at its own origin', (page, address) => {
  expect(brokerAddress(new URL(page))).toEqual({ ...address, path: '/broker' });
});
