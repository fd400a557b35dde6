import { describe, expect, it, vi } from 'vitest';
import { UsageError } from '../commands/command-errors.js';
import { findAccount } from './account.js';
import { environmentOf } from './as-account.js';
import { serviceAccount } from './service-account.js';

describe('the account of a service', () => {
  it('is found by name and by id, with the group of the user or another', () => {
    const account = findAccount({ user: 'root' });
    expect(account).toMatchObject({ uid: 0, gid: 0, name: 'root' });
    expect(findAccount({ user: '0' })).toEqual(account);
    expect(findAccount({ user: 'root', group: '54321' })).toEqual({ ...account, gid: 54_321 });
    expect(findAccount({ user: '54321', group: 'root' })).toEqual({ uid: 54_321, gid: 0, name: '54321', home: '/' });
  });

  it.each(['rot', '', '-x', 'a:b', '54321', '1.5', 'root\nroot'])('is refused for the user %j', (user) => {
    expect(() => findAccount({ user })).toThrow(UsageError);
  });

  it('is that of whoever starts it, unless root does', () => {
    const warn = vi.fn<() => void>();
    expect(serviceAccount({}, warn, 1000)).toBeUndefined();
    expect(warn).not.toHaveBeenCalled();
    expect(serviceAccount({ user: 'nobody' }, warn, 1000)).toBeUndefined();
    expect(warn).toHaveBeenCalledTimes(1);
    expect(() => serviceAccount({}, warn, 0)).toThrow('As root a service needs --user');
    expect(serviceAccount({ user: 'root' }, warn, 0)).toBeUndefined();
  });

  it('has its own home and name in the environment, and nothing of the session of who starts it', () => {
    const account = { uid: 54_321, gid: 1, name: 'app', home: '/home/app' };
    const env = { PATH: '/bin', HOME: '/root', XDG_RUNTIME_DIR: '/run/user/0' };
    expect(environmentOf(account, env)).toEqual({ PATH: '/bin', HOME: '/home/app', USER: 'app', LOGNAME: 'app' });
    expect(environmentOf(undefined, env)).toBe(env);
  });
});
