import { describe, expect, it } from 'vitest';
import { judgeHostKey, preferKnown, readHostKey, type HostKeyCheck } from './host-key.js';
import type { KnownKey } from './known-hosts.js';

const shown = { type: 'ssh-ed25519', key: 'QUFBQQ==' };

function known(key: string, mark?: KnownKey['mark'], type = 'ssh-ed25519'): KnownKey {
  return { file: '/known', line: 3, type, key, mark };
}

function judge(check: Partial<HostKeyCheck>): string {
  const whole: HostKeyCheck = {
    host: 'alpha',
    knownAs: 'alpha',
    known: [],
    knownElsewhere: [],
    file: '/known',
    checking: 'strict',
    ...check,
  };
  const verdict = judgeHostKey(shown, whole);
  return verdict.type === 'refused' ? verdict.error.code : verdict.type;
}

describe('a host key', () => {
  it.each<[string, Partial<HostKeyCheck>, [strict: string, acceptNew: string, off: string]]>([
    ['known', { known: [known(shown.key)] }, ['trusted', 'trusted', 'trusted']],
    ['one of several', { known: [known('BB'), known(shown.key)] }, ['trusted', 'trusted', 'trusted']],
    ['unknown', {}, ['HOST_KEY_UNKNOWN', 'new', 'unchecked']],
    ['another', { known: [known('BB')] }, ['HOST_KEY_CHANGED', 'HOST_KEY_CHANGED', 'unchecked']],
    [
      'of another type',
      { known: [known('BB', undefined, 'ssh-rsa')] },
      ['HOST_KEY_CHANGED', 'HOST_KEY_CHANGED', 'unchecked'],
    ],
    ['revoked', { known: [known(shown.key, 'revoked')] }, ['HOST_KEY_REVOKED', 'HOST_KEY_REVOKED', 'HOST_KEY_REVOKED']],
    [
      'known and revoked',
      { known: [known(shown.key), known(shown.key, 'revoked')] },
      ['HOST_KEY_REVOKED', 'HOST_KEY_REVOKED', 'HOST_KEY_REVOKED'],
    ],
    ['another is revoked', { known: [known('BB', 'revoked')] }, ['HOST_KEY_UNKNOWN', 'new', 'unchecked']],
    ['with an authority', { known: [known('BB', 'cert-authority')] }, ['HOST_KEY_UNKNOWN', 'new', 'unchecked']],
    ['known at another port', { knownElsewhere: [known(shown.key)] }, ['trusted', 'trusted', 'trusted']],
    ['another at another port', { knownElsewhere: [known('BB')] }, ['HOST_KEY_UNKNOWN', 'new', 'unchecked']],
    ['with nowhere to add it', { file: undefined }, ['HOST_KEY_UNKNOWN', 'HOST_KEY_UNKNOWN', 'unchecked']],
  ])('%s', (_, check, verdicts) => {
    expect((['strict', 'accept-new', 'off'] as const).map((checking) => judge({ ...check, checking }))).toEqual(
      verdicts,
    );
  });

  it('has its type at its beginning', () => {
    const blob = Buffer.from('AAAAC3NzaC1lZDI1NTE5AAAAICWgWIsUUraBOekvsQs3j0VkeuOXBgdRw6CrPqmjH8/C', 'base64');
    expect(readHostKey(blob)).toEqual({ type: 'ssh-ed25519', key: blob.toString('base64') });
  });
});

it('asks for the algorithms of known keys first', () => {
  const all = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'];
  const rsa = known('AA', undefined, 'ssh-rsa');
  expect(preferKnown(all, [rsa])).toEqual([
    'rsa-sha2-512',
    'rsa-sha2-256',
    'ssh-rsa',
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
  ]);
  expect(preferKnown(all, [{ ...rsa, mark: 'revoked' }])).toEqual(all);
});
