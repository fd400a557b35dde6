import { describe, expect, it } from 'vitest';
import { isLoopback, machineOf, parseHost, parseHostAddress } from './host-address.js';

describe('parseHostAddress', () => {
  it.each([
    ['server-1', { host: 'server-1' }],
    ['server-1:22', { host: 'server-1', port: 22 }],
    ['db:22', { host: 'db', port: 22 }],
    ['deploy@server.example.org', { user: 'deploy', host: 'server.example.org' }],
    ['deploy@10.0.0.1:65535', { user: 'deploy', host: '10.0.0.1', port: 65_535 }],
    ['me@company@server', { user: 'me@company', host: 'server' }],
    ['::1', { host: '::1' }],
    ['[::1]', { host: '::1' }],
    ['[::1]:22', { host: '::1', port: 22 }],
    ['me@[fe80::1%eth0]:22', { user: 'me', host: 'fe80::1%eth0', port: 22 }],
    ['me@2001:db8::1', { user: 'me', host: '2001:db8::1' }],
  ])('reads %s', (text, address) => {
    expect(parseHostAddress(text)).toEqual(address);
  });

  it.each([
    ...['', '@server', 'me@', 'server:', 'server:0', 'server:65536', 'server:x', ':22', '-oProxyCommand=x', 'a b'],
    ...['-l@server', 'me you@server', '[server]:22', '[::1', '::1]:22', 'server/path', 'ssh://server', 'a:b@server'],
  ])('refuses %j', (text) => {
    expect(parseHostAddress(text)).toBeUndefined();
  });
});

it.each([
  ['server', 'server'],
  ['[::1]', '::1'],
  ['192.168.0.254', '192.168.0.254'],
  ['server:22', undefined],
  ['db:22', undefined],
])('parseHost reads %s as %s', (text, host) => {
  expect(parseHost(text)).toBe(host);
});

it.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.1.2.3', '::1', '0:0:0:0:0:0:0:1'])(
  '%s is this machine',
  (host) => {
    expect(isLoopback(host)).toBe(true);
    expect(machineOf(host)).toBe('localhost');
  },
);

it.each(['127.0.0.1.example.org', '10.0.0.1', '::2', 'localhost2'])('%s is another machine', (host) => {
  expect(isLoopback(host)).toBe(false);
});
