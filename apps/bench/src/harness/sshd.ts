import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { stopProgram } from './program.js';
import type { GroupOptions } from '@distributed-architecture/core';
import type { Scope } from './scope.js';
import { within } from './wait.js';

const run = promisify(execFile);

const SSHD = '/usr/sbin/sshd';

/** Where sshd locks itself up before a login; it needs it for each connection. */
const EMPTY_FOLDER = '/run/sshd';

type RemoteOptions = NonNullable<GroupOptions['remote']>[number];

/** How the servers are reached, as a program such as `ssh` needs it. */
export interface SshAccess {
  readonly username: string;
  readonly privateKey: string;
  readonly knownHosts: string;
}

/** One sshd: a host, as far as its clients can tell. */
export interface SshServer {
  readonly address: string;
  readonly port: number;
  readonly pid: number;
}

/** Servers on this machine, each with an address of its own (127.0.0.x), that let in the user of this program with one key. */
export class SshServers {
  private constructor(
    readonly servers: readonly SshServer[],
    readonly access: SshAccess,
  ) {}

  static async start(scope: Scope, count: number): Promise<SshServers> {
    const folder = await scope.folder();
    await holdEmptyFolder(scope);
    const privateKey = await makeKey(folder, 'user');
    const hostKey = await makeKey(folder, 'host');
    await writeFile(join(folder, 'authorized_keys'), await readFile(`${privateKey}.pub`), { mode: 0o600 });
    const servers = await Promise.all(
      Array.from({ length: count }, (_, index) => startServer(scope, folder, `127.0.0.${index + 2}`)),
    );
    const knownHosts = join(folder, 'known_hosts');
    const [type, key] = (await readFile(`${hostKey}.pub`, 'utf8')).split(' ');
    const lines = servers.map(({ address, port }) => `[${address}]:${port} ${type} ${key}\n`);
    await writeFile(knownHosts, lines.join(''), { mode: 0o600 });
    return new SshServers(servers, { username: userInfo().username, privateKey, knownHosts });
  }

  /** A block of a group for a server. */
  remote({ address, port }: SshServer): RemoteOptions {
    return { hosts: [`${address}:${port}`], ...this.access };
  }

  /** Arguments of `ssh` that runs a command on a server and reads no other configuration. */
  arguments({ address, port }: SshServer): string[] {
    const { username, privateKey, knownHosts } = this.access;
    const options = [`UserKnownHostsFile=${knownHosts}`, 'BatchMode=yes', 'IdentitiesOnly=yes'];
    const given = options.flatMap((option) => ['-o', option]);
    return ['-F', 'none', '-T', '-i', privateKey, ...given, '-p', String(port), `${username}@${address}`];
  }
}

/** The tests remove the folder when nobody uses it, by the files that say who does. */
async function holdEmptyFolder(scope: Scope): Promise<void> {
  const made = await mkdir(EMPTY_FOLDER, { recursive: true, mode: 0o755 });
  // Another one may need it by now.
  if (made !== undefined) await scope.defer(() => rmdir(EMPTY_FOLDER).catch(() => undefined));
  const mark = join(EMPTY_FOLDER, `used-by-${process.pid}-0`);
  await writeFile(mark, '');
  await scope.defer(() => rm(mark, { force: true }));
}

async function makeKey(folder: string, name: string): Promise<string> {
  const file = join(folder, name);
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'bench', '-f', file]);
  return file;
}

async function startServer(scope: Scope, folder: string, address: string): Promise<SshServer> {
  const port = await freePort(address);
  const configuration = join(folder, `sshd_config-${address}`);
  const lines = [
    `Port ${port}`,
    `ListenAddress ${address}`,
    `HostKey ${join(folder, 'host')}`,
    `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
    'PermitRootLogin prohibit-password',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    'UseDNS no',
    'StrictModes no',
    'PrintMotd no',
    'PrintLastLog no',
    'PidFile none',
  ];
  await writeFile(configuration, `${lines.join('\n')}\n`);
  const child = spawn(SSHD, ['-D', '-e', '-f', configuration], { stdio: ['ignore', 'ignore', 'pipe'] });
  await scope.defer(() => stopProgram(child));
  await within(`sshd on ${address}`, listening(child));
  return { address, port, pid: child.pid! };
}

async function listening(child: ChildProcess): Promise<void> {
  const ready = Promise.withResolvers<void>();
  const said: string[] = [];
  createInterface(child.stderr!).on('line', (line) => {
    if (line.startsWith('Server listening on ')) ready.resolve();
    said.push(line);
  });
  child.once('error', ready.reject);
  child.once('exit', (code) => ready.reject(new Error(`sshd ended with ${code}: ${said.join('\n')}`)));
  await ready.promise;
}

async function freePort(address: string): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
