import { execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { RemoteOptions } from '@distributed-architecture/core';
import { afterAll, onTestFinished, type TestContext } from 'vitest';
import { repository } from '../setup/temporary-folder.js';
import type { Host } from './hosts/host.js';
import { LoopbackHost } from './hosts/loopback-host.js';
import { NamespaceHost } from './hosts/namespace-host.js';
import { NetworkSwitch } from './hosts/network-switch.js';
import { isAlive } from './processes.js';
import { makeKey, type UserKey } from './sshd.js';

export type { Host, ProgramPlace } from './hosts/host.js';
export type { HostProcess } from './hosts/namespace-process.js';
export type { LinkQuality } from './hosts/network-switch.js';

const DISK = 128 * 1024 * 1024;

/** Set to `loopback`, no namespaces are used even where they are allowed. */
const KIND_VARIABLE = 'DISTRIBUTED_ARCHITECTURE_TEST_HOSTS';

/** What is needed of the system, all at once. */
const TRIAL =
  'ip link add bridge0 type bridge && ip link add veth0 type veth peer name veth1 && mount -t tmpfs none /tmp';

/** How the result of `npm test` knows a test that could not be made from one that somebody has switched off. */
const NOT_MADE = 'not made: network namespaces are not allowed here';

export interface HostsOptions {
  /** Bytes that the disk of each host (`/tmp`, `/run` and the home) holds. Default 128 MB. */
  readonly disk?: number;
  /** Folders of this machine that the hosts see (read-only) as well, at the same paths; the repository always. */
  readonly shared?: readonly string[];
  /** The login shell. Default: that of this user. */
  readonly shell?: string;
  /** Further lines of sshd_config. */
  readonly sshdConfig?: readonly string[];
}

/** Whether hosts can be made that have links of their own: else they are this machine by other addresses. */
export function namespacesAllowed(): boolean {
  if (process.env[KIND_VARIABLE] === 'loopback') return false;
  const args = ['--net', '--mount', '--uts', '--ipc', '--pid', '--fork', '--kill-child', '--mount-proc'];
  try {
    execFileSync('unshare', [...args, 'sh', '-c', TRIAL], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** To be called first in a test that cuts, freezes or kills hosts: where that is impossible the run says so. */
export function needsNamespaces(context: TestContext): void {
  context.skip(!namespacesAllowed(), NOT_MADE);
}

/**
 * Separate machines for a test: network, mount, pid and host name of their own, joined by a network that is nobody
 * else's. One of them is `master`, where master programs run, whose home has the key that lets it in everywhere and
 * the host keys of all. They are gone when this process is, however it ends.
 */
export class Hosts {
  readonly #hosts = new Map<string, NamespaceHost | LoopbackHost>();
  readonly #folder: string;
  readonly #switch: NetworkSwitch | undefined;
  /** Lets the user of this process in on all of them. */
  readonly key: UserKey;

  private constructor(folder: string, key: UserKey, network: NetworkSwitch | undefined) {
    this.#folder = folder;
    this.key = key;
    this.#switch = network;
  }

  /** Hosts with these names, gone when the test ends. */
  static async create(names: readonly string[], options: HostsOptions = {}): Promise<Hosts> {
    const hosts = await Hosts.#make();
    onTestFinished(() => hosts.#remove());
    await hosts.#bootAll(names, options);
    return hosts;
  }

  /** Hosts for all tests of a file; to be called before the first. */
  static async shared(names: readonly string[], options: HostsOptions = {}): Promise<Hosts> {
    const hosts = await Hosts.#make();
    afterAll(() => hosts.#remove());
    await hosts.#bootAll(names, options);
    return hosts;
  }

  /** Whether they have links of their own; without them nothing can be cut, slowed, frozen or killed. */
  get canCut(): boolean {
    return this.#switch !== undefined;
  }

  get master(): Host {
    return this.host('master');
  }

  host(name: string): Host {
    const host = this.#hosts.get(name);
    if (host === undefined) throw new Error(`There is no host ${name}`);
    return host;
  }

  /** For a `known_hosts` file. */
  get knownHosts(): string {
    return Array.from(this.#hosts.values(), ({ knownHostsLines }) => knownHostsLines).join('');
  }

  /** A known_hosts file with all of them that every host and this process can read. */
  get knownHostsFile(): string {
    return join(this.#folder, 'known_hosts');
  }

  /** How a master reaches some of them, in options of a group: by the defaults where the home is that of the test. */
  remote(...names: string[]): RemoteOptions {
    const destinations = names.map((name) => this.host(name).destination);
    const files = { privateKey: this.key.file, knownHosts: this.knownHostsFile };
    return { hosts: destinations, ...(!this.canCut && files) };
  }

  /** Writes a file that all hosts and this process can read; returns its path. */
  async write(name: string, text: string): Promise<string> {
    const file = join(this.#folder, name);
    await writeFile(file, text);
    return file;
  }

  static async #make(): Promise<Hosts> {
    await removeLeft();
    const folder = await mkdtemp(join(tmpdir(), `da-hosts-${process.pid}-`));
    await chmod(folder, 0o755);
    const network = namespacesAllowed() ? await NetworkSwitch.create() : undefined;
    return new Hosts(folder, await makeKey(folder, 'id_ed25519'), network);
  }

  async #bootAll(names: readonly string[], options: HostsOptions): Promise<void> {
    const all = ['master', ...names];
    const known = all.map((name, index) => `${this.#addressOf(index + 1)} ${name}\n`).join('');
    await Promise.all(all.map((name, index) => this.#prepare(name, index + 1, options, known)));
    await this.#writeHome(this.master);
    await Promise.all(Array.from(this.#hosts.values(), (host) => host.boot()));
    await writeFile(this.knownHostsFile, this.knownHosts);
  }

  async #prepare(name: string, number: number, options: HostsOptions, known: string): Promise<void> {
    const folder = join(this.#folder, name);
    await mkdir(join(folder, 'disk'), { recursive: true });
    await writeFile(join(folder, 'hosts'), `127.0.0.1 localhost\n::1 localhost\n${known}`);
    await writeFile(join(folder, 'passwd'), await passwords(options.shell));
    const settings = {
      ...{ name, number, folder, address: this.#addressOf(number), home: homedir() },
      disk: options.disk ?? DISK,
      shared: [this.#folder, repository, ...(options.shared ?? [])],
      hostKey: await makeKey(folder, 'host_key'),
      authorizedKeys: [this.key.publicKey],
      sshdConfig: options.sshdConfig ?? [],
    };
    const host = this.#switch ? new NamespaceHost(settings, this.#switch) : new LoopbackHost(settings);
    this.#hosts.set(name, host);
  }

  /** What ssh finds there without being told: the default key and the known hosts. */
  async #writeHome({ name }: Host): Promise<void> {
    const folder = join(this.#folder, name, 'home/.ssh');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await copyFile(this.key.file, join(folder, 'id_ed25519'));
    await writeFile(join(folder, 'known_hosts'), this.knownHosts);
  }

  /** The first 254 hosts are enough for every test. */
  #addressOf(number: number): string {
    return this.#switch ? `10.77.0.${number}` : `127.0.0.${number + 1}`;
  }

  async #remove(): Promise<void> {
    await Promise.all(Array.from(this.#hosts.values(), (host) => host.remove()));
    await this.#switch?.remove();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** The files of test processes that were killed; all else of their hosts has gone with them. */
async function removeLeft(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = /^da-hosts-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
}

/** The users of this machine, this one with another shell if need be. */
async function passwords(shell: string | undefined): Promise<string> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n');
  const { username } = userInfo();
  const changed = (line: string): string => line.replace(/[^:]*$/, shell ?? '$&');
  return lines.map((line) => (line.startsWith(`${username}:`) ? changed(line) : line)).join('\n');
}
