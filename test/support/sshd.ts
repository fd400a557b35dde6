import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { holdPrivilegeSeparation, PRIVILEGE_SEPARATION } from './privilege-separation.js';

const run = promisify(execFile);

const SSHD = '/usr/sbin/sshd';

const LISTENS_WITHIN_MS = 20_000;

export type KeyType = 'ed25519' | 'ecdsa' | 'rsa';

export interface SshdOptions {
  /** For its files; removed by who made it. */
  readonly folder: string;
  /** Public keys that are let in, as texts. */
  readonly authorizedKeys: readonly string[];
  /** Default 127.0.0.1. */
  readonly address?: string;
  /** Default: one that is free, as seen from this process. */
  readonly port?: number;
  /** Default ed25519 alone. */
  readonly hostKeys?: readonly KeyType[];
  /** Further lines of sshd_config; they win over ours. A `Match` with its lines is one text. */
  readonly config?: readonly string[];
  /** Starts it elsewhere, such as `['ip', 'netns', 'exec', name]`. */
  readonly prefix?: readonly string[];
}

/** A key pair in files. */
export interface UserKey {
  readonly file: string;
  /** The line of authorized_keys. */
  readonly publicKey: string;
}

/** A running sshd with keys and a configuration of its own. */
export interface Sshd {
  readonly address: string;
  readonly port: number;
  /** Public host keys: type and base64, by their type. */
  readonly hostKeys: Readonly<Partial<Record<KeyType, string>>>;
  /** Lines for known_hosts, one for each host key. `name` defaults to the address. */
  hostKeyLines(name?: string): string;
  /** What it has said so far. */
  log(): string;
  /** Its main process; each connection has further ones. */
  readonly process: ChildProcess;
  /** Ends it. Connections that are open stay open, as sshd has it. */
  stop(): Promise<void>;
}

/** Makes a key pair in `folder`, encrypted if there is a passphrase. */
export async function makeKey(folder: string, name: string, type: KeyType = 'ed25519', phrase = ''): Promise<UserKey> {
  const file = join(folder, name);
  const bits = type === 'rsa' ? ['-b', '2048'] : [];
  await run('ssh-keygen', ['-q', '-t', type, ...bits, '-N', phrase, '-C', 'test', '-f', file]);
  return { file, publicKey: (await readFile(`${file}.pub`, 'utf8')).trim() };
}

/** Starts an sshd; resolves when it listens. The user of this process can log in, by one of the keys. */
export async function startSshd(options: SshdOptions): Promise<Sshd> {
  const { folder, address = '127.0.0.1', hostKeys: types = ['ed25519'], prefix = [] } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unlock = holdPrivilegeSeparation();
  const port = options.port ?? (await freePort(address));
  const keys = await makeHostKeys(folder, types);
  const configuration = await writeConfiguration(options, port, keys);
  // Where there is a prefix the folder may be another one.
  const own = [SSHD, '-D', '-e', '-f', configuration];
  const elsewhere = ['/bin/sh', '-c', `mkdir -p ${PRIVILEGE_SEPARATION} && exec "$0" "$@"`, ...own];
  const [program, ...args] = prefix.length === 0 ? own : [...prefix, ...elsewhere];
  const child = spawn(program!, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const lines: string[] = [];
  await listening(child, lines).catch((error: unknown) => {
    unlock();
    throw error;
  });
  const hostKeys = Object.fromEntries(keys.map(({ type, text }) => [type, text]));
  return {
    address,
    port,
    hostKeys,
    hostKeyLines: (name = address) => knownHostsLines(name, port, Object.values(hostKeys)),
    log: () => lines.join('\n'),
    process: child,
    stop: async () => {
      await end(child);
      unlock();
    },
  };
}

function knownHostsLines(name: string, port: number, keys: readonly string[]): string {
  const host = port === 22 ? name : `[${name}]:${port}`;
  return keys.map((key) => `${host} ${key}\n`).join('');
}

async function makeHostKeys(folder: string, types: readonly KeyType[]) {
  return Promise.all(
    types.map(async (type) => {
      const { file, publicKey } = await makeKey(folder, `host_${type}`, type);
      return { type, file, text: publicKey.split(' ').slice(0, 2).join(' ') };
    }),
  );
}

/** What runs here through SSH leaves its locks where the test's own processes do. */
function ownRunDirectory(): string[] {
  const folder = process.env['XDG_RUNTIME_DIR'];
  return folder === undefined ? [] : [`SetEnv XDG_RUNTIME_DIR=${folder}`];
}

async function writeConfiguration(
  { folder, authorizedKeys, address = '127.0.0.1', config = [], prefix = [] }: SshdOptions,
  port: number,
  keys: readonly { file: string }[],
): Promise<string> {
  const authorized = join(folder, 'authorized_keys');
  await writeFile(authorized, authorizedKeys.map((key) => `${key}\n`).join(''), { mode: 0o600 });
  const file = join(folder, 'sshd_config');
  const lines = [
    // The first value of a keyword counts.
    ...config.filter((line) => !/^Match /i.test(line)),
    `Port ${port}`,
    `ListenAddress ${address}`,
    ...keys.map(({ file: key }) => `HostKey ${key}`),
    `AuthorizedKeysFile ${authorized}`,
    `AllowUsers ${userInfo().username}`,
    'PermitRootLogin prohibit-password',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    'UseDNS no',
    'StrictModes no',
    'PrintMotd no',
    'PrintLastLog no',
    'PidFile none',
    'MaxStartups 100',
    ...(prefix.length === 0 ? ownRunDirectory() : []),
    // Matches hold until the next one or the end of the file.
    ...config.filter((line) => /^Match /i.test(line)),
  ];
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return file;
}

async function listening(child: ChildProcess, lines: string[]): Promise<void> {
  const ready = Promise.withResolvers<void>();
  const fail = (why: string): void => ready.reject(new Error(`sshd does not listen, ${why}: ${lines.join('\n')}`));
  createInterface(child.stderr!).on('line', (line) => {
    lines.push(line);
    if (line.startsWith('Server listening on ')) ready.resolve();
  });
  child.once('error', ({ message }) => fail(message));
  child.once('exit', (code) => fail(`it ended with ${code}`));
  const deadline = setTimeout(() => (child.kill('SIGKILL'), fail('too late')), LISTENS_WITHIN_MS);
  await ready.promise.finally(() => clearTimeout(deadline));
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

async function freePort(host: string): Promise<number> {
  const server = createServer();
  try {
    server.listen(0, host);
    await once(server, 'listening');
  } catch {
    // An address of another network namespace: there nothing else listens.
    return 2222;
  }
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
