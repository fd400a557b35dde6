import { homedir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';

/** What the connections take from the launcher's machine. */
export interface Surroundings {
  readonly home: string;
  /** The user that runs the launcher. */
  readonly user: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Working directory of the launcher. */
  readonly cwd: string;
  /** The launcher's own node. */
  readonly execPath: string;
  /** The launcher's own entry script. */
  readonly entry: string | undefined;
  /** The user's SSH configuration. */
  readonly configFile: string;
  /** Known to all users of the machine. */
  readonly globalKnownHosts: string;
}

export function ownSurroundings(): Surroundings {
  const home = ownHome();
  return {
    home,
    user: ownName(),
    environment: process.env,
    cwd: process.cwd(),
    execPath: process.execPath,
    entry: process.argv[1],
    configFile: join(home, '.ssh/config'),
    globalKnownHosts: '/etc/ssh/ssh_known_hosts',
  };
}

/** A path on the launcher's machine; `~` is the user's home. */
export function localPath(path: string, { home, cwd }: Pick<Surroundings, 'home' | 'cwd'>): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : resolve(cwd, path);
}

/** A user without a name in the system and without $HOME has none. */
function ownHome(): string {
  try {
    return homedir();
  } catch {
    return '/';
  }
}

function ownName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a user that has no entry in passwd.
    return process.env['USER'] ?? 'root';
  }
}
