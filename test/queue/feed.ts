import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { consumerKey } from '@distributed-architecture/core';
import type { FeedAddress } from '@distributed-architecture/queue';
import { RunningProgram } from '../setup/running-program.js';
import { repository, temporaryFolder } from '../setup/temporary-folder.js';
import { eventually } from '../support/processes.js';

const FIXTURES = join(repository, 'test/queue/fixtures');

export interface FeederPlan {
  readonly listen?: readonly FeedAddress[];
  /** Without it: until SIGUSR2. */
  readonly count?: number;
  /** Of the items, in bytes, about. */
  readonly size?: number;
  /** Items that cannot be sent, each followed by a number. */
  readonly strange?: boolean;
  readonly maxItemSize?: number;
  readonly window?: number;
  readonly concurrency?: number;
}

export interface ConsumerPlan {
  readonly id: number;
  readonly incarnation?: number;
  /** Default: of the feeder's own. */
  readonly address?: FeedAddress;
  /** Default: the one that the feeder expects; null: none. */
  readonly key?: Buffer | null;
  readonly ms?: number;
  readonly concurrency?: number;
}

/** A feeder in a process of its own, as a program without a launcher has it. */
export class Feed {
  private constructor(
    readonly folder: string,
    readonly program: RunningProgram,
    /** Of the queue group. */
    readonly key: Buffer,
  ) {}

  static async start(plan: FeederPlan = {}): Promise<Feed> {
    const feed = await Feed.prepare(plan);
    await feed.program.says('listening');
    return feed;
  }

  /** Without waiting until it listens. */
  static async prepare({ listen, ...plan }: FeederPlan): Promise<Feed> {
    const folder = await temporaryFolder();
    const key = randomBytes(32);
    const args = JSON.stringify({
      key: key.toString('base64'),
      listen: listen ?? [{ path: join(folder, 'feed') }],
      ...plan,
    });
    const program = new RunningProgram(process.execPath, [join(FIXTURES, 'feeder.mjs'), args], { cwd: repository });
    return new Feed(folder, program, key);
  }

  /** Where it listens. */
  get addresses(): FeedAddress[] {
    const line = /^listening (.*)$/m.exec(this.program.output)?.[1] ?? '[]';
    return JSON.parse(line) as FeedAddress[];
  }

  get path(): string {
    const [address] = this.addresses;
    return address !== undefined && 'path' in address ? address.path : '';
  }

  consume({ id, incarnation = 1, address = this.addresses[0]!, key, ...plan }: ConsumerPlan): RunningProgram {
    const proof = key === undefined ? consumerKey(this.key, id, incarnation) : key;
    const args = JSON.stringify({ id, incarnation, address, key: proof?.toString('base64'), ...plan });
    return new RunningProgram(process.execPath, [join(FIXTURES, 'consumer.mjs'), args], { cwd: repository });
  }
}

/** Stops programs that would wait for another feeder. @returns their exit codes */
export async function stop(...programs: readonly RunningProgram[]): Promise<(number | null)[]> {
  for (const program of programs) program.send('SIGTERM', 'alone');
  return Promise.all(programs.map(async ({ end }) => (await end).code));
}

/** Waits until a program that says much has said this. */
export function hasSaid(program: RunningProgram, text: string): Promise<void> {
  return eventually(`it has said "${text}"`, () => program.output.includes(text));
}

/** The numbers of all lines that begin with this word, in order of numbers. */
export function numbersOf(word: string, ...programs: readonly { readonly output: string }[]): number[] {
  const lines = programs.flatMap(({ output }) => [...output.matchAll(new RegExp(`^${word} (\\d+)`, 'gm'))]);
  return lines.map(([, number]) => Number(number)).toSorted((a, b) => a - b);
}

export function numbersTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
