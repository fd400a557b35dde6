import { join } from 'node:path';
import { runToEnd, type ProgramResult } from '../../setup/run-to-end.js';
import { RunningProgram } from '../../setup/running-program.js';
import { repository } from '../../setup/temporary-folder.js';
import { startSshd, type Sshd, type UserKey } from '../sshd.js';
import type { Host, ProgramPlace } from './host.js';
import type { HostProcess } from './namespace-process.js';

export interface LoopbackHostSettings {
  readonly name: string;
  /** 127.0.0.x */
  readonly address: string;
  readonly folder: string;
  readonly hostKey: UserKey;
  readonly authorizedKeys: readonly string[];
  readonly sshdConfig: readonly string[];
}

/** Where no namespaces are allowed: this machine by another address. It cannot be cut off, frozen or killed. */
export class LoopbackHost implements Host {
  readonly #settings: LoopbackHostSettings;
  #sshd: Sshd | undefined;
  #port = 0;

  constructor(settings: LoopbackHostSettings) {
    this.#settings = settings;
  }

  get name(): string {
    return this.#settings.name;
  }

  get address(): string {
    return this.#settings.address;
  }

  get port(): number {
    return this.#port;
  }

  get destination(): string {
    return `${this.address}:${this.#port}`;
  }

  get knownHostsLines(): string {
    return `[${this.address}]:${this.#port} ${this.#settings.hostKey.publicKey}\n`;
  }

  get sshd(): Sshd | undefined {
    return this.#sshd;
  }

  path(file: string): string {
    return file;
  }

  async boot(): Promise<void> {
    await this.startSshd();
  }

  async startSshd(): Promise<void> {
    const { folder, address, hostKey, authorizedKeys, sshdConfig } = this.#settings;
    const config = [...sshdConfig, `HostKey ${hostKey.file}`];
    const port = this.#port === 0 ? {} : { port: this.#port };
    const place = { address, folder: join(folder, 'sshd'), ...port };
    this.#sshd = await startSshd({ ...place, hostKeys: [], config, authorizedKeys });
    this.#port = this.#sshd.port;
  }

  async killSshd(): Promise<void> {
    const sshd = this.#sshd;
    this.#sshd = undefined;
    await sshd?.stop();
  }

  run(command: string): Promise<ProgramResult> {
    return runToEnd('sh', ['-c', command], { cwd: '/', env: this.#env });
  }

  spawn(program: string, args: readonly string[], { cwd = repository, env = {} }: ProgramPlace = {}): RunningProgram {
    return new RunningProgram(program, args, { cwd, env: { ...this.#env, ...env } });
  }

  processes(): HostProcess[] {
    return this.#impossible('tell its processes from others');
  }

  cut(): Promise<void> {
    return this.#impossible('be cut off');
  }

  restore(): Promise<void> {
    return this.#impossible('be cut off');
  }

  slow(): Promise<void> {
    return this.#impossible('have a slow link');
  }

  freeze(): Promise<void> {
    return this.#impossible('be frozen');
  }

  thaw(): Promise<void> {
    return this.#impossible('be frozen');
  }

  kill(): Promise<void> {
    return this.#impossible('be killed');
  }

  remove(): Promise<void> {
    return this.killSshd();
  }

  /** The home of this user is none of a test's business; by SSH it is what one gets all the same. */
  get #env(): Readonly<Record<string, string>> {
    return { HOME: join(this.#settings.folder, 'home') };
  }

  #impossible(what: string): never {
    throw new Error(`${this.name} is this machine by another address, it cannot ${what}: ask hosts.canCut before`);
  }
}
