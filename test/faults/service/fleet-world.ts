import { randomUUID } from 'node:crypto';
import { chownSync, cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { tmpdir } from 'node:os';
import type { GroupOptions, LauncherOptions, QueueGroupOptions } from '@distributed-architecture/core';
import { marked, signal, waitFor, type Found } from '../machine.js';
import { ItemLedger } from './item-ledger.js';
import { MasterProgram, type MasterPlan } from './master-program.js';

export type AnyGroup = GroupOptions | QueueGroupOptions;

/** The sources of this folder: its programs are not compiled. */
const PROGRAMS = join(import.meta.dirname.replace('/test/dist/', '/test/'), 'programs');
const REPOSITORY = join(PROGRAMS, '../../../..');
const MARK = 'DISTRIBUTED_ARCHITECTURE_FAULTS';
const ALREADY_RUNNING = 75;
const MOST_REFUSALS = 200;
const GONE_LIMIT_MS = 10_000;

export interface FleetWorldOptions {
  /** Whose everything is. Default: of whoever runs this; only root may say somebody else. */
  readonly uid?: number;
}

/**
 * An application of its own, whose built programs may be replaced, and the masters of one fleet that run it one after the
 * other. Its processes write down in `ledger` who lives when.
 */
export class FleetWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'da-service-'));
  readonly ledger = join(this.folder, 'ledger');
  readonly #mark = `${MARK}=${randomUUID()}`;
  readonly #uid: number | undefined;

  constructor({ uid }: FleetWorldOptions = {}) {
    this.#uid = uid;
    for (const name of ['ledger', 'run', 'app']) mkdirSync(join(this.folder, name), { mode: 0o700 });
    cpSync(PROGRAMS, join(this.folder, 'app'), { recursive: true });
    symlinkSync(join(REPOSITORY, 'node_modules'), join(this.folder, 'app/node_modules'));
    const files = ['', 'ledger', 'run', 'app', ...globSync('app/*.mjs', { cwd: this.folder })];
    if (uid !== undefined) for (const name of files) chownSync(join(this.folder, name), uid, uid);
  }

  /** Of processes that work on parts of their own. */
  workers(name: string, instancesCount: number, options: Partial<GroupOptions> = {}): GroupOptions {
    return { name, command: 'work', ...this.#run('worker', options), local: { instancesCount } };
  }

  /** Programs that know of no launcher. */
  sleepers(name: string, instancesCount: number, options: Partial<GroupOptions> = {}): GroupOptions {
    return { name, command: 'sleep 1000', console: false, ...options, local: { instancesCount } };
  }

  queue(name: string, instancesCount: number, options: Partial<QueueGroupOptions> = {}): QueueGroupOptions {
    return { name, command: 'work', ...this.#run('queue', options), consumers: { local: { instancesCount } } };
  }

  items(queue: string): ItemLedger {
    return new ItemLedger(this.ledger, queue);
  }

  /** What the next master runs, and the present one when it is asked to read it again. */
  configure(groups: readonly AnyGroup[] | string): void {
    const text = typeof groups === 'string' ? groups : JSON.stringify(groups);
    this.#write(join(this.folder, 'groups.json'), text);
  }

  /** Replaces a built program: `worker`, `queue` or `master`. Without a text it is as it was. */
  swap(program: string, text = readFileSync(join(PROGRAMS, `${program}.mjs`), 'utf8')): void {
    this.#write(join(this.folder, `app/${program}.mjs`), text);
  }

  /** Starts a master; again while the one before is still dying. */
  async start(options: LauncherOptions = {}, more: Partial<MasterPlan> = {}): Promise<MasterProgram> {
    for (let attempt = 0; attempt < MOST_REFUSALS; attempt++) {
      const master = this.launch(options, more);
      const folder = master.folder().catch(() => undefined);
      if ((await Promise.race([folder, master.end])) !== ALREADY_RUNNING) return master;
    }
    throw new Error('The fleet stays locked');
  }

  launch(options: LauncherOptions = {}, more: Partial<MasterPlan> = {}): MasterProgram {
    const place = { program: join(this.folder, 'app/master.mjs'), cwd: this.folder, env: this.env, uid: this.#uid };
    const plan = {
      file: join(this.folder, 'groups.json'),
      options: { name: 'faults', ...SERVICE, ...options },
      ...more,
    };
    return new MasterProgram(place, plan);
  }

  get env(): NodeJS.ProcessEnv {
    const [name = '', value = ''] = this.#mark.split('=');
    const PATH = `${join(REPOSITORY, 'node_modules/.bin')}${delimiter}${process.env.PATH}`;
    const folders = { XDG_RUNTIME_DIR: join(this.folder, 'run'), HOME: this.folder };
    return { ...process.env, PATH, ...folders, NODE_DISABLE_COMPILE_CACHE: '1', [name]: value };
  }

  /** What met whom it must not: two owners of a part, two lives of a number, two runs of the fleet. */
  get meetings(): string[] {
    return globSync(join(this.ledger, '*.met')).flatMap((file) =>
      readFileSync(file, 'utf8').split('\n').filter(Boolean),
    );
  }

  /** How many lives have begun. */
  get lives(): number {
    const files = globSync(join(this.ledger, '*.lives'));
    return files.reduce((sum, file) => sum + readFileSync(file, 'utf8').split('\n').length - 1, 0);
  }

  /** All that runs of it. */
  get processes(): Found[] {
    return marked(this.#mark);
  }

  /** What it has started and is still there, which must not be; then all is gone, the files as well. */
  async remove({ withinMs = GONE_LIMIT_MS } = {}): Promise<string[]> {
    await waitFor(() => this.processes.length === 0, withinMs);
    const left = this.processes.map(({ pid, command }) => {
      signal(pid, 'SIGKILL');
      return `left: ${pid} ${command.slice(0, 200).replaceAll('\0', ' ')}`;
    });
    const files = globSync('run/**', { cwd: this.folder, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.folder.length + 1));
    rmSync(this.folder, { recursive: true, force: true });
    return [...left, ...files.filter((file) => !EXPECTED.test(file)).map((file) => `left: ${file}`)];
  }

  #run(program: string, { params, ...options }: Partial<GroupOptions>): Partial<GroupOptions> {
    const console = join(this.folder, `app/${program}.mjs`);
    return { console, stopTimeout: 5, ...options, params: { folder: this.ledger, ...params } };
  }

  /** Whole at any moment. */
  #write(path: string, text: string): void {
    writeFileSync(`${path}.new`, text);
    if (this.#uid !== undefined) chownSync(`${path}.new`, this.#uid, this.#uid);
    renameSync(`${path}.new`, path);
  }
}

const SERVICE: LauncherOptions = { service: true, timeout: 30 };

/** What a fleet leaves: its last lock, and its journal of events. */
const EXPECTED = /^run\/[^/]+\/[^/]+\/(?:run-\d+\/(?:owner|released)|events(?:\.1)?\.jsonl)$/u;
