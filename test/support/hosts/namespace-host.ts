import { join } from 'node:path';
import { runToEnd, type ProgramResult } from '../../setup/run-to-end.js';
import { RunningProgram } from '../../setup/running-program.js';
import { repository } from '../../setup/temporary-folder.js';
import { childrenOf, eventually, procFile } from '../processes.js';
import { startSshd, type Sshd, type UserKey } from '../sshd.js';
import type { Host, ProgramPlace } from './host.js';
import { Keeper } from './keeper.js';
import { processesOf, type HostProcess } from './namespace-process.js';
import type { LinkQuality, NetworkSwitch } from './network-switch.js';

const FIRST_PROCESS = join(import.meta.dirname, 'machine.sh');

const UNSHARE = ['--net', '--mount', '--uts', '--ipc', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** Folders of this machine that are no folders there. */
const OF_THIS_MACHINE = ['XDG_RUNTIME_DIR', 'XDG_CACHE_HOME', 'TMPDIR'].flatMap((name) => ['--unset', name]);

const SSH_PORT = 22;

export interface NamespaceHostSettings {
  readonly name: string;
  readonly number: number;
  readonly address: string;
  /** Has `hosts`, `passwd`, an empty `disk` and perhaps `home`, whose files are copied into its home. */
  readonly folder: string;
  readonly home: string;
  /** Bytes. */
  readonly disk: number;
  /** Folders of this machine that are seen there as well, at the same paths. */
  readonly shared: readonly string[];
  /** Made once: with a new one the host would be a stranger after a restart of its sshd. */
  readonly hostKey: UserKey;
  readonly authorizedKeys: readonly string[];
  /** Further lines of sshd_config. */
  readonly sshdConfig: readonly string[];
}

/** A host made of namespaces, plugged into a switch. */
export class NamespaceHost implements Host {
  readonly port = SSH_PORT;
  readonly #settings: NamespaceHostSettings;
  readonly #switch: NetworkSwitch;
  #keeper: Keeper | undefined;
  #init = 0;
  #plug = 0;
  #sshd: Sshd | undefined;

  constructor(settings: NamespaceHostSettings, network: NetworkSwitch) {
    this.#settings = settings;
    this.#switch = network;
  }

  get name(): string {
    return this.#settings.name;
  }

  get address(): string {
    return this.#settings.address;
  }

  get destination(): string {
    return this.name;
  }

  get knownHostsLines(): string {
    const { name, address, hostKey } = this.#settings;
    return `${name},${address} ${hostKey.publicKey}\n`;
  }

  get sshd(): Sshd | undefined {
    return this.#sshd;
  }

  path(file: string): string {
    return `/proc/${this.#init}/root${file}`;
  }

  async boot(): Promise<void> {
    const { name, number, folder, home, disk, shared, address } = this.#settings;
    const args = [name, String(disk), folder, home, `${address}/16`, ...shared];
    const keeper = new Keeper('unshare', [...UNSHARE, 'sh', FIRST_PROCESS, ...args]);
    this.#keeper = keeper;
    await keeper.says('has its folders');
    this.#init = childrenOf(keeper.pid)[0]!;
    this.#plug = await this.#switch.plug(this.#init, `02:00:00:00:${hex(number >> 8)}:${hex(number & 255)}`);
    keeper.write('go\n');
    await keeper.says('has its network');
    await this.startSshd();
  }

  async startSshd(): Promise<void> {
    const { folder, address, hostKey, authorizedKeys, sshdConfig } = this.#settings;
    const config = [...sshdConfig, `HostKey ${hostKey.file}`];
    const place = { address, port: SSH_PORT, prefix: this.#enter, folder: join(folder, 'sshd') };
    this.#sshd = await startSshd({ ...place, hostKeys: [], config, authorizedKeys });
  }

  async killSshd(): Promise<void> {
    const sshd = this.#sshd;
    this.#sshd = undefined;
    for (const { pid, command } of this.processes())
      if (/^(\/usr\/sbin\/)?sshd\b/.test(command)) signal(pid, 'SIGKILL');
    await sshd?.stop();
  }

  run(command: string): Promise<ProgramResult> {
    const [program, ...args] = [...this.#enter, 'sh', '-c', command];
    return runToEnd(program!, args, { cwd: '/', env: { HOME: this.#settings.home } });
  }

  spawn(program: string, args: readonly string[], { cwd = repository, env = {} }: ProgramPlace = {}): RunningProgram {
    // In a session of its own it leads a process group that can be signalled from here as from there.
    const inside = ['setsid', 'env', ...OF_THIS_MACHINE, 'sh', '-c', 'cd "$0" && exec "$@"', cwd, program, ...args];
    const [enter, ...rest] = [...this.#enter, ...inside];
    const more = { HOME: this.#settings.home, ...env };
    return new RunningProgram(enter!, rest, { cwd: '/', env: more, leader: (pid) => childrenOf(pid)[0] });
  }

  processes(): HostProcess[] {
    return this.#init === 0 ? [] : processesOf(this.#init);
  }

  cut(): Promise<void> {
    return this.#switch.cut(this.#plug);
  }

  restore(): Promise<void> {
    return this.#switch.restore(this.#plug);
  }

  slow(quality: LinkQuality = {}): Promise<void> {
    return this.#switch.slow(this.#plug, quality);
  }

  async freeze(): Promise<void> {
    const running = (): HostProcess[] => this.processes().filter(({ state }) => !/[TZX]/.test(state));
    // Who is not stopped yet may start another one meanwhile.
    await eventually(`${this.name} is frozen`, () => {
      for (const { pid } of running()) signal(pid, 'SIGSTOP');
      return running().length === 0;
    });
  }

  thaw(): Promise<void> {
    const processes = this.processes();
    for (const { pid } of processes) signal(pid, 'SIGCONT');
    // nsenter stops itself when what it has started stops.
    const inside = new Set(processes.map(({ pid }) => pid));
    for (const { parent } of processes)
      if (!inside.has(parent) && procFile(parent, 'comm') === 'nsenter\n') signal(parent, 'SIGCONT');
    return Promise.resolve();
  }

  async kill(): Promise<void> {
    await this.cut();
    await this.remove();
    await this.#switch.unplug(this.#plug);
  }

  /** Ends it with all that is there. */
  async remove(): Promise<void> {
    const sshd = this.#sshd;
    this.#sshd = undefined;
    if (this.#init > 1) {
      // Whoever waits for a process that was frozen goes on waiting for it.
      await this.thaw();
      signal(this.#init, 'SIGKILL');
    }
    this.#init = 0;
    await this.#keeper?.end();
    await sshd?.stop();
  }

  get #enter(): string[] {
    return ['nsenter', '--net', '--mount', '--uts', '--ipc', '--pid', '--target', String(this.#init)];
  }
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it has ended meanwhile
  }
}
