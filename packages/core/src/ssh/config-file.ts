import { glob, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import SSHConfig, { LineType } from 'ssh-config';
import { SshConfigError } from './host-error.js';
import { localPath, type Surroundings } from './surroundings.js';

/** ssh's own bound for files that include each other. */
const DEEPEST_INCLUDE = 16;

/** Would have the parser look names up, while all else waits. */
const IGNORED = /^Canonical/i;

/** What the configuration says of one host; keys in lower case. Values of keywords that may be repeated are lists. */
export type ConfigEntry = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The entry of a host, as `ssh <host>` would have it. */
export type ConfigLookup = (host: string, user: string | undefined) => ConfigEntry;

/**
 * Reads the SSH configuration with the files that it includes at its top level. A file that does not exist has nothing to say.
 *
 * `Match exec` never matches, and host names are not canonicalized.
 *
 * @throws SshConfigError
 */
export async function readSshConfig(host: string, surroundings: Surroundings): Promise<ConfigLookup> {
  const config = await readConfig(surroundings.configFile, { host, surroundings, depth: 0 });
  return (name, user) => {
    const options = user === undefined ? { Host: name } : { Host: name, User: user };
    return config.compute(options, { ignoreCase: true, matchExec: false }) as ConfigEntry;
  };
}

interface Reading {
  readonly host: string;
  readonly surroundings: Surroundings;
  readonly depth: number;
}

async function readConfig(file: string, reading: Reading): Promise<SSHConfig> {
  const { host, depth } = reading;
  if (depth > DEEPEST_INCLUDE)
    throw new SshConfigError(host, `${host}: ${file} is included too deeply: do files include each other?`);
  const text = await readOwn(file, host);
  const config = parse(text, file, host);
  const lines: SSHConfig = new SSHConfig();
  for (const line of config) {
    if ('param' in line && /^include$/i.test(line.param)) lines.push(...(await included(line.value, reading)));
    else lines.push(line);
  }
  return lines;
}

async function included(value: IncludeValue, reading: Reading): Promise<SSHConfig> {
  const { home } = reading.surroundings;
  const patterns = typeof value === 'string' ? [value] : value.map(({ val }) => val);
  const all: SSHConfig = new SSHConfig();
  for (const pattern of patterns) {
    const path = localPath(pattern, { home, cwd: join(home, '.ssh') });
    const files: string[] = [];
    for await (const file of glob(path)) files.push(file);
    for (const file of files.toSorted()) {
      all.push(...(await readConfig(file, { ...reading, depth: reading.depth + 1 })));
    }
  }
  return all;
}

type IncludeValue = string | readonly { readonly val: string }[];

/** As ssh does, it refuses a file that others may write: it could name a program or a key. */
async function readOwn(file: string, host: string): Promise<string> {
  try {
    const stats = await stat(file);
    const { mode, uid } = stats;
    // A pipe may never end.
    if (!stats.isFile()) throw new Error('it is no file');
    if ((mode & 0o022) !== 0)
      throw new Error(`others may write it (mode ${(mode & 0o777).toString(8)}): chmod go-w ${file}`);
    if (uid !== 0 && uid !== process.getuid?.()) throw new Error('it belongs to another user');
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return '';
    throw new SshConfigError(host, `${host}: the SSH configuration ${file} cannot be used: ${message}`, {
      cause: error,
    });
  }
}

function parse(text: string, file: string, host: string): SSHConfig {
  try {
    return withoutIgnored(SSHConfig.parse(text));
  } catch (error) {
    const { message } = error as Error;
    throw new SshConfigError(host, `${host}: the SSH configuration ${file} cannot be read: ${message}`, {
      cause: error,
    });
  }
}

function withoutIgnored(config: SSHConfig): SSHConfig {
  const kept: SSHConfig = new SSHConfig();
  for (const line of config) {
    if (line.type === LineType.DIRECTIVE && IGNORED.test(line.param)) continue;
    if ('config' in line) line.config = withoutIgnored(line.config);
    kept.push(line);
  }
  return kept;
}
