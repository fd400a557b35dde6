import { chmodSync, chownSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ControlClient, controlSocket } from '@distributed-architecture/core';
import { onTestFinished } from 'vitest';
import { repository, temporaryFolder } from '../../setup/temporary-folder.js';
import { AS_MYSELF, ServiceHost } from '../../nestjs/harness/service.js';

const PROGRAMS = join(repository, 'test/faults/service/programs');

/** Groups of a YAML file, by their names. */
export type YamlGroups = Readonly<Record<string, object>>;

/** `run-master --service` of an application of Nest, whose slaves write down who lives when. */
export class Service {
  private constructor(
    readonly host: ServiceHost,
    private readonly ledger: string,
    private readonly uid: number | undefined,
  ) {}

  static async make(uid?: number): Promise<Service> {
    const folder = await temporaryFolder();
    // A temporary folder is its owner's alone.
    chmodSync(folder, 0o755);
    for (const name of ['tmp', 'ledger']) {
      mkdirSync(join(folder, name));
      if (uid !== undefined) chownSync(join(folder, name), uid, uid);
    }
    // The run directory of another user is there.
    const env = { TMPDIR: join(folder, 'tmp') };
    const host = await ServiceHost.make({ groups: {} }, { folder, env, main: 'main' });
    const service = new Service(host, join(folder, 'ledger'), uid);
    onTestFinished(() => {
      const { meetings } = service;
      if (meetings.length > 0) throw new Error(meetings.join('\n'));
    });
    return service;
  }

  configure(groups: YamlGroups, more: object = {}): Promise<void> {
    return this.host.configure({ groups, ...more });
  }

  workers(count: number, options: object = {}, params: object = {}): object {
    return this.#group('worker.mjs', count, options, params);
  }

  /** Of which each ends at once. */
  broken(): object {
    return this.#group('is-not-there.mjs', 1, { restart: 'never' });
  }

  /** @returns its pid */
  async start(): Promise<number> {
    const user = this.uid === undefined ? AS_MYSELF : ['--user', String(this.uid), '--group', String(this.uid)];
    const { code, stdout, stderr } = await this.host.runMaster('--service', ...user);
    if (code !== 0) throw new Error(`The service does not run (${code}):\n${stdout}${stderr}`);
    return this.host.pid;
  }

  /** By its socket: of `--stop` other tests are. */
  async stop(): Promise<void> {
    const { pid } = this.host;
    await this.client.stop();
    await this.host.ends(pid);
    if (this.host.read('var/my-app.pid') !== '') throw new Error('Its pid file is left');
  }

  get client(): ControlClient {
    return new ControlClient(controlSocket(this.host.read('var/my-app.pid').split('\n')[2]!), { timeout: 30 });
  }

  /** What met whom it must not. */
  get meetings(): string[] {
    return globSync(join(this.ledger, '*.met')).flatMap((file) =>
      readFileSync(file, 'utf8').split('\n').filter(Boolean),
    );
  }

  /** `group pid` of each process that there is, by its master. */
  async pids(): Promise<string[]> {
    return (await this.client.processes()).map(({ group, pid }) => `${group} ${pid}`);
  }

  async states(): Promise<string[]> {
    return (await this.client.processes()).map(({ group, state }) => `${group} ${state}`);
  }

  #group(program: string, count: number, options: object, params: object = {}): object {
    const console = join(PROGRAMS, program);
    const all = { folder: this.ledger, ...params };
    return { command: 'work', console, params: all, local: { instances_count: count }, ...options };
  }
}
