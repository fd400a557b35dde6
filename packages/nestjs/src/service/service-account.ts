import { UsageError } from '../commands/command-errors.js';
import { findAccount, type Account, type AccountNames } from './account.js';

const ROOT = 0;

/**
 * Whom a service becomes; undefined: it stays who starts it.
 *
 * @throws UsageError as root without a user, or for one that there is not
 */
export function serviceAccount(
  { user, group }: AccountNames,
  warn: (message: string) => void,
  uid: number = process.getuid?.() ?? -1,
): Account | undefined {
  if (uid !== ROOT) {
    if (user !== undefined || group !== undefined) warn('--user and --group are ignored: only root can become another');
    return undefined;
  }
  if (user === undefined)
    throw new UsageError('As root a service needs --user: whom it runs as. `--user root` where it has to be root');
  const account = findAccount({ user, group });
  return account.uid === ROOT && group === undefined ? undefined : account;
}
