import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { knownKeys } from './known-hosts.js';

function lines(text: string, ...names: string[]): (number | string)[] {
  return knownKeys([{ path: 'known', text }], names).map(({ line, mark }) =>
    mark === undefined ? line : `${line} ${mark}`,
  );
}

function hashed(name: string): string {
  const salt = Buffer.from('twenty bytes of salt');
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

describe('the lines about a host', () => {
  it.each([
    ['a plain name', 'alpha ssh-rsa AAAA', 'alpha', [1]],
    ['another name', 'beta ssh-rsa AAAA', 'alpha', []],
    ['a part of the name', 'alph ssh-rsa AAAA', 'alpha', []],
    ['a list', 'beta,alpha,10.0.0.1 ssh-rsa AAAA', 'alpha', [1]],
    ['upper case', 'ALPHA ssh-rsa AAAA', 'alpha', [1]],
    ['a port', '[alpha]:2222 ssh-rsa AAAA', '[alpha]:2222', [1]],
    ['another port', '[alpha]:2223 ssh-rsa AAAA', '[alpha]:2222', []],
    ['a star', '*.example.org ssh-rsa AAAA', 'a.b.example.org', [1]],
    ['a dot is no star', 'aXexample ssh-rsa AAAA', 'a.example', []],
    ['a question mark', 'host? ssh-rsa AAAA', 'host1', [1]],
    ['a question mark is one character', 'host? ssh-rsa AAAA', 'host', []],
    ['a negation', '*.org,!bad.org ssh-rsa AAAA', 'bad.org', []],
    ['a negation of another', '*.org,!bad.org ssh-rsa AAAA', 'good.org', [1]],
    ['a negation alone', '!bad.org ssh-rsa AAAA', 'good.org', []],
    ['a hash', `${hashed('alpha')} ssh-rsa AAAA`, 'alpha', [1]],
    ['a hash with a port', `${hashed('[alpha]:2222')} ssh-rsa AAAA`, '[alpha]:2222', [1]],
    ['a hash of another', `${hashed('beta')} ssh-rsa AAAA`, 'alpha', []],
    ['a hash of an unknown kind', `${hashed('alpha').replace('|1|', '|2|')} ssh-rsa AAAA`, 'alpha', []],
    ['a comment behind', 'alpha ssh-rsa AAAA root@alpha', 'alpha', [1]],
    ['a comment', '# alpha ssh-rsa AAAA\n\n  #alpha ssh-rsa AAAA', 'alpha', []],
    ['spaces, tabs, line ends of Windows', '  alpha\tssh-rsa  AAAA\r\n', 'alpha', [1]],
    ['several', 'alpha ssh-rsa AAAA\nalpha ssh-ed25519 BBBB', 'alpha', [1, 2]],
    ['revoked', '@revoked alpha ssh-rsa AAAA', 'alpha', ['1 revoked']],
    ['an authority', '@cert-authority *.org ssh-rsa AAAA', 'a.org', ['1 cert-authority']],
    ['an unknown mark', '@other alpha ssh-rsa AAAA', 'alpha', []],
    ['no key', 'alpha ssh-rsa', 'alpha', []],
    ['garbage', '\0\u0001 {"a": 1} ÄÖ', 'alpha', []],
    ['an address of IPv6', '::1 ssh-rsa AAAA', '::1', [1]],
  ])('%s', (_, text, name, expected) => {
    expect(lines(text, name)).toEqual(expected);
  });

  it('come from several files, and for several names', () => {
    const files = [
      { path: 'a', text: 'x k1 AAAA\nalpha k2 BBBB' },
      { path: 'b', text: '[alpha]:22 k3 CCCC=' },
    ];
    expect(knownKeys(files, ['alpha', '[alpha]:22'])).toEqual([
      { file: 'a', line: 2, type: 'k2', key: 'BBBB', mark: undefined },
      { file: 'b', line: 1, type: 'k3', key: 'CCCC=', mark: undefined },
    ]);
  });
});
