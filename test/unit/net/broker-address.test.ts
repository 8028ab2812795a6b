import { expect, test } from 'vitest';
import { brokerAddress, hostOf } from '../../../src/net/broker-address.ts';

test.each([
  ['http://localhost:8080/#robot', { host: 'localhost', port: 8080, secure: false }],
  ['https://192.0.2.2:8081/', { host: '192.0.2.2', port: 8081, secure: true }],
  ['https://rover.example/', { host: 'rover.example', port: 443, secure: true }],
  ['http://127.0.0.1/', { host: '127.0.0.1', port: 80, secure: false }],
  ['http://[::1]:8080/', { host: '[::1]', port: 8080, secure: false }],
])('the broker of %s is at its own origin', (page, address) => {
  expect(brokerAddress(new URL(page))).toEqual({ ...address, path: '/broker' });
});

test.each([
  ['http://localhost:8080/', 'localhost:8080'],
  ['https://rover.example/', 'rover.example'],
  ['https://rover.example:80/', 'rover.example:80'],
  ['http://[::1]:8080/', '[::1]:8080'],
])('the host of %s is what the browser calls it', (page, host) => {
  expect(hostOf(brokerAddress(new URL(page)))).toBe(host);
  expect(new URL(page).host).toBe(host);
});
