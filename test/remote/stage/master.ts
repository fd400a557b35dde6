import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { GroupOptions, LauncherOptions, QueueGroupOptions } from '@distributed-architecture/core';
import { repository } from '../../setup/temporary-folder.js';
import type { Host } from '../../support/hosts.js';
import { ToldFile, type ToldLine } from './told.js';

const APPLICATION = 'test/remote/fixtures/application/main.mjs';
const DEADLINE_MS = 40_000;
const LOOK_MS = 20;

/** Folders of this machine that are no folders there. */
const WITHOUT = '--unset=XDG_RUNTIME_DIR --unset=XDG_CACHE_HOME --unset=TMPDIR';

export interface Plan {
  readonly groups: readonly (GroupOptions | QueueGroupOptions)[];
  readonly options: LauncherOptions;
}

/** A master on a host. */
export class Master {
  readonly #told: ToldFile;
  readonly #ended: Promise<number | null>;
  code: number | null | undefined;
  #errors = '';

  /** @param name of its files */
  constructor(
    readonly host: Host,
    name: string,
    { groups, options }: Plan,
  ) {
    const [plan, told] = [`/tmp/${name}.plan`, `/tmp/${name}.told`];
    writeFileSync(host.path(plan), JSON.stringify({ groups, options, told }));
    this.#told = new ToldFile(host.path(told));
    const command = `cd ${repository} && exec env ${WITHOUT} NODE_DISABLE_COMPILE_CACHE=1 node ${APPLICATION} master ${plan}`;
    this.#ended = host.run(command).then(({ code, stdout, stderr }) => {
      this.#errors = stdout + stderr;
      return (this.code = code);
    });
  }

  /** All that it has told so far. */
  get told(): readonly ToldLine[] {
    return this.#told.read();
  }

  /** What it was told; without what processes say again and again. */
  get summary(): string {
    const lines = this.told.filter(({ text }) => !/ \| (said|turn)\b/.test(text));
    return [...lines.map(({ us, what, text }) => `${us} ${what} ${text}`), this.#errors].join('\n');
  }

  /** Texts of one kind. */
  texts(what: string): string[] {
    return this.told.filter((line) => line.what === what).map(({ text }) => text);
  }

  /** The incarnations that have started, or the others. */
  started(): { name: string; pid: number; host: string }[] {
    return this.texts('start').map((text) => {
      const [name = '', pid, host = ''] = text.split(' ');
      return { name, pid: Number(pid), host };
    });
  }

  /** Waits until it has told a line that fits, and returns it. */
  async tells(what: string, pattern: RegExp, times = 1): Promise<ToldLine> {
    const found = (): ToldLine[] => this.told.filter((line) => line.what === what && pattern.test(line.text));
    await this.until(`${what} ${pattern}`, () => found().length >= times);
    return found()[times - 1]!;
  }

  /** Looks again and again: it writes a file. */
  async until(what: string, condition: () => boolean): Promise<void> {
    const deadline = performance.now() + DEADLINE_MS;
    while (!condition()) {
      if (performance.now() > deadline) throw new Error(`Waited in vain for ${what}`);
      await delay(LOOK_MS);
    }
  }

  /** @returns its exit code */
  end(): Promise<number | null> {
    return this.#ended;
  }

  /** Asks it to stop. @returns its exit code */
  async stop(): Promise<number | null> {
    await this.signal('TERM');
    return this.end();
  }

  async signal(name: 'TERM' | 'KILL' | 'STOP' | 'CONT'): Promise<void> {
    const { text: pid } = await this.tells('begin', /^\d+$/);
    await this.host.run(`kill -${name} ${pid}`);
  }

  close(): void {
    this.#told.close();
  }
}
