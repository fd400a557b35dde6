import SSHConfig from 'ssh-config';
import { describe, expect, it } from 'vitest';
import type { AgentTarget } from '../hosts/agent-target.js';
import type { ConfigEntry } from './config-file.js';
import { resolveDestination, type Destination } from './destination.js';
import { ownSurroundings } from './surroundings.js';

const own = { ...ownSurroundings(), home: '/home/me', user: 'me', cwd: '/srv/app', globalKnownHosts: '/etc/known' };

function resolve(config: string, changes: Partial<AgentTarget> = {}): Destination {
  const parsed = SSHConfig.parse(config);
  const lookUp = (host: string, user: string | undefined): ConfigEntry =>
    parsed.compute(user === undefined ? { Host: host } : { Host: host, User: user }, {
      ignoreCase: true,
      matchExec: false,
    }) as ConfigEntry;
  return resolveDestination({ key: 'k', name: 'alpha', host: 'alpha', ssh: {}, ...changes }, lookUp, own);
}

describe('where a connection leads', () => {
  it('without anything configured', () => {
    expect(resolve('')).toEqual({
      name: 'alpha',
      host: 'alpha',
      port: 22,
      username: 'me',
      knownAs: ['alpha'],
      identityFiles: [],
      identitiesOnly: false,
      via: [],
      privateKey: undefined,
      passphraseEnv: undefined,
      knownHosts: ['/home/me/.ssh/known_hosts', '/etc/known'],
      newHosts: '/home/me/.ssh/known_hosts',
      checking: 'strict',
      connectTimeoutMs: 10_000,
    });
  });

  it('as the SSH configuration says', () => {
    const config = `
      host ALPHA alpha
        HOSTNAME %h.Example.org
        Port 2200
        User deploy
        identityfile ~/.ssh/%r@%h:%p
        IdentityFile none
        IdentityFile keys/a
        IdentitiesOnly yes
        UserKnownHostsFile ~/known %d/%n
        GlobalKnownHostsFile none
        ConnectTimeout 3
        StrictHostKeyChecking no
    `;
    expect(resolve(config)).toMatchObject({
      host: 'alpha.Example.org',
      port: 2200,
      username: 'deploy',
      knownAs: ['[alpha.example.org]:2200', 'alpha.example.org'],
      identityFiles: ['/home/me/.ssh/deploy@alpha.Example.org:2200', '/srv/app/keys/a'],
      identitiesOnly: true,
      knownHosts: ['/home/me/known', '/home/me/alpha'],
      checking: 'strict',
      connectTimeoutMs: 3000,
    });
  });

  it('new keys are added to a file of the user, never to one of all users', () => {
    expect(resolve('').newHosts).toBe('/home/me/.ssh/known_hosts');
    expect(resolve('Host *\n UserKnownHostsFile none\n')).toMatchObject({
      knownHosts: ['/etc/known'],
      newHosts: undefined,
    });
  });

  it('the configuration of the groups wins', () => {
    const config = 'Host *\n User deploy\n Port 2200\n ConnectTimeout 3\n UserKnownHostsFile /a\n IdentityFile /b\n';
    const ssh = {
      username: 'root',
      privateKey: '~/key',
      passphraseEnv: 'PHRASE',
      knownHosts: 'known',
      hostKeyChecking: 'accept-new',
      connectTimeout: 0.5,
    } as const;
    expect(resolve(config, { port: 23, ssh })).toMatchObject({
      username: 'root',
      port: 23,
      privateKey: '/home/me/key',
      passphraseEnv: 'PHRASE',
      knownHosts: ['/srv/app/known'],
      checking: 'accept-new',
      connectTimeoutMs: 500,
    });
  });

  it('an alias for the host key has no port', () => {
    expect(resolve('Host *\n HostKeyAlias Fleet\n Port 23\n').knownAs).toEqual(['fleet']);
  });

  it('Match by user; never by a command', () => {
    const config = 'Match host alpha user deploy\n Port 1\nMatch exec "true"\n Port 2\nMatch all\n Port 3\n';
    expect(resolve(config, { ssh: { username: 'deploy' } }).port).toBe(1);
    expect(resolve(config).port).toBe(3);
  });
});

describe('the way', () => {
  const hops = (config: string): string[] =>
    resolve(config).via.map(({ username, host, port }) => `${username}@${host}:${port}`);

  it.each([
    ['one hop', 'ProxyJump beta', ['me@beta:22']],
    ['user and port', 'ProxyJump root@beta:23', ['root@beta:23']],
    ['an address', 'ProxyJump [::1]:23', ['me@::1:23']],
    ['as a URL', 'ProxyJump ssh://root@beta:23', ['root@beta:23']],
    ['several', 'ProxyJump beta,root@gamma', ['me@beta:22', 'root@gamma:22']],
    ['none', 'ProxyJump none', []],
    ['a command that is none', 'ProxyCommand none', []],
    ['a jump wins', 'ProxyJump beta\n ProxyCommand nc', ['me@beta:22']],
  ])('%s', (_, line, expected) => {
    expect(hops(`Host alpha\n ${line}\n`)).toEqual(expected);
  });

  it('each hop has its own entry, the first also its own jump host', () => {
    const config =
      'Host alpha\n ProxyJump b,c\nHost b\n HostName beta\n User bob\n ProxyJump d\nHost c\n Port 23\n ProxyJump x\n';
    expect(hops(config)).toEqual(['me@d:22', 'bob@beta:22', 'me@c:23']);
  });

  it('a jump host for all is reached without itself', () => {
    expect(hops('Host *\n ProxyJump beta\n')).toEqual(['me@beta:22']);
  });

  it('another port of a jump host, such as that of a container, is behind it', () => {
    expect(hops('Host alpha\n HostName beta\n Port 2222\n ProxyJump beta\n')).toEqual(['me@beta:22']);
    expect(hops('Host alpha\n HostName beta\n ProxyJump beta\n')).toEqual([]);
  });

  it.each([
    ['ProxyJump a b', 'expected user@host:port'],
    ['ProxyJump alpha2', 'more than 8 hops'],
    ['ProxyCommand nc %h', 'use ProxyJump'],
  ])('%s is an error', (line, text) => {
    const config = `Host alpha\n ${line}\nHost alpha2\n ProxyJump alpha3\nHost alpha3\n ProxyJump alpha2\n`;
    expect(() => hops(config)).toThrow(text);
  });
});
