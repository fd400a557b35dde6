import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { MASTER } from './zoo.js';

export interface LifeOptions {
  readonly groups: readonly object[];
  readonly fleet: string;
  /** What it is told of its processes is written there. */
  readonly told: string;
  readonly env: NodeJS.ProcessEnv;
  readonly withCgroups: boolean;
}

const TIMEOUT_S = 20;

/** One master, from its start to its end. */
export class Life {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #told: string;
  output = '';
  readonly end: Promise<number | null>;
  ended = false;

  constructor({ groups, fleet, told, env, withCgroups }: LifeOptions) {
    this.#told = told;
    const plan = JSON.stringify({ groups, told, options: { name: fleet, timeout: TIMEOUT_S } });
    const without = 'umount --all --lazy --types cgroup2 && exec "$0" "$@"';
    const command = withCgroups
      ? [process.execPath, MASTER, plan]
      : ['unshare', '--mount', 'sh', '-c', without, process.execPath, MASTER, plan];
    const [file = '', ...args] = command;
    this.#child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.end = once(this.#child, 'exit').then(([code]) => {
      this.ended = true;
      return code as number | null;
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get told(): readonly string[] {
    return existsSync(this.#told) ? readFileSync(this.#told, 'utf8').split('\n').filter(Boolean) : [];
  }
}
