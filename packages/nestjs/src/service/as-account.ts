import type { Account } from './account.js';

/**
 * Does something with the rights of an account, then goes back to those of root: what root does in the folder of a user, the
 * user may have laid a trap for.
 *
 * @param account undefined: with the rights there are
 */
export function asAccount<T>(account: Account | undefined, action: () => T): T {
  if (account === undefined || process.getuid?.() !== 0) return action();
  const groups = process.getgroups!();
  const [gid, uid] = [process.getegid!(), process.geteuid!()];
  process.setgroups!([account.gid]);
  process.setegid!(account.gid);
  process.seteuid!(account.uid);
  try {
    return action();
  } finally {
    process.seteuid!(uid);
    process.setegid!(gid);
    process.setgroups!(groups);
  }
}

/** Becomes the account for good, without any other group. */
export function becomeAccount(account: Account): void {
  process.setgroups!([account.gid]);
  process.setgid!(account.gid);
  process.setuid!(account.uid);
  Object.assign(process.env, { HOME: account.home, USER: account.name, LOGNAME: account.name });
  for (const name of VARIABLES_OF_SESSION) Reflect.deleteProperty(process.env, name);
}

/** What belongs to the session of whoever starts a service for another. */
const VARIABLES_OF_SESSION = ['XDG_RUNTIME_DIR', 'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'DBUS_SESSION_BUS_ADDRESS'];

/** The environment of a service that runs as an account. */
export function environmentOf(account: Account | undefined, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (account === undefined || account.uid === process.getuid?.()) return env;
  const left = Object.entries(env).filter(([name]) => !VARIABLES_OF_SESSION.includes(name));
  return { ...Object.fromEntries(left), HOME: account.home, USER: account.name, LOGNAME: account.name };
}
